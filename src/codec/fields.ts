import { decodeRecord, decodeValue } from './decode.ts';
import { encodeValue } from './encode.ts';
import { formatCode as code } from './format-code.ts';
import { defaultLimits, type Limits, type ReadOptions } from './limits.ts';
import type { Reader } from './reader.ts';
import { AmqpArray } from './values/amqp-array.ts';
import { AmqpMap } from './values/amqp-map.ts';
import { AmqpSymbol } from './values/amqp-symbol.ts';
import type { Writer } from './writer.ts';

/** Reads a map. @throws decode-error if another type, or a map that is not valid, is next. */
export function readMap(reader: Reader, limits?: Limits): AmqpMap {
  const formatCode = reader.peek();
  const value = formatCode === code.map8 || formatCode === code.map32 ? decodeValue(reader, limits) : undefined;
  return value instanceof AmqpMap ? value : reader.wrongType('map', formatCode);
}

const asItIs = (_key: string, value: unknown): unknown => value;

/**
 * Reads a map with symbol keys, like annotations (§2.8.13), as a record without a prototype.
 *
 * @throws decode-error if a key is of another type.
 */
export function readFields(reader: Reader, limits: ReadOptions = defaultLimits): Record<string, unknown> {
  return decodeRecord(reader, limits, 'symbol', asItIs);
}

/**
 * Reads a map with string keys, like application properties (§3.2.5), as a record without a prototype. `take` sees
 * each member as it is read, and gives its value or throws.
 *
 * @throws decode-error if a key is of another type.
 */
export function readStringFields(reader: Reader, limits?: Limits): Record<string, unknown>;
export function readStringFields<T>(
  reader: Reader,
  limits: Limits | undefined,
  take: (key: string, value: unknown) => T,
): Record<string, T>;
export function readStringFields(
  reader: Reader,
  limits: Limits = defaultLimits,
  take: (key: string, value: unknown) => unknown = asItIs,
): Record<string, unknown> {
  return decodeRecord(reader, limits, 'string', take);
}

/**
 * Reads the symbols of a field that may hold several (§1.4): none, one, or an array of them.
 *
 * A list of symbols, which some peers send, is taken as well. The result of null is empty.
 *
 * @throws decode-error if there is anything else than symbols.
 */
export function readSymbolArray(reader: Reader, limits?: Limits): string[] {
  const value = decodeValue(reader, limits);
  if (value === null) return [];
  const symbols: readonly unknown[] = value instanceof AmqpArray ? value.items : Array.isArray(value) ? value : [value];
  return symbols.map((item) => (item instanceof AmqpSymbol ? item.value : reader.fail('a symbol is expected')));
}

/** Writes an array of symbols, also for one or none (§1.4). @throws encode-error if one is not ASCII. */
export function writeSymbolArray(writer: Writer, symbols: readonly string[]): void {
  encodeValue(writer, new AmqpArray('symbol', symbols), 'symbols');
}
