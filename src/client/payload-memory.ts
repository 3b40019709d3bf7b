import { Writer } from '../codec/index.ts';

/** Octets that most messages fit into. */
const USUAL_SIZE = 1024;
/** A message of more octets stays in the memory of its encoder until it is written, instead of being copied. */
const LARGE = 65_536;
/** Octets of large encoders that are kept while nobody uses them: as many as come back when many sends end at once. */
const MOST_SPARE = 16_777_216;

/**
 * Where messages are encoded, for all senders of the process: thousands of them must not each hold as much as their
 * largest message took. Undefined while it is in use: a getter of the application may send another message.
 */
let usual: Writer | undefined = undefined;
const spare: Writer[] = [];
let spareSize = 0;
/** Encoders whose memory holds a message on its way out. */
const lent = new WeakMap<Uint8Array, Writer>();

/** An empty encoder. Whoever takes it gives it to {@link keepEncoder} or {@link lendEncoder}, or leaves it to be collected. */
export function takeEncoder(): Writer {
  const encoder = spare.pop() ?? usual ?? new Writer(USUAL_SIZE);
  if (encoder === usual) usual = undefined;
  else if (encoder.bytes.length > LARGE) spareSize -= encoder.bytes.length;
  encoder.position = 0;
  return encoder;
}

/** Keeps an encoder for a later message; a large one only unless there are enough. */
export function keepEncoder(encoder: Writer): void {
  const { length } = encoder.bytes;
  if (length <= LARGE) usual = encoder;
  else if (spareSize + length <= MOST_SPARE) {
    spareSize += length;
    spare.push(encoder);
  }
}

/** Whether its message is better sent from its memory than copied: it is large, and fills much of that. */
export function isLarge({ position, bytes }: Writer): boolean {
  return position > LARGE && position * 4 >= bytes.length;
}

/** The message is sent from the memory of its encoder. If it never leaves, the garbage collector takes both. */
export function lendEncoder(encoder: Writer): void {
  lent.set(encoder.bytes, encoder);
}

/** A message has left: its encoder is kept, if it was lent. */
export function giveBackEncoder(memory: Uint8Array): void {
  const encoder = lent.get(memory);
  if (encoder === undefined) return;
  lent.delete(memory);
  keepEncoder(encoder);
}
