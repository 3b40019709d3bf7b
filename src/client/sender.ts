import { amqpError, type AmqpError } from '../errors/index.ts';
import type { Writer } from '../codec/index.ts';
import type { LinkEnded, LinkEvent, SenderLink } from '../engine/index.ts';
import type { Clock } from '../io/index.ts';
import { encodeMessage, type MessageInit } from '../message/index.ts';
import { callUser } from './call-user.ts';
import { HeldSends } from './held-sends.ts';
import { LinkHandle, type LinkParent } from './link-handle.ts';
import { stateOf } from './outcome.ts';
import { isLarge, keepEncoder, lendEncoder, takeEncoder } from './payload-memory.ts';
import { AcceptedSend, ReceiptSend, type PendingSend, type Receipt } from './pending-send.ts';
import type { ParsedSenderOptions } from './sender-options.ts';
import { checkWait, watch, type WaitOptions } from './waiting.ts';

const lasting = { lasting: true };

/** How one message is sent. Without `signal` and `timeout` a send waits until the link ends. */
export interface SendOptions extends WaitOptions {
  /**
   * Send settled: nobody will learn the outcome, and the send resolves once handed over (§2.6.12). Default false; true
   * for all messages of a sender with the settle mode `settled`.
   */
  readonly settled?: boolean | undefined;
  /** The delivery-tag, at most 32 octets, unique among the unsettled deliveries of the link. Default: a counter. */
  readonly deliveryTag?: Uint8Array | undefined;
  /** The code of the message-format, 0 to 2^32 - 1 (§2.8.11). Default 0, the AMQP format. */
  readonly messageFormat?: number | undefined;
}

const sendKeys: ReadonlySet<string> = new Set<keyof SendOptions>([
  'signal',
  'timeout',
  'settled',
  'deliveryTag',
  'messageFormat',
]);
/** What never waits takes neither signal nor timeout. */
const tryKeys: ReadonlySet<string> = new Set<keyof SendOptions>(['settled', 'deliveryTag', 'messageFormat']);

/** What a sender is doing. */
export interface SenderStats {
  /** How many deliveries the receiver still takes (§2.6.7); 0 during an outage. */
  readonly credit: number;
  /** How many messages wait for credit, window or transport. */
  readonly queued: number;
  /** How many messages have no known outcome yet, those that wait included. */
  readonly pending: number;
  /** What a waiting send waits for. */
  readonly waitingFor: 'nothing' | 'credit' | 'window' | 'transport' | 'outcome' | 'connection';
}

/**
 * The sending end of a link (§2.6). Made by {@link Connection.createSender} or {@link Session.createSender}.
 *
 * Sends may be started without waiting for each other: they leave in the order of the calls, and thousands may be
 * under way. A send waits for credit, for the session window and for the transport; how many may wait is bounded by
 * `maxPending` of the sender and `maxQueuedSize` of the connection.
 *
 * @example
 * ```ts
 * const sender = await connection.createSender('orders');
 * await sender.send({ body: 'Hello!', properties: { messageId: 'order-7' } });
 * const sends = ['a', 'b', 'c'].map((name) => sender.send(name, { timeout: 30_000 }));
 * await Promise.all(sends);
 * await sender.close();
 * ```
 */
export class Sender extends LinkHandle<SenderLink> {
  #pending = 0;
  readonly #options: ParsedSenderOptions;
  readonly #held: HeldSends;
  readonly #resends: boolean;
  #nextTag = 0;
  #settledMode = false;
  #unsettledMode = false;

  /** @internal */
  constructor(parent: LinkParent, clock: Clock, name: string, options: ParsedSenderOptions) {
    super(parent, clock, name, 'sender', options.engine);
    this.#options = options;
    this.#held = new HeldSends(parent.held);
    this.#resends = parent.reconnect?.resend === true;
  }

  /**
   * The address of the target as the peer attached it (§3.5.4): the one asked for, or the one that the peer made for a
   * dynamic target. Empty for the anonymous terminus.
   */
  get address(): string {
    return this.addressOf('target');
  }

  /** The largest message that the peer takes, in octets (§2.7.3); Infinity if it named no limit. */
  get maxMessageSize(): number {
    return this.link.maxMessageSize;
  }

