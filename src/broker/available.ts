import type { Consumer } from './node.ts';
import { PlaceHeap } from './place-heap.ts';
import type { StoredMessage } from './stored-message.ts';

/** Messages that the same consumers shall not get. */
interface Apart {
  readonly refusedBy: ReadonlySet<object>;
  readonly messages: PlaceHeap;
}

/**
 * The messages of a queue that nobody has, by their place. What some consumers shall not get is kept apart, by who
 * they are: one look tells whether a consumer may have any of it, however much there is.
 */
export class Available {
  readonly #forAll = new PlaceHeap();
  readonly #apart = new Map<string, Apart>();
  /** Numbers for the consumers that some message is kept from. */
  readonly #numbers = new WeakMap<object, number>();
  #nextNumber = 0;

  /** Whether there is a message that every consumer may get. */
  get anyForAll(): boolean {
    return this.#forAll.size > 0;
  }

  /** How many have not expired. */
  count(now: number): number {
    let count = 0;
    for (const messages of this.#heaps()) count += messages.all().filter((message) => !message.expired(now)).length;
    return count;
  }

  #heaps(): PlaceHeap[] {
    return [this.#forAll, ...[...this.#apart.values()].map(({ messages }) => messages)];
  }

  /** Adds a message at its place. */
  add(message: StoredMessage): void {
    message.waits = true;
    const { refusedBy } = message;
    if (refusedBy.size === 0) {
      this.#forAll.push(message);
      return;
    }
    const key = this.#keyOf(refusedBy);
    let apart = this.#apart.get(key);
    if (apart === undefined) {
      apart = { refusedBy: new Set(refusedBy), messages: new PlaceHeap() };
      this.#apart.set(key, apart);
    }
    apart.messages.push(message);
  }

  #keyOf(consumers: ReadonlySet<object>): string {
    const numbers: number[] = [];
    for (const consumer of consumers) {
      const number = this.#numbers.get(consumer) ?? this.#nextNumber++;
      this.#numbers.set(consumer, number);
      numbers.push(number);
    }
    return numbers.toSorted((one, other) => one - other).join(' ');
  }

  /** Takes the oldest message that a consumer may get. */
  takeFor(consumer: Consumer): StoredMessage | undefined {
    let from = this.#forAll;
    let key: string | undefined = undefined;
    for (const [each, { refusedBy, messages }] of this.#apart) {
      if (refusedBy.has(consumer) || !isOlder(messages, from)) continue;
      from = messages;
      key = each;
    }
    const taken = from.pop();
    if (key !== undefined && from.size === 0) this.#apart.delete(key);
    if (taken !== undefined) taken.waits = false;
    return taken;
  }

  /** A consumer has gone: nothing needs to be kept from it any more. */
  forget(consumer: Consumer): void {
    for (const [key, { refusedBy, messages }] of this.#apart) {
      if (!refusedBy.has(consumer)) continue;
      this.#apart.delete(key);
      for (const message of messages.all()) {
        message.refusedBy.delete(consumer);
        this.add(message);
      }
    }
  }

  /** The messages behind a place, oldest first. */
  behind(place: number): StoredMessage[] {
    return this.#heaps()
      .flatMap((messages) => messages.all().filter((message) => message.place > place))
      .toSorted((one, other) => one.place - other.place);
  }
}

/** Whether the oldest of one heap is older than that of another. */
function isOlder({ oldest: one }: PlaceHeap, { oldest: other }: PlaceHeap): boolean {
  return one !== undefined && (other === undefined || one.place < other.place);
}
