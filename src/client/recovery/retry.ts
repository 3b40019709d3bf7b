import type { Clock } from '../../io/index.ts';

/** The longest pause doubles with each attempt. */
const GROWTH = 2;

/** How long to wait before each of a series of attempts: a random part of a time that grows (full jitter). */
export interface Pauses {
  readonly initialDelay: number;
  readonly maxDelay: number;
  readonly random: () => number;
}

/** A pause before an attempt, 0 being the first, in ms. */
export function pauseBefore(attempt: number, { initialDelay, maxDelay, random }: Pauses): number {
  return random() * Math.min(maxDelay, initialDelay * GROWTH ** attempt);
}

/** The pauses before attempts at one thing, longer and longer as long as they fail. */
export class Backoff {
  readonly #clock: Clock;
  readonly #pauses: Pauses;
  #attempts = 0;
  #restarted = false;
  #succeededAt: number | undefined = undefined;

  constructor(clock: Clock, pauses: Pauses) {
    this.#clock = clock;
    this.#pauses = pauses;
  }

  /** The pause before the next attempt, in ms. */
  next(): number {
    this.#beginAnew();
    return pauseBefore(this.#attempts++, this.#pauses);
  }

  /** Whether a new connection may be made for it: once, and then not until it has lasted. */
  mayRestart(): boolean {
    this.#beginAnew();
    const isFirst = !this.#restarted;
    this.#restarted = true;
    return isFirst;
  }

  /** What fails again at once has not succeeded: only what lasted begins anew. */
  #beginAnew(): void {
    const succeededAt = this.#succeededAt;
    this.#succeededAt = undefined;
    if (succeededAt === undefined || this.#clock.now() - succeededAt < this.#pauses.maxDelay) return;
    this.#attempts = 0;
    this.#restarted = false;
  }

  succeeded(): void {
    this.#succeededAt = this.#clock.now();
  }
}

/** Makes attempts at one thing, later and later as long as they fail. */
export class Retry {
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, pauses: Pauses) {
    this.#clock = clock;
    this.#backoff = new Backoff(clock, pauses);
  }

  /** Has an attempt made after a pause. */
  schedule(attempt: () => void): void {
    this.#cancel();
    this.#cancel = this.#clock.setTimer(this.#backoff.next(), attempt);
  }

  succeeded(): void {
    this.#backoff.succeeded();
  }

  /** As {@link Backoff.mayRestart}: whoever takes others down with it, again and again, is tried alone. */
  mayRestart(): boolean {
    return this.#backoff.mayRestart();
  }

  cancel(): void {
    this.#cancel();
  }
}
