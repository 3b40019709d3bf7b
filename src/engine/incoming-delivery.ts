import type { Block, Described } from '../codec/index.ts';
import type { DeliveryState } from '../definitions/index.ts';
import type { Held, HeldList } from './held-list.ts';
import type { Notice } from './mailbox.ts';

/**
 * A delivery that we receive. The host of the link derives its own class and makes the instances, so that what belongs
 * to the delivery lies in one object and is told of news without a lookup.
 */
export abstract class IncomingDelivery implements Notice, Held<IncomingDelivery> {
  /** The delivery-id. */
  id = 0;
  /** The code of the message-format (§2.8.11); undefined if the peer left it out. */
  messageFormat: number | undefined = undefined;
  /** The memory that holds tag and payload; it stays as it is. */
  block: Block | undefined = undefined;
  /** The position of the first octet of the delivery-tag in the block. */
  tagStart = 0;
  /** The position behind its last octet. */
  tagEnd = 0;
  /** The position of the first octet of the payload in the block. */
  payloadStart = 0;
  /** The position behind its last octet. */
  payloadEnd = 0;
  /** The state that came with the transfer or by disposition. */
  remoteState: DeliveryState | Described | undefined = undefined;
  /** Whether the peer has settled; a pre-settled delivery needs no disposition. */
  remoteSettled = false;
  /** Whether we have settled. */
  settled = false;
  /** Whether the receiver of this delivery shall settle second (§2.8.3). */
  settlesSecond = false;
  /** The unsettled deliveries of its link, of which it is one while it is unsettled. */
  owner: HeldList<IncomingDelivery> | undefined = undefined;
  previous: IncomingDelivery | undefined = undefined;
  next: IncomingDelivery | undefined = undefined;
  #announced = false;

  /** A copy of the delivery-tag. */
  get tag(): Uint8Array {
    return this.block === undefined ? new Uint8Array(0) : this.block.bytes.slice(this.tagStart, this.tagEnd);
  }

  /** The delivery is complete. */
  abstract delivered(): void;

  /** The peer changed its state or settled: see `remoteState` and `remoteSettled`. */
  abstract updated(): void;

  notify(): void {
    if (this.#announced) this.updated();
    else {
      this.#announced = true;
      this.delivered();
    }
  }
}
