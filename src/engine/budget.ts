/**
 * How many octets may be held at a time for one purpose, over all links of a connection.
 *
 * @example
 * ```ts
 * import { Budget } from 'amqp1/engine';
 *
 * const budget = new Budget(1_048_576);
 * if (budget.fits(500)) budget.take(500);
 * console.log(budget.held); // 500
 * budget.giveBack(500);
 * ```
 */
export class Budget {
  /** The most that may be held, in octets. */
  readonly limit: number;
  #held = 0;

  /**
   * Holds nothing yet.
   *
   * @param limit - the most that may be held, in octets
   * @throws nothing
   */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Octets that are held now. */
  get held(): number {
    return this.#held;
  }

  /**
   * Whether so many octets more are within the limit.
   *
   * @throws nothing
   */
  fits(octets: number): boolean {
    return this.#held + octets <= this.limit;
  }

  /**
   * Holds so many octets more, whether they fit or not.
   *
   * @throws nothing
   */
  take(octets: number): void {
    this.#held += octets;
  }

  /**
   * Holds so many octets less.
   *
   * @throws nothing
   */
  giveBack(octets: number): void {
    this.#held -= octets;
  }
}
