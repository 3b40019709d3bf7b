import { amqpError, type AmqpError } from '../errors/index.ts';
import type { Attach, DeliveryState, FlowFields } from '../definitions/index.ts';
import { Link, type LinkHost, type LinkOptions, type LinkSession } from './link.ts';
import type { Budget } from './budget.ts';
import { checkDelivery, checkState } from './check-delivery.ts';
import { HeldList } from './held-list.ts';
import type { OutgoingDelivery } from './outgoing-delivery.ts';
import type { PayloadStore } from './payload-store.ts';
import { serialAdd, serialDifference } from './serial-number.ts';

/** What the user of a sender provides. */
export interface SenderHost extends LinkHost {
  /** Credit or the drain flag changed. While `drain` is set, answer with {@link SenderLink.drained}. */
  creditChanged(): void;
}

/** What a sender asks of its session. */
export interface SenderSession extends LinkSession {
  /** The largest frame that the peer takes. */
  readonly maxFrameSize: number;
  /** Whether transfers may be written now: window and transport have room. */
  readonly sendable: boolean;
  /** Where payloads wait. */
  readonly store: PayloadStore;
  /** The octets that wait, over all links of the connection. */
  readonly queued: Budget;
  /**
   * Writes transfers of a delivery until it is sent or the window is shut; assigns its id with the first. Says
   * whether the last transfer was written.
   */
  transfer(
    link: SenderLink,
    delivery: OutgoingDelivery,
    payload: Uint8Array,
    start: number,
    end: number,
    lasting: boolean,
  ): boolean;
  /** Writes the transfer that aborts a delivery. */
  abort(link: SenderLink, delivery: OutgoingDelivery): void;
  /** Has {@link SenderLink.pump} called when transfers may be written. */
  schedule(link: SenderLink): void;
  /** Settles a delivery as sender, with its state. */
  settleOutgoing(delivery: OutgoingDelivery, state: DeliveryState | undefined): void;
  /** Removes and returns the unsettled deliveries of a link. */
  takeUnsettled(link: SenderLink): OutgoingDelivery[];
}

/** What is known of a payload that is to be sent. */
export interface SendTerms {
  /** It was accepted before, by a link that was lost: it may wait however much waits already. Default false. */
  readonly readmitted?: boolean;
  /**
   * It stays as it is until `written` of the delivery says that it was sent: it need not be copied, neither to wait nor
   * to leave. Default false.
   */
  readonly lasting?: boolean;
}

const usual: SendTerms = {};

/** Whether a delivery was taken back before anything of it was sent. */
const isCancelled = (delivery: OutgoingDelivery): boolean => delivery.progress === 'aborted' && delivery.id < 0;

/**
 * The sending end of a link: credit, and the queue of deliveries that wait for it (§2.6.7).
 *
 * @throws `illegal-state` where it is attached twice; `invalid-argument` for a performative or state
 *   that is larger than the peer's frames, `encode-error` for a value that AMQP cannot hold
 */
export class SenderLink extends Link {
  /** Deliveries that the receiver will still take (§2.6.7). */
  credit = 0;
  /** Whether the receiver asked to use up or give back the credit. */
  drain = false;
  /** How many deliveries were begun, as a serial number. */
  deliveryCount = 0;
  /** Deliveries that were sent, in whole or in part, and are not settled. */
  readonly unsettled: HeldList<OutgoingDelivery> = new HeldList();
  /** Whether the session will call {@link pump}. */
  scheduled = false;
  #initialDeliveryCount = 0;
  /**
   * The delivery-tag of the next delivery that names none, as a number of four octets. A link that takes the place of
   * another goes on with its tags.
   */
  nextTag = 0;
  readonly #session: SenderSession;
  #queue: OutgoingDelivery[] = [];
  #head = 0;
  /** How many of the queue were taken back before they began; they are dropped when their turn comes. */
  #cancelled = 0;
  #remoteLimit = Infinity;
  #creditNotice = false;
  #senderHost: SenderHost | undefined = undefined;

  constructor(session: SenderSession, name: string) {
    super(session, name, false);
    this.#session = session;
  }

