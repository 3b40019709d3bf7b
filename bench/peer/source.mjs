/** The sending end of the peer for messages of one frame: copies of one pre-encoded transfer, patched with their id. */
import { booleanAt, descriptorAt, listAt, skip, uintAt } from './frames.mjs';
import { ID_AT, TAG_AT } from './messages.mjs';
import { SourceCredit } from './source-credit.mjs';

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

export class Source extends SourceCredit {
  #size;
  #copies;

  /** `transfer` is the one frame of each message: its head and its payload. */
  constructor(handle, count, transfer) {
    super(handle, count);
    const one = Buffer.concat([transfer.head, transfer.part]);
    this.#size = one.length;
    this.#copies = Buffer.concat(Array.from({ length: MAX_IN_FLIGHT }, () => one));
  }

  /** Writes what may go to `out`: at most `deliveries`, from the delivery-id `firstId`, in at most `window` frames. */
  send(out, firstId, deliveries, window) {
    const count = Math.max(0, Math.min(this.ready, deliveries, window));
    if (count === 0) return { deliveries: 0, frames: 0 };
    const bytes = Buffer.allocUnsafe(count * this.#size);
    this.#copies.copy(bytes, 0, 0, bytes.length);
    for (let index = 0, at = 0; index < count; index++, at += this.#size) {
      const id = (firstId + index) >>> 0;
      bytes.writeUInt32BE(id, at + ID_AT);
      bytes.writeUInt32BE(id, at + TAG_AT);
    }
    out.push(bytes);
    this.used(count);
    return { deliveries: count, frames: count };
  }
}
