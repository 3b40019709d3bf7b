import { AmqpError } from '../errors/index.ts';
import type { Block } from './block.ts';
import { formatCode as code } from './format-code.ts';
import { knownText, rememberText } from './known-texts.ts';
import { readAscii, readUtf8 } from './utf8.ts';

/** The octets of a text that may well come again: addresses, kinds and names do, the text of a message does not. */
const LONGEST_VALUE = 24;

/**
 * A cursor over encoded values. Each method reads one value of one type, in any of its encodings (§1.6), and moves
 * on. Whatever is not there, or not of that type, is a decode-error; nothing is read past `end`.
 *
 * @throws decode-error from every method that reads
 */
export class Reader {
  /** The memory that is read. */
  bytes: Uint8Array;
  /** The same memory, to read numbers from. */
  view: DataView;
  /** The next octet to read. */
  position: number;
  /** The first octet not to read. */
  end: number;

  /** Reads a block from the octet at position `start` to that before `end`. */
  constructor(block: Block, start = 0, end: number = block.bytes.length) {
    this.bytes = block.bytes;
    this.view = block.view;
    this.position = start;
    this.end = end;
  }

  /** Points the same reader at other memory, from the octet at position `start` to that before `end`. */
  reset(block: Block, start: number, end: number): void {
    this.bytes = block.bytes;
    this.view = block.view;
    this.position = start;
    this.end = end;
  }

  /** The octets left. */
  get remaining(): number {
    return this.end - this.position;
  }

  /** Skips `count` octets and returns the position of the first of them. */
  take(count: number): number {
    const start = this.position;
    if (count > this.end - start) this.fail(`${count} octets are announced and ${this.end - start} are there`);
    this.position = start + count;
    return start;
  }

  /** The next octet. */
  octet(): number {
    return this.view.getUint8(this.take(1));
  }

  /** The next octet, without moving on. */
  peek(): number {
    if (this.position >= this.end) this.fail('a value is missing');
    return this.view.getUint8(this.position);
  }

  /** If null is next, skips it. */
  skipNull(): boolean {
    if (this.peek() !== code.null) return false;
    this.position++;
    return true;
  }

  /** True or false. */
  boolean(): boolean {
    const constructor = this.octet();
    if (constructor === code.true) return true;
    if (constructor === code.false) return false;
    if (constructor !== code.boolean) return this.wrongType('boolean', constructor);
    return this.booleanOctet();
  }

  /** The octet of a boolean: 0 or 1 and nothing else (§1.6.2). */
  booleanOctet(): boolean {
    const octet = this.octet();
    if (octet > 1) this.fail(`a boolean has the octet ${octet}`);
    return octet === 1;
  }

  /** An unsigned integer of 8 bits. */
  ubyte(): number {
    const constructor = this.octet();
    return constructor === code.ubyte ? this.octet() : this.wrongType('ubyte', constructor);
  }

  /** An unsigned integer of 16 bits. */
  ushort(): number {
    const constructor = this.octet();
    return constructor === code.ushort ? this.view.getUint16(this.take(2)) : this.wrongType('ushort', constructor);
  }

  /** An unsigned integer of 32 bits. */
  uint(): number {
    const constructor = this.octet();
    if (constructor === code.smalluint) return this.octet();
    if (constructor === code.uint0) return 0;
    return constructor === code.uint ? this.view.getUint32(this.take(4)) : this.wrongType('uint', constructor);
  }

  /** An unsigned integer of 64 bits. */
  ulong(): bigint {
    const constructor = this.octet();
    if (constructor === code.smallulong) return BigInt(this.octet());
    if (constructor === code.ulong0) return 0n;
    return constructor === code.ulong ? this.view.getBigUint64(this.take(8)) : this.wrongType('ulong', constructor);
  }

  /** Signed milliseconds since 1970 (§1.6.17). */
  timestamp(): bigint {
    const constructor = this.octet();
    return constructor === code.timestamp
      ? this.view.getBigInt64(this.take(8))
      : this.wrongType('timestamp', constructor);
  }

  /** A copy of the octets. */
  binary(): Uint8Array {
    const constructor = this.octet();
    if (constructor !== code.vbin8 && constructor !== code.vbin32) return this.wrongType('binary', constructor);
    return this.octets(this.size(constructor === code.vbin8));
  }

  /** A string, as text. */
  string(): string {
    const constructor = this.octet();
    if (constructor !== code.str8 && constructor !== code.str32) return this.wrongType('string', constructor);
    return this.utf8(this.size(constructor === code.str8));
  }

  /** A symbol, as text. */
  symbol(): string {
    const constructor = this.octet();
    if (constructor !== code.sym8 && constructor !== code.sym32) return this.wrongType('symbol', constructor);
    return this.ascii(this.size(constructor === code.sym8));
  }

  /** A copy of the next `length` octets. */
  octets(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.slice(start, start + length);
  }

  /** `length` octets of UTF-8. */
  utf8(length: number): string {
    if (length <= LONGEST_VALUE) return this.keyText(length);
    const start = this.take(length);
    return readUtf8(this.bytes, this.view, start, start + length);
  }

  /** `length` octets of ASCII. */
  ascii(length: number): string {
    const start = this.take(length);
    const end = start + length;
    const { bytes, view } = this;
    return knownText(view, start, end) ?? rememberText(view, start, end, readAscii(bytes, view, start, end));
  }

  /** `length` octets of UTF-8 that are likely to come again, as the key of a map does. */
  keyText(length: number): string {
    const start = this.take(length);
    const end = start + length;
    const { bytes, view } = this;
    return knownText(view, start, end) ?? rememberText(view, start, end, readUtf8(bytes, view, start, end));
  }

  /** A size or count of one or four octets. */
  size(small: boolean): number {
    return small ? this.octet() : this.view.getUint32(this.take(4));
  }

  /** Ends the decoding with an error that names the place. */
  fail(what: string): never {
    throw new AmqpError('decode-error', `${what}, at octet ${this.position}`);
  }

  /** Ends the decoding because another format code (`constructor`) was found than those of the expected type. */
  wrongType(expected: string, constructor: number): never {
    return this.fail(`expected ${expected}, found the format code 0x${constructor.toString(16).padStart(2, '0')}`);
  }
}
