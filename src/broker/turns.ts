import type { Consumer } from './node.ts';

/** A consumer in the line. */
interface Turn {
  readonly consumer: Consumer;
  before: Turn | undefined;
  behind: Turn | undefined;
}

/**
 * The consumers of a queue that have said they are ready, in the order of their turns. One that is not ready any more
 * is forgotten when its turn comes, so finding the next costs the same however many consumers are idle.
 */
export class Turns {
  readonly #turns = new Map<Consumer, Turn>();
  #first: Turn | undefined = undefined;
  #last: Turn | undefined = undefined;

  /** How many are listed; some of them may not be ready any more. */
  get size(): number {
    return this.#turns.size;
  }

  /** Lists a consumer that is ready, behind all others. */
  add(consumer: Consumer): void {
    if (this.#turns.has(consumer)) return;
    const turn: Turn = { consumer, before: undefined, behind: undefined };
    this.#turns.set(consumer, turn);
    this.#append(turn);
  }

  /** Forgets a consumer that has gone. */
  remove(consumer: Consumer): void {
    const turn = this.#turns.get(consumer);
    if (turn === undefined) return;
    this.#turns.delete(consumer);
    this.#unlink(turn);
  }

  /** The consumer whose turn it is; its next turn comes after all others. */
  next(): Consumer | undefined {
    for (let turn = this.#first; turn !== undefined; turn = this.#first) {
      const { consumer } = turn;
      this.#unlink(turn);
      if (consumer.ready) {
        this.#append(turn);
        return consumer;
      }
      this.#turns.delete(consumer);
    }
    return undefined;
  }

  #append(turn: Turn): void {
    turn.before = this.#last;
    turn.behind = undefined;
    if (this.#last === undefined) this.#first = turn;
    else this.#last.behind = turn;
    this.#last = turn;
  }

  #unlink({ before, behind }: Turn): void {
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
  }
}
