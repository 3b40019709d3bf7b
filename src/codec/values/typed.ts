import { AmqpError } from '../../errors/index.ts';
import { keyText } from './key-text.ts';

/** The numeric types that {@link Typed} carries; decimals have a class of their own. */
export type NumericType =
  'ubyte' | 'ushort' | 'uint' | 'ulong' | 'byte' | 'short' | 'int' | 'long' | 'float' | 'double';

const ranges: Readonly<Record<Exclude<NumericType, 'float' | 'double'>, readonly [number | bigint, number | bigint]>> =
  {
    ubyte: [0, 0xff],
    ushort: [0, 0xffff],
    uint: [0, 0xffff_ffff],
    ulong: [0n, 0xffff_ffff_ffff_ffffn],
    byte: [-0x80, 0x7f],
    short: [-0x8000, 0x7fff],
    int: [-0x8000_0000, 0x7fff_ffff],
    long: [-0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn],
  };

/**
 * A number together with its AMQP type, for where a plain number would be written as another one.
 *
 * Make it with {@link ubyte}, {@link ushort}, {@link uint}, {@link ulong}, {@link byte}, {@link short}, {@link int},
 * {@link long}, {@link float} or {@link double}.
 *
 * @example
 * ```ts
 * import { encode, uint } from 'amqp1/codec';
 * console.log(encode(uint(1))); // 52 01, where encode(1) is the int 54 01
 * ```
 */
export class Typed<V extends number | bigint = number | bigint> {
  /** The AMQP type. */
  readonly type: NumericType;
  /** The number: a bigint for ulong and long. */
  readonly value: V;

  /** Gives a number a type. @throws encode-error if the type does not hold exactly this value. */
  constructor(type: NumericType, value: V) {
    if (!holds(type, value)) throw new AmqpError('encode-error', `${numberText(value)} is not a ${type}`);
    this.type = type;
    this.value = value;
  }

  /** The number as text. */
  toString(): string {
    return String(this.value);
  }

  /** The number itself, of up to 64 bits; a bigint, which JSON does not know, as text. */
  toJSON(): number | string {
    return typeof this.value === 'number' ? this.value : String(this.value);
  }

  /** @internal */
  [keyText](): string {
    return `${this.type}:${numberText(this.value)}`;
  }
}

function holds(type: NumericType, value: number | bigint): boolean {
  if (type === 'double') return typeof value === 'number';
  if (type === 'float') return typeof value === 'number' && Object.is(Math.fround(value), value);
  const [least, most] = ranges[type];
  if (typeof value !== typeof least || value < least || value > most) return false;
  return typeof value === 'bigint' || (Number.isInteger(value) && !Object.is(value, -0));
}

/** A number as text that tells -0 from 0. */
export function numberText(value: number | bigint): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Gives a number a type. Safe integers become bigints for ulong and long; a float is rounded to 32 bits. */
export function typedNumber(type: NumericType, value: number | bigint): Typed {
  if (typeof value === 'number') {
    if ((type === 'ulong' || type === 'long') && Number.isSafeInteger(value)) return new Typed(type, BigInt(value));
    // A finite number that rounds to infinity is out of range, not infinite.
    if (type === 'float' && (!Number.isFinite(value) || Number.isFinite(Math.fround(value))))
      return new Typed(type, Math.fround(value));
  }
  return new Typed(type, value);
}

/**
 * An unsigned integer of 8 bits (§1.6.3).
 *
 * @throws encode-error out of range.
 * @example
 * ```ts
 * import { ubyte } from 'amqp1';
 *
 * await sender.send({ body: { kind: 'value', value: ubyte(255) } }); // 50 ff
 * ```
 */
export function ubyte(value: number): Typed<number> {
  return new Typed('ubyte', value);
}

/**
 * An unsigned integer of 16 bits (§1.6.4).
 *
 * @throws encode-error out of range.
 * @example
 * ```ts
 * import { ushort } from 'amqp1';
 *
 * await sender.send({ body: { kind: 'value', value: ushort(1) } }); // 60 00 01
 * ```
 */
