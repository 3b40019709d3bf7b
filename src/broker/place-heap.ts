import type { StoredMessage } from './stored-message.ts';

/** Messages by their place in the queue. A new one costs nothing, one that comes back finds its place in few steps. */
export class PlaceHeap {
  /** A binary heap: the message at `n` is older than those at `2n + 1` and `2n + 2`. */
  readonly #messages: StoredMessage[] = [];

  get size(): number {
    return this.#messages.length;
  }

  /** The oldest; undefined where there is none. */
  get oldest(): StoredMessage | undefined {
    return this.#messages[0];
  }

  /** All messages, in no order. */
  all(): readonly StoredMessage[] {
    return this.#messages;
  }

  push(message: StoredMessage): void {
    const messages = this.#messages;
    let index = messages.push(message) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = messages[above];
      if (parent === undefined || parent.place < message.place) break;
      messages[index] = parent;
      index = above;
    }
    messages[index] = message;
  }

  /** Takes the oldest. */
  pop(): StoredMessage | undefined {
    const oldest = this.#messages[0];
    const last = this.#messages.pop();
    if (last !== undefined && this.#messages.length > 0) this.#sink(last);
    return oldest;
  }

  /** Puts a message at the top and lets it sink to where it belongs. */
  #sink(message: StoredMessage): void {
    const messages = this.#messages;
    let index = 0;
    for (;;) {
      const left = messages[2 * index + 1];
      const right = messages[2 * index + 2];
      const isRight = left !== undefined && right !== undefined && right.place < left.place;
      const older = isRight ? right : left;
      if (older === undefined || older.place > message.place) break;
      messages[index] = older;
      index = 2 * index + (isRight ? 2 : 1);
    }
    messages[index] = message;
  }
}
