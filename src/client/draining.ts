import type { AmqpError } from '../errors/index.ts';
import type { Clock } from '../io/index.ts';
import { Deferred } from './deferred.ts';
import { waitFor, type WaitOptions } from './waiting.ts';

const DRAIN_TIMEOUT = 30_000;

/** Calls that wait until the sender has used up the credit or given it back (§2.6.7). One answer serves them all. */
export class Draining {
  #answer: Deferred<void> | undefined = undefined;
  #waiting = 0;

  /** Whether a call waits. */
  get active(): boolean {
    return this.#answer !== undefined;
  }

  /** Waits for the answer, no longer than the options allow. */
  async wait(clock: Clock, { signal, timeout = DRAIN_TIMEOUT }: WaitOptions): Promise<void> {
    this.#answer ??= new Deferred<void>();
    this.#waiting++;
    const mine = new Deferred<void>();
    this.#answer.promise.then(
      () => mine.resolve(),
      (error: Error) => mine.reject(error),
    );
    try {
      await waitFor(mine, clock, { signal, timeout }, 'drainCredit', () => undefined);
    } finally {
      // Some brokers never answer a drain: once nobody waits for it, credit may be issued again.
      if (--this.#waiting === 0) this.#answer = undefined;
    }
  }

  /** No credit is left. */
  finished(): void {
    this.#answer?.resolve();
    this.#answer = undefined;
  }

  /** The link has ended before that. */
  failed(error: AmqpError): void {
    this.#answer?.reject(error);
    this.#answer = undefined;
  }
}
