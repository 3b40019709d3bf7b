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
/** Larger memory is not remembered: it would be held. */
const MOST_REMEMBERED = 65_536;

let remembered: Uint8Array = new Uint8Array(0);
let views: Uint8Array[] = [];

/**
 * Copies the first `size` octets of memory of which the beginning is copied again and again, as that of messages that
 * are encoded one after the other. A view of just what is copied would be an object for each message; here a few views
 * serve all, each a little longer than what is wanted: the octets of `to` behind the copy may be overwritten.
 */
export function copyPrefix(from: Uint8Array, size: number, to: Uint8Array, at: number): void {
  const length = Math.ceil(size / STEP) * STEP;
  if (length > STEP * MOST_STEPS || length > from.length || at + length > to.length || from.length > MOST_REMEMBERED) {
    to.set(from.subarray(0, size), at);
    return;
  }
  if (from !== remembered) {
    remembered = from;
    views = [];
  }
  to.set((views[length / STEP] ??= from.subarray(0, length)), at);
}
