import { AmqpError, detailOf } from '../errors/index.ts';
import {
  fixedElements,
  isSizedType,
  narrowItems,
  refuseItem,
  sizedElements,
  writeText,
  type SizedType,
} from './encode-array.ts';
import { formatCode as code } from './format-code.ts';
import { DEFAULT_DEPTH } from './limits.ts';
import { AmqpArray } from './values/amqp-array.ts';
import { AmqpMap } from './values/amqp-map.ts';
import { AmqpSymbol } from './values/amqp-symbol.ts';
import { Char } from './values/char.ts';
import { Decimal } from './values/decimal.ts';
import { Described } from './values/described.ts';
import { Timestamp, timestamp } from './values/timestamp.ts';
import { plainBigintType, plainNumberType, Typed, ulong, type NumericType } from './values/typed.ts';
import { Uuid } from './values/uuid.ts';
import type { Writer } from './writer.ts';

/**
 * Writes one value in its smallest encoding.
 *
 * @param path - how error messages call the value
 * @param maxDepth - how deep values may nest; so a cyclic value ends in an error
 * @throws encode-error naming the path of what AMQP cannot hold. Nothing of the value is left in the writer then.
 */
export function encodeValue(writer: Writer, value: unknown, path = 'value', maxDepth: number = DEFAULT_DEPTH): void {
  new Encoder(writer, path, maxDepth).run((encoder) => encoder.value(value, 0));
}

/**
 * Writes a map with symbol keys, like annotations or the properties of an open (§2.8.13).
 *
 * @throws encode-error naming the path of what AMQP cannot hold.
 */
export function writeFields(writer: Writer, record: Readonly<Record<string, unknown>>, path = 'fields'): void {
  new Encoder(writer, path, DEFAULT_DEPTH).run((encoder) => encoder.fields(record, true));
}

/**
 * Writes a map with string keys, like application properties (§3.2.5).
 *
 * @param simple - whether lists, maps, arrays and described values are refused. Default false
 * @throws encode-error naming the path of what AMQP cannot hold.
 */
export function writeStringFields(
  writer: Writer,
  record: Readonly<Record<string, unknown>>,
  path = 'fields',
  simple = false,
): void {
  new Encoder(writer, path, DEFAULT_DEPTH, simple).run((encoder) => encoder.fields(record, false));
}

const numberWriters: Readonly<Record<NumericType, (writer: Writer, value: number | bigint) => void>> = {
  ubyte: (writer, value) => writer.ubyte(Number(value)),
  ushort: (writer, value) => writer.ushort(Number(value)),
  uint: (writer, value) => writer.uint(Number(value)),
  ulong: (writer, value) => writer.ulong(BigInt(value)),
  byte: (writer, value) => writer.byte(Number(value)),
  short: (writer, value) => writer.short(Number(value)),
  int: (writer, value) => writer.int(Number(value)),
  long: (writer, value) => writer.long(BigInt(value)),
  float: (writer, value) => writer.float(Number(value)),
  double: (writer, value) => writer.double(Number(value)),
};

/** Writes a plain number as the type that it stands for. */
function writeNumber(writer: Writer, value: number): void {
  const type = plainNumberType(value);
  if (type === 'int') writer.int(value);
  else if (type === 'double') writer.double(value);
  else numberWriters[type](writer, value);
}

const decimalCodes = { 32: code.decimal32, 64: code.decimal64, 128: code.decimal128 } as const;

/** A numeric descriptor is a ulong (§1.5), as it also reads: a bigint alone would be written as a long. */
function descriptorValue(descriptor: unknown): unknown {
  return typeof descriptor === 'bigint' && descriptor >= 0n ? ulong(descriptor) : descriptor;
}

/** One encoding: where it writes, and after an error the way to the value that caused it. */
class Encoder {
  readonly #writer: Writer;
  readonly #maxDepth: number;
  readonly #path: string;
  readonly #simple: boolean;
  readonly #trail: unknown[] = [];

  constructor(writer: Writer, path: string, maxDepth: number, simple = false) {
    this.#writer = writer;
    this.#maxDepth = maxDepth;
    this.#path = path;
    this.#simple = simple;
  }

