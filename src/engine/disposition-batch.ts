import type { Described } from '../codec/index.ts';
import type { DeliveryState } from '../definitions/index.ts';
import { serialAdd } from './serial-number.ts';

/** A disposition to write: a range of deliveries with one state (§2.7.6). */
export interface DispositionRange {
  readonly role: boolean;
  readonly first: number;
  readonly last: number;
  readonly state: DeliveryState | Described | undefined;
  readonly settled: boolean;
}

/** Gathers what is said of single deliveries, so that neighbours with one state leave as one range. */
export class DispositionBatch {
  readonly #role: boolean;
  readonly #write: (range: DispositionRange) => void;
  #pending = false;
  #first = 0;
  #last = 0;
  #state: DeliveryState | Described | undefined = undefined;
  #settled = false;

  constructor(role: boolean, write: (range: DispositionRange) => void) {
    this.#role = role;
    this.#write = write;
  }

  add(id: number, state: DeliveryState | Described | undefined, settled: boolean): void {
    if (this.#pending) {
      if (id === serialAdd(this.#last, 1) && state === this.#state && settled === this.#settled) {
        this.#last = id;
        return;
      }
      this.flush();
    }
    this.#pending = true;
    this.#first = id;
    this.#last = id;
    this.#state = state;
    this.#settled = settled;
  }

  /** Writes what was gathered. */
  flush(): void {
    if (!this.#pending) return;
    this.#pending = false;
    this.#write({ role: this.#role, first: this.#first, last: this.#last, state: this.#state, settled: this.#settled });
    this.#state = undefined;
  }
}
