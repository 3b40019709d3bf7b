import { formatCode as code } from './format-code.ts';
import { DEFAULT_DEPTH, DEFAULT_ELEMENTS, defaultLimits, type Limits, type ReadOptions } from './limits.ts';
import type { Reader } from './reader.ts';
import { isScalarValue } from './scalar-value.ts';
import { leastOctets, typeOfCode } from './types.ts';
import { AmqpArray } from './values/amqp-array.ts';
import { AmqpMap } from './values/amqp-map.ts';
import { AmqpSymbol } from './values/amqp-symbol.ts';
import { Char } from './values/char.ts';
import { Decimal } from './values/decimal.ts';
import { Described } from './values/described.ts';
import { toDate } from './values/timestamp.ts';
import { Typed, plainBigintType, plainNumberType, type NumericType } from './values/typed.ts';
import { Uuid } from './values/uuid.ts';

/**
 * Reads one value of any type. After an error the reader is of no more use.
 *
 * @param typed - whether numbers come as {@link Typed}, so that they can be written back as the type they had
 * @throws decode-error if the octets are not valid, or beyond the limits.
 */
export function decodeValue(reader: Reader, limits: Limits = defaultLimits, typed = false): unknown {
  return new Decoder(reader, limits, typed).value(0);
}

/**
 * Reads a map whose keys all have one textual type, as a record without a prototype.
 *
 * @throws decode-error if it is no map, if a key is of another type, or if two are equal.
 */
export function decodeRecord<T>(
  reader: Reader,
  limits: ReadOptions,
  keys: 'symbol' | 'string',
  take: TakeMember<T>,
): Record<string, T> {
  const formatCode = reader.octet();
  if (formatCode !== code.map8 && formatCode !== code.map32) reader.wrongType('map', formatCode);
  return new Decoder(reader, limits, limits.typed === true).record(formatCode === code.map8, keys, take);
}

/** Sees each member of a record as it is read, and gives its value; throws where one must not be. */
type TakeMember<T> = (key: string, value: unknown) => T;

/** One decoding: what is left of its limits. */
class Decoder {
  readonly #reader: Reader;
  readonly #maxDepth: number;
  readonly #maxSize: number;
  #elementsLeft: number;
  #typed: boolean;

  constructor(reader: Reader, limits: Limits, typed: boolean) {
    this.#reader = reader;
    this.#maxDepth = limits.maxDepth ?? DEFAULT_DEPTH;
    this.#maxSize = limits.maxSize ?? Number.POSITIVE_INFINITY;
    this.#elementsLeft = limits.maxElements ?? DEFAULT_ELEMENTS;
    this.#typed = typed;
  }

  /** One value that `depth` others enclose. */
  value(depth: number): unknown {
    const formatCode = this.#reader.octet();
    if (formatCode !== code.described) return this.#data(formatCode, depth);
    this.#enter(depth);
    const descriptor = this.value(depth + 1);
    return new Described(descriptor, this.value(depth + 1));
  }

  /** What follows the format code of a map with textual keys. */
  record<T>(small: boolean, keys: 'symbol' | 'string', take: TakeMember<T>): Record<string, T> {
    const outerEnd = this.#open(small, 0);
    const entries = this.#entryCount(small);
    const record: Record<string, T> = Object.create(null);
    for (let index = 0; index < entries; index++) {
      const key = keys === 'symbol' ? this.#reader.symbol() : this.#stringKey();
      if (key in record) this.#reader.fail(`a map has the key ${JSON.stringify(key)} twice`);
      record[key] = take(key, this.value(1));
    }
    this.#close(outerEnd);
    return record;
  }

  /** What follows a format code. */
  #data(formatCode: number, depth: number): unknown {
    const reader = this.#reader;
    switch (formatCode) {
      case code.null:
        return null;
      case code.true:
        return true;
      case code.false:
        return false;
      case code.boolean:
        return reader.booleanOctet();
      case code.str8:
      case code.str32:
        return reader.utf8(this.#size(formatCode === code.str8));
      case code.sym8:
      case code.sym32:
        return new AmqpSymbol(reader.ascii(this.#size(formatCode === code.sym8)));
      case code.vbin8:
      case code.vbin32:
        return reader.octets(this.#size(formatCode === code.vbin8));
      case code.list0:
        this.#enter(depth);
        return [];
      case code.list8:
      case code.list32:
        return this.#list(formatCode === code.list8, depth);
      case code.map8:
      case code.map32:
        return this.#map(formatCode === code.map8, depth);
      case code.array8:
      case code.array32:
        return this.#array(formatCode === code.array8, depth);
      default:
        return this.#number(formatCode);
    }
  }

  #number(formatCode: number): unknown {
    const reader = this.#reader;
    switch (formatCode) {
      case code.uint0:
        return this.#as('uint', 0);
      case code.ulong0:
        return this.#as('ulong', 0n);
      case code.ubyte:
        return this.#as('ubyte', reader.octet());
      case code.smalluint:
        return this.#as('uint', reader.octet());
      case code.smallulong:
        return this.#as('ulong', BigInt(reader.octet()));
      case code.byte:
        return this.#as('byte', reader.view.getInt8(reader.take(1)));
      case code.smallint:
        return this.#as('int', reader.view.getInt8(reader.take(1)));
      case code.smalllong:
        return this.#as('long', BigInt(reader.view.getInt8(reader.take(1))));
      case code.ushort:
        return this.#as('ushort', reader.view.getUint16(reader.take(2)));
      case code.short:
        return this.#as('short', reader.view.getInt16(reader.take(2)));
      case code.uint:
        return this.#as('uint', reader.view.getUint32(reader.take(4)));
      case code.int:
        return this.#as('int', reader.view.getInt32(reader.take(4)));
      case code.float:
        return this.#as('float', reader.view.getFloat32(reader.take(4)));
      case code.ulong:
        return this.#as('ulong', reader.view.getBigUint64(reader.take(8)));
      case code.long:
        return this.#as('long', reader.view.getBigInt64(reader.take(8)));
      case code.double:
        return this.#as('double', reader.view.getFloat64(reader.take(8)));
      default:
        return this.#other(formatCode);
    }
  }

  #as(type: NumericType, value: number | bigint): unknown {
    return this.#typed ? new Typed(type, value) : value;
  }

  #other(formatCode: number): unknown {
    const reader = this.#reader;
    switch (formatCode) {
      case code.char:
        return this.#char();
      case code.timestamp:
        return toDate(reader.view.getBigInt64(reader.take(8)));
      case code.uuid:
        return new Uuid(reader.octets(16));
      case code.decimal32:
        return new Decimal(reader.octets(4));
      case code.decimal64:
        return new Decimal(reader.octets(8));
      case code.decimal128:
        return new Decimal(reader.octets(16));
      default:
        return reader.wrongType('a value', formatCode);
    }
  }