  /**
   * Sends a message and resolves when the peer has accepted it. Any other outcome rejects with a
   * {@link DeliveryError} that carries it: `rejected`, `released` (not taken; on RabbitMQ: unroutable) or `modified`.
   * If the link or connection ends first, it rejects with `outcome-unknown`, or with the error of the link if the
   * message had not left.
   *
   * The message may be changed again when the call returns. Aborting or a timeout takes back a message that has not
   * left, and aborts on the wire one that is leaving in several frames (§2.6.14); one that has left may still be
   * accepted.
   *
   * @throws {@link AmqpError} `encode-error` for what AMQP cannot hold; `invalid-argument` for options or keys of the
   * message that are not valid; `timeout`; `aborted`, or the reason of the signal
   * @throws {@link DeliveryError} `message-too-large`, `send-queue-full`, `rejected`, `released`, `modified`, `outcome-unknown`
   * @throws {@link LinkError} `link-closed`, or any other error by which the link has ended; `session-ended` or
   * `connection-closed` from when this program closes them
   * @example
   * ```ts
   * await sender.send('Hello!');
   * await sender.send({ body: new Uint8Array([1, 2, 3]), properties: { subject: 'three octets' } }, { timeout: 5_000 });
   * ```
   */
  send(message: MessageInit, options?: SendOptions): Promise<void> {
    const pending = new AcceptedSend(this, this.link);
    try {
      checkWait(options, 'send', sendKeys);
      this.#dispatch(pending, message, options);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    if (options !== undefined) this.#watch(pending, 'send', options);
    return pending.promise;
  }

  /**
   * Sends a message and resolves as soon as it is handed over to the connection; what becomes of it is data in the
   * receipt. Aborting or a timeout takes back a message that has not left; after that the receipt exists and tells the
   * rest.
   *
   * @throws as {@link send} does before the message has left
   * @example
   * ```ts
   * const { outcome } = await sender.sendWithReceipt('Hello!');
   * const { state } = await outcome;
   * if (state !== 'accepted') console.log('not taken:', state);
   * ```
   */
  sendWithReceipt(message: MessageInit, options?: SendOptions): Promise<Receipt> {
    const pending = new ReceiptSend(this, this.link);
    try {
      checkWait(options, 'send', sendKeys);
      this.#dispatch(pending, message, options);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    if (options !== undefined) this.#watch(pending, 'sendWithReceipt', options);
    return pending.promise;
  }

  /**
   * Sends a message if it can leave at once; never waits. Gives its receipt, or undefined without credit, window or
   * room in the transport, or where other messages wait; then nothing was done.
   *
   * @throws {@link AmqpError} `encode-error` for what AMQP cannot hold; `invalid-argument` for options or keys of the
   * message that are not valid; `message-too-large`; `link-closed`, or any other error by which the link has ended
   * @example
   * ```ts
   * const receipt = sender.trySend('tick', { settled: true });
   * if (receipt === undefined) console.log('nobody takes it now');
   * ```
   */
  trySend(message: MessageInit, options?: Omit<SendOptions, keyof WaitOptions>): Receipt | undefined {
    const known: SendOptions | undefined = options;
    checkWait(known, 'trySend', tryKeys);
    this.checkOpen();
    if (this.interrupted || !this.link.sendable || this.#pending >= this.#options.maxPending) return undefined;
    const pending = new ReceiptSend(this, this.link);
    // A large one may leave in part only; who holds the receipt learns of its end by the outcome.
    pending.promise.catch(() => undefined);
    this.#dispatch(pending, message, options);
    return pending.receipt;
  }

  #dispatch(pending: PendingSend, message: MessageInit, options: SendOptions | undefined): void {
    if (this.#pending >= this.#options.maxPending) this.#refuse();
    if (options !== undefined) this.#apply(pending, options);
    if (this.#settledMode) pending.settled = true;
    const encoder = takeEncoder();
    try {
      encodeMessage(encoder, message);
      this.#pending++;
      this.#handOver(pending, encoder);
    } finally {
      if (!isLarge(encoder)) keepEncoder(encoder);
    }
  }

  #handOver(pending: PendingSend, encoder: Writer): void {
    try {
      if (this.over !== undefined) throw this.over.error;
      const { bytes, position } = encoder;
      const large = isLarge(encoder);
      const octets = large ? bytes.subarray(0, position) : undefined;
      if (this.#resends) pending.octets = octets ?? bytes.slice(0, position);
      if (this.interrupted) this.#hold(pending, pending.octets ?? octets ?? bytes.slice(0, position));
      else {
        if (large && !this.#resends) lendEncoder(encoder);
        if (this.link.send(pending, bytes, 0, position, large ? lasting : undefined)) pending.transferred();
      }
    } catch (error) {
      this.#pending--;
      throw error;
    }
  }

  /** There is no link now: the send waits for the next. */
  #hold(pending: PendingSend, octets: Uint8Array): void {
    this.checkOpen();
    this.#held.add(pending, octets);
  }

  /** @internal */
  keep(pending: PendingSend, error: AmqpError): boolean {
    if (!this.survives(error)) return false;
    const { payload, offset, end, progress } = pending;
    const waited = progress === 'queued' ? payload?.subarray(offset, end) : undefined;
    const octets = waited ?? (this.#resends && !pending.remoteSettled ? pending.octets : undefined);
    if (octets === undefined) return false;
    pending.renew();
    this.#held.keep(pending, octets);
    return true;
  }

  /** @internal */
  abandoned(pending: PendingSend): void {
    this.#held.remove(pending);
  }

  protected override interruption(): void {
    // The next link goes on with the tags: those that are sent again must not meet others of the same name.
    this.#nextTag = this.link.nextTag;
  }

  protected override ended(ended: LinkEnded): void {
    this.#held.drop(ended.error);
  }

  #refuse(): never {
    throw amqpError('send-queue-full', `${this.#pending} sends to ${this.address} have no outcome yet`);
  }

  #apply(pending: PendingSend, options: SendOptions): void {
    if (options.settled === true && this.#unsettledMode) {
      throw amqpError(
        'invalid-argument',
        `the sender ${this.name} is unsettled: settled must not be set for a message`,
      );
    }
    if (options.settled !== undefined && typeof options.settled !== 'boolean')
      throw amqpError('invalid-argument', 'send options.settled must be true or false');
    if (options.deliveryTag !== undefined && !(options.deliveryTag instanceof Uint8Array))
      throw amqpError('invalid-argument', 'send options.deliveryTag must be a Uint8Array');
    pending.settled = options.settled === true;
    // A copy, also of a Buffer, whose slice() is a view.
    pending.tag = options.deliveryTag && Uint8Array.from(options.deliveryTag);
    if (options.messageFormat !== undefined) pending.messageFormat = options.messageFormat;
  }

  #watch(pending: AcceptedSend | ReceiptSend, what: string, options: WaitOptions): void {
    if (options.signal === undefined && options.timeout === undefined) return;
    const stop = watch(this.clock, options, what, (error) => pending.fail(error));
    pending.promise.then(stop, stop);
  }

  /** Credit, what is under way, and what a waiting send waits for. */
  stats(): SenderStats {
    const credit = this.interrupted ? 0 : this.link.credit;
    const queued = this.link.queued + this.#held.size;
    return { credit, queued, pending: this.#pending, waitingFor: this.#waitingFor() };
  }

  #waitingFor(): SenderStats['waitingFor'] {
    if (this.interrupted) return 'connection';
    const { credit, queued } = this.link;
    if (queued === 0) return this.#pending === 0 ? 'nothing' : 'outcome';
    if (credit === 0) return 'credit';
    return this.parent.writable ? 'window' : 'transport';
  }

  /** @internal */
  finished(): void {
    this.#pending--;
  }

  /** @internal */
  stateChanged(pending: PendingSend): void {
    const { onDeliveryState, closeOnRejected } = this.#options;
    if (onDeliveryState === undefined && !closeOnRejected) return;
    const state = stateOf(pending.remoteState);
    if (state === undefined) return;
    if (onDeliveryState !== undefined) callUser(() => onDeliveryState(state, pending.tagOctets));
    if (closeOnRejected && state.state === 'rejected') this.leave(true);
  }

  /** @internal */
  creditChanged(): void {
    // The engine sends what waits; all that is left to do is to give back credit that the peer drains.
    this.link.drained();
  }

  /** @internal */
  override event(event: LinkEvent): void {
    if (event.type === 'flowProperties') this.tellFlow(event.properties, this.#options.onFlowProperties);
    else super.event(event);
  }

  protected override attachFault(): undefined {
    return undefined;
  }

  protected override ready(): void {
    const mode = this.senderSettleMode;
    this.#settledMode = mode === 'settled';
    this.#unsettledMode = mode === 'unsettled';
    this.link.nextTag = this.#nextTag;
    this.#held.sendAll(this.link);
  }
}
