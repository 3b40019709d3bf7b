/** How many octets may be held at a time for one purpose, over all links of a connection. */
export class Budget {
  readonly limit: number;
  #held = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Octets that are held now. */
  get held(): number {
    return this.#held;
  }

  /** Whether so many octets more are within the limit. */
  fits(octets: number): boolean {
    return this.#held + octets <= this.limit;
  }

  take(octets: number): void {
    this.#held += octets;
  }

  giveBack(octets: number): void {
    this.#held -= octets;
  }
}
