/** The times of single round trips, kept without an object for each. */
export class RoundTrips {
  #times;
  #count = 0;
  #began = 0;

  constructor(capacity) {
    this.#times = new Float64Array(capacity);
  }

  begin() {
    this.#began = performance.now();
  }

  end() {
    this.#times[this.#count++] = performance.now() - this.#began;
  }

  /** Half of the round trips, and 99 of 100, took no longer than this. */
  figures() {
    const sorted = this.#times.subarray(0, this.#count).sort();
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] * 1000;
    return { p50Micros: at(0.5), p99Micros: at(0.99) };
  }
}
