import { blockOf, type Block } from '../codec/index.ts';
import { copyPrefix } from './memory.ts';

const SLAB_SIZE = 16_384;
const SMALL = SLAB_SIZE / 4;
/** Each slab is twice as large as the last: many connections never carry more than a few octets. */
const FIRST_SLAB_SIZE = 1024;

/**
 * Keeps octets that came in memory of somebody else: of a read, or of a message that has to wait. Small pieces share
 * slabs: a view of the read would pin 64 KiB for a few octets, and memory of its own for each costs more than the copy.
 */
export class PayloadStore {
  #slab: Block = blockOf(new Uint8Array(0));
  #used = 0;
  /** Where the last piece begins in its memory. */
  start = 0;

  /** Copies a piece, and gives the memory where it lies; `start` then tells the place. */
  keep(bytes: Uint8Array, start: number, end: number): Block {
    const length = end - start;
    if (length > SMALL) {
      // Not by slice(): that of a Buffer is a view, and no copy.
      this.start = 0;
      return blockOf(new Uint8Array(bytes.subarray(start, end)));
    }
    if (this.#used + length > this.#slab.bytes.length) {
      const size = Math.max(length, FIRST_SLAB_SIZE, 2 * this.#slab.bytes.length);
      this.#slab = blockOf(new Uint8Array(Math.min(size, SLAB_SIZE)));
      this.#used = 0;
    }
    if (start === 0) copyPrefix(bytes, length, this.#slab.bytes, this.#used);
    else this.#slab.bytes.set(bytes.subarray(start, end), this.#used);
    this.start = this.#used;
    this.#used += length;
    return this.#slab;
  }
}
