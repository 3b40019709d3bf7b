import { AmqpError, amqpError } from '../../errors/index.ts';
import type { Clock } from '../../io/index.ts';
import type { Address } from '../address.ts';
import type { ConnectionEvent } from '../connection-event.ts';
import type { Line } from '../line.ts';
import { Deferred } from '../deferred.ts';
import { watch } from '../waiting.ts';
import type { HostList } from './hosts.ts';
import type { ParsedReconnectOptions } from './reconnect-options.ts';
import { actionFor, type RecoveryAction } from './recovery-table.ts';
import { Backoff } from './retry.ts';

/** A line, and the address that it leads to. */
export interface Dialled {
  readonly line: Line;
  readonly address: Address;
}

/** What redialling needs. */
export interface RedialSetup {
  readonly hosts: HostList;
  readonly clock: Clock;
  /** How long the program may take to say where to connect to, in ms. */
  readonly askTimeout: number;
  dial(address: Address, signal: AbortSignal): Promise<Line>;
}

/** A signal that is never aborted. */
const never = new AbortController().signal;

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Decides what an error costs, and makes new lines where one was lost. */
export class Redial {
  readonly options: ParsedReconnectOptions;
  readonly #setup: RedialSetup;
  readonly #backoff: Backoff;

  constructor(options: ParsedReconnectOptions, setup: RedialSetup) {
    this.options = options;
    this.#setup = setup;
    this.#backoff = new Backoff(setup.clock, options);
  }

  /** What an error costs. */
  decide(error: AmqpError): RecoveryAction {
    const action = actionFor(error);
    const { decide } = this.options;
    if (decide === undefined) return action;
    try {
      return decide(error, action);
    } catch {
      return 'fatal';
    }
  }

  /** Makes the first line: each address is tried once, without a pause. */
  async first(signal: AbortSignal = never): Promise<Dialled> {
    const { hosts } = this.#setup;
    hosts.begin();
    let error: Error | undefined = undefined;
    do {
      const address = await this.#next(error, signal);
      try {
        return await this.#dial(address, signal);
      } catch (thrown) {
        error = asError(thrown);
      }
    } while (!signal.aborted && !hosts.roundIsOver);
    throw error;
  }

  /**
   * Makes a new line, with pauses, until one is there or no attempt is left.
   *
   * @throws the error of the last attempt; the reason of the signal
   */
  async again(
    cause: AmqpError,
    signal: AbortSignal,
    report: (event: ConnectionEvent) => void,
  ): Promise<Dialled & { readonly attempts: number }> {
    const { clock, hosts } = this.#setup;
    const began = clock.now();
    hosts.begin();
    let error: Error = cause;
    let hopeless = true;
    for (let attempt = 1; ; attempt++) {
      // The program is asked of each failure, whatever the others were.
      hopeless = this.#isFatal(error) && hopeless;
      if (hosts.roundIsOver) {
        if (hopeless) throw error;
        hopeless = true;
      }
      const left = this.#timeLeft(error, attempt, clock.now() - began);
      // The hosts of a round are tried one after the other without a pause: one of them may have taken over.
      const delay = hosts.roundIsOver ? Math.min(this.#backoff.next(), left) : 0;
      report({ type: 'reconnecting', attempt, delay, error });
      await pause(clock, delay, signal);
      try {
        return { ...(await this.#dial(await this.#next(error, signal), signal)), attempts: attempt };
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        error = asError(thrown);
      }
    }
  }

  /** The next address. A function of the program that does not answer is not waited for without end. */
  async #next(cause: Error | undefined, signal: AbortSignal): Promise<Address> {
    const { hosts, clock, askTimeout } = this.#setup;
    if (!hosts.isAsked) return hosts.next(cause, signal);
    const next = new Deferred<Address>();
    const ask = async (): Promise<void> => {
      try {
        next.resolve(await hosts.next(cause, signal));
      } catch (thrown) {
        next.reject(asError(thrown));
      }
    };
    const stop = watch(clock, { signal }, 'connecting', (error) => next.reject(error));
    const cancelTimer = clock.setTimer(askTimeout, () =>
      next.reject(
        amqpError(
          'connect-timeout',
          `the function that says where to connect to did not answer within ${askTimeout} ms`,
        ),
      ),
    );
    void ask();
    try {
      return await next.promise;
    } finally {
      stop();
      cancelTimer();
    }
  }

  async #dial(address: Address, signal: AbortSignal): Promise<Dialled> {
    try {
      const line = await this.#setup.dial(address, signal);
      this.#backoff.succeeded();
      this.#setup.hosts.learn(address, line.engine.remote);
      return { line, address };
    } catch (error) {
      this.redirected(address, error);
      throw error;
    }
  }

  /** Where a peer sends us elsewhere, that is where the next attempt goes (§2.8.16). */
  redirected(from: Address, error: unknown): void {
    if (AmqpError.is(error) && error.condition === 'amqp:connection:redirect')
      this.#setup.hosts.redirect(from, error.info);
  }

  /** What the program's own function throws may be passing, as the failure of a server for tokens. */
  #isFatal(error: Error): boolean {
    return AmqpError.is(error) && this.decide(error) === 'fatal';
  }

  /** How long the outage may still take, in ms. */
  #timeLeft(error: Error, attempt: number, lasted: number): number {
    const { maxAttempts, maxTime } = this.options;
    if (attempt <= maxAttempts && lasted < maxTime) return maxTime - lasted;
    const what = attempt > maxAttempts ? `${maxAttempts} attempts` : `${maxTime} ms`;
    throw amqpError('connection-lost', `the connection could not be made again within ${what}: ${error.message}`, {
      cause: error,
    });
  }
}

/** Waits; rejects when the signal is aborted. */
async function pause(clock: Clock, delay: number, signal: AbortSignal): Promise<void> {
  const over = new Deferred<void>();
  const stop = watch(clock, { signal }, 'reconnecting', (error) => over.reject(error));
  const cancel = clock.setTimer(delay, () => over.resolve());
  try {
    await over.promise;
  } finally {
    stop();
    cancel();
  }
}
