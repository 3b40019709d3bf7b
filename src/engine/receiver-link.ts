import { unreachable, type AmqpError } from '../errors/index.ts';
import type { Block, Described } from '../codec/index.ts';
import { ErrorCondition, ReceiverSettleMode } from '../definitions/index.ts';
import type { Attach, DeliveryState, FlowFields, TransferFields } from '../definitions/index.ts';
import { Assembly } from './assembly.ts';
import type { Budget } from './budget.ts';
import { checkState } from './check-delivery.ts';
import { HeldList } from './held-list.ts';
import type { IncomingDelivery } from './incoming-delivery.ts';
import { Link, type LinkHost, type LinkOptions, type LinkSession } from './link.ts';
import type { PayloadStore } from './payload-store.ts';
import { serialAdd, serialDifference } from './serial-number.ts';

const MAX_TAG_SIZE = 32;
const LEAST_ADOPTED = 4096;

/** What the user of a receiver provides. */
export interface ReceiverHost extends LinkHost {
  /** Makes the delivery that the engine will fill in. */
  createDelivery(): IncomingDelivery;
  /** The sender used up or gave back all credit that we asked it to drain. */
  drained(): void;
  /**
   * A delivery has used its credit, and nothing comes of it (§2.7.5): the sender aborted it, or resumed one that is not
   * known here.
   */
  aborted(): void;
}

/** What a receiver asks of its session. */
export interface ReceiverSession extends LinkSession {
  readonly store: PayloadStore;
  /** The octets of incomplete deliveries, over all links of the connection. */
  readonly incomplete: Budget;
  /** The largest frame that the peer takes. */
  readonly maxFrameSize: number;
  /** Takes over the memory of the frame that is being read, where it is not that of a read. */
  adopt(block: Block): boolean;
  /** Whether a payload of `size` octets may be left in the memory of the frame that is being read. */
  lasts(block: Block, size: number): boolean;
  /** Holds a delivery until both sides have settled. */
  hold(delivery: IncomingDelivery): void;
  /** Tells the sender our state for a delivery (with the next dispositions). */
  settleIncoming(delivery: IncomingDelivery, state: DeliveryState | Described | undefined, settled: boolean): void;
  /** Forgets the unsettled deliveries of a link. */
  forgetUnsettled(link: ReceiverLink): void;
  /** Ends the session because of what the peer did. */
  fail(condition: string, description: string): void;
}

/**
 * The receiving end of a link: credit, and the assembly of deliveries from transfers (§2.6.7, §2.6.14).
 *
 * @throws `illegal-state` where it is attached twice; `invalid-argument` for a performative or state that is larger than
 *   the peer's frames, `encode-error` for a value that AMQP cannot hold
 */
export class ReceiverLink extends Link {
  /** Deliveries that the sender may still begin (§2.6.7). */
  credit = 0;
  /** Where the sender's count stands, as a serial number. */
  deliveryCount = 0;
  /** Deliveries that have begun to arrive so far, those included of which the host has not heard yet. */
  received = 0;
  /** The number of messages that the sender has in store beyond the credit, as far as it told (§2.7.4). */
  available = 0;
  /** Deliveries that were received and are not settled. */
  readonly unsettled: HeldList<IncomingDelivery> = new HeldList();
  /** Whether we wait for the sender to drain. */
  draining = false;
  #assembly: Assembly | undefined = undefined;
  #maxMessageSize = Infinity;
  #settlesSecond = false;
  /** The count up to which credit was ever granted: deliveries within it may be in flight though it was lowered. */
  #granted = 0;
  /** The last credit that was granted. */
  #lastGrant = 0;
  /** The largest credit that was granted before the last. */
  #tolerance = 0;
  readonly #session: ReceiverSession;
  #receiverHost: ReceiverHost | undefined = undefined;
  #createDelivery: () => IncomingDelivery = () => unreachable('a delivery is complete before our attach gave credit');

