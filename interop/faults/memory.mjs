/** How much of the heap is in use while something goes on. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const PERIOD = 2000;
/** What the heap may grow by in the second half of an outage, in octets. */
const TOLERANCE = 16 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

export class Memory {
  #samples = [];
  #timer = setInterval(() => this.#sample(), PERIOD);

  constructor() {
    this.#sample();
  }

  #sample() {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    this.#samples.push(heapUsed + arrayBuffers);
  }

  /** @returns `most`: the most that was in use, in octets; `faults`: in words, where it still grew at the end */
  stop() {
    clearInterval(this.#timer);
    this.#sample();
    const half = Math.ceil(this.#samples.length / 2);
    const [first, second] = [this.#samples.slice(0, half), this.#samples.slice(half)].map((part) => Math.max(...part));
    const grown = second - first;
    const faults = grown > TOLERANCE ? [`the heap grew by ${grown} octets in the second half`] : [];
    return { most: Math.max(first, second), faults };
  }
}
