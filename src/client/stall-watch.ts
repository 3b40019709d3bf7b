import type { Clock } from '../io/index.ts';

/** What is watched for a stall. */
export interface StallSource {
  /** Whether nothing more can come until something is settled. */
  readonly full: boolean;
  /** It has been full for this long, in ms, and nothing was settled. Told once until something is. */
  stalled(forMs: number): void;
}

/**
 * Finds a consumer that settles nothing. It costs a comparison per message: one timer looks now and then whether
 * anything was settled since the last time.
 */
export class StallWatch {
  readonly #clock: Clock;
  readonly #after: number;
  readonly #source: StallSource;
  #settled = 0;
  #watching = false;
  #cancel: () => void = () => undefined;

  /** @param after - how long is too long, in ms; 0 watches nothing */
  constructor(clock: Clock, after: number, source: StallSource) {
    this.#clock = clock;
    this.#after = after;
    this.#source = source;
  }

  /** A message came. */
  arrived(): void {
    if (!this.#watching && this.#after > 0 && this.#source.full) this.#watch();
  }

  /** A message was settled. */
  settled(): void {
    this.#settled++;
  }

  stop(): void {
    this.#watching = false;
    this.#cancel();
  }

  #watch(): void {
    this.#watching = true;
    const settled = this.#settled;
    this.#cancel = this.#clock.setTimer(this.#after, () => {
      this.#watching = false;
      if (!this.#source.full) return;
      if (this.#settled === settled) this.#source.stalled(this.#after);
      else this.#watch();
    });
  }
}