  constructor(session: ReceiverSession, name: string) {
    super(session, name, true);
    this.#session = session;
  }

  /** Whether a delivery has begun and is not complete. */
  get assembling(): boolean {
    return this.#assembly !== undefined;
  }

  /**
   * Answers the attach of a sender that asked for this link; nothing comes before {@link grant}.
   * {@link Session.attachReceiver} has done it already.
   *
   * @throws `illegal-state` when it is attached or has ended; `handles-exhausted` when no handle is free;
   *   `invalid-argument` when the attach does not fit a frame that the peer takes; `encode-error` when an option cannot
   *   be written
   */
  attach(options: LinkOptions, host: ReceiverHost): void {
    this.#receiverHost = host;
    this.#createDelivery = () => host.createDelivery();
    if (options.maxMessageSize !== undefined && options.maxMessageSize > 0n)
      this.#maxMessageSize = Number(options.maxMessageSize);
    this.#settlesSecond = options.receiverSettleMode === ReceiverSettleMode.second;
    this.open({ ...options, initialDeliveryCount: undefined }, host);
  }

  override receiveAttach(remote: Attach): void {
    if (remote.initialDeliveryCount === undefined && remote.source !== undefined) {
      super.receiveAttach(remote);
      // §2.7.3: mandatory from the sender; a wrong guess would corrupt the credit of the whole link.
      this.fail(ErrorCondition.invalidField, 'the attach of the sender has no initial-delivery-count');
      return;
    }
    // Credit granted before the sender's count was known is counted from there (§2.7.4).
    this.deliveryCount = remote.initialDeliveryCount ?? 0;
    this.#granted = serialAdd(this.deliveryCount, this.credit);
    super.receiveAttach(remote);
  }

  /**
   * Sets the credit: this many deliveries may come from now on (§2.6.7). Ends a drain. Does nothing once the link has
   * ended.
   *
   * @param credit - how many deliveries, from 0 to 2^32 - 1; it is not added to what is left
   */
  grant(credit: number): void {
    if (this.ended !== undefined) return;
    this.#tolerance = Math.max(this.#tolerance, this.#lastGrant);
    this.#lastGrant = credit;
    this.credit = credit;
    // New credit takes back the wish to have none (§2.6.7).
    this.draining = false;
    this.#noteGrant();
    this.session.scheduleFlow(this);
  }

