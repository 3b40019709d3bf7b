import { IdleTimer } from './idle-timer.ts';

/** What is due when the clock is looked at. */
export type Due = 'handshake' | 'close' | 'heartbeat' | 'expired';

/** All the times at which a connection must look at the clock. */
export class Deadlines {
  readonly #idle = new IdleTimer();
  #handshakeAt: number | undefined = undefined;
  #closeAt: number | undefined = undefined;
  #closeTimeout: number | undefined = undefined;

  /** The handshake must be complete by then. */
  handshake(at: number): void {
    this.#handshakeAt = at;
  }

  /** The connection is open: only silence matters now. Timeouts in ms, 0 for none. */
  opened(now: number, idleTimeout: number, remoteIdleTimeout: number): void {
    this.#handshakeAt = undefined;
    this.#idle.watch(now, idleTimeout);
    this.#idle.beat(now, remoteIdleTimeout);
  }

  /** We have closed: nothing matters but the answer. The time runs from the next look at the clock, which is due now. */
  closing(timeout: number): void {
    this.clear();
    this.#closeTimeout = timeout;
  }

  clear(): void {
    this.#handshakeAt = undefined;
    this.#closeAt = undefined;
    this.#closeTimeout = undefined;
    this.#idle.stop();
  }

  next(): number | undefined {
    if (this.#closeTimeout !== undefined) return 0;
    // One at a time is set: each phase clears those of the phase before.
    return this.#handshakeAt ?? this.#closeAt ?? this.#idle.deadline();
  }

  /** What is due, given the numbers of frames received and sent so far. */
  tick(now: number, received: number, sent: number): Due | undefined {
    if (this.#closeTimeout !== undefined) {
      this.#closeAt = now + this.#closeTimeout;
      this.#closeTimeout = undefined;
    }
    if (this.#handshakeAt !== undefined && now >= this.#handshakeAt) return 'handshake';
    if (this.#closeAt !== undefined && now >= this.#closeAt) return 'close';
    return this.#idle.tick(now, received, sent);
  }
}
