import { Fifo } from './fifo.ts';
import type { Consumer } from './node.ts';

/**
 * The consumers of a queue that have said they are ready, in the order of their turns. One that is not ready any more
 * is forgotten when its turn comes, so finding the next costs the same however many consumers are idle.
 */
export class Turns {
  readonly #order = new Fifo<Consumer>();
  readonly #listed = new Set<Consumer>();

  /** How many are listed; some of them may not be ready any more. */
  get size(): number {
    return this.#order.size;
  }

  /** Lists a consumer that is ready, behind all others. */
  add(consumer: Consumer): void {
    if (this.#listed.has(consumer)) return;
    this.#listed.add(consumer);
    this.#order.push(consumer);
  }

  /** The consumer whose turn it is; its next turn comes after all others. */
  next(): Consumer | undefined {
    for (let consumer = this.#order.shift(); consumer !== undefined; consumer = this.#order.shift()) {
      if (consumer.ready) {
        this.#order.push(consumer);
        return consumer;
      }
      this.#listed.delete(consumer);
    }
    return undefined;
  }
}
