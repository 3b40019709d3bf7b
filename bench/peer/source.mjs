/** The sending end of the peer: copies of one pre-encoded transfer, patched with their delivery-id. */

import { booleanAt, descriptorAt, listAt, skip, uintAt } from './frames.mjs';

const BODY_SIZE = 100;
const ID_AT = 20;
const TAG_AT = 26;

/**
 * Unsettled deliveries of one session, counted from the oldest. A power of two, so that ids modulo it survive their
 * wrap at 2^32, and half of the 2048 that rhea can hold.
 */
export const MAX_IN_FLIGHT = 1024;

/** Reads a disposition's fields into `out`, in one pass because a client may send one per message. */
export function readDisposition(bytes, at, out) {
  const list = listAt(bytes, skip(bytes, at + 1));
  let field = list.at;
  out.receiver = booleanAt(bytes, field);
  field = skip(bytes, field);
  out.first = uintAt(bytes, field);
  out.last = out.first;
  out.settled = false;
  out.accepted = false;
  for (let index = 2; index < list.count; index++) {
    field = skip(bytes, field);
    if (index === 2) out.last = uintAt(bytes, field) ?? out.first;
    else if (index === 3) out.settled = booleanAt(bytes, field);
    else if (index === 4) out.accepted = bytes[field] === 0x00 && descriptorAt(bytes, field) === 0x24;
  }
}

function template(channel, handle) {
  const head = [
    [0, 0, 0, 0, 2, 0, channel >> 8, channel & 255],
    [0x00, 0x53, 0x14, 0xc0, 19, 5],
    [0x70, 0, 0, 0, 0],
    [0x70, 0, 0, 0, 0],
    [0xa0, 4, 0, 0, 0, 0],
    [0x43],
    [0x42],
    [0x00, 0x53, 0x75, 0xa0, BODY_SIZE],
  ].flat();
  const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(BODY_SIZE, 'x')]);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(handle, 15);
  return bytes;
}

export class Source {
  role = 'sender';
  handle;
  deliveryCount = 0;
  credit = 0;
  drain = false;
  remaining;
  #size;
  #copies;

  /** `remaining` messages will be sent: `Infinity` for a stream without end. */
  constructor(channel, handle, remaining) {
    const one = template(channel, handle);
    this.handle = handle;
    this.remaining = remaining;
    this.#size = one.length;
    this.#copies = Buffer.concat(Array.from({ length: MAX_IN_FLIGHT }, () => one));
  }

  /** Takes the peer's view of the link: its credit starts at the delivery-count that it has seen (§2.6.7). */
  grant(deliveryCount, linkCredit, drain) {
    this.credit = Math.max(0, (deliveryCount + linkCredit - this.deliveryCount) | 0);
    this.drain = drain;
  }

  /** How many messages may go now, as far as the link is concerned. */
  get ready() {
    return Math.min(this.credit, this.remaining);
  }

  /** The frames of `count` deliveries (at most `MAX_IN_FLIGHT`), the first of which is `firstId`. */
  transfers(firstId, count) {
    const bytes = Buffer.allocUnsafe(count * this.#size);
    this.#copies.copy(bytes, 0, 0, bytes.length);
    for (let index = 0, at = 0; index < count; index++, at += this.#size) {
      const id = (firstId + index) >>> 0;
      bytes.writeUInt32BE(id, at + ID_AT);
      bytes.writeUInt32BE(id, at + TAG_AT);
    }
    this.credit -= count;
    this.remaining -= count;
    this.deliveryCount = (this.deliveryCount + count) >>> 0;
    return bytes;
  }

  /** Uses up what credit is left, as a drain asks (§2.6.7); true if a flow has to say so. */
  drained() {
    if (!this.drain || this.credit === 0 || this.remaining > 0) return false;
    this.deliveryCount = (this.deliveryCount + this.credit) >>> 0;
    this.credit = 0;
    return true;
  }
}
