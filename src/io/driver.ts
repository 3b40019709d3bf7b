import { amqpError } from '../errors/index.ts';
import type { Connection } from '../engine/index.ts';
import type { Clock } from './clock.ts';
import type { Transport } from './transport.ts';

/** How long a transport that we ended may take to end on the other side too, in ms. */
const LINGER = 1000;

/** So many writes of one turn of the event loop at most: what was read meanwhile must not wait for long. */
const MOST_ROUNDS = 8;

/** Has a function called once the work at hand is done: all that one read has caused leaves in one write. */
export type Scheduler = (flush: () => void) => void;

/** As it is when this is loaded: a test that replaces the timers of its program does not stop the connections. */
const immediate = setImmediate;

/**
 * The scheduler of Node. A microtask or tick would run after each read, of which one turn of the event loop brings up to
 * 32 where much comes: what they all have caused leaves together at its end, in a fraction of the system calls.
 */
export const nodeScheduler: Scheduler = (flush) => {
  immediate(flush);
};

/** How a driver works. */
export interface DriverOptions {
  /** When what was caused is written. Default {@link nodeScheduler}. */
  readonly schedule?: Scheduler;
  /** How long the transport may take for a write, in ms, at least; 0 for ever. Default 0. */
  readonly writeTimeout?: number;
  /**
   * Octets that may wait for a peer that speaks and does not read. Messages stop to be written long before; what is
   * left are the answers that the peer provokes. Default 64 MiB.
   */
  readonly maxBuffered?: number | undefined;
}

/**
 * Joins an engine to a transport and a clock. Octets that arrive go in, octets that the engine has go out, and the
 * clock is looked at when the engine asks for it. The host of the engine forwards `wake` to here.
 */
export class Driver {
  readonly #connection: Connection;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #schedule: Scheduler;
  readonly #writeTimeout: number;
  readonly #maxBuffered: number;
  #scheduled = false;
  #closed = false;
  #ending = false;
  #timerAt: number | undefined = undefined;
  #cancelTimer: () => void = () => undefined;
  #cancelLinger: () => void = () => undefined;
  /** Writes that were begun and finished so far. */
  #begun = 0;
  #finished = 0;
  #watching = false;
  #cancelWatch: () => void = () => undefined;

  constructor(connection: Connection, transport: Transport, clock: Clock, options: DriverOptions = {}) {
    this.#connection = connection;
    this.#transport = transport;
    this.#clock = clock;
    this.#schedule = options.schedule ?? nodeScheduler;
    this.#writeTimeout = options.writeTimeout ?? 0;
    this.#maxBuffered = options.maxBuffered ?? 67_108_864;
  }

  /** Begins to read, and lets a client speak. */
  start(): void {
    this.#connection.start(this.#clock.now());
    this.#transport.open({
      received: (bytes, lasting) => {
        this.#connection.receive(bytes, this.#clock.now(), lasting);
        if (this.#connection.buffered > this.#maxBuffered) this.#stuck(`${this.#connection.buffered} octets wait`);
        this.#arm();
      },
      closed: (error) => this.#transportClosed(error),
    });
    this.#arm();
  }

  /** There is something to send: writes it when the work at hand is done. */
  wake(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    this.#schedule(() => this.#flush());
  }

  /** Ends the transport without a word. */
  destroy(): void {
    this.#transport.destroy();
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#closed) return;
    let rounds = 1;
    // Room that a write makes is used at once, as long as the transport takes all of it.
    while (this.#write() && this.#finished === this.#begun && rounds < MOST_ROUNDS) rounds++;
    if (this.#connection.finished && !this.#ending) {
      this.#ending = true;
      this.#transport.end();
      this.#cancelLinger = this.#clock.setTimer(LINGER, () => this.#transport.destroy());
    }
    this.#arm();
  }

  /** Hands all that there is to the transport; says whether there was something. */
  #write(): boolean {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (let chunk = this.#connection.transmit(); chunk !== undefined; chunk = this.#connection.transmit()) {
      chunks.push(chunk);
      size += chunk.length;
    }
    if (size > 0) this.#send(chunks, size);
    return size > 0;
  }

  #send(chunks: readonly Uint8Array[], size: number): void {
    this.#begun++;
    this.#transport.send(chunks, () => {
      this.#finished++;
      if (!this.#closed) this.#connection.written(size);
    });
    this.#watch();
  }

  /** Looks again after the write timeout whether any write has finished since: no write needs a timer of its own. */
  #watch(): void {
    if (this.#watching || this.#closed || this.#writeTimeout === 0) return;
    this.#watching = true;
    const finished = this.#finished;
    this.#cancelWatch = this.#clock.setTimer(this.#writeTimeout, () => {
      this.#watching = false;
      if (this.#finished === this.#begun) return;
      if (this.#finished > finished) this.#watch();
      else this.#stuck(`a write did not finish within ${this.#writeTimeout} ms`);
    });
  }

  /** Gives up a peer that does not read. */
  #stuck(why: string): void {
    const error = amqpError('write-timeout', why);
    this.#transport.destroy();
    this.#transportClosed(error);
  }

  /** Sets the timer to the deadline of the engine; most of the time it stands there already. */
  #arm(): void {
    const deadline = this.#closed ? undefined : this.#connection.deadline();
    if (deadline === this.#timerAt) return;
    this.#cancelTimer();
    this.#cancelTimer = () => undefined;
    this.#timerAt = deadline;
    if (deadline === undefined) return;
    this.#cancelTimer = this.#clock.setTimer(Math.max(0, deadline - this.#clock.now()), () => {
      this.#timerAt = undefined;
      this.#connection.tick(this.#clock.now());
      this.#arm();
    });
  }

  #transportClosed(error: Error | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelLinger();
    this.#cancelWatch();
    this.#connection.transportEnded(error);
    this.#arm();
  }
}
