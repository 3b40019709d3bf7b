import { AmqpError } from '../../errors/index.ts';
import { keyText } from './key-text.ts';

/** The last millisecond that a Date holds; the first is its negative. */
const DATE_RANGE = 8_640_000_000_000_000n;

/**
 * A point in time in signed milliseconds since 1970 (§1.6.17).
 *
 * A `Date` serves as well; this class holds what lies beyond the range of a Date.
 *
 * @example
 * ```ts
 * import { Timestamp } from 'amqp1';
 *
 * const endOfTime = new Timestamp(2n ** 63n - 1n);
 * await sender.send({ body: { kind: 'value', value: endOfTime } });
 * ```
 */
export class Timestamp {
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly milliseconds: bigint;

  /** Makes it of milliseconds since 1970. @throws encode-error beyond 64 bits. */
  constructor(milliseconds: bigint) {
    if (BigInt.asIntN(64, milliseconds) !== milliseconds)
      throw new AmqpError('encode-error', `${milliseconds} is not a timestamp`);
    this.milliseconds = milliseconds;
  }

  /** Milliseconds since 1970, as text. */
  toString(): string {
    return String(this.milliseconds);
  }

  /** Milliseconds since 1970, as text. */
  toJSON(): string {
    return this.toString();
  }

  /** @internal */
  [keyText](): string {
    return `timestamp:${this.milliseconds}`;
  }
}

/**
 * Makes a {@link Timestamp} of milliseconds since 1970 or of a Date.
 *
 * @throws encode-error if it is no integer.
 * @example
 * ```ts
 * import { timestamp } from 'amqp1';
 *
 * console.log(timestamp(new Date(1)).milliseconds); // 1n
 * ```
 */
export function timestamp(value: number | bigint | Date): Timestamp {
  if (typeof value === 'bigint') return new Timestamp(value);
  const milliseconds = Number(value);
  if (!Number.isSafeInteger(milliseconds)) throw new AmqpError('encode-error', `${milliseconds} is not a timestamp`);
  return new Timestamp(BigInt(milliseconds));
}

/** A Date where it holds the time, else a {@link Timestamp}. */
export function toDate(milliseconds: bigint): Date | Timestamp {
  const fits = milliseconds >= -DATE_RANGE && milliseconds <= DATE_RANGE;
  return fits ? new Date(Number(milliseconds)) : new Timestamp(milliseconds);
}
