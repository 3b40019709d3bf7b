import { Writer } from './writer.ts';

/** Octets that most values fit into. */
const SIZE = 4096;
/** A scratch that has grown beyond this is not kept. */
const MOST_KEPT = 65_536;

/** Undefined while it is in use: a getter of the application may encode another value meanwhile. */
let spare: Writer | undefined = undefined;

const finished = (writer: Writer): Uint8Array => writer.finish();

/**
 * Gives what a function writes as octets of their own. The memory that it writes to is used again, so this allocates
 * no more than the result.
 *
 * @param copy - makes the result of what was written. Default {@link Writer.finish}
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
export function encodeWith(
  write: (writer: Writer) => void,
  copy: (writer: Writer) => Uint8Array = finished,
): Uint8Array {
  const writer = spare ?? new Writer(SIZE);
  spare = undefined;
  writer.position = 0;
  try {
    write(writer);
    return copy(writer);
  } finally {
    if (writer.bytes.length <= MOST_KEPT) spare = writer;
  }
}
