import { AmqpError } from '../errors/index.ts';
import type { Clock } from '../io/index.ts';
import { Deferred } from './deferred.ts';
import { waitFor, within, type WaitOptions } from './waiting.ts';

/** How long calls wait for what is absent unless told otherwise, in ms. */
const TIMEOUT = 30_000;

/** The time in which something is lost and being made again, and the calls that need it. */
export class Absence {
  readonly #clock: Clock;
  #back: Deferred<void> | undefined = undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** It is lost, and being made again. */
  begin(): void {
    if (this.#back !== undefined) return;
    this.#back = new Deferred<void>();
    this.#back.promise.catch(() => undefined);
  }

  /** It is there again. */
  end(): void {
    this.#back?.resolve();
    this.#back = undefined;
  }

  /** It does not come back. */
  fail(error: AmqpError): void {
    this.#back?.reject(error);
    this.#back = undefined;
  }

  /**
   * Makes something that needs it: once it is there, and once more where the connection is lost meanwhile; all that no
   * longer than the options allow.
   */
  outlast<T>(options: WaitOptions, what: string, make: (limits: WaitOptions) => Promise<T>): Promise<T> {
    const { signal, timeout = TIMEOUT } = options;
    return within(this.#clock, { signal, timeout }, what, async (limits) => {
      for (;;) {
        await this.#wait(limits, what);
        try {
          return await make(limits);
        } catch (error) {
          const isLost = AmqpError.is(error) && error.scope === 'connection' && this.#back !== undefined;
          if (!isLost) throw error;
        }
      }
    });
  }

  async #wait(limits: WaitOptions, what: string): Promise<void> {
    if (this.#back === undefined) return;
    const back = new Deferred<void>();
    this.#back.promise.then(
      () => back.resolve(),
      (error: Error) => back.reject(error),
    );
    await waitFor(back, this.#clock, limits, what, () => undefined);
  }
}
