import type { Held, HeldList } from './held-list.ts';
import { serialAdd, serialDifference, serialDistance } from './serial-number.ts';

const BUCKET_BITS = 8;
const BUCKET_SIZE = 1 << BUCKET_BITS;
/** Enough for the deliveries that come and go with each read; more would only hold memory. */
const MOST_SPARES = 16;

/** What is held here is also in the list of its owner. */
interface Owned<D extends Held<D>> extends Held<D> {
  readonly owner: HeldList<D> | undefined;
}

class Bucket<D> {
  readonly slots: (D | undefined)[] = Array.from({ length: BUCKET_SIZE }, () => undefined);
  count = 0;
}

/**
 * The unsettled deliveries of one direction of a session, by delivery-id. They lie in buckets of neighbours that are
 * freed when empty, so that one delivery held for ever costs one bucket, and a range is walked over what is here,
 * never over the numbers that the peer names.
 */
export class Unsettled<D extends Owned<D>> {
  readonly #buckets = new Map<number, Bucket<D>>();
  // Ids arrive in sequence: the bucket used last is nearly always the one wanted next.
  #recentNumber = -1;
  #recent: Bucket<D> | undefined;
  /** Buckets that were emptied: all their slots are free again. */
  readonly #spares: Bucket<D>[] = [];
  #size = 0;

  /** How many deliveries are held. */
  get size(): number {
    return this.#size;
  }

  #bucket(number: number): Bucket<D> | undefined {
    if (number === this.#recentNumber) return this.#recent;
    const bucket = this.#buckets.get(number);
    if (bucket !== undefined) {
      this.#recentNumber = number;
      this.#recent = bucket;
    }
    return bucket;
  }

  /** Holds a delivery. The id must be free. */
  add(id: number, delivery: D): void {
    const number = id >>> BUCKET_BITS;
    let bucket = this.#bucket(number);
    if (bucket === undefined) {
      bucket = this.#spares.pop() ?? new Bucket<D>();
      this.#buckets.set(number, bucket);
      this.#recentNumber = number;
      this.#recent = bucket;
    }
    bucket.slots[id & (BUCKET_SIZE - 1)] = delivery;
    delivery.owner?.add(delivery);
    bucket.count++;
    this.#size++;
  }

  /** The delivery of an id. */
  get(id: number): D | undefined {
    return this.#bucket(id >>> BUCKET_BITS)?.slots[id & (BUCKET_SIZE - 1)];
  }

  /** Forgets a delivery; says whether it was held. */
  remove(id: number): boolean {
    const number = id >>> BUCKET_BITS;
    const bucket = this.#bucket(number);
    const slot = id & (BUCKET_SIZE - 1);
    const delivery = bucket?.slots[slot];
    if (bucket === undefined || delivery === undefined) return false;
    delivery.owner?.remove(delivery);
    bucket.slots[slot] = undefined;
    this.#size--;
    if (--bucket.count === 0) {
      this.#buckets.delete(number);
      if (this.#spares.length < MOST_SPARES) this.#spares.push(bucket);
      this.#recentNumber = -1;
      this.#recent = undefined;
    }
    return true;
  }

  /** Calls `visit` for each delivery held from `first` to `last`, both included, in serial order (§2.7.6). */
  forRange(first: number, last: number, visit: (delivery: D) => void): void {
    const span = serialDistance(first, last);
    if (span < this.#size || span < BUCKET_SIZE) {
      for (let offset = 0; offset <= span; offset++) {
        const delivery = this.get(serialAdd(first, offset));
        if (delivery !== undefined) visit(delivery);
      }
      return;
    }
    for (const id of this.#idsFrom(first)) {
      if (serialDistance(first, id) > span) continue;
      const delivery = this.get(id);
      if (delivery !== undefined) visit(delivery);
    }
  }

  /** The ids held, in serial order from `first`. */
  #idsFrom(first: number): number[] {
    const ids: number[] = [];
    for (const [number, bucket] of this.#buckets) {
      bucket.slots.forEach((delivery, slot) => {
        if (delivery !== undefined) ids.push(((number << BUCKET_BITS) | slot) >>> 0);
      });
    }
    return ids.sort((a, b) => serialDifference(first, a) - serialDifference(first, b));
  }
}
