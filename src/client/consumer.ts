import {
  amqpError,
  checkOptions,
  DeliveryError,
  isFunction,
  isInteger,
  type Check,
  type OptionTable,
} from '../errors/index.ts';
import { Deferred } from './deferred.ts';
import type { Delivery } from './delivery.ts';
import { Queue } from './queue.ts';

/** How messages are consumed by {@link Receiver.consume}. */
export interface ConsumeOptions {
  /** How many handlers may run at a time, 1 or more, or Infinity. Default 1: one message after the other. */
  readonly concurrency?: number | undefined;
  /**
   * Told what a handler threw; the message has been given back. In mode second it is also told `outcome-differs`, where
   * the sender decided otherwise. Without it the error is dropped. If it throws or rejects itself, the consuming ends:
   * `consume()` rejects with that. It is not waited for.
   */
  readonly onError?: ((error: unknown, delivery: Delivery) => unknown) | undefined;
}

const isConcurrency: Check = (value) =>
  value === Infinity ? undefined : isInteger(1, Number.MAX_SAFE_INTEGER)(value) && 'a whole number from 1, or Infinity';

const table: OptionTable<ConsumeOptions> = { concurrency: isConcurrency, onError: isFunction };

const isPromise = (result: unknown): result is PromiseLike<unknown> =>
  typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function';

/** What it returns is awaited if it is a promise, and means nothing otherwise. */
type Handler = (delivery: Delivery) => unknown;

/** Runs a handler for each delivery, and settles by its result. */
export class Consumer {
  readonly #handler: Handler;
  readonly #concurrency: number;
  readonly #onError: ConsumeOptions['onError'];
  readonly #waiting = new Queue<Delivery>();
  readonly #done = new Deferred<void>();
  #active = 0;
  #pumping = false;
  #finishing: Deferred<void> | undefined = undefined;

  constructor(handler: Handler, options: ConsumeOptions) {
    if (typeof handler !== 'function') throw amqpError('invalid-argument', 'consume() takes a function');
    checkOptions(options, table, 'consume options');
    this.#handler = handler;
    this.#concurrency = options.concurrency ?? 1;
    this.#onError = options.onError;
  }

  /** Resolves when the receiver was closed, rejects when it ended otherwise. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  take(delivery: Delivery): void {
    if (this.#finishing !== undefined) {
      delivery.release().catch(() => undefined);
      return;
    }
    this.#waiting.push(delivery);
    this.#pump();
  }

  /** Starts handlers as long as there is room. One that returns at once makes room in the loop, not by recursion. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#active < this.#concurrency && this.#finishing === undefined) {
      const delivery = this.#waiting.shift();
      if (delivery === undefined) break;
      this.#active++;
      this.#run(delivery);
    }
    this.#pumping = false;
  }

  #run(delivery: Delivery): void {
    let result: unknown;
    try {
      result = this.#handler(delivery);
    } catch (error) {
      this.#failed(error, delivery);
      return;
    }
    // Whatever is no promise is a success.
    if (!isPromise(result)) this.#succeeded(delivery);
    else {
      result.then(
        () => this.#succeeded(delivery),
        (error: unknown) => this.#failed(error, delivery),
      );
    }
  }

  #succeeded(delivery: Delivery): void {
    // A link that has ended meanwhile brings the message again; the end itself is told by `done`.
    if (!delivery.settled) delivery.accept().catch((error: unknown) => this.#refused(error, delivery));
    this.#finished();
  }

  /** In mode second the sender may decide otherwise. */
  #refused(error: unknown, delivery: Delivery): void {
    if (error instanceof DeliveryError && error.code === 'outcome-differs') this.#tell(error, delivery);
  }

  #tell(error: unknown, delivery: Delivery): void {
    try {
      const result: unknown = this.#onError?.(error, delivery);
      // It may be an async function, whose rejection nobody else would hear.
      if (isPromise(result)) result.then(undefined, (thrown: unknown) => this.#stop(thrown));
    } catch (thrown) {
      this.#stop(thrown);
    }
  }

  #stop(thrown: unknown): void {
    this.#done.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
    void this.finish();
  }

  #failed(error: unknown, delivery: Delivery): void {
    // A plain release would bring it back at once, for ever (§3.4.5).
    if (!delivery.settled) delivery.modify({ deliveryFailed: true }).catch(() => undefined);
    this.#tell(error, delivery);
    this.#finished();
  }

  #finished(): void {
    this.#active--;
    if (this.#finishing === undefined) this.#pump();
    else if (this.#active === 0) this.#finishing.resolve();
  }

  /** Drops what waits: its link was lost, and it will come again unless it came settled. Says how much it was. */
  forget(): number {
    return this.#waiting.drop(({ settled }) => !settled);
  }

  /** Messages that wait for a handler. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Starts no more handlers, gives back what waits, and resolves when those under way have finished. */
  async finish(): Promise<void> {
    this.#finishing ??= new Deferred<void>();
    for (const delivery of this.#waiting.clear()) delivery.release().catch(() => undefined);
    if (this.#active === 0) this.#finishing.resolve();
    await this.#finishing.promise;
  }

  /** The link has ended. */
  end(error: Error | undefined): void {
    const finished = this.finish();
    if (error === undefined) void finished.then(() => this.#done.resolve());
    else this.#done.reject(error);
  }
}
