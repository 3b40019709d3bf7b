/** Makes the octets of a message section by section: mostly in order and of the right kind. */
import { encode, symbol } from '../../dist/codec/index.js';
import { header, properties } from '../../dist/definitions/index.js';
import { composite } from './frames.mjs';
import { Peer } from './plausible.mjs';
import { compound, concat, mapOf, valueOf } from './values.mjs';

const text = (key) => key;
const described = (code, octets) => concat([Uint8Array.of(0x00, 0x53, code), octets]);

const makers = [
  (choices, peer) => composite(choices, header, peer),
  (choices) => described(0x71, mapOf(choices, symbol)),
  (choices) => described(0x72, mapOf(choices, symbol)),
  (choices, peer) => composite(choices, properties, peer),
  (choices) => described(0x74, mapOf(choices, text)),
  (choices) => bodyOf(choices),
  (choices) => described(0x78, mapOf(choices, symbol)),
  (choices) => described(0x70 + (choices.octet() % 16), valueOf(choices)),
];

function bodyOf(choices) {
  const choice = choices.octet();
  const times = 1 + ((choice >> 4) % 3);
  const parts = Array.from({ length: times }, () => {
    if (choice % 4 === 0) return described(0x75, encode(choices.take(choices.octet() % 100)));
    if (choice % 4 === 3) return described(0x77, valueOf(choices));
    const items = Array.from({ length: choices.octet() % 4 }, () => valueOf(choices));
    return described(0x76, compound(0xc0, items.length, concat(items), false));
  });
  return concat(choice % 4 === 3 ? parts.slice(0, 1) : parts);
}

/** Each bit of the first choice is a section; the second may put one more behind them. */
export function sectionsOf(choices) {
  const given = choices.octet();
  const last = choices.octet();
  const peer = new Peer(true);
  const parts = makers
    .slice(0, 7)
    .map((make, index) => ((given >> index) & 1 ? make(choices, peer) : new Uint8Array(0)));
  if (last >= 0xc0) parts.push(makers[last % makers.length](choices, peer));
  return concat(parts);
}