  /**
   * Answers the attach of a receiver that asked for this link; credit comes when it grants some (§2.6.7).
   * {@link Session.attachSender} has done it already.
   *
   * @throws `illegal-state` when it is attached or has ended; `handles-exhausted` when no handle is free;
   *   `invalid-argument` when the attach does not fit a frame that the peer takes; `encode-error` when an option cannot
   *   be written
   */
  attach(options: LinkOptions, host: SenderHost): void {
    this.#senderHost = host;
    this.#initialDeliveryCount = options.initialDeliveryCount ?? 0;
    this.deliveryCount = this.#initialDeliveryCount;
    this.open({ ...options, initialDeliveryCount: this.#initialDeliveryCount }, host);
  }

  override receiveAttach(remote: Attach): void {
    super.receiveAttach(remote);
    if (remote.maxMessageSize !== undefined && remote.maxMessageSize > 0n)
      this.#remoteLimit = Number(remote.maxMessageSize);
  }

  /** The largest message that the receiver takes, in octets; Infinity if it named no limit. */
  get maxMessageSize(): number {
    return this.#remoteLimit;
  }

  /** How many deliveries wait for credit, window or transport. */
  get queued(): number {
    return this.#queue.length - this.#head - this.#cancelled;
  }

  /** Whether a delivery would leave at once. */
  get sendable(): boolean {
    return this.credit > 0 && this.state === 'opened' && this.queued === 0 && this.#session.sendable;
  }

  /**
   * Sends a delivery: now if possible, else when its turn comes; then the payload is copied, unless it is `lasting`.
   * Returns whether it was handed over at once; if not, `transferred` of the delivery tells.
   *
   * @param start - the position of the first octet to send
   * @param end - the position behind the last
   * @param terms - what is known of the payload
   * @throws `message-too-large` for more octets than the receiver takes; `send-queue-full` where it must wait and too
   *   many octets wait; `invalid-argument` for a tag of more than 32
   *   octets, a message-format that is no integer from 0 to 2^32 - 1, or a state that does not fit a frame;
   *   `encode-error` for a state that cannot be written; `link-closed` when the link is not attached or is closing,
   *   `session-ended` or `connection-closed` when they are; the error of `ended` once that is set
   */
  send(
    delivery: OutgoingDelivery,
    payload: Uint8Array,
    start = 0,
    end: number = payload.length,
    { readmitted = false, lasting = false }: SendTerms = usual,
  ): boolean {
    if (end - start > this.#remoteLimit) {
      throw amqpError(
        'message-too-large',
        `a message of ${end - start} octets exceeds the limit of ${this.#remoteLimit} of the link ${this.name}`,
      );
    }
    checkDelivery(delivery.tag, delivery.messageFormat);
    checkState(delivery.localState, this.#session.maxFrameSize);
    delivery.tag ??= this.nextTag++ >>> 0;
    delivery.owner = this.unsettled;
    if (this.sendable) {
      this.#begin();
      if (this.#session.transfer(this, delivery, payload, start, end, lasting)) return true;
      this.#enqueue(delivery, payload, start + delivery.offset, end, lasting);
      this.#session.schedule(this);
      return false;
    }
    this.#checkOpen();
    if (!readmitted) this.#checkQueue(end - start);
    delivery.progress = 'queued';
    this.#enqueue(delivery, payload, start, end, lasting);
    this.#wantPump();
    return false;
  }

  /** Keeps what is left of a delivery until it can be sent. */
  #enqueue(delivery: OutgoingDelivery, payload: Uint8Array, start: number, end: number, lasting: boolean): void {
    if (lasting) {
      delivery.payload = payload;
      delivery.offset = start;
    } else {
      const { store } = this.#session;
      delivery.payload = store.keep(payload, start, end).bytes;
      delivery.offset = store.start;
    }
    delivery.end = delivery.offset + end - start;
    this.#session.queued.take(end - start);
    this.#queue.push(delivery);
  }

  /** The octets of a delivery that is taken back or dropped wait no more. */
  #release(delivery: OutgoingDelivery): void {
    if (delivery.payload !== undefined) this.#session.queued.giveBack(delivery.end - delivery.offset);
  }

  #checkQueue(size: number): void {
    const { queued } = this.#session;
    // One message may be larger than the limit: it is the only one then.
    if (queued.fits(size) || queued.held === 0) return;
    throw amqpError(
      'send-queue-full',
      `messages of ${queued.held} octets wait to be sent on the connection, and the limit is ${queued.limit}`,
    );
  }

  #checkOpen(): void {
    const open = this.state === 'opened' || this.state === 'openSent';
    if (this.ended !== undefined || !open || !this.session.sending) throw this.closingError;
  }

