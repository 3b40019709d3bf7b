/**
 * The steps of the straight-line codecs. They write at `at` into room that was reserved, and return where the next
 * step begins. An error here says little, for the generic machine then says it better.
 */
import { AmqpError } from '../errors/index.ts';
import { formatCode as code, type Reader, type Writer } from '../codec/index.ts';
import type { ReceiverSettleMode } from './generated/choices.ts';

/** Writes a uint in the fewest octets. */
export function putUint(view: DataView, at: number, value: number): number {
  if (value >>> 0 !== value) throw new AmqpError('encode-error', `${value} is not a uint`);
  if (value === 0) {
    view.setUint8(at, code.uint0);
    return at + 1;
  }
  if (value <= 0xff) {
    view.setUint16(at, (code.smalluint << 8) | value);
    return at + 2;
  }
  view.setUint8(at, code.uint);
  view.setUint32(at + 1, value);
  return at + 5;
}

/** Writes a uint, or null. */
export function putOptionalUint(view: DataView, at: number, value: number | undefined): number {
  if (value !== undefined) return putUint(view, at, value);
  view.setUint8(at, code.null);
  return at + 1;
}

/** Writes a boolean. */
export function putBoolean(view: DataView, at: number, value: boolean): number {
  view.setUint8(at, value ? code.true : code.false);
  return at + 1;
}

/** Writes a boolean, or null. */
export function putOptionalBoolean(view: DataView, at: number, value: boolean | undefined): number {
  if (value !== undefined) return putBoolean(view, at, value);
  view.setUint8(at, code.null);
  return at + 1;
}

/** Writes a boolean whose default is false: null says it (§1.3.4). */
export function putFlag(view: DataView, at: number, value: boolean): number {
  view.setUint8(at, value ? code.true : code.null);
  return at + 1;
}

/** Writes a receiver-settle-mode, or null. */
export function putReceiverSettleMode(view: DataView, at: number, value: ReceiverSettleMode | undefined): number {
  if (value === undefined) {
    view.setUint8(at, code.null);
    return at + 1;
  }
  // Only a caller without types gets here with another number.
  if (!isReceiverSettleMode(value))
    throw new AmqpError('encode-error', `${String(value)} is not a receiver-settle-mode`);
  view.setUint16(at, (code.ubyte << 8) | value);
  return at + 2;
}

/** Writes a binary, or null. */
export function putBinary(writer: Writer, view: DataView, at: number, value: Uint8Array | undefined): number {
  if (value === undefined) {
    view.setUint8(at, code.null);
    return at + 1;
  }
  const { length } = value;
  let start = at + 2;
  if (length <= 0xff) view.setUint16(at, (code.vbin8 << 8) | length);
  else {
    view.setUint8(at, code.vbin32);
    view.setUint32(at + 1, length);
    start = at + 5;
  }
  writer.bytes.set(value, start);
  return start + length;
}

/** Moves past a binary and returns where its octets begin; they end at the position of the reader. */
export function binaryStart(reader: Reader): number {
  const constructor = reader.octet();
  if (constructor !== code.vbin8 && constructor !== code.vbin32) reader.wrongType('binary', constructor);
  return reader.take(reader.size(constructor === code.vbin8));
}

/** Reads a receiver-settle-mode. */
export function readReceiverSettleMode(reader: Reader): ReceiverSettleMode {
  const value = reader.ubyte();
  return isReceiverSettleMode(value) ? value : reader.fail(`${value} is not a receiver-settle-mode`);
}

function isReceiverSettleMode(value: number): value is ReceiverSettleMode {
  return value === 0 || value === 1;
}