  #noteGrant(): void {
    const limit = serialAdd(this.deliveryCount, this.credit);
    if (serialDifference(this.#granted, limit) > 0) this.#granted = limit;
  }

  /** Asks the sender to use up the credit or give it back (§2.6.7); `drained` of the host tells when that is done. */
  drainCredit(): void {
    this.draining = true;
    this.session.scheduleFlow(this);
  }

  /**
   * Tells the sender what became of a delivery. `settled: false` leaves the last word to the sender (mode second).
   * Does nothing where the link is gone or the delivery was settled before; the result says whether it was told.
   *
   * @throws `invalid-argument` when the state does not fit a frame that the peer takes; `encode-error` when it cannot be
   *   written
   */
  settle(delivery: IncomingDelivery, state: DeliveryState | Described | undefined, settled = true): boolean {
    if (this.ended !== undefined || delivery.settled) return false;
    checkState(state, this.#session.maxFrameSize);
    delivery.settled = settled;
    if (!delivery.remoteSettled) this.#session.settleIncoming(delivery, state, settled);
    return true;
  }

  /** A transfer arrived; its payload lies in the block from position `start` to `end`. */
  receiveTransfer(transfer: TransferFields, block: Block, start: number, end: number): void {
    const assembly = this.#assembly;
    if (assembly !== undefined) {
      this.#continue(assembly, transfer, block, start, end);
      return;
    }
    const { deliveryId, deliveryTagStart, deliveryTagEnd } = transfer;
    if (deliveryId === undefined || deliveryTagStart < 0) {
      this.fail(ErrorCondition.invalidField, 'the first transfer of a delivery has no delivery-id or no delivery-tag');
      return;
    }
    if (deliveryTagEnd - deliveryTagStart > MAX_TAG_SIZE) {
      this.fail(
        ErrorCondition.invalidField,
        `a delivery-tag has ${deliveryTagEnd - deliveryTagStart} octets; 32 are allowed`,
      );
      return;
    }
    if (!this.#takeCredit()) return;
    if (transfer.more || transfer.aborted || transfer.resume) {
      this.#begin(deliveryId, transfer, block, start, end);
      return;
    }
    if (!this.#fits(end - start)) return;
    if (this.#session.lasts(block, end - start)) {
      this.#complete(deliveryId, transfer, block, deliveryTagStart, deliveryTagEnd, start, end);
      return;
    }
    const { store } = this.#session;
    // Tag and payload lie in one piece of the frame: one copy takes both.
    const own = store.keep(block.bytes, deliveryTagStart, end);
    const shift = store.start - deliveryTagStart;
    this.#complete(deliveryId, transfer, own, store.start, deliveryTagEnd + shift, start + shift, end + shift);
  }

  #takeCredit(): boolean {
    this.deliveryCount = serialAdd(this.deliveryCount, 1);
    this.received++;
    if (this.credit > 0) this.credit--;
    // RabbitMQ 3.10 counts a flow from the deliveries that crossed it, so it may overrun by what was granted before.
    else if (serialDifference(this.deliveryCount, this.#granted) + this.#tolerance < 0) {
      this.fail(ErrorCondition.transferLimitExceeded, 'a delivery came without credit');
      return false;
    }
    return true;
  }

  #fits(size: number): boolean {
    if (size <= this.#maxMessageSize) return true;
    this.#drop();
    this.fail(
      ErrorCondition.messageSizeExceeded,
      `a message is larger than the ${this.#maxMessageSize} octets that we take`,
    );
    return false;
  }

  /** A peer may leave deliveries incomplete on as many links as it likes: what they hold together is bounded. */
  #holds(octets: number): boolean {
    const { incomplete } = this.#session;
    if (incomplete.fits(octets)) {
      incomplete.take(octets);
      return true;
    }
    this.#session.fail(
      ErrorCondition.resourceLimitExceeded,
      `incomplete messages hold ${incomplete.held} octets, and the limit is ${incomplete.limit}`,
    );
    return false;
  }

  /** The delivery that was coming in is over. */
  #drop(): void {
    if (this.#assembly !== undefined) this.#session.incomplete.giveBack(this.#assembly.size);
    this.#assembly = undefined;
  }

  #begin(id: number, transfer: TransferFields, block: Block, start: number, end: number): void {
    const tag = block.bytes.slice(transfer.deliveryTagStart, transfer.deliveryTagEnd);
    const assembly = new Assembly(id, tag, transfer.messageFormat, transfer.resume);
    this.#assembly = assembly;
    this.#continue(assembly, transfer, block, start, end);
  }

  #continue(assembly: Assembly, transfer: TransferFields, block: Block, start: number, end: number): void {
    if (transfer.aborted) {
      // §2.7.5: what came so far is discarded, and the delivery counts as settled.
      this.#drop();
      this.#tellAborted();
      return;
    }
    if ((transfer.deliveryId ?? assembly.id) !== assembly.id) {
      this.fail(
        ErrorCondition.invalidField,
        `a transfer of delivery ${transfer.deliveryId} came within delivery ${assembly.id}`,
      );
      return;
    }
    if ((transfer.messageFormat ?? assembly.messageFormat) !== assembly.messageFormat) {
      this.fail(ErrorCondition.invalidField, `the message-format changed within delivery ${assembly.id}`);
      return;
    }
    if (assembly.ignored) {
      if (transfer.more) return;
      this.#drop();
      this.#tellAborted();
      return;
    }
    // §2.7.3: the limit counts while the delivery comes in, not at its end.
    if (!this.#fits(assembly.size + end - start) || !this.#holds(end - start)) return;
    // Memory of which the payload is the smaller part is not worth to be held, nor is memory of its own for a few octets.
    const worth = end - start >= LEAST_ADOPTED && (end - start) * 2 >= block.bytes.length;
    const adopted = worth && this.#session.adopt(block);
    assembly.add(block, start, end, adopted);
    assembly.settled ||= transfer.settled === true;
    assembly.receiverSettleMode = transfer.rcvSettleMode ?? assembly.receiverSettleMode;
    assembly.state = transfer.state ?? assembly.state;
    if (transfer.more) return;
    this.#drop();
    const whole = assembly.join();
    const tagSize = assembly.tag.length;
    transfer.settled = assembly.settled;
    transfer.state = assembly.state;
    transfer.messageFormat = assembly.messageFormat;
    transfer.rcvSettleMode = assembly.receiverSettleMode;
    this.#complete(assembly.id, transfer, whole, 0, tagSize, tagSize, whole.bytes.length);
  }

  #complete(
    id: number,
    transfer: TransferFields,
    block: Block,
    tagStart: number,
    tagEnd: number,
    payloadStart: number,
    payloadEnd: number,
  ): void {
    const { rcvSettleMode } = transfer;
    if (rcvSettleMode === ReceiverSettleMode.second && !this.#settlesSecond && transfer.settled !== true) {
      this.fail(ErrorCondition.invalidField, `delivery ${id} asks for the mode second on a link of mode first`);
      return;
    }
    const delivery = this.#createDelivery();
    delivery.id = id;
    delivery.owner = this.unsettled;
    delivery.messageFormat = transfer.messageFormat;
    delivery.block = block;
    delivery.tagStart = tagStart;
    delivery.tagEnd = tagEnd;
    delivery.payloadStart = payloadStart;
    delivery.payloadEnd = payloadEnd;
    delivery.remoteState = transfer.state;
    delivery.settlesSecond = this.#settlesSecond && rcvSettleMode !== ReceiverSettleMode.first;
    if (transfer.settled === true) {
      delivery.remoteSettled = true;
      delivery.settled = true;
    } else this.#session.hold(delivery);
    this.session.post(delivery);
    if (this.draining && this.credit === 0) this.#tellDrained();
  }

