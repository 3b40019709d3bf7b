import { jsonValue } from './json.ts';
import { keyOf, keyOfAll } from './key.ts';
import { keyText } from './key-text.ts';

/**
 * A map with keys of any type, in order (§1.6.23).
 *
 * Keys are equal by AMQP type and value: the int 1, the uint 1 and the string "1" are three keys. A plain value
 * stands for the type that it is written as, so `map.get(1)` finds the int 1 and `map.get(uint(1))` the uint 1.
 *
 * @example
 * ```ts
 * import { AmqpMap, symbol } from 'amqp1/codec';
 * const map = new AmqpMap<unknown, number>([[symbol('a'), 1], ['a', 2]]);
 * console.log(map.get('a'), map.get(symbol('a')), map.size); // 2 1 2
 * ```
 */
export class AmqpMap<K = unknown, V = unknown> {
  readonly #entries = new Map<string, [K, V]>();

  /** Of two entries with the same key the later one counts. @throws encode-error for a key that AMQP cannot hold. */
  constructor(entries: Iterable<readonly [K, V]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  /** The number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key; undefined if it is not there. @throws encode-error for a key that AMQP cannot hold. */
  get(key: unknown): V | undefined {
    return this.#entries.get(keyOf(key))?.[1];
  }

  /** Whether a key is there. @throws encode-error for a key that AMQP cannot hold. */
  has(key: unknown): boolean {
    return this.#entries.has(keyOf(key));
  }

  /**
   * Adds an entry at the end, or replaces the one of the same key at its place.
   *
   * @throws encode-error for a key that AMQP cannot hold.
   */
  set(key: K, value: V): this {
    this.#entries.set(keyOf(key), [key, value]);
    return this;
  }

  /** Removes an entry, and tells whether it was there. @throws encode-error for a key that AMQP cannot hold. */
  delete(key: unknown): boolean {
    return this.#entries.delete(keyOf(key));
  }

  /** The keys, in order. */
  *keys(): Generator<K, undefined> {
    for (const [key] of this.#entries.values()) yield key;
  }

  /** The values, in order of their keys. */
  *values(): Generator<V, undefined> {
    for (const [, value] of this.#entries.values()) yield value;
  }

  /** The entries, in order. */
  entries(): IterableIterator<[K, V]> {
    return this.#entries.values();
  }

  /** The entries, in order. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  /** The entries as pairs, with bigints as text: no object holds keys of any type. */
  toJSON(): unknown {
    return jsonValue([...this]);
  }

  /** @internal */
  [keyText](depth: number): string {
    return keyOfAll('map', [...this].flat(), depth);
  }
}
