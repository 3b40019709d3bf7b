import { blockOf, type Block, type Described } from '../codec/index.ts';
import type { DeliveryState, ReceiverSettleMode } from '../definitions/index.ts';
import { giveBackFrameMemory } from './memory.ts';

interface Part {
  readonly block: Block;
  readonly start: number;
  end: number;
  /** Whether the memory came with a frame: nothing else lies in it. */
  readonly adopted: boolean;
}

const NOTHING = blockOf(new Uint8Array(0));
/** The most memory that is made for copies to come, in octets. */
const MOST_SHARED = 32_768;

/** The parts of a delivery that comes in several transfers (§2.6.14). */
export class Assembly {
  readonly tag: Uint8Array;
  readonly id: number;
  readonly messageFormat: number | undefined;
  /** Whether nothing comes of it: it is resumed, and nobody here knows it (§2.7.5). */
  readonly ignored: boolean;
  /** The octets of payload so far. */
  size = 0;
  /** Sticky: once a transfer says settled, the delivery is (§2.7.5). */
  settled = false;
  /** The mode of the receiver for this delivery; undefined means that of its link (§2.8.3). */
  receiverSettleMode: ReceiverSettleMode | undefined = undefined;
  /** The state that was told last. */
  state: DeliveryState | Described | undefined = undefined;
  #parts: Part[] = [];
  /** The memory of copies: a peer that sends octets one by one must not have hundreds held for each. */
  #shared: Block = NOTHING;
  #used = 0;

  constructor(id: number, tag: Uint8Array, messageFormat: number | undefined, ignored: boolean) {
    this.id = id;
    this.tag = tag;
    this.messageFormat = messageFormat;
    this.ignored = ignored;
  }

  /** Adds what lies from `start` to `end`, in memory that is ours from now on (`adopted`) or that is written again. */
  add(block: Block, start: number, end: number, adopted: boolean): void {
    if (end === start) return;
    if (adopted) this.#parts.push({ block, start, end, adopted });
    else this.#copy(block.bytes, start, end);
    this.size += end - start;
  }

  #copy(bytes: Uint8Array, start: number, end: number): void {
    const size = end - start;
    if (this.#used + size > this.#shared.bytes.length) {
      const capacity = Math.min(2 * this.#shared.bytes.length, MOST_SHARED);
      this.#shared = blockOf(new Uint8Array(Math.max(size, capacity)));
      this.#used = 0;
    }
    const block = this.#shared;
    block.bytes.set(bytes.subarray(start, end), this.#used);
    const last = this.#parts.at(-1);
    if (last?.block === block) last.end += size;
    else this.#parts.push({ block, start: this.#used, end: this.#used + size, adopted: false });
    this.#used += size;
  }

  /** Tag and payload, one after the other. */
  join(): Block {
    const bytes = new Uint8Array(this.tag.length + this.size);
    bytes.set(this.tag);
    let at = this.tag.length;
    for (const { block, start, end, adopted } of this.#parts) {
      bytes.set(block.bytes.subarray(start, end), at);
      at += end - start;
      if (adopted) giveBackFrameMemory(block);
    }
    this.#parts = [];
    return blockOf(bytes);
  }
}
