import { AmqpError } from '../errors/index.ts';
import { formatCode as code } from './format-code.ts';
import { isScalarValue } from './scalar-value.ts';
import { firstNonAscii, utf8Length, writeAscii, writeShortAscii, writeUtf8 } from './utf8.ts';

/** Octets before the items of a list or map: format code, size and count, of one octet each or of four. */
const NARROW = 3;
const WIDE = 9;

/**
 * Encoded values, one after the other, in memory that grows as needed. Each method writes one value of one type in
 * its smallest encoding (§1.6). Ranges are checked where a wrong number would be written as another one.
 *
 * @throws encode-error from every method that writes: out of range, not of its type, or beyond 4 GiB
 */
export class Writer {
  /** The memory that is written; it is replaced when it grows. */
  bytes: Uint8Array;
  /** The same memory, to write numbers to. */
  view: DataView;
  /** The octets written so far: the place of the next one. */
  position = 0;

  /** Begins with memory for this number of octets. */
  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** What was written, as a copy that stays as it is. */
  finish(): Uint8Array {
    return this.bytes.slice(0, this.position);
  }

  /** Makes room for `count` octets, counts them as written, and returns the place of the first. */
  reserve(count: number): number {
    const start = this.position;
    if (start + count > this.bytes.length) this.#grow(start + count);
    this.position = start + count;
    return start;
  }

