/** The cutting of a stream into headers and frames: however the reads are cut, the sink hears the same. */
import { Input } from '../../dist/engine/input.js';
import { check, same } from '../support/oracle.mjs';
import { target } from '../support/target.mjs';

const HEADER = 8;

/** Writes down what it hears. It expects a header first, and again after a frame of type 2; it pauses at type 3. */
class Sink {
  maxFrameSize = 600;
  deaf = false;
  expectsHeader = true;
  paused = false;
  heard = [];
  #lost = false;

  header(octets) {
    this.#hear(`header ${Buffer.from(octets).toString('hex')}`);
    this.expectsHeader = octets[0] === octets[1];
  }

  frame(type, channel, block, start, end) {
    check(start <= end && end <= block.bytes.length, 'a frame does not lie in its memory');
    this.#hear(`frame ${type} ${channel} ${Buffer.from(block.bytes.subarray(start, end)).toString('hex')}`);
    this.expectsHeader = type === 2;
    this.paused = type === 3;
    this.deaf = type === 4;
  }

  malformed(code, detail) {
    this.#hear(`${code} ${detail}`);
    this.#lost = true;
  }

  #hear(what) {
    check(!this.#lost, 'something is heard of a stream that is lost');
    check(!this.deaf, 'something is heard by the deaf');
    this.heard.push(what);
  }
}

/** What is heard of octets in pieces; the memory of each is overwritten afterwards. */
function heard(bytes, sizes) {
  const sink = new Sink();
  const input = new Input(sink);
  let turn = 0;
  for (let at = 0; at < bytes.length;) {
    const size = 1 + sizes[turn++ % sizes.length];
    const piece = (turn % 2 ? Buffer : Uint8Array).from(bytes.subarray(at, at + size));
    input.receive(piece);
    piece.fill(0xaa);
    at += size;
  }
  // What was kept while the sink decided is read in the end; each frame of type 3 makes it wait once more.
  while (sink.paused && !sink.deaf) {
    sink.paused = false;
    input.resume();
  }
  input.end();
  return sink.heard;
}

export const fuzz = target((bytes) => {
  if (bytes.length === 0) return;
  const whole = heard(bytes, [bytes.length]);
  same(heard(bytes, [0]), whole, 'octet by octet something else is heard');
  same(heard(bytes, bytes), whole, 'in pieces something else is heard');
  same(heard(bytes, [HEADER - 1, 0]), whole, 'in eights something else is heard');
});
