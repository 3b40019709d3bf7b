import { blockOf, type Block } from '../codec/index.ts';

const SLAB_SIZE = 16_384;
const SMALL = SLAB_SIZE / 4;

/**
 * Keeps octets that came in memory of somebody else: of a read, or of a message that has to wait. Small pieces share
 * slabs: a view of the read would pin 64 KiB for a few octets, and memory of its own for each costs more than the copy.
 */
export class PayloadStore {
  #slab: Block = blockOf(new Uint8Array(0));
  #used = 0;
  /** Where the last piece lies. */
  block: Block = this.#slab;
  /** Where it begins there. */
  start = 0;

  /** Copies a piece; `block` and `start` then tell where it is. */
  keep(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length > SMALL) {
      // Not by slice(): that of a Buffer is a view, and no copy.
      this.block = blockOf(new Uint8Array(bytes.subarray(start, end)));
      this.start = 0;
      return;
    }
    if (this.#used + length > this.#slab.bytes.length) {
      this.#slab = blockOf(new Uint8Array(SLAB_SIZE));
      this.#used = 0;
    }
    this.#slab.bytes.set(bytes.subarray(start, end), this.#used);
    this.block = this.#slab;
    this.start = this.#used;
    this.#used += length;
  }
}
