import type { Open } from '../definitions/index.ts';
import {
  Connection as Engine,
  type ConnectionEvent as EngineEvent,
  type ConnectionOptions as EngineOptions,
  type Ended,
} from '../engine/index.ts';
import { Driver, traceFromEnvironment, type Clock, type Transport } from '../io/index.ts';
import { Deferred } from './deferred.ts';
import { waitFor } from './waiting.ts';

const WRITE_TIMEOUT = 30_000;

/** What a line needs besides a transport and a clock. */
export interface LineSetup extends Omit<EngineOptions, 'role' | 'trace'> {
  /** How long a write may take, in ms; 0 for ever. Default 30000. */
  readonly writeTimeout?: number | undefined;
  /** Octets that may wait for a peer that does not read. Default 64 MiB. */
  readonly maxBuffered?: number | undefined;
}

/** One transport and the engine on it. A connection that recovers lives on one line after another. */
export class Line {
  readonly engine: Engine;
  readonly #clock: Clock;
  readonly #driver: Driver;
  readonly #opened = new Deferred<Open>();
  /** Told when the line has ended. Whoever takes a line looks at `engine.ended` first. */
  onEnded: (ended: Ended) => void = () => undefined;

  constructor(transport: Transport, clock: Clock, options: LineSetup) {
    this.#clock = clock;
    this.engine = new Engine({ ...options, role: 'client', trace: traceFromEnvironment() }, this);
    this.#driver = new Driver(this.engine, transport, clock, {
      writeTimeout: options.writeTimeout ?? WRITE_TIMEOUT,
      maxBuffered: options.maxBuffered,
    });
    this.#opened.promise.catch(() => undefined);
    this.#driver.start();
  }

  /** Waits for the open of the peer; an abort leaves nothing open. */
  async whenOpened(signal: AbortSignal): Promise<void> {
    await waitFor(this.#opened, this.#clock, { signal }, 'connect', () => this.destroy());
    // RabbitMQ sends its open and, for a virtual host that does not exist, a close right behind it.
    if (this.engine.ended !== undefined) throw this.engine.ended.error;
  }

  event(event: EngineEvent): void {
    // A client takes no sessions of the peer: left alone, the engine refuses them.
    if (event.type === 'opened') this.#opened.resolve(event.remote);
    else if (event.type === 'ended') {
      this.#opened.reject(event.error);
      this.onEnded(event);
    }
  }

  wake(): void {
    this.#driver.wake();
  }

  /** Ends the transport without a word. */
  destroy(): void {
    this.#driver.destroy();
  }
}