  override receiveFlow(flow: FlowFields): void {
    if (flow.available !== undefined) this.available = flow.available;
    const advanced = flow.deliveryCount === undefined ? 0 : serialDifference(this.deliveryCount, flow.deliveryCount);
    if (advanced > 0) {
      // §2.6.7: a sender that drains raises its count by the credit that it does not use.
      this.deliveryCount = serialAdd(this.deliveryCount, advanced);
      this.credit = Math.max(0, this.credit - advanced);
      // RabbitMQ 3.10 sends this flow before the transfers that use the credit, so those are still welcome.
      this.#granted = serialAdd(this.#granted, advanced);
    }
    if (this.draining && this.credit === 0) this.#tellDrained();
    if (flow.echo) this.session.scheduleFlow(this);
    if (flow.properties !== undefined) this.tell({ type: 'flowProperties', properties: flow.properties });
  }

  #tellAborted(): void {
    this.session.post({ notify: () => this.#receiverHost?.aborted() });
    if (this.draining && this.credit === 0) this.#tellDrained();
  }

  #tellDrained(): void {
    this.draining = false;
    this.session.post({ notify: () => this.#receiverHost?.drained() });
  }

  protected override dropDeliveries(_error: AmqpError): void {
    this.#drop();
    this.#session.forgetUnsettled(this);
  }

  override fillFlow(flow: FlowFields): void {
    flow.handle = this.handle;
    // §2.7.4: the count is left out until the sender's attach has told where it begins.
    flow.deliveryCount = this.remote === undefined ? undefined : this.deliveryCount;
    flow.linkCredit = this.credit;
    flow.drain = this.draining;
  }
}
