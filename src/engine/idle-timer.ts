/** §2.4.5: a peer that asks for frames more often than this cannot be served. */
export const LEAST_IDLE_TIMEOUT = 10;

/**
 * The idle timeouts of both directions (§2.4.5). It compares counts of frames when the clock is looked at, so that a
 * frame costs nothing: silence is seen after one timeout at the soonest and one and a half at the latest, and our own
 * silence never lasts longer than half of what the peer asked for.
 */
export class IdleTimer {
  #receivePeriod = 0;
  #sendPeriod = 0;
  #receiveAt: number | undefined = undefined;
  #sendAt: number | undefined = undefined;
  #received = 0;
  #sent = 0;
  #silent = 0;

  /** Starts to watch the peer; `timeout` in ms, 0 for never. */
  watch(now: number, timeout: number): void {
    if (timeout === 0) return;
    this.#receivePeriod = timeout / 2;
    this.#receiveAt = now + this.#receivePeriod;
  }

  /** Starts to send heartbeats to a peer that waits `timeout` ms, 0 for ever. */
  beat(now: number, timeout: number): void {
    if (timeout === 0) return;
    this.#sendPeriod = timeout / 4;
    this.#sendAt = now + this.#sendPeriod;
  }

  /** When to look at the clock again, or undefined. */
  deadline(): number | undefined {
    if (this.#receiveAt === undefined) return this.#sendAt;
    return this.#sendAt === undefined ? this.#receiveAt : Math.min(this.#receiveAt, this.#sendAt);
  }

  /** Looks at the clock and at the numbers of frames received and sent so far. */
  tick(now: number, received: number, sent: number): 'heartbeat' | 'expired' | undefined {
    if (this.#receiveAt !== undefined && now >= this.#receiveAt) {
      this.#silent = received === this.#received ? this.#silent + 1 : 0;
      this.#received = received;
      this.#receiveAt = now + this.#receivePeriod;
      if (this.#silent >= 2) return 'expired';
    }
    if (this.#sendAt !== undefined && now >= this.#sendAt) {
      const quiet = sent === this.#sent;
      this.#sent = sent;
      this.#sendAt = now + this.#sendPeriod;
      if (quiet) return 'heartbeat';
    }
    return undefined;
  }

  stop(): void {
    this.#receiveAt = undefined;
    this.#sendAt = undefined;
  }
}
