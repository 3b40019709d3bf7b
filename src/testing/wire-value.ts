/**
 * A codec for tests, small and independent of the one under test: a codec that both sides share would hide its faults.
 * It reads every encoding and writes wide ones; it checks nothing and limits nothing.
 */

/** Numbers of up to 32 bits, and doubles. */
export type WireNumber = 'ubyte' | 'ushort' | 'uint' | 'byte' | 'short' | 'int' | 'float' | 'double' | 'char';

/** What a value with an AMQP type looks like. */
export interface WireOf<T extends string, V> {
  /** The AMQP type; `opaque` is a decimal or a uuid. */
  readonly type: T;
  /** The value: that of a number counts nothing but itself, a list holds values, a map keys and values in turn. */
  readonly value: V;
}

/** A value with its AMQP type. Lists hold values, maps hold keys and values in turn, arrays hold values of one type. */
export type Wire =
  | { readonly type: 'null' }
  | WireOf<'boolean', boolean>
  | WireOf<WireNumber, number>
  | WireOf<'ulong' | 'long' | 'timestamp', bigint>
  | WireOf<'string' | 'symbol', string>
  | WireOf<'binary' | 'opaque', Uint8Array>
  | WireOf<'list' | 'map' | 'array', readonly Wire[]>
  | (WireOf<'described', Wire> & {
      /** What the value is described by (§1.1.2). */
      readonly descriptor: Wire;
    });

/** Octets behind a format code of fixed width, and how they are read. */
type Fixed = readonly [width: number, read: (view: DataView, at: number) => Wire];

// A byte order mark is a character like any other (§1.6.20).
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const fixed: Readonly<Record<number, Fixed>> = {
  0x41: [0, () => ({ type: 'boolean', value: true })],
  0x42: [0, () => ({ type: 'boolean', value: false })],
  0x43: [0, () => ({ type: 'uint', value: 0 })],
  0x44: [0, () => ({ type: 'ulong', value: 0n })],
  0x50: [1, (view, at) => ({ type: 'ubyte', value: view.getUint8(at) })],
  0x51: [1, (view, at) => ({ type: 'byte', value: view.getInt8(at) })],
  0x52: [1, (view, at) => ({ type: 'uint', value: view.getUint8(at) })],
  0x53: [1, (view, at) => ({ type: 'ulong', value: BigInt(view.getUint8(at)) })],
  0x54: [1, (view, at) => ({ type: 'int', value: view.getInt8(at) })],
  0x55: [1, (view, at) => ({ type: 'long', value: BigInt(view.getInt8(at)) })],
  0x56: [1, (view, at) => ({ type: 'boolean', value: view.getUint8(at) === 1 })],
  0x60: [2, (view, at) => ({ type: 'ushort', value: view.getUint16(at) })],
  0x61: [2, (view, at) => ({ type: 'short', value: view.getInt16(at) })],
  0x70: [4, (view, at) => ({ type: 'uint', value: view.getUint32(at) })],
  0x71: [4, (view, at) => ({ type: 'int', value: view.getInt32(at) })],
  0x72: [4, (view, at) => ({ type: 'float', value: view.getFloat32(at) })],
  0x73: [4, (view, at) => ({ type: 'char', value: view.getUint32(at) })],
  0x80: [8, (view, at) => ({ type: 'ulong', value: view.getBigUint64(at) })],
  0x81: [8, (view, at) => ({ type: 'long', value: view.getBigInt64(at) })],
  0x82: [8, (view, at) => ({ type: 'double', value: view.getFloat64(at) })],
  0x83: [8, (view, at) => ({ type: 'timestamp', value: view.getBigInt64(at) })],
};

