import { jsonValue } from './json.ts';
import { keyOfAll } from './key.ts';
import { keyText } from './key-text.ts';

/**
 * A value with a descriptor that gives it a meaning (§1.5).
 *
 * @example
 * ```ts
 * import { Described, symbol } from 'amqp1/codec';
 * const url = new Described(symbol('com.example:url'), 'http://example.com');
 * ```
 */
export class Described<D = unknown, V = unknown> {
  /** What the value means: a symbol or a ulong; any other value is reserved but legal. */
  readonly descriptor: D;
  /** The value that is described. */
  readonly value: V;

  /** Puts a descriptor before a value. */
  constructor(descriptor: D, value: V) {
    this.descriptor = descriptor;
    this.value = value;
  }

  /** Both parts, with bigints as text. */
  toJSON(): { descriptor: unknown; value: unknown } {
    return { descriptor: jsonValue(this.descriptor), value: jsonValue(this.value) };
  }

  /** @internal */
  [keyText](depth: number): string {
    return keyOfAll('described', [this.descriptor, this.value], depth);
  }
}
