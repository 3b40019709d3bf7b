import { AmqpError } from '../../errors/index.ts';
import { toHex } from './hex.ts';
import { keyText } from './key-text.ts';

/** The widths of the decimal types, in bits. */
export type DecimalBits = 32 | 64 | 128;

interface Layout {
  /** The bits of the exponent, how much it is above its value, and the digits of the coefficient. */
  readonly exponentBits: bigint;
  readonly bias: number;
  readonly digits: number;
}

/** IEEE 754-2008, table 3.6. */
const layouts: Readonly<Record<DecimalBits, Layout>> = {
  32: { exponentBits: 8n, bias: 101, digits: 7 },
  64: { exponentBits: 10n, bias: 398, digits: 16 },
  128: { exponentBits: 14n, bias: 6176, digits: 34 },
};

const form = /^([+-]?)(?:(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?|(inf(?:inity)?|nan))$/i;

/**
 * A decimal floating point number, kept bit for bit (§1.6.13 to §1.6.15: IEEE 754-2008, binary integer coefficient).
 *
 * The library does not compute with it. Its text is exact, trailing zeros included, and can be read back.
 *
 * @example
 * ```ts
 * import { Decimal } from 'amqp1/codec';
 * console.log(String(Decimal.parse('19.90', 64))); // 19.90
 * ```
 */
export class Decimal {
  /** The width. */
  readonly bits: DecimalBits;
  /** The 4, 8 or 16 octets of the number, most significant first. */
  readonly bytes: Uint8Array;

  /** The octets are copied; their number tells the width. @throws encode-error if it is not 4, 8 or 16. */
  constructor(bytes: Uint8Array) {
    const bits = bytes.length * 8;
    if (bits !== 32 && bits !== 64 && bits !== 128)
      throw new AmqpError('encode-error', `a decimal has 4, 8 or 16 octets, not ${bytes.length}`);
    this.bits = bits;
    this.bytes = new Uint8Array(bytes);
  }

  /**
   * Reads a number like `-12.50`, `1e6`, `Infinity` or `NaN`, exactly.
   *
   * @throws encode-error if the text is no number, or if the width does not hold it without rounding.
   */
  static parse(text: string, bits: DecimalBits): Decimal {
    const match = form.exec(text.trim());
    if (match === null) throw new AmqpError('encode-error', `${JSON.stringify(text)} is not a decimal number`);
    const [, sign, whole = '', fraction = '', exponent = '0', special] = match;
    const negative = sign === '-' ? 1n : 0n;
    if (special !== undefined) {
      const pattern = special.toLowerCase() === 'nan' ? 0x7cn : 0x78n;
      return fromPattern((negative << BigInt(bits - 1)) | (pattern << BigInt(bits - 8)), bits);
    }
    const layout = layouts[bits];
    const fitted = fit(BigInt(whole + fraction), Number(exponent) - fraction.length, layout);
    if (fitted === undefined) throw new AmqpError('encode-error', `a decimal${bits} does not hold ${text} exactly`);
    return fromPattern((negative << BigInt(bits - 1)) | pack(fitted, bits, layout), bits);
  }

  /** The exact number: plain while that is short, else with an exponent; `NaN`, `sNaN`, `Infinity`, `-Infinity`. */
  toString(): string {
    const pattern = BigInt(`0x${toHex(this.bytes)}`);
    const sign = pattern >> BigInt(this.bits - 1) === 1n ? '-' : '';
    const lead = (pattern >> BigInt(this.bits - 7)) & 0x3fn;
    if (lead >> 1n === 0x1fn) return lead === 0x3fn ? 'sNaN' : 'NaN';
    if (lead >> 1n === 0x1en) return `${sign}Infinity`;
    const { coefficient, exponent } = unpack(pattern, this.bits);
    return sign + scientific(String(coefficient), exponent);
  }

  /** The same text as {@link toString}. */
  toJSON(): string {
    return this.toString();
  }

  /** @internal */
  [keyText](): string {
    return `decimal${this.bits}:${toHex(this.bytes)}`;
  }
}

interface Parts {
  readonly coefficient: bigint;
  readonly exponent: number;
}

function fromPattern(pattern: bigint, bits: DecimalBits): Decimal {
  const bytes = new Uint8Array(bits / 8);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 4)
    view.setUint32(at, Number((pattern >> BigInt(bits - 32 - at * 8)) & 0xffff_ffffn));
  return new Decimal(bytes);
}

/** The exponent and coefficient of a finite number (IEEE 754-2008 §3.5.2). */
function unpack(pattern: bigint, bits: DecimalBits): Parts {
  const { exponentBits, bias, digits } = layouts[bits];
  const rest = BigInt(bits - 1) - exponentBits;
  // With 11 ahead the coefficient begins with 100, which is not stored, and the exponent sits two bits lower.
  const long = (pattern >> BigInt(bits - 3)) & 3n;
  const width = long === 3n ? rest - 2n : rest;
  const stored = pattern & ((1n << width) - 1n);
  const coefficient = long === 3n ? (4n << width) | stored : stored;
  const exponent = Number((pattern >> width) & ((1n << exponentBits) - 1n)) - bias;
  // A coefficient of too many digits is not canonical and counts as zero.
  return { coefficient: coefficient < 10n ** BigInt(digits) ? coefficient : 0n, exponent };
}

function pack({ coefficient, exponent }: Parts, bits: DecimalBits, { exponentBits, bias }: Layout): bigint {
  const rest = BigInt(bits - 1) - exponentBits;
  const biased = BigInt(exponent + bias);
  if (coefficient >> rest === 0n) return (biased << rest) | coefficient;
  const width = rest - 2n;
  return (3n << BigInt(bits - 3)) | (biased << width) | (coefficient & ((1n << width) - 1n));
}

/** Moves zeros between coefficient and exponent until both fit; undefined if that takes rounding. */
function fit(coefficient: bigint, exponent: number, { bias, digits, exponentBits }: Layout): Parts | undefined {
  const most = 3 * 2 ** (Number(exponentBits) - 2) - 1 - bias;
  if (coefficient === 0n) return { coefficient, exponent: Math.max(-bias, Math.min(most, exponent)) };
  const limit = 10n ** BigInt(digits);
  while ((coefficient >= limit || exponent < -bias) && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  while (exponent > most && coefficient * 10n < limit) {
    coefficient *= 10n;
    exponent--;
  }
  return coefficient < limit && exponent >= -bias && exponent <= most ? { coefficient, exponent } : undefined;
}

/** The text of IEEE 754-2008 §5.12, by the usual rule: no exponent if it is at most 0 and six zeros lead at most. */
function scientific(digits: string, exponent: number): string {
  const adjusted = exponent + digits.length - 1;
  if (exponent <= 0 && adjusted >= -6) {
    if (exponent === 0) return digits;
    const padded = digits.padStart(1 - exponent, '0');
    return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
  }
  const mantissa = digits.length === 1 ? digits : `${digits.slice(0, 1)}.${digits.slice(1)}`;
  return `${mantissa}E${adjusted < 0 ? '' : '+'}${adjusted}`;
}
