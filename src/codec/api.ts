import { AmqpError, checkOptions, isBoolean, type OptionTable } from '../errors/index.ts';
import { blockOf } from './block.ts';
import { decodeValue } from './decode.ts';
import { encodeValue } from './encode.ts';
import { limitsTable, type Limits, type ReadOptions } from './limits.ts';
import { Reader } from './reader.ts';
import { encodeWith } from './scratch.ts';

/** How {@link decode} reads. */
export interface DecodeOptions extends ReadOptions {}

/** How {@link encode} writes. */
export interface EncodeOptions extends Pick<Limits, 'maxDepth'> {}

const decodeTable: OptionTable<DecodeOptions> = { ...limitsTable, typed: isBoolean };
const encodeTable: OptionTable<EncodeOptions> = { maxDepth: limitsTable.maxDepth };

/**
 * Encodes one value as AMQP 1.0, in its smallest encoding (§1.6). A plain object is a map of its own enumerable
 * properties, except those whose names are symbols, as with `JSON.stringify`.
 *
 * @throws encode-error naming the path of what AMQP cannot hold; invalid-argument for an option out of range.
 * @example
 * ```ts
 * import { encode, symbol, ulong } from 'amqp1/codec';
 * encode({ name: 'x', tags: ['a', symbol('b')], id: ulong(7) });
 * ```
 */
export function encode(value: unknown, options: EncodeOptions = {}): Uint8Array {
  checkOptions(options, encodeTable, 'encode options');
  return encodeWith((writer) => encodeValue(writer, value, 'value', options.maxDepth));
}

/**
 * Decodes the octets of one AMQP 1.0 value.
 *
 * @throws decode-error if they are not valid, beyond the limits, or more than one value; invalid-argument for an
 *   option that is unknown or out of range.
 * @example
 * ```ts
 * import { decode, encode, uint } from 'amqp1/codec';
 * console.log(decode(encode([uint(1), 'a']))); // [1, 'a']
 * console.log(decode(encode(uint(1)), { typed: true })); // a Typed of type uint
 * ```
 */
export function decode(bytes: Uint8Array, options: DecodeOptions = {}): unknown {
  if (!(bytes instanceof Uint8Array)) throw new AmqpError('invalid-argument', 'the bytes to decode are no Uint8Array');
  checkOptions(options, decodeTable, 'decode options');
  const reader = new Reader(blockOf(bytes));
  const value = decodeValue(reader, options, options.typed);
  if (reader.remaining > 0) reader.fail(`${reader.remaining} octets follow the value`);
  return value;
}
