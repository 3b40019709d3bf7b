import { blockOf, type Block, type Described } from '../codec/index.ts';
import type { DeliveryState } from '../definitions/index.ts';

/** The parts of a delivery that comes in several transfers (§2.6.14). */
export class Assembly {
  readonly tag: Uint8Array;
  readonly id: number;
  readonly messageFormat: number | undefined;
  /** The octets of payload so far. */
  size = 0;
  /** Sticky: once a transfer says settled, the delivery is (§2.7.5). */
  settled = false;
  settlesSecond = false;
  /** The state that was told last. */
  state: DeliveryState | Described | undefined = undefined;
  #parts: Uint8Array[] = [];

  constructor(id: number, tag: Uint8Array, messageFormat: number | undefined) {
    this.id = id;
    this.tag = tag;
    this.messageFormat = messageFormat;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    if (end === start) return;
    this.#parts.push(bytes.slice(start, end));
    this.size += end - start;
  }

  /** Tag and payload, one after the other. */
  join(): Block {
    const bytes = new Uint8Array(this.tag.length + this.size);
    bytes.set(this.tag);
    let at = this.tag.length;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    this.#parts = [];
    return blockOf(bytes);
  }
}
