/**
 * Bytes ⇄ AMQP values (part 1 of the standard).
 *
 * Start from {@link encode} and {@link decode}. It knows values, not what they mean: no composite type, no frame.
 * Below these two, a {@link Writer} and a {@link Reader} take one value after the other:
 *
 * @example
 * ```ts
 * import { blockOf, decodeValue, encodeValue, readMap, Reader, skipValue, Writer } from 'amqp1/codec';
 * import { readFields, readStringFields, readSymbolArray } from 'amqp1/codec';
 * import { writeFields, writeStringFields, writeSymbolArray } from 'amqp1/codec';
 *
 * const writer = new Writer();
 * writer.uint(7);
 * encodeValue(writer, new Map([[1, 'one']]));
 * encodeValue(writer, 'anything');
 * encodeValue(writer, ['is', 'skipped']);
 * writeFields(writer, { product: 'mine' });
 * writeStringFields(writer, { kind: 'order' });
 * writeSymbolArray(writer, ['queue', 'topic']);
 *
 * const reader = new Reader(blockOf(writer.finish()));
 * console.log(reader.uint()); // 7
 * console.log(readMap(reader).get(1)); // one
 * console.log(decodeValue(reader)); // anything
 * skipValue(reader);
 * console.log(readFields(reader)['product'], readStringFields(reader)['kind']); // mine order
 * console.log(readSymbolArray(reader), reader.remaining); // [ 'queue', 'topic' ] 0
 * ```
 * @packageDocumentation
 */
export { decode, encode, type DecodeOptions, type EncodeOptions } from './api.ts';
export { blockOf, type Block } from './block.ts';
export { decodeValue } from './decode.ts';
export { encodeValue, writeFields, writeStringFields } from './encode.ts';
export { readFields, readMap, readStringFields, readSymbolArray, writeSymbolArray } from './fields.ts';
export { formatCode } from './format-code.ts';
export type { Limits, ReadOptions } from './limits.ts';
export { Reader } from './reader.ts';
export { encodeWith } from './scratch.ts';
export { skipValue } from './skip.ts';
export type { AmqpType } from './types.ts';
export { AmqpArray } from './values/amqp-array.ts';
export { AmqpMap } from './values/amqp-map.ts';
export { AmqpSymbol, symbol } from './values/amqp-symbol.ts';
export { Char, char } from './values/char.ts';
export { Decimal, type DecimalBits } from './values/decimal.ts';
export { Described } from './values/described.ts';
export { Timestamp, timestamp } from './values/timestamp.ts';
export {
  Typed,
  byte,
  double,
  float,
  int,
  long,
  short,
  ubyte,
  uint,
  ulong,
  ushort,
  type NumericType,
} from './values/typed.ts';
export { Uuid, uuid } from './values/uuid.ts';
export { Writer } from './writer.ts';