export function ushort(value: number): Typed<number> {
  return new Typed('ushort', value);
}

/**
 * An unsigned integer of 32 bits (§1.6.5).
 *
 * @throws encode-error out of range.
 * @example
 * ```ts
 * import { uint } from 'amqp1';
 *
 * await sender.send({ body: { kind: 'value', value: uint(1) } }); // 52 01
 * ```
 */
export function uint(value: number): Typed<number> {
  return new Typed('uint', value);
}

/**
 * An unsigned integer of 64 bits (§1.6.6), from a bigint or a safe integer.
 *
 * @throws encode-error out of range.
 * @example
 * ```ts
 * import { ulong } from 'amqp1';
 *
 * await sender.send({ body: { kind: 'value', value: ulong(1n) } }); // 53 01
 * ```
 */
export function ulong(value: number | bigint): Typed<bigint> {
  return new Typed('ulong', exact('ulong', value));
}

/**
 * A signed integer of 8 bits (§1.6.7).
 *
 * @throws encode-error out of range.
 * @example
 * ```ts
 * import { byte } from 'amqp1';
 *
 * await sender.send({ body: { kind: 'value', value: byte(-1) } }); // 51 ff
 * ```
 */
export function byte(value: number): Typed<number> {
  return new Typed('byte', value);
}

/**
 * A signed integer of 16 bits (§1.6.8).
 *
 * @throws encode-error out of range.
 * @example
 * ```ts
 * import { short } from 'amqp1';
 *
 * await sender.send({ body: { kind: 'value', value: short(-1) } }); // 61 ff ff
 * ```
 */
export function short(value: number): Typed<number> {
  return new Typed('short', value);
}

/**
 * A signed integer of 32 bits (§1.6.9).
 *
 * @throws encode-error out of range.
 * @example
 * ```ts
 * import { int } from 'amqp1';
 *
 * await sender.send({ body: { kind: 'value', value: int(-1) } }); // 54 ff
 * ```
 */
export function int(value: number): Typed<number> {
  return new Typed('int', value);
}

/**
 * A signed integer of 64 bits (§1.6.10), from a bigint or a safe integer.
 *
 * @throws encode-error out of range.
 * @example
 * ```ts
 * import { long } from 'amqp1';
 *
 * await sender.send({ body: { kind: 'value', value: long(-1n) } }); // 55 ff
 * ```
 */
export function long(value: number | bigint): Typed<bigint> {
  return new Typed('long', exact('long', value));
}

/**
 * A floating point number of 32 bits (§1.6.11): the nearest to `value`, which may differ from it.
 *
 * @throws encode-error if a finite `value` is beyond the range of the type.
 * @example
 * ```ts
 * import { float } from 'amqp1';
 *
 * console.log(float(0.1).value); // 0.10000000149011612
 * ```
 */
export function float(value: number): Typed<number> {
  const rounded = Math.fround(value);
  return new Typed('float', Number.isFinite(value) && !Number.isFinite(rounded) ? value : rounded);
}

/**
 * A floating point number of 64 bits (§1.6.12).
 *
 * @throws encode-error for what is no number
 * @example
 * ```ts
 * import { double } from 'amqp1';
 *
 * await sender.send({ body: { kind: 'value', value: double(1) } }); // a plain 1 would be an int
 * ```
 */
export function double(value: number): Typed<number> {
  return new Typed('double', value);
}

function exact(type: NumericType, value: number | bigint): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new AmqpError('encode-error', `${value} is not a ${type}: it is no exact integer`);
  return BigInt(value);
}

/** The type that a plain number is written as. */
export function plainNumberType(value: number): 'int' | 'uint' | 'long' | 'double' {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return 'double';
  if (value >= -0x8000_0000 && value <= 0x7fff_ffff) return 'int';
  return value > 0 && value <= 0xffff_ffff ? 'uint' : 'long';
}

/** The type that a plain bigint is written as. */
export function plainBigintType(value: bigint): 'long' | 'ulong' {
  return BigInt.asIntN(64, value) === value ? 'long' : 'ulong';
}
