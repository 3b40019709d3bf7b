/** The target of an engine in one of the roles: the choices are run twice, with whole reads and with reads that are cut. */
import { Choices } from './choices.mjs';
import { same, sameOctets } from './oracle.mjs';
import { Scene } from './scene.mjs';
import { target } from './target.mjs';

const OVERWRITTEN = 0xaa;

/** Gives octets whole. */
function whole(octets, _, receive) {
  receive(octets);
}

/** Gives octets in pieces whose sizes an input determines, as Buffers that are overwritten afterwards. */
const cut = (sizes) => {
  let at = 0;
  return (octets, uncut, receive) => {
    for (let from = 0; from < octets.length;) {
      const size = uncut ? octets.length : 1 + (sizes[at++ % sizes.length] % 23);
      const piece = Buffer.from(octets.subarray(from, from + size));
      receive(piece);
      piece.fill(OVERWRITTEN);
      from += size;
    }
  };
};

function played(role, bytes, deliver) {
  const scene = new Scene(role, new Choices(bytes), deliver);
  scene.run();
  return scene;
}

export const engineTarget = (role) =>
  target((bytes) => {
    const once = played(role, bytes, whole);
    const twice = played(role, bytes, cut(bytes.length === 0 ? [0] : bytes));
    same(twice.log, once.log, 'the cut of the reads changes what the hosts are told');
    sameOctets(Buffer.concat(twice.written), Buffer.concat(once.written), 'the cut of the reads changes what is said');
  });
