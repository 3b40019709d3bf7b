import {
  AmqpArray,
  AmqpMap,
  Decimal,
  Described,
  Typed,
  char,
  symbol,
  uuid,
  timestamp,
  type AmqpType,
} from '../../../src/codec/index.ts';
import { toDate } from '../../../src/codec/values/timestamp.ts';
import { hex } from './hex.ts';

interface Bits {
  readonly bits: string;
}

/** A value as vectors.json writes it. */
export type Notation =
  | { readonly type: 'null' | 'boolean'; readonly value: boolean | null }
  | { readonly type: 'string' | 'symbol' | 'uuid' | 'binary'; readonly value: string }
  | { readonly type: 'ubyte' | 'ushort' | 'uint' | 'byte' | 'short' | 'int' | 'char'; readonly value: number }
  | { readonly type: 'ulong' | 'long' | 'timestamp'; readonly value: string }
  | { readonly type: 'float' | 'double' | 'decimal32' | 'decimal64' | 'decimal128'; readonly value: Bits }
  | { readonly type: 'list'; readonly value: readonly Notation[] }
  | { readonly type: 'map'; readonly value: readonly (readonly [Notation, Notation])[] }
  | { readonly type: 'array'; readonly value: ArrayNotation }
  | { readonly type: 'described'; readonly value: { readonly descriptor: Notation; readonly value: Notation } };

interface ArrayNotation {
  readonly element: AmqpType;
  readonly items: readonly Notation['value'][];
  readonly descriptor?: Notation;
}

/** The value of our codec, with types, that a notation stands for. */
export function valueOf(notation: Notation): unknown {
  switch (notation.type) {
    case 'null':
    case 'boolean':
    case 'string':
      return notation.value;
    case 'symbol':
      return symbol(notation.value);
    case 'uuid':
      return uuid(notation.value);
    case 'binary':
      return hex(notation.value);
    case 'char':
      return char(notation.value);
    case 'ulong':
    case 'long':
      return new Typed(notation.type, BigInt(notation.value));
    case 'timestamp':
      return toDate(timestamp(BigInt(notation.value)).milliseconds);
    case 'float':
      return new Typed('float', Buffer.from(notation.value.bits, 'hex').readFloatBE());
    case 'double':
      return new Typed('double', Buffer.from(notation.value.bits, 'hex').readDoubleBE());
    case 'decimal32':
    case 'decimal64':
    case 'decimal128':
      return new Decimal(hex(notation.value.bits));
    case 'list':
      return notation.value.map(valueOf);
    case 'map':
      return new AmqpMap(notation.value.map(([key, item]) => [valueOf(key), valueOf(item)]));
    case 'array':
      return arrayOf(notation.value);
    case 'described':
      return new Described(valueOf(notation.value.descriptor), valueOf(notation.value.value));
    case 'ubyte':
    case 'ushort':
    case 'uint':
    case 'byte':
    case 'short':
    case 'int':
      break;
  }
  return new Typed(notation.type, notation.value);
}

function arrayOf({ element, items, descriptor }: ArrayNotation): AmqpArray {
  const values = items.map((value) => valueOf(JSON.parse(JSON.stringify({ type: element, value }))));
  return new AmqpArray(element, values, ...(descriptor === undefined ? [] : [valueOf(descriptor)]));
}

/** What two equal values have in common, for an exact comparison: classes, types and order count. */
export function shapeOf(value: unknown): unknown {
  if (value instanceof AmqpMap) return { map: [...value].map(([key, item]) => [shapeOf(key), shapeOf(item)]) };
  if (value instanceof AmqpArray)
    return { array: value.elementType, items: value.items.map(shapeOf), descriptors: value.descriptors.map(shapeOf) };
  if (value instanceof Described) return { descriptor: shapeOf(value.descriptor), value: shapeOf(value.value) };
  return Array.isArray(value) ? value.map(shapeOf) : value;
}