  #char(): Char {
    const codePoint = this.#reader.view.getUint32(this.#reader.take(4));
    if (!isScalarValue(codePoint)) this.#reader.fail(`the char 0x${codePoint.toString(16)} is not a Unicode character`);
    return new Char(codePoint);
  }

  #list(small: boolean, depth: number): unknown[] {
    const outerEnd = this.#open(small, depth);
    const count = this.#reader.size(small);
    this.#checkCount(count, 1);
    const items: unknown[] = [];
    for (let index = 0; index < count; index++) items.push(this.value(depth + 1));
    this.#close(outerEnd);
    return items;
  }

  #map(small: boolean, depth: number): AmqpMap {
    const outerEnd = this.#open(small, depth);
    const entries = this.#entryCount(small);
    const map = new AmqpMap();
    for (let index = 0; index < entries; index++) {
      const key = this.#key(depth + 1);
      map.set(key, this.value(depth + 1));
      // §1.6.23: no two keys are equal.
      if (map.size === index) this.#reader.fail('a map has two equal keys');
    }
    this.#close(outerEnd);
    return map;
  }

  /** Keys and values alternate and count both, so there is an even number of them (§1.6.23). */
  #entryCount(small: boolean): number {
    const count = this.#reader.size(small);
    this.#checkCount(count, 1);
    if (count % 2 !== 0) this.#reader.fail(`a map has ${count} items, which is odd`);
    return count / 2;
  }

  /** A key keeps its type unless the plain value means the same type: else the uint 1 would be taken for the int 1. */
  #key(depth: number): unknown {
    const formatCode = this.#reader.peek();
    if (formatCode === code.str8 || formatCode === code.str32) return this.#stringKey();
    const typed = this.#typed;
    this.#typed = true;
    const key = this.value(depth);
    this.#typed = typed;
    if (typed || !(key instanceof Typed)) return key;
    const plain = typeof key.value === 'number' ? plainNumberType(key.value) : plainBigintType(key.value);
    return plain === key.type ? key.value : key;
  }

  #stringKey(): string {
    const formatCode = this.#reader.octet();
    if (formatCode !== code.str8 && formatCode !== code.str32) this.#reader.wrongType('string', formatCode);
    return this.#reader.keyText(this.#size(formatCode === code.str8));
  }

  #array(small: boolean, depth: number): AmqpArray {
    const outerEnd = this.#open(small, depth);
    const count = this.#reader.size(small);
    const descriptors: unknown[] = [];
    let formatCode = this.#reader.octet();
    while (formatCode === code.described) {
      this.#enter(depth + descriptors.length + 1);
      descriptors.push(this.value(depth + descriptors.length + 2));
      formatCode = this.#reader.octet();
    }
    const type = typeOfCode(formatCode);
    if (type === undefined) return this.#reader.wrongType('the type of an array', formatCode);
    const least = leastOctets(formatCode);
    if (least > 0) this.#checkCount(count, least);
    // Items without octets are bounded by nothing that was received, so they have a limit of their own.
    else if ((this.#elementsLeft -= count) < 0) this.#reader.fail(`an array of ${count} items is above the limit`);
    const items: unknown[] = [];
    const inner = depth + descriptors.length + 1;
    for (let index = 0; index < count; index++) items.push(this.#data(formatCode, inner));
    this.#close(outerEnd);
    return new AmqpArray(type, items, ...descriptors);
  }

  #enter(depth: number): void {
    if (depth >= this.#maxDepth) this.#reader.fail(`a value nests deeper than ${this.#maxDepth}`);
  }

  #size(small: boolean): number {
    const size = this.#reader.size(small);
    if (size > this.#maxSize) this.#reader.fail(`a value of ${size} octets is above the limit of ${this.#maxSize}`);
    return size;
  }

  /** Begins a list, map or array: reads its size, ends the reader there, and returns where it ended before. */
  #open(small: boolean, depth: number): number {
    this.#enter(depth);
    const reader = this.#reader;
    const size = this.#size(small);
    const outerEnd = reader.end;
    if (size > reader.remaining) reader.fail(`${size} octets are announced and ${reader.remaining} are there`);
    reader.end = reader.position + size;
    return outerEnd;
  }

  /** Ends it: the items fill exactly the octets announced (§1.2.3). */
  #close(outerEnd: number): void {
    const reader = this.#reader;
    if (reader.remaining !== 0) reader.fail(`${reader.remaining} octets are left over after the items`);
    reader.end = outerEnd;
  }

  #checkCount(count: number, least: number): void {
    const reader = this.#reader;
    if (count * least > reader.remaining)
      reader.fail(`${count} items are announced and only ${reader.remaining} octets are there`);
  }
}
