/** The receiving end of the peer: grants credit and accepts whatever comes. */
import { booleanAt, listAt, skip, uintAt } from './frames.mjs';

const CREDIT = 1000;

/** Reads a transfer's fields into `out`: written as one pass because it runs once per message. */
export function readTransfer(bytes, at, end, out) {
  const list = listAt(bytes, skip(bytes, at + 1));
  let field = list.at;
  out.handle = uintAt(bytes, field);
  out.id = undefined;
  out.settled = false;
  out.more = false;
  out.aborted = false;
  for (let index = 1; index < list.count; index++) {
    field = skip(bytes, field);
    if (index === 1) out.id = uintAt(bytes, field);
    else if (index === 4) out.settled = booleanAt(bytes, field);
    else if (index === 5) out.more = booleanAt(bytes, field);
    else if (index === 9) out.aborted = booleanAt(bytes, field);
  }
  out.payloadAt = skip(bytes, field);
  out.payloadSize = end - out.payloadAt;
}

export class Sink {
  role = 'receiver';
  handle;
  deliveryCount;
  credit = 0;
  /** The delivery that was completed last, if it waits for its outcome. */
  completedId = undefined;
  #held;
  #id = undefined;
  #settled = false;

  /** The first `held` deliveries never get an outcome. */
  constructor(handle, initialDeliveryCount, held) {
    this.handle = handle;
    this.deliveryCount = initialDeliveryCount;
    this.#held = held;
  }

  /** Takes one transfer frame; true if it completed a delivery. */
  transfer(transfer) {
    this.#id ??= transfer.id;
    this.#settled ||= transfer.settled;
    if (transfer.more && !transfer.aborted) return false;
    const waits = !this.#settled && !transfer.aborted && this.#held === 0;
    if (this.#held > 0) this.#held--;
    this.completedId = waits ? this.#id : undefined;
    this.#id = undefined;
    this.#settled = false;
    this.deliveryCount = (this.deliveryCount + 1) >>> 0;
    this.credit--;
    return true;
  }

  /** Tops credit up once half of it is used; true if a flow has to say so. */
  topUp() {
    if (this.credit > CREDIT / 2) return false;
    this.credit = CREDIT;
    return true;
  }
}
