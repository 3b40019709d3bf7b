import type { Clock } from '../../../src/io/index.ts';
import { idle } from '../../support/idle.ts';

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Simulated time. Everything that happens is a task at a time; tasks of one time run in the order in which they were
 * made. After each, all that it made ready runs before the next: so a run depends on nothing but its seed.
 */
export class World implements Clock {
  #now = 0;
  #order = 0;
  #tasks: Task[] = [];
  /** Tasks that were run. */
  steps = 0;

  now(): number {
    return this.#now;
  }

  setTimer(delay: number, callback: () => void): () => void {
    return this.after(delay, callback);
  }

  /** Has something run later; the returned function cancels it. */
  after(delay: number, run: () => void): () => void {
    const task = { at: this.#now + delay, order: this.#order++, run };
    // Sorted from the last to the first: the next is taken from the end.
    let index = this.#tasks.length;
    while (index > 0 && isBefore(this.#tasks[index - 1], task)) index--;
    this.#tasks.splice(index, 0, task);
    return () => {
      const found = this.#tasks.indexOf(task);
      if (found >= 0) this.#tasks.splice(found, 1);
    };
  }

  /** How many tasks and timers are waiting. */
  get pending(): number {
    return this.#tasks.length;
  }

  /** Runs until a condition holds, nothing is left to do, or a time is reached; says whether the condition holds. */
  async run(until: () => boolean, latest: number, check: () => void): Promise<boolean> {
    await idle();
    while (!until()) {
      const task = this.#tasks.at(-1);
      if (task === undefined || task.at > latest) return until();
      this.#tasks.pop();
      this.#now = Math.max(this.#now, task.at);
      this.steps++;
      task.run();
      await idle();
      check();
    }
    return true;
  }
}

/** Whether the one comes before the other in time. */
function isBefore(one: Task | undefined, other: Task): boolean {
  return one !== undefined && (one.at < other.at || (one.at === other.at && one.order < other.order));
}