  /** Runs the encoding; an error takes back what was written, and says where it happened. */
  run(encoding: (encoder: Encoder) => void): void {
    const start = this.#writer.position;
    try {
      encoding(this);
    } catch (error) {
      this.#writer.position = start;
      if (!AmqpError.is(error) || error.code !== 'encode-error') throw error;
      const where = `${this.#path}${this.#trail.map(step).join('')}`;
      throw new AmqpError('encode-error', `${where}: ${detailOf(error)}`, { cause: error });
    }
  }

  /** One value that `depth` others enclose. */
  value(value: unknown, depth: number): void {
    const writer = this.#writer;
    switch (typeof value) {
      case 'string':
        return writer.string(value);
      case 'boolean':
        return writer.boolean(value);
      case 'number':
        return writeNumber(writer, value);
      case 'bigint':
        return numberWriters[plainBigintType(value)](writer, value);
      case 'object':
        return value === null ? writer.null() : this.#object(value, depth);
      case 'undefined':
        return refuse('undefined is not an AMQP value; use null or leave it out');
      case 'function':
      case 'symbol':
        return refuse(`a ${typeof value} is not an AMQP value`);
    }
  }

  /** A map with symbol or string keys. */
  fields(record: Readonly<Record<string, unknown>>, symbols: boolean): void {
    const start = this.#writer.beginCompound();
    const count = this.#record(record, 1, symbols);
    this.#writer.endCompound(start, count, code.map8, code.map32);
  }