  #grow(needed: number): void {
    // A size has 32 bits at most; beyond them it would be written as another one.
    if (needed > 0xffff_ffff) throw new AmqpError('encode-error', 'a value takes more than 4 GiB');
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.position));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  /** One octet, without a format code. */
  octet(value: number): void {
    const at = this.reserve(1);
    this.view.setUint8(at, value);
  }

  /** A format code and one octet. */
  octets2(first: number, second: number): void {
    const at = this.reserve(2);
    this.view.setUint8(at, first);
    this.view.setUint8(at + 1, second);
  }

  /** Octets as they are, without a format code. */
  raw(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** Null. */
  null(): void {
    this.octet(code.null);
  }

  /** True or false. */
  boolean(value: boolean): void {
    this.octet(value ? code.true : code.false);
  }

  /** An unsigned integer of 8 bits. */
  ubyte(value: number): void {
    this.octets2(code.ubyte, inRange('ubyte', value, 0, 0xff));
  }

  /** An unsigned integer of 16 bits. */
  ushort(value: number): void {
    inRange('ushort', value, 0, 0xffff);
    const at = this.reserve(3);
    this.view.setUint8(at, code.ushort);
    this.view.setUint16(at + 1, value);
  }

  /** An unsigned integer of 32 bits. */
  uint(value: number): void {
    inRange('uint', value, 0, 0xffffffff);
    if (value === 0) this.octet(code.uint0);
    else if (value <= 0xff) this.octets2(code.smalluint, value);
    else {
      const at = this.reserve(5);
      this.view.setUint8(at, code.uint);
      this.view.setUint32(at + 1, value);
    }
  }

  /** An unsigned integer of 64 bits. */
  ulong(value: bigint): void {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) outOfRange('ulong', value);
    if (value === 0n) this.octet(code.ulong0);
    else if (value <= 0xffn) this.octets2(code.smallulong, Number(value));
    else {
      const at = this.reserve(9);
      this.view.setUint8(at, code.ulong);
      this.view.setBigUint64(at + 1, value);
    }
  }

  /** A signed integer of 8 bits. */
  byte(value: number): void {
    this.octets2(code.byte, inRange('byte', value, -0x80, 0x7f));
  }

  /** A signed integer of 16 bits. */
  short(value: number): void {
    inRange('short', value, -0x8000, 0x7fff);
    const at = this.reserve(3);
    this.view.setUint8(at, code.short);
    this.view.setInt16(at + 1, value);
  }

  /** A signed integer of 32 bits. */
  int(value: number): void {
    inRange('int', value, -0x8000_0000, 0x7fff_ffff);
    if (value >= -0x80 && value <= 0x7f) this.octets2(code.smallint, value);
    else {
      const at = this.reserve(5);
      this.view.setUint8(at, code.int);
      this.view.setInt32(at + 1, value);
    }
  }

  /** A signed integer of 64 bits. */
  long(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) outOfRange('long', value);
    if (value >= -0x80n && value <= 0x7fn) this.octets2(code.smalllong, Number(value));
    else {
      const at = this.reserve(9);
      this.view.setUint8(at, code.long);
      this.view.setBigInt64(at + 1, value);
    }
  }

  /** Rounds to 32 bits. */
  float(value: number): void {
    const at = this.reserve(5);
    this.view.setUint8(at, code.float);
    this.view.setFloat32(at + 1, value);
  }

  /** A floating point number of 64 bits. */
  double(value: number): void {
    const at = this.reserve(9);
    this.view.setUint8(at, code.double);
    this.view.setFloat64(at + 1, value);
  }

  /** A Unicode code point (§1.6.16). */
  char(codePoint: number): void {
    if (!isScalarValue(codePoint)) outOfRange('char', codePoint);
    const at = this.reserve(5);
    this.view.setUint8(at, code.char);
    this.view.setUint32(at + 1, codePoint);
  }

  /** Data of a fixed width after its format code, as it is: a uuid or a decimal. */
  fixed(formatCode: number, bytes: Uint8Array): void {
    this.octet(formatCode);
    this.raw(bytes);
  }

  /** Signed milliseconds since 1970 (§1.6.17). */
  timestamp(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) outOfRange('timestamp', value);
    const at = this.reserve(9);
    this.view.setUint8(at, code.timestamp);
    this.view.setBigInt64(at + 1, value);
  }

  /** Octets, as the type binary. */
  binary(value: Uint8Array): void {
    const at = this.#sized(code.vbin8, code.vbin32, value.length);
    this.bytes.set(value, at);
  }

  /** Text, as the type string: UTF-8. */
  string(value: string): void {
    if (this.#short(code.str8, value)) return;
    const size = utf8Length(value);
    const at = this.#sized(code.str8, code.str32, size);
    writeUtf8(value, size, this.bytes, at);
  }

  /** Text, as the type symbol: ASCII. */
  symbol(value: string): void {
    if (this.#short(code.sym8, value)) return;
    const wrong = firstNonAscii(value);
    if (wrong >= 0)
      throw new AmqpError('encode-error', `the symbol ${JSON.stringify(value)} is not ASCII at position ${wrong}`);
    const at = this.#sized(code.sym8, code.sym32, value.length);
    writeAscii(value, this.bytes, at);
  }

  /** Writes a text that is short and ASCII, as nearly all are: that shows while it is written. False for another. */
  #short(formatCode: number, text: string): boolean {
    const { length } = text;
    if (length > 0xff) return false;
    const start = this.reserve(2 + length);
    if (writeShortAscii(text, this.bytes, start + 2)) {
      this.view.setUint16(start, (formatCode << 8) | length);
      return true;
    }
    this.position = start;
    return false;
  }

  /** Writes the format code and the length, and returns the place for `length` octets that follow. */
  #sized(small: number, large: number, length: number): number {
    if (length <= 0xff) {
      const at = this.reserve(2 + length);
      this.view.setUint8(at, small);
      this.view.setUint8(at + 1, length);
      return at + 2;
    }
    const at = this.reserve(5 + length);
    this.view.setUint8(at, large);
    this.view.setUint32(at + 1, length);
    return at + 5;
  }

  /** Begins a list or map of a size that is not known yet. Pass the position that it returns to {@link endCompound}. */
  beginCompound(): number {
    // Room for the narrow form, which nearly all have.
    return this.reserve(NARROW);
  }

  /** Ends a list or map of `count` items (a map counts keys and values): narrow form where it fits (§1.2.3). */
  endCompound(start: number, count: number, small: number, large: number): void {
    const length = this.position - start - NARROW;
    if (length + 1 <= 0xff && count <= 0xff) {
      this.view.setUint8(start, small);
      this.view.setUint8(start + 1, length + 1);
      this.view.setUint8(start + 2, count);
      return;
    }
    this.reserve(WIDE - NARROW);
    this.bytes.copyWithin(start + WIDE, start + NARROW, start + NARROW + length);
    this.view.setUint8(start, large);
    this.view.setUint32(start + 1, length + 4);
    this.view.setUint32(start + 5, count);
  }
}

function inRange(type: string, value: number, least: number, most: number): number {
  if (!(Number.isInteger(value) && value >= least && value <= most)) outOfRange(type, value);
  return value;
}

function outOfRange(type: string, value: number | bigint): never {
  throw new AmqpError('encode-error', `${value} is not a ${type}`);
}
