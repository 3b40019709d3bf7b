import { AmqpError } from '../../errors/index.ts';
import { firstNonAscii } from '../utf8.ts';
import { keyText } from './key-text.ts';

/**
 * A symbol: ASCII text from a constrained domain, a type apart from string (§1.6.21).
 *
 * @example
 * ```ts
 * import { AmqpSymbol } from 'amqp1';
 *
 * const { value } = (await receiver.receive()).message;
 * if (value instanceof AmqpSymbol) console.log(value.value);
 * ```
 */
export class AmqpSymbol {
  /** The text. */
  readonly value: string;

  /** Makes it of its text. @throws encode-error if the text is not ASCII. */
  constructor(value: string) {
    const wrong = firstNonAscii(value);
    if (wrong >= 0)
      throw new AmqpError('encode-error', `the symbol ${JSON.stringify(value)} is not ASCII at position ${wrong}`);
    this.value = value;
  }

  /** The text. */
  toString(): string {
    return this.value;
  }

  /** The text. */
  toJSON(): string {
    return this.value;
  }

  /** @internal */
  [keyText](): string {
    return `symbol:${this.value}`;
  }
}

/**
 * Makes an {@link AmqpSymbol}.
 *
 * @throws encode-error if the text is not ASCII.
 * @example
 * ```ts
 * import { symbol } from 'amqp1';
 *
 * await sender.send({ body: 'x', messageAnnotations: { 'x-opt-kind': symbol('order') } });
 * ```
 */
export function symbol(value: string): AmqpSymbol {
  return new AmqpSymbol(value);
}
