/** Keeps count of the capability rows that scenarios meet, so that none is silently passed and none is left over. */
export class CapabilityUse {
  #rows;
  #met = new Set();

  /** @param rows - reasons by the name of the row */
  constructor(rows = {}) {
    this.#rows = rows;
  }

  /** Whether the table has the row: then the scenario asserts it, or runs its reduced form. */
  meets(row) {
    if (!(row in this.#rows)) return false;
    this.#met.add(row);
    return true;
  }

  /** Meets every row: what it says has been asserted. */
  meetAll() {
    for (const row of Object.keys(this.#rows)) this.#met.add(row);
  }

  /** The rows met, as `[name, reason]`. */
  get met() {
    return [...this.#met].map((row) => [row, this.#rows[row]]);
  }

  /** The rows that the table has and the scenario did not meet. */
  get leftOver() {
    return Object.keys(this.#rows).filter((row) => !this.#met.has(row));
  }
}
