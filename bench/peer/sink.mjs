/** The receiving end of the peer: grants credit and accepts whatever comes. */
import { booleanAt, listAt, skip, uintAt } from './frames.mjs';

const CREDIT = 1000;

/** Reads a transfer's fields into `out`: written as one pass because it runs once per message. */
export function readTransfer(bytes, at, out) {
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
}

export class Sink {
  role = 'receiver';
  handle;
  deliveryCount;
  credit = 0;
  #id;
  #settled = false;

  constructor(handle, initialDeliveryCount) {
    this.handle = handle;
    this.deliveryCount = initialDeliveryCount;
  }

  /** Takes one transfer frame; gives the id of the delivery that it completed and that waits for its outcome. */
  transfer(transfer) {
    this.#id ??= transfer.id;
    this.#settled ||= transfer.settled;
    if (transfer.more && !transfer.aborted) return undefined;
    const id = this.#settled || transfer.aborted ? undefined : this.#id;
    this.#id = undefined;
    this.#settled = false;
    this.deliveryCount = (this.deliveryCount + 1) >>> 0;
    this.credit--;
    return id;
  }

  /** Tops credit up once half of it is used; true if a flow has to say so. */
  topUp() {
    if (this.credit > CREDIT / 2) return false;
    this.credit = CREDIT;
    return true;
  }
}
