import { AmqpError } from '../../errors/index.ts';
import { isScalarValue } from '../scalar-value.ts';
import { keyText } from './key-text.ts';

/**
 * A single Unicode character (§1.6.16).
 *
 * @example
 * ```ts
 * import { Char } from 'amqp1';
 *
 * const letter = new Char(0x41);
 * console.log(`${letter}`); // A
 * ```
 */
export class Char {
  /** The Unicode code point. */
  readonly codePoint: number;

  /** Makes it of a code point. @throws encode-error for a surrogate or what is no code point. */
  constructor(codePoint: number) {
    if (!isScalarValue(codePoint)) throw new AmqpError('encode-error', `${codePoint} is not a Unicode character`);
    this.codePoint = codePoint;
  }

  /** The character as text: one or two UTF-16 units. */
  toString(): string {
    return String.fromCodePoint(this.codePoint);
  }

  /** The character as text. */
  toJSON(): string {
    return this.toString();
  }

  /** @internal */
  [keyText](): string {
    return `char:${this.codePoint}`;
  }
}

/**
 * Makes a {@link Char} of a code point, or of text that is one character.
 *
 * @throws encode-error otherwise.
 * @example
 * ```ts
 * import { char } from 'amqp1';
 *
 * console.log(char('é').codePoint); // 233
 * ```
 */
export function char(value: number | string): Char {
  if (typeof value === 'number') return new Char(value);
  const codePoint = value.codePointAt(0);
  if (codePoint === undefined || String.fromCodePoint(codePoint) !== value)
    throw new AmqpError('encode-error', `${JSON.stringify(value)} is not one character`);
  return new Char(codePoint);
}
