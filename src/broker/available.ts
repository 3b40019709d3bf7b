import type { Consumer } from './node.ts';
import { PlaceHeap } from './place-heap.ts';
import type { StoredMessage } from './stored-message.ts';

/**
 * The messages of a queue that nobody has, by their place. The few that some consumer shall not get are kept apart, so
 * they never stand in the way of the others.
 */
export class Available {
  readonly #forAll = new PlaceHeap();
  /** What some consumer shall not get, oldest first. */
  readonly #forSome: StoredMessage[] = [];

  get size(): number {
    return this.#forAll.size + this.#forSome.length;
  }

  /** Whether there is a message that every consumer may get. */
  get anyForAll(): boolean {
    return this.#forAll.size > 0;
  }

  /** Adds a message at its place. */
  add(message: StoredMessage): void {
    message.waits = true;
    if (message.refusedBy.size === 0) {
      this.#forAll.push(message);
      return;
    }
    const index = this.#forSome.findIndex((other) => other.place > message.place);
    this.#forSome.splice(index < 0 ? this.#forSome.length : index, 0, message);
  }

  /** Takes the oldest message that a consumer may get. */
  takeFor(consumer: Consumer): StoredMessage | undefined {
    const index = this.#forSome.findIndex((message) => !message.refusedBy.has(consumer));
    const special = this.#forSome[index];
    const { oldest } = this.#forAll;
    const isSpecial = special !== undefined && (oldest === undefined || special.place < oldest.place);
    const taken = isSpecial ? special : this.#forAll.pop();
    if (isSpecial) this.#forSome.splice(index, 1);
    if (taken !== undefined) taken.waits = false;
    return taken;
  }

  /** Takes one message that was kept apart. */
  take(message: StoredMessage): void {
    this.#forSome.splice(this.#forSome.indexOf(message), 1);
    message.waits = false;
  }

  /** The messages behind a place, oldest first. */
  behind(place: number): StoredMessage[] {
    return [...this.#forAll.all(), ...this.#forSome]
      .filter((message) => message.place > place)
      .toSorted((one, other) => one.place - other.place);
  }
}
