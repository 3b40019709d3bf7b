import type { Described } from '../codec/index.ts';
import type { AmqpError } from '../errors/index.ts';
import type { DeliveryState } from '../definitions/index.ts';
import type { Held, HeldList } from './held-list.ts';
import type { Notice } from './mailbox.ts';
import type { PayloadOwner } from './output.ts';

/**
 * How far a delivery has got on its way to the peer: `new` until it is sent, `queued` while it waits for credit or room,
 * `started` from its first transfer on, `transferred` after its last; `aborted` if it was taken back.
 */
export type TransferProgress = 'new' | 'queued' | 'started' | 'transferred' | 'aborted';

/**
 * A delivery that we send. The caller derives its own class, so that what belongs to the delivery (a promise, a
 * message) lies in one object and is told of its fate without a lookup.
 */
export abstract class OutgoingDelivery implements Notice, Held<OutgoingDelivery>, PayloadOwner {
  /** The delivery-id; it is assigned when the first transfer is written (-1 before). */
  id = -1;
  /** The delivery-tag: octets, or a number that stands for four octets. Undefined lets the link choose. */
  tag: Uint8Array | number | undefined = undefined;
  /** The code of the message-format (§2.8.11). */
  messageFormat = 0;
  /** The state to send with the transfer, for example a transactional-state. */
  localState: DeliveryState | undefined = undefined;
  /** The state at the peer, once it told us (§3.4). */
  remoteState: DeliveryState | Described | undefined = undefined;
  /** Whether we have settled: nothing more is said about the delivery. Set before sending, it means pre-settled. */
  settled = false;
  /** Whether the peer has settled. */
  remoteSettled = false;
  /** How far it has got; the link writes it. */
  progress: TransferProgress = 'new';
  /** The unsettled deliveries of its link, of which it is one while it is unsettled. */
  owner: HeldList<OutgoingDelivery> | undefined = undefined;
  previous: OutgoingDelivery | undefined = undefined;
  next: OutgoingDelivery | undefined = undefined;
  /** The memory with what is still to be sent, while queued or started. */
  payload: Uint8Array | undefined = undefined;
  /** Where that begins, in octets; without such memory, how much has been sent. */
  offset = 0;
  /** The position where that ends. */
  end = 0;

  /** Makes it ready to be sent once more, over another link; tag, format and local state stay. */
  renew(): void {
    this.id = -1;
    this.remoteState = undefined;
    this.remoteSettled = false;
    this.progress = 'new';
    this.owner = undefined;
    this.previous = undefined;
    this.next = undefined;
    this.payload = undefined;
    this.offset = 0;
    this.end = 0;
  }

  /** The delivery-tag as octets, once the delivery was sent. */
  get tagOctets(): Uint8Array {
    const { tag } = this;
    if (typeof tag !== 'number') return tag ?? new Uint8Array(0);
    return Uint8Array.of(tag >>> 24, tag >>> 16, tag >>> 8, tag);
  }

  /** The last transfer was handed over. Called for queued deliveries; `send` tells of the others by its result. */
  abstract transferred(): void;

  /** The peer changed its state or settled: see `remoteState` and `remoteSettled`. */
  abstract updated(): void;

  /**
   * The link ended before the delivery was settled. Whether the peer got it is not known unless it was queued; then
   * `payload`, from `offset` to `end`, still holds it.
   */
  abstract dropped(error: AmqpError): void;

  /** All of a `lasting` payload was sent, and the transport is done with its memory. Called where it was not copied. */
  written(_payload: Uint8Array): void {
    // Most memory is left to the garbage collector.
  }

  notify(): void {
    this.updated();
  }
}
