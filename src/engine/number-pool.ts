/** Gives out the lowest number that is free (§2.5.1, §2.7.3), for channels and handles. */
export class NumberPool {
  readonly #used: boolean[] = [];
  #lowest = 0;
  #count = 0;

  /** How many numbers are out. */
  get count(): number {
    return this.#count;
  }

  /** The lowest free number up to and including `most`, or undefined when all are out. */
  take(most: number): number | undefined {
    let number = this.#lowest;
    while (this.#used[number] === true) number++;
    if (number > most) return undefined;
    this.#used[number] = true;
    this.#lowest = number + 1;
    this.#count++;
    return number;
  }

  /** Gives a number back. */
  release(number: number): void {
    this.#used[number] = false;
    this.#count--;
    if (number < this.#lowest) this.#lowest = number;
  }
}