/**
 * Reads values one after the other.
 *
 * @throws RangeError where the octets end within a value
 * @example
 * ```ts
 * import { WireReader, writeWire } from 'amqp1/testing';
 *
 * const octets = Uint8Array.from(writeWire({ type: 'list', value: [{ type: 'uint', value: 7 }] }));
 * const reader = new WireReader(octets);
 * console.log(reader.read(), reader.position === octets.length);
 * ```
 */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** The position of the next octet. */
  position = 0;

  /** Begins at the first octet. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next value. */
  read(): Wire {
    const code = this.#view.getUint8(this.position++);
    if (code !== 0x00) return this.#data(code);
    const descriptor = this.read();
    return { type: 'described', descriptor, value: this.read() };
  }

  #data(code: number): Wire {
    const row = fixed[code];
    if (row !== undefined) {
      const [width, read] = row;
      const value = read(this.#view, this.position);
      this.position += width;
      return value;
    }
    if (code === 0x40) return { type: 'null' };
    if (code === 0x45) return { type: 'list', value: [] };
    if (code >> 4 === 0x7 || code >> 4 === 0x8 || code >> 4 === 0x9) {
      return { type: 'opaque', value: this.#take(code >> 4 === 0x7 ? 4 : code >> 4 === 0x8 ? 8 : 16) };
    }
    const wide = (code >> 4) % 2 === 1;
    if (code >> 4 < 0xc) return this.#sized(code, this.#size(wide));
    const end = this.#size(wide) + this.position;
    return this.#compound(code, wide, end);
  }

  #size(wide: boolean): number {
    const size = wide ? this.#view.getUint32(this.position) : this.#view.getUint8(this.position);
    this.position += wide ? 4 : 1;
    return size;
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.position) throw new RangeError('the octets end within a value');
    const value = this.#bytes.slice(this.position, this.position + length);
    this.position += length;
    return value;
  }

  #sized(code: number, length: number): Wire {
    const octets = this.#take(length);
    const low = code & 0x0f;
    if (low === 0x0) return { type: 'binary', value: octets };
    return { type: low === 0x1 ? 'string' : 'symbol', value: utf8.decode(octets) };
  }

  #compound(code: number, wide: boolean, end: number): Wire {
    const count = this.#size(wide);
    const value: Wire[] = [];
    if (code >> 4 >= 0xe) {
      const descriptors: Wire[] = [];
      let element = this.#view.getUint8(this.position++);
      for (; element === 0x00; element = this.#view.getUint8(this.position++)) descriptors.push(this.read());
      for (let index = 0; index < count; index++) value.push(describe(descriptors, this.#data(element)));
      this.position = end;
      return { type: 'array', value };
    }
    for (let index = 0; index < count; index++) value.push(this.read());
    return { type: (code & 0x0f) === 0 ? 'list' : 'map', value };
  }
}

/** A value within the descriptors of an array, of which the first is the outermost. */
const describe = (descriptors: readonly Wire[], value: Wire): Wire =>
  descriptors.reduceRight<Wire>((inner, descriptor) => ({ type: 'described', descriptor, value: inner }), value);

const number = (code: number, width: number, set: (view: DataView) => void): number[] => {
  const view = new DataView(new ArrayBuffer(width));
  set(view);
  return [code, ...new Uint8Array(view.buffer)];
};

const smallNumbers: Readonly<Record<WireNumber, (value: number) => number[]>> = {
  ubyte: (value) => [0x50, value],
  byte: (value) => [0x51, value & 0xff],
  ushort: (value) => number(0x60, 2, (view) => view.setUint16(0, value)),
  short: (value) => number(0x61, 2, (view) => view.setInt16(0, value)),
  uint: (value) => number(0x70, 4, (view) => view.setUint32(0, value)),
  int: (value) => number(0x71, 4, (view) => view.setInt32(0, value)),
  char: (value) => number(0x73, 4, (view) => view.setUint32(0, value)),
  float: (value) => number(0x72, 4, (view) => view.setFloat32(0, value)),
  double: (value) => number(0x82, 8, (view) => view.setFloat64(0, value)),
};

const wideSized = (code: number, octets: Uint8Array): number[] => [
  ...number(code, 4, (view) => view.setUint32(0, octets.length)),
  ...octets,
];

function wideCompound(code: number, items: readonly Wire[]): number[] {
  const body = items.flatMap(writeWire);
  const head = number(code, 8, (view) => {
    view.setUint32(0, body.length + 4);
    view.setUint32(4, items.length);
  });
  return [...head, ...body];
}

/** How many octets of a value its constructor takes: the format code, and the descriptors before it (§1.2). */
const constructorSize = (wire: Wire): number =>
  wire.type === 'described' ? 1 + writeWire(wire.descriptor).length + constructorSize(wire.value) : 1;

/** A value for an array: a boolean must not lie in the format code, which all values share (§1.6.2). */
function arrayItem(wire: Wire): number[] {
  if (wire.type === 'boolean') return [0x56, wire.value ? 1 : 0];
  if (wire.type === 'described') return [0x00, ...writeWire(wire.descriptor), ...arrayItem(wire.value)];
  return writeWire(wire);
}

/** An array: the constructor of its first value, then the data of each (§1.2.4). One without values is of nulls. */
function array(items: readonly Wire[]): number[] {
  const all = items.map(arrayItem);
  const [first = { type: 'null' }] = items;
  const size = constructorSize(first);
  const body = [...(all[0] ?? [0x40]).slice(0, size), ...all.flatMap((octets) => octets.slice(size))];
  const head = number(0xf0, 8, (view) => {
    view.setUint32(0, body.length + 4);
    view.setUint32(4, items.length);
  });
  return [...head, ...body];
}

/**
 * The octets of a value, in its widest encoding. What it is given is written as it is, so it also makes values that no
 * peer may send: an array whose values differ in type, a uint of 33 bits cut off.
 *
 * @throws Error for an `opaque` value, whose type it does not know
 * @example
 * ```ts
 * import { writeWire } from 'amqp1/testing';
 *
 * console.log(writeWire({ type: 'symbol', value: 'x' })); // b3 00 00 00 01 78
 * ```
 */
export function writeWire(wire: Wire): number[] {
  switch (wire.type) {
    case 'null':
      return [0x40];
    case 'boolean':
      return [wire.value ? 0x41 : 0x42];
    case 'ubyte':
    case 'byte':
    case 'ushort':
    case 'short':
    case 'uint':
    case 'int':
    case 'char':
    case 'float':
    case 'double':
      return smallNumbers[wire.type](wire.value);
    case 'ulong':
      return number(0x80, 8, (view) => view.setBigUint64(0, wire.value));
    case 'long':
      return number(0x81, 8, (view) => view.setBigInt64(0, wire.value));
    case 'timestamp':
      return number(0x83, 8, (view) => view.setBigInt64(0, wire.value));
    case 'string':
      return wideSized(0xb1, new TextEncoder().encode(wire.value));
    case 'symbol':
      return wideSized(0xb3, new TextEncoder().encode(wire.value));
    case 'binary':
      return wideSized(0xb0, wire.value);
    case 'list':
      return wideCompound(0xd0, wire.value);
    case 'map':
      return wideCompound(0xd1, wire.value);
    case 'array':
      return array(wire.value);
    case 'described':
      return [0x00, ...writeWire(wire.descriptor), ...writeWire(wire.value)];
    default:
      throw new Error(`the codec for tests does not write ${wire.type}`);
  }
}
