import { AmqpError } from '../errors/index.ts';
import { formatCode as code } from './format-code.ts';
import type { AmqpType } from './types.ts';
import { utf8Length, writeAscii, writeUtf8 } from './utf8.ts';
import { AmqpSymbol, symbol } from './values/amqp-symbol.ts';
import { Char } from './values/char.ts';
import { Decimal } from './values/decimal.ts';
import { Timestamp, timestamp } from './values/timestamp.ts';
import { Typed, typedNumber, type NumericType } from './values/typed.ts';
import { Uuid } from './values/uuid.ts';
import type { Writer } from './writer.ts';

/** How an item that has a fixed width is written without its format code. */
interface FixedElement {
  readonly formatCode: number;
  readonly write: (writer: Writer, item: unknown) => void;
}

/** How items of variable width are written: after a size of one octet where all fit, else of four. */
interface SizedElement {
  readonly narrow: number;
  readonly wide: number;
  /** Whether a count follows the size (§1.2.3). */
  readonly counted: boolean;
}

/** The types of variable width. */
export type SizedType = 'binary' | 'string' | 'symbol' | 'list' | 'map' | 'array';

/** The types with a fixed width, at the full one: no item of an array can have another width (§1.2.4). */
export const fixedElements: Readonly<Record<Exclude<AmqpType, SizedType>, FixedElement>> = {
  null: {
    formatCode: code.null,
    write: (_, item): void => {
      if (item !== null) refuseItem('null');
    },
  },
  boolean: {
    formatCode: code.boolean,
    write: (writer, item): void => writer.octet(typeof item === 'boolean' ? Number(item) : refuseItem('boolean')),
  },
  ubyte: number('ubyte', code.ubyte, 1, (view, at, value) => view.setUint8(at, value)),
  ushort: number('ushort', code.ushort, 2, (view, at, value) => view.setUint16(at, value)),
  uint: number('uint', code.uint, 4, (view, at, value) => view.setUint32(at, value)),
  ulong: bigint('ulong', code.ulong, (view, at, value) => view.setBigUint64(at, value)),
  byte: number('byte', code.byte, 1, (view, at, value) => view.setInt8(at, value)),
  short: number('short', code.short, 2, (view, at, value) => view.setInt16(at, value)),
  int: number('int', code.int, 4, (view, at, value) => view.setInt32(at, value)),
  long: bigint('long', code.long, (view, at, value) => view.setBigInt64(at, value)),
  float: number('float', code.float, 4, (view, at, value) => view.setFloat32(at, value)),
  double: number('double', code.double, 8, (view, at, value) => view.setFloat64(at, value)),
  decimal32: octets('decimal32', code.decimal32, (item) => item instanceof Decimal && item.bits === 32 && item.bytes),
  decimal64: octets('decimal64', code.decimal64, (item) => item instanceof Decimal && item.bits === 64 && item.bytes),
  decimal128: octets(
    'decimal128',
    code.decimal128,
    (item) => item instanceof Decimal && item.bits === 128 && item.bytes,
  ),
  uuid: octets('uuid', code.uuid, (item) => item instanceof Uuid && item.bytes),
  char: {
    formatCode: code.char,
    write: (writer, item): void => {
      const { codePoint } = item instanceof Char ? item : refuseItem('char');
      const at = writer.reserve(4);
      writer.view.setUint32(at, codePoint);
    },
  },
  timestamp: {
    formatCode: code.timestamp,
    write: (writer, item): void => {
      const { milliseconds } =
        item instanceof Timestamp ? item : timestamp(item instanceof Date ? item : refuseItem('timestamp'));
      const at = writer.reserve(8);
      writer.view.setBigInt64(at, milliseconds);
    },
  },
};

/** How items of the types of variable width are written. */
export const sizedElements: Readonly<Record<SizedType, SizedElement>> = {
  binary: { narrow: code.vbin8, wide: code.vbin32, counted: false },
  string: { narrow: code.str8, wide: code.str32, counted: false },
  symbol: { narrow: code.sym8, wide: code.sym32, counted: false },
  list: { narrow: code.list8, wide: code.list32, counted: true },
  map: { narrow: code.map8, wide: code.map32, counted: true },
  array: { narrow: code.array8, wide: code.array32, counted: true },
};

/** Whether the width of a type varies. */
export function isSizedType(type: AmqpType): type is SizedType {
  return Object.hasOwn(sizedElements, type);
}

/** Writes the octets of a string, symbol or binary, without its size. */
export function writeText(writer: Writer, type: 'string' | 'symbol' | 'binary', item: unknown): void {
  if (type === 'binary') writer.raw(item instanceof Uint8Array ? item : refuseItem(type));
  else if (type === 'symbol') {
    const text =
      typeof item === 'string' ? symbol(item).value : item instanceof AmqpSymbol ? item.value : refuseItem(type);
    const at = writer.reserve(text.length);
    writeAscii(text, writer.bytes, at);
  } else {
    const text = typeof item === 'string' ? item : refuseItem(type);
    const length = utf8Length(text);
    const at = writer.reserve(length);
    writeUtf8(text, length, writer.bytes, at);
  }
}

/**
 * Makes the sizes of items narrow, from four octets to one, if every item allows it.
 *
 * @param start - where the first item begins: a size, then a count if `counted`, then its octets
 * @returns whether they are narrow now
 */
export function narrowItems(writer: Writer, start: number, counted: boolean): boolean {
  const { view, bytes, position: end } = writer;
  const wide = counted ? 4 : 0;
  for (let at = start; at < end; at += 4 + view.getUint32(at)) {
    if (view.getUint32(at) - wide + wide / 4 > 0xff || (counted && view.getUint32(at + 4) > 0xff)) return false;
  }
  let to = start;
  for (let from = start; from < end;) {
    const octetsLeft = view.getUint32(from) - wide;
    const count = counted ? view.getUint32(from + 4) : 0;
    view.setUint8(to++, octetsLeft + wide / 4);
    if (counted) view.setUint8(to++, count);
    from += 4 + wide;
    bytes.copyWithin(to, from, from + octetsLeft);
    to += octetsLeft;
    from += octetsLeft;
  }
  writer.position = to;
  return true;
}

function number(
  type: NumericType,
  formatCode: number,
  width: number,
  put: (view: DataView, at: number, value: number) => void,
): FixedElement {
  return {
    formatCode,
    write: (writer, item): void => {
      const value = Number(typed(type, item).value);
      const at = writer.reserve(width);
      put(writer.view, at, value);
    },
  };
}

function bigint(
  type: NumericType,
  formatCode: number,
  put: (view: DataView, at: number, value: bigint) => void,
): FixedElement {
  return {
    formatCode,
    write: (writer, item): void => {
      const value = BigInt(typed(type, item).value);
      const at = writer.reserve(8);
      put(writer.view, at, value);
    },
  };
}

function octets(type: AmqpType, formatCode: number, of: (item: unknown) => Uint8Array | false): FixedElement {
  return {
    formatCode,
    write: (writer, item): void => writer.raw(of(item) || refuseItem(type)),
  };
}

function typed(type: NumericType, item: unknown): Typed {
  if (item instanceof Typed && item.type === type) return item;
  return typeof item === 'number' || typeof item === 'bigint' ? typedNumber(type, item) : refuseItem(type);
}

/** Ends the encoding: an array holds one type only (§1.6.24). */
export function refuseItem(type: AmqpType): never {
  throw new AmqpError('encode-error', `an item of an array of ${type} is of another type`);
}
