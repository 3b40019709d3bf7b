/** The sending end of the peer for messages of many frames. Their payload is written from one buffer, never copied. */
import { ID_AT, TAG_AT } from './messages.mjs';
import { SourceCredit } from './source-credit.mjs';

export class LargeSource extends SourceCredit {
  #transfers;
  /** Which frame of the message comes next; 0: none has begun. */
  #next = 0;

  /** `transfers` are the frames of each message: heads and parts of the payload. */
  constructor(handle, count, transfers) {
    super(handle, count);
    this.#transfers = transfers;
  }

  /** Writes what may go to `out`: at most `deliveries`, from the delivery-id `firstId`, in at most `window` frames. */
  send(out, firstId, deliveries, window) {
    let frames = 0;
    let begun = 0;
    while (frames < window) {
      if (this.#next === 0) {
        if (begun >= deliveries || this.ready === 0) break;
        out.push(this.#firstHead((firstId + begun) >>> 0));
        begun++;
        this.used(1);
      } else {
        out.push(this.#transfers[this.#next].head);
      }
      out.push(this.#transfers[this.#next].part);
      frames++;
      this.#next = (this.#next + 1) % this.#transfers.length;
    }
    return { deliveries: begun, frames };
  }

  #firstHead(id) {
    const head = Buffer.from(this.#transfers[0].head);
    head.writeUInt32BE(id, ID_AT);
    head.writeUInt32BE(id, TAG_AT);
    return head;
  }
}
