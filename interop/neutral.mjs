/**
 * The neutral form of AMQP values in values.json, which every program of the interop run reads and writes: an array
 * whose first item is the type. Integers and timestamps are decimal text, floats, decimals, uuids and binaries are the
 * hex digits of their octets, a char is its code point.
 */
import { readFileSync } from 'node:fs';
import {
  AmqpArray,
  AmqpMap,
  AmqpSymbol,
  Char,
  Decimal,
  Described,
  Reader,
  Timestamp,
  Typed,
  Uuid,
  blockOf,
  decodeValue,
  symbol,
} from '../dist/codec/index.js';

/** Every value of the run: `{ name, value }`, the value in its neutral form. */
export const values = JSON.parse(readFileSync(new URL('values.json', import.meta.url), 'utf8'));

const compound = new Set(['list', 'map', 'array', 'described']);

/** Whether a value may stand in application-properties (§3.2.5). */
export function isSimple([type]) {
  return !compound.has(type);
}

const bytes = (hex) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (octets) => Buffer.from(octets).toString('hex');

/** Makes the value of amqp1 that a neutral form stands for. */
export function build([type, payload, items, descriptor]) {
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
    case 'string':
      return payload;
    case 'ulong':
    case 'long':
      return new Typed(type, BigInt(payload));
    case 'float':
      return new Typed(type, Buffer.from(payload, 'hex').readFloatBE());
    case 'double':
      return new Typed(type, Buffer.from(payload, 'hex').readDoubleBE());
    case 'decimal32':
    case 'decimal64':
    case 'decimal128':
      return new Decimal(bytes(payload));
    case 'char':
      return new Char(Number(payload));
    case 'timestamp':
      return new Timestamp(BigInt(payload));
    case 'uuid':
      return new Uuid(bytes(payload));
    case 'binary':
      return bytes(payload);
    case 'symbol':
      return symbol(payload);
    case 'list':
      return payload.map(build);
    case 'map':
      return new AmqpMap(payload.map(([key, value]) => [build(key), build(value)]));
    case 'array':
      return new AmqpArray(payload, items.map(build), ...(descriptor ? [build(descriptor)] : []));
    case 'described':
      return new Described(build(payload), build(items));
    default:
      return new Typed(type, Number(payload));
  }
}

/** The neutral form of a value that was decoded with its types. */
export function neutral(value) {
  if (value === null) return ['null'];
  if (typeof value === 'boolean' || typeof value === 'string') return [typeof value, value];
  if (value instanceof Typed) return number(value);
  if (value instanceof Decimal) return [`decimal${value.bits}`, hex(value.bytes)];
  if (value instanceof Char) return ['char', String(value.codePoint)];
  if (value instanceof Date) return ['timestamp', String(value.getTime())];
  if (value instanceof Timestamp) return ['timestamp', String(value.milliseconds)];
  if (value instanceof Uuid) return ['uuid', hex(value.bytes)];
  if (value instanceof Uint8Array) return ['binary', hex(value)];
  if (value instanceof AmqpSymbol) return ['symbol', value.value];
  if (value instanceof AmqpMap) return ['map', [...value].map(([key, item]) => [neutral(key), neutral(item)])];
  if (value instanceof AmqpArray)
    return ['array', value.elementType, value.items.map(neutral), ...value.descriptors.map(neutral)];
  if (value instanceof Described) return ['described', neutral(value.descriptor), neutral(value.value)];
  if (Array.isArray(value)) return ['list', value.map(neutral)];
  throw new Error(`no neutral form of ${typeof value} ${String(value)}`);
}

function number({ type, value }) {
  const octets = Buffer.alloc(8);
  if (type === 'float') octets.writeFloatBE(value);
  else if (type === 'double') octets.writeDoubleBE(value);
  else return [type, String(value)];
  return [type, octets.subarray(0, type === 'float' ? 4 : 8).toString('hex')];
}

/** Sections of an encoded message in neutral form, in their order: `[[0x74, ...], [0x77, ...]]`. */
export function sectionList(encoded) {
  const reader = new Reader(blockOf(encoded));
  const found = [];
  while (reader.remaining > 0) {
    const { descriptor, value } = decodeValue(reader, undefined, true);
    found.push([Number(descriptor.value), neutral(value)]);
  }
  return found;
}

/** Sections of an encoded message by their descriptor: `{ 0x74: [...], 0x77: [...] }`. */
export function sections(encoded) {
  return Object.fromEntries(sectionList(encoded));
}

/** A neutral form with the pairs of every map sorted, for programs whose maps have no order. */
export function withoutOrder(form) {
  const [type, payload, ...more] = form;
  if (type === 'map') return [type, payload.map((pair) => pair.map(withoutOrder)).toSorted(byText)];
  if (type === 'list') return [type, payload.map(withoutOrder)];
  if (type === 'array') return [type, payload, more[0].map(withoutOrder), ...more.slice(1)];
  if (type === 'described') return [type, payload, ...more.map(withoutOrder)];
  return form;
}

const byText = (a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
