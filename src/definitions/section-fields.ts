/**
 * The steps of the straight-line codecs of message sections. An error here says little, for the generic machine then
 * says it better.
 */
import { AmqpError } from '../errors/index.ts';
import {
  decodeValue,
  encodeValue,
  formatCode as code,
  Timestamp,
  type Limits,
  type Reader,
  type Writer,
} from '../codec/index.ts';
import { readTimestamp } from './table-reader.ts';

export { readTimestamp };

/** Whether a field says something: null and undefined do not (§1.3.4). */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Writes a boolean, or null. */
export function putBoolean(writer: Writer, value: unknown): void {
  if (typeof value === 'boolean') writer.boolean(value);
  else putNull(writer, value);
}

/** Writes a ubyte, or null. */
export function putUbyte(writer: Writer, value: unknown): void {
  if (typeof value === 'number') writer.ubyte(value);
  else putNull(writer, value);
}

/** Writes a uint, or null. */
export function putUint(writer: Writer, value: unknown): void {
  if (typeof value === 'number') writer.uint(value);
  else putNull(writer, value);
}

/** Writes a string, or null. */
export function putString(writer: Writer, value: unknown): void {
  if (typeof value === 'string') writer.string(value);
  else putNull(writer, value);
}

/** Writes a symbol, or null. */
export function putSymbol(writer: Writer, value: unknown): void {
  if (typeof value === 'string') writer.symbol(value);
  else putNull(writer, value);
}

/** Writes a binary, or null. */
export function putBinary(writer: Writer, value: unknown): void {
  if (value instanceof Uint8Array) writer.binary(value);
  else putNull(writer, value);
}

/** Writes a timestamp, or null. */
export function putTimestamp(writer: Writer, value: unknown): void {
  if (value instanceof Date || value instanceof Timestamp) encodeValue(writer, value);
  else putNull(writer, value);
}

/** Writes a message-id, where a bigint is a ulong (§3.2.11), or null. */
export function putMessageId(writer: Writer, value: unknown): void {
  if (typeof value === 'bigint') writer.ulong(value);
  else putAny(writer, value);
}

/** Writes any value, or null; it is a string nearly always. */
export function putAny(writer: Writer, value: unknown): void {
  if (typeof value === 'string') writer.string(value);
  else if (isSet(value)) encodeValue(writer, value);
  else writer.null();
}

function putNull(writer: Writer, value: unknown): void {
  if (isSet(value)) throw new AmqpError('encode-error', 'the value is of another type');
  writer.null();
}

/** Reads any value; it is a string nearly always. */
export function readAny(reader: Reader, limits: Limits | undefined): unknown {
  return limits === undefined && reader.peek() === code.str8 ? reader.string() : decodeValue(reader, limits);
}

/** Reads a message-id (§3.2.11). */
export function readMessageId(reader: Reader, limits: Limits | undefined): unknown {
  return readAny(reader, limits);
}