  #object(value: object, depth: number): void {
    const writer = this.#writer;
    if (value instanceof Typed) numberWriters[value.type](writer, value.value);
    else if (value instanceof AmqpSymbol) writer.symbol(value.value);
    else if (value instanceof Uint8Array) writer.binary(value);
    else if (value instanceof Date) writer.timestamp(timestamp(value).milliseconds);
    else if (value instanceof Timestamp) writer.timestamp(value.milliseconds);
    else if (value instanceof Uuid) writer.fixed(code.uuid, value.bytes);
    else if (value instanceof Char) writer.char(value.codePoint);
    else if (value instanceof Decimal) writer.fixed(decimalCodes[value.bits], value.bytes);
    else this.#nested(value, depth);
  }

  #nested(value: object, depth: number): void {
    const writer = this.#writer;
    if (this.#simple) refuse('a list, map, array or described value is not allowed there');
    this.#enter(depth);
    if (value instanceof Described) {
      writer.octet(code.described);
      this.#at('descriptor', descriptorValue(value.descriptor), depth + 1);
      this.#at('value', value.value, depth + 1);
    } else if (Array.isArray(value)) {
      if (value.length === 0) return writer.octet(code.list0);
      const start = writer.beginCompound();
      writer.endCompound(start, this.#list(value, depth + 1), code.list8, code.list32);
    } else if (value instanceof AmqpArray) {
      const start = writer.beginCompound();
      writer.endCompound(start, this.#array(value, depth + 1), code.array8, code.array32);
    } else {
      const start = writer.beginCompound();
      writer.endCompound(start, this.#map(value, depth + 1), code.map8, code.map32);
    }
  }

  /** Writes the items of a list, and returns their number. */
  #list(items: readonly unknown[], depth: number): number {
    for (let index = 0; index < items.length; index++) this.#at(index, items[index], depth);
    return items.length;
  }

  /** Writes the keys and values of what is a map or serves as one, and returns their number. */
  #map(value: object, depth: number): number {
    if (value instanceof AmqpMap) return this.#pairs(value, depth);
    if (value instanceof Map) {
      const map: AmqpMap = new AmqpMap(value);
      if (map.size !== value.size) refuse('two keys of the map are the same AMQP value');
      return this.#pairs(map, depth);
    }
    return isPlain(value) ? this.#record(value, depth, false) : refuse(adviseOn(value));
  }

  #pairs(map: AmqpMap, depth: number): number {
    for (const [key, value] of map) {
      this.#at('key', key, depth);
      this.#at(key, value, depth);
    }
    return map.size * 2;
  }

  #record(record: Readonly<Record<string, unknown>>, depth: number, symbols: boolean): number {
    const writer = this.#writer;
    const keys = Object.keys(record);
    let at = '';
    try {
      for (const key of keys) {
        at = key;
        if (symbols) writer.symbol(key);
        else writer.string(key);
        this.value(record[key], depth);
      }
    } catch (error) {
      throw this.#passing(at, error);
    }
    return keys.length * 2;
  }

  /** Writes the element constructor and the items of an array, and returns the number of items. */
  #array({ elementType: type, items, descriptors }: AmqpArray, depth: number): number {
    let inner = depth;
    for (const descriptor of descriptors) {
      this.#enter(inner);
      this.#writer.octet(code.described);
      this.#at('descriptor', descriptorValue(descriptor), ++inner);
    }
    if (isSizedType(type)) this.#sizedItems(type, items, inner);
    else {
      const { formatCode, write } = fixedElements[type];
      this.#writer.octet(formatCode);
      let index = 0;
      try {
        for (; index < items.length; index++) write(this.#writer, items[index]);
      } catch (error) {
        throw this.#passing(index, error);
      }
    }
    return items.length;
  }

  #sizedItems(type: SizedType, items: readonly unknown[], depth: number): void {
    const writer = this.#writer;
    const { narrow, wide, counted } = sizedElements[type];
    const constructorAt = writer.reserve(1);
    let index = 0;
    try {
      for (; index < items.length; index++) {
        const sizeAt = writer.reserve(counted ? 8 : 4);
        const count = this.#sizedItem(type, items[index], depth);
        writer.view.setUint32(sizeAt, writer.position - sizeAt - 4);
        if (counted) writer.view.setUint32(sizeAt + 4, count);
      }
    } catch (error) {
      throw this.#passing(index, error);
    }
    const narrowed = narrowItems(writer, constructorAt + 1, counted);
    writer.view.setUint8(constructorAt, narrowed ? narrow : wide);
  }

  /** Writes the octets of one item, without its size, and returns how many values it holds. */
  #sizedItem(type: SizedType, item: unknown, depth: number): number {
    if (type === 'string' || type === 'symbol' || type === 'binary') {
      writeText(this.#writer, type, item);
      return 0;
    }
    this.#enter(depth);
    if (type === 'list') return Array.isArray(item) ? this.#list(item, depth + 1) : refuseItem(type);
    if (type === 'array') return item instanceof AmqpArray ? this.#array(item, depth + 1) : refuseItem(type);
    return typeof item === 'object' && item !== null ? this.#map(item, depth + 1) : refuseItem(type);
  }

  #at(key: unknown, value: unknown, depth: number): void {
    try {
      this.value(value, depth);
    } catch (error) {
      throw this.#passing(key, error);
    }
  }

  /** Notes on the way of an error out of a nested value that it passes here. */
  #passing(key: unknown, error: unknown): unknown {
    this.#trail.unshift(key);
    return error;
  }

  #enter(depth: number): void {
    if (depth >= this.#maxDepth) refuse(`it nests deeper than ${this.#maxDepth}, or holds itself`);
  }
}

function refuse(what: string): never {
  throw new AmqpError('encode-error', what);
}

/** How one step of the way to a value reads in a message. */
function step(key: unknown): string {
  if (typeof key !== 'string') return `[${String(key)}]`;
  return /^[\w$]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of a plain object of another realm is another one, which has none either.
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function adviseOn(value: object): string {
  if (value instanceof ArrayBuffer) return 'an ArrayBuffer is not an AMQP value; pass new Uint8Array(buffer)';
  const { constructor } = value;
  const name =
    typeof constructor === 'function' ? `an object of class ${constructor.name}` : 'an object of unknown class';
  if (ArrayBuffer.isView(value)) return `${name} is not an AMQP value; pass a Uint8Array, or an AmqpArray of numbers`;
  return `${name} is not an AMQP value; pass a plain object, or a value of amqp1/codec`;
}
