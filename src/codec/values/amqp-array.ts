import { AmqpError } from '../../errors/index.ts';
import { isAmqpType, type AmqpType } from '../types.ts';
import { AmqpSymbol } from './amqp-symbol.ts';
import { jsonValue } from './json.ts';
import { keyOfAll } from './key.ts';
import { keyText } from './key-text.ts';
import { Typed, numberText } from './typed.ts';

/**
 * An array: values of one type, which is kept, also when there are none (§1.6.24).
 *
 * Items are checked against the type when they are written. Numbers may be plain, symbols may be strings.
 *
 * @example
 * ```ts
 * import { AmqpArray, encode, symbol } from 'amqp1/codec';
 * encode(new AmqpArray('uint', [1, 2, 3]));
 * encode(new AmqpArray('string', ['http://a'], symbol('url'))); // each item is described by the symbol url
 * ```
 */
export class AmqpArray<T = unknown> {
  /** The type of every item. */
  readonly elementType: AmqpType;
  /** The items, in order, without their descriptors. */
  readonly items: readonly T[];
  /** The descriptors that all items share, outermost first: usually none or one (§1.2.4). */
  readonly descriptors: readonly unknown[];

  /** Its items are of one type. @throws encode-error if `elementType` is not the name of a type. */
  constructor(elementType: AmqpType, items: readonly T[], ...descriptors: readonly unknown[]) {
    if (!isAmqpType(elementType))
      throw new AmqpError('encode-error', `${String(elementType)} is not the name of an AMQP type`);
    this.elementType = elementType;
    this.items = items;
    this.descriptors = descriptors;
  }

  /** The outermost descriptor of the items; undefined if they have none. */
  get descriptor(): unknown {
    return this.descriptors[0];
  }

  /** The number of items. */
  get length(): number {
    return this.items.length;
  }

  /** The items, in order. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.items[Symbol.iterator]();
  }

  /** The items, with bigints as text. */
  toJSON(): unknown {
    return jsonValue(this.items);
  }

  /** @internal */
  [keyText](depth: number): string {
    const descriptors = keyOfAll('descriptors', this.descriptors, depth + 1);
    return keyOfAll(`array of ${this.elementType}`, [descriptors, ...this.items.map(bare)], depth);
  }
}

/** Items of one array have one type, so a plain number or string means the same as a typed one. */
function bare(item: unknown): unknown {
  const value = item instanceof Typed || item instanceof AmqpSymbol ? item.value : item;
  return typeof value === 'number' || typeof value === 'bigint' ? numberText(value) : value;
}
