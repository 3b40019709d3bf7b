import { Writer } from './writer.ts';

/** Octets that most values fit into. */
const SIZE = 4096;
/** A scratch that has grown beyond this is not kept. */
const MOST_KEPT = 65_536;

/** Undefined while it is in use: a getter of the application may encode another value meanwhile. */
let spare: Writer | undefined = undefined;

/**
 * Gives what a function writes as octets of their own. The memory that it writes to is used again, so this allocates
 * no more than the result.
 *
 * @throws `encode-error` from the writer, and whatever else the function throws
 * @example
 * ```ts
 * import { encodeValue, encodeWith } from 'amqp1/codec';
 *
 * const octets = encodeWith((writer) => {
 *   encodeValue(writer, 'first');
 *   encodeValue(writer, 'second');
 * });
 * console.log(octets.length); // 15
 * ```
 */
export function encodeWith(write: (writer: Writer) => void): Uint8Array {
  const writer = spare ?? new Writer(SIZE);
  spare = undefined;
  writer.position = 0;
  try {
    write(writer);
    return writer.finish();
  } finally {
    if (writer.bytes.length <= MOST_KEPT) spare = writer;
  }
}
