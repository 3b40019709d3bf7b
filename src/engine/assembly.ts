import { blockOf, type Block, type Described } from '../codec/index.ts';
import type { DeliveryState, ReceiverSettleMode } from '../definitions/index.ts';
import { giveBackFrameMemory } from './memory.ts';

interface Part {
  readonly block: Block;
  readonly start: number;
  readonly end: number;
}

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

  constructor(id: number, tag: Uint8Array, messageFormat: number | undefined, ignored: boolean) {
    this.id = id;
    this.tag = tag;
    this.messageFormat = messageFormat;
    this.ignored = ignored;
  }

  /** Adds what lies from `start` to `end`, in memory that is ours from now on (`adopted`) or that is written again. */
  add(block: Block, start: number, end: number, adopted: boolean): void {
    if (end === start) return;
    this.#parts.push(
      adopted ? { block, start, end } : { block: blockOf(block.bytes.slice(start, end)), start: 0, end: end - start },
    );
    this.size += end - start;
  }

  /** Tag and payload, one after the other. */
  join(): Block {
    const bytes = new Uint8Array(this.tag.length + this.size);
    bytes.set(this.tag);
    let at = this.tag.length;
    for (const { block, start, end } of this.#parts) {
      bytes.set(block.bytes.subarray(start, end), at);
      at += end - start;
      giveBackFrameMemory(block);
    }
    this.#parts = [];
    return blockOf(bytes);
  }
}
