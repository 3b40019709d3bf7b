import { blockOf, type Block } from '../codec/index.ts';

/** The size of each piece of memory: most peers send frames of at most 64 KiB. */
const SIZE = 65_536;
/** Below a quarter of that, memory of its own costs less than it wastes. */
const LEAST = SIZE / 4;
const MOST_FREE = 32;

/** Memory that no connection uses; shared by all connections of the process. */
const free: Block[] = [];

/** Memory for the first octets of a frame, at least `least` of them and `wanted` if that is no more than four times as many. */
export function takeFrameMemory(least: number, wanted: number): Block {
  if (wanted <= SIZE && least >= LEAST) return free.pop() ?? blockOf(new Uint8Array(SIZE));
  return blockOf(new Uint8Array(Math.max(least, Math.min(wanted, least * 2))));
}

/** Gives memory back that nobody looks at any more. */
export function giveBackFrameMemory(block: Block): void {
  if (block.bytes.length === SIZE && free.length < MOST_FREE) free.push(block);
}

const STEP = 64;
const MOST_STEPS = 16;

/**
 * Copies the beginning of the same memory again and again, as that of messages that are encoded one after the other. A
 * view of just what is copied would be an object for each message; here a few views serve all, each a little longer than
 * what is wanted.
 */
export class PrefixCopier {
  #memory: Uint8Array = new Uint8Array(0);
  #views: Uint8Array[] = [];

  /** Copies the first `size` octets. Those of `to` behind them may be overwritten. */
  copy(from: Uint8Array, size: number, to: Uint8Array, at: number): void {
    const steps = Math.ceil(size / STEP);
    if (steps > MOST_STEPS || steps * STEP > from.length || at + steps * STEP > to.length) {
      to.set(from.subarray(0, size), at);
      return;
    }
    if (from !== this.#memory) {
      this.#memory = from;
      this.#views = [];
    }
    to.set((this.#views[steps] ??= from.subarray(0, steps * STEP)), at);
  }
}