  /** One delivery takes one credit, however many frames it needs (§2.6.7). */
  #begin(): void {
    this.credit--;
    this.deliveryCount = serialAdd(this.deliveryCount, 1);
  }

  /**
   * Takes a delivery back. One that has not begun is removed, one that has begun is aborted on the wire; nothing can
   * be done about one that was handed over: then the result is false.
   */
  cancel(delivery: OutgoingDelivery): boolean {
    const { progress } = delivery;
    if (progress === 'queued') {
      delivery.progress = 'aborted';
      this.#release(delivery);
      delivery.payload = undefined;
      this.#cancelled++;
      this.#compact();
      // It may have been the last that a drain waited for.
      if (this.drain) this.#tellCredit();
    } else if (progress === 'started') {
      delivery.progress = 'aborted';
      // It stays at the head of the queue: the abort is a transfer too and needs the window (§2.6.14).
      this.#release(delivery);
      delivery.payload = undefined;
      this.#session.schedule(this);
    } else return false;
    return true;
  }

  /**
   * Settles a delivery from this side, for example when the receiver told its outcome and settles second (§2.8.3). The
   * peer is told with the next {@link Connection.transmit}. Does nothing where it was settled or the link has ended.
   *
   * @throws `invalid-argument` when the state does not fit a frame that the peer takes; `encode-error` when it cannot be
   *   written
   */
  settle(delivery: OutgoingDelivery, state?: DeliveryState): void {
    if (delivery.settled || this.ended !== undefined) return;
    checkState(state, this.#session.maxFrameSize);
    delivery.settled = true;
    this.#session.settleOutgoing(delivery, state);
  }

  /** There is nothing to send: uses up the credit if the receiver asked for it, once the queue is empty (§2.6.7). */
  drained(): void {
    if (!this.drain || this.queued > 0 || this.state !== 'opened') return;
    this.deliveryCount = serialAdd(this.deliveryCount, this.credit);
    this.credit = 0;
    this.session.scheduleFlow(this);
  }

  override receiveFlow(flow: FlowFields): void {
    if (flow.linkCredit !== undefined) {
      // §2.6.7: link-credit_snd := delivery-count_rcv + link-credit_rcv - delivery-count_snd
      const counted = flow.deliveryCount ?? this.#initialDeliveryCount;
      this.credit = Math.max(0, flow.linkCredit + serialDifference(this.deliveryCount, counted));
    }
    this.drain = flow.drain;
    if (flow.echo) this.session.scheduleFlow(this);
    if (flow.properties !== undefined) this.tell({ type: 'flowProperties', properties: flow.properties });
    this.#wantPump();
    this.#tellCredit();
  }

  #tellCredit(): void {
    if (this.#creditNotice) return;
    this.#creditNotice = true;
    this.session.post({
      notify: () => {
        this.#creditNotice = false;
        if (this.state === 'opened') this.#senderHost?.creditChanged();
      },
    });
  }

  #wantPump(): void {
    if (this.queued > 0 && this.credit > 0) this.#session.schedule(this);
  }

  /** Writes what waits, as far as credit, window and transport allow; says whether more could be written later. */
  pump(): boolean {
    while (this.#head < this.#queue.length && this.state === 'opened') {
      const delivery = this.#queue[this.#head];
      if (delivery !== undefined && isCancelled(delivery)) this.#cancelled--;
      else if (delivery === undefined || !this.#session.sendable) return true;
      else if (!this.#advanceDelivery(delivery)) return delivery.progress === 'started';
      this.#head++;
      this.#compact();
      // Last, for the host may throw, or use the link.
      if (delivery.progress === 'transferred') delivery.transferred();
    }
    if (this.drain) this.#tellCredit();
    return false;
  }

  /** Sends on with the first delivery of the queue; says whether it is done with. */
  #advanceDelivery(delivery: OutgoingDelivery): boolean {
    const { payload } = delivery;
    if (payload === undefined) {
      this.#session.abort(this, delivery);
      return true;
    }
    if (delivery.progress === 'queued') {
      if (this.credit === 0) return false;
      this.#begin();
    }
    const from = delivery.offset;
    const complete = this.#session.transfer(this, delivery, payload, from, delivery.end, true);
    this.#session.queued.giveBack((complete ? delivery.end : delivery.offset) - from);
    if (!complete) return false;
    delivery.payload = undefined;
    return true;
  }

  /** Gives back the memory of what is done with, once it is worth a copy. */
  #compact(): void {
    const dead = this.#head + this.#cancelled;
    if (this.queued > 0 && (dead < 1024 || dead * 2 < this.#queue.length)) return;
    this.#queue = this.#queue.slice(this.#head).filter((delivery) => !isCancelled(delivery));
    this.#head = 0;
    this.#cancelled = 0;
  }

  protected override dropDeliveries(error: AmqpError): void {
    // What waits here may also be held as unsettled, if it has begun.
    const waiting = this.#queue.slice(this.#head);
    const open = new Set([...this.#session.takeUnsettled(this), ...waiting]);
    for (const delivery of waiting) this.#release(delivery);
    this.#queue = [];
    this.#head = 0;
    this.#cancelled = 0;
    for (const delivery of open) {
      // What was taken back is nobody's any more, and the fate of what the peer has settled is known.
      if (delivery.progress === 'aborted' || delivery.remoteSettled) continue;
      this.session.post({ notify: () => delivery.dropped(error) });
    }
  }

  override fillFlow(flow: FlowFields): void {
    flow.handle = this.handle;
    flow.deliveryCount = this.deliveryCount;
    flow.linkCredit = this.credit;
    flow.available = this.queued;
    flow.drain = this.drain;
  }
}
