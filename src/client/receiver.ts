import { amqpError, type AmqpError } from '../errors/index.ts';
import type { Limits } from '../codec/index.ts';
import { ReceiverSettleMode, released } from '../definitions/index.ts';
import type { Attach, Fields } from '../definitions/index.ts';
import type { IncomingDelivery, LinkEnded, LinkEvent, ReceiverLink } from '../engine/index.ts';
import type { Clock } from '../io/index.ts';
import { callUser } from './call-user.ts';
import { Consumer, type ConsumeOptions } from './consumer.ts';
import { Deferred } from './deferred.ts';
import { Delivery, Received } from './delivery.ts';
import { Draining } from './draining.ts';
import { LinkHandle, type LinkParent } from './link-handle.ts';
import { stateOf } from './outcome.ts';
import { Queue } from './queue.ts';
import type { ReceiverStats } from './receiver-stats.ts';
import { StallWatch } from './stall-watch.ts';
import type { ParsedReceiverOptions } from './receiver-options.ts';
import { checkWait, waitFor, type WaitOptions } from './waiting.ts';

/** The most credit that a receiver may grant. */
const MOST_CREDIT = 0x7fff_ffff;
/** What a link has that was lost. */
const nothing = { credit: 0, available: 0 };

/**
 * The receiving end of a link (§2.6). Made by {@link Connection.createReceiver} or {@link Session.createReceiver}.
 * Messages are taken by `receive()`, by `for await`, or by `consume()`; each goes to one taker.
 *
 * @example
 * ```ts
 * const receiver = await connection.createReceiver('orders', { credit: 20 });
 * for await (const delivery of receiver) {
 *   console.log(delivery.message.text());
 *   await delivery.accept();
 * }
 * ```
 */
export class Receiver extends LinkHandle<ReceiverLink> {
  readonly #window: number;
  readonly #options: ParsedReceiverOptions;
  readonly #prefetched = new Queue<Received>();
  readonly #waiting = new Queue<Deferred<Delivery | undefined>>();
  #consumer: Consumer | undefined = undefined;
  /** Deliveries that arrived and whose credit was not given back. */
  #outstanding = 0;
  /** Deliveries, of all that have begun to arrive, whose credit was given back; below 0 for those that were kept. */
  #returned = 0;
  #paused = false;
  /** Manual credit that a lost link did not use. */
  #owed = 0;
  readonly #draining = new Draining();
  readonly #stall: StallWatch;
  /** Deliveries that wait for the sender in mode second. */
  readonly #second = new Set<Received>();

  /** @internal */
  constructor(parent: LinkParent, clock: Clock, name: string, options: ParsedReceiverOptions) {
    super(parent, clock, name, 'receiver', options.engine);
    this.#window = options.credit;
    this.#options = options;
    this.#stall = new StallWatch(clock, options.stalledAfter, this);
  }

  /** The address of the source as the peer attached it: the one asked for, or that of the dynamic node (§3.5.3). */
  get address(): string {
    return this.addressOf('source');
  }

  /** The filters that the peer granted, by name (§3.5.8). */
  get filters(): Fields {
    const source = this.remote?.source;
    return source !== undefined && 'filter' in source && source.filter !== undefined ? source.filter : {};
  }

  protected override attachFault(remote: Attach): string | undefined {
    const granted = remote.source !== undefined && 'filter' in remote.source ? remote.source.filter : undefined;
    const missing = this.#options.requiredFilters.filter((name) => granted?.[name] === undefined);
    // §3.5.3: what the sender leaves out it does not apply; the receiver decides whether it can live with that.
    return missing.length === 0 ? undefined : `the peer does not apply the filters ${missing.join(', ')}`;
  }

  protected override ready(): void {
    const credit = this.#window > 0 ? this.#window + this.#returned : this.#owed;
    this.#owed = 0;
    if (credit > 0 && !this.#paused) this.link.grant(credit);
  }

  /** The receiver decides when it settles: without a wish of ours it does first (§2.8.3). */
  protected override get grantedReceiverSettleMode(): typeof ReceiverSettleMode.first {
    return ReceiverSettleMode.first;
  }

  /** What is decoded of a message at most. @internal */
  get limits(): Limits | undefined {
    return this.#options.limits;
  }

  /** @internal */
  get currentLink(): ReceiverLink | undefined {
    return this.interrupted ? undefined : this.link;
  }

  /** @internal */
  createDelivery(): IncomingDelivery {
    return new Received(this, this.link);
  }

  /** @internal */
  arrived(received: Received): void {
    this.#outstanding++;
    this.#stall.arrived();
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) waiting.resolve(this.#open(received));
    else if (this.#consumer === undefined) this.#prefetched.push(received);
    else this.#consumer.take(this.#open(received));
  }

  /** Hands a delivery to the application. What came settled needs no answer, so its credit comes back now. */
  #open(received: Received): Delivery {
    received.taken = true;
    if (this.link.credit === 0) this.#topUp();
    if (received.remoteSettled) received.count();
    else if (received.settlesSecond) this.#second.add(received);
    return new Delivery(received);
  }

  /** @internal */
  settled(received: Received): void {
    // What came over a link that was lost has no credit to give back, unless it was kept.
    if (received.link !== this.currentLink && !received.remoteSettled) return;
    this.#outstanding--;
    this.#returned++;
    this.#stall.settled();
    if (received.settlesSecond) this.#second.delete(received);
    this.#topUp();
  }

  /** Whether all credit is used up by messages that are here. @internal */
  get full(): boolean {
    return this.#window > 0 && this.#outstanding >= this.#window;
  }

  /** @internal */
  stalled(forMs: number): void {
    const { name, address } = this;
    this.parent.report({ type: 'receiverStalled', name, address, unsettled: this.#outstanding, forMs });
  }

  /**
   * Grants half the window at a time: one flow serves many messages. Less is granted only where nothing else is left
   * to do: no credit out, and no message here that the application has not taken.
   */
  #topUp(): void {
    if (this.#window === 0 || this.#paused || !this.link.attached) return;
    // What has begun to arrive has used its credit, also where it is not known here yet.
    const credit = this.#window - (this.link.received - this.#returned);
    const more = credit - this.link.credit;
    if (more * 2 >= this.#window || (more > 0 && this.link.credit === 0 && this.#idle)) this.link.grant(credit);
  }

  /** Whether the application has taken all that is here. */
  get #idle(): boolean {
    return this.#prefetched.size === 0 && (this.#consumer?.waiting ?? 0) === 0;
  }

  /** @internal */
  changed(received: Received): void {
    if (received.remoteSettled && received.taken) received.count();
    const { onDeliveryState } = this.#options;
    const state = stateOf(received.remoteState);
    if (onDeliveryState !== undefined && state !== undefined)
      callUser(() => onDeliveryState(state, new Delivery(received)));
  }

  /**
   * Waits for a message. Without `timeout` it waits until one comes or the link ends. Aborting or a timeout loses
   * nothing: a message that comes later goes to the next call.
   *
   * @throws {@link AmqpError} `timeout`; `aborted`, or the reason of the signal; `invalid-argument`; `illegal-state`
   * while `consume()` runs; the error of the link, for example `link-closed`, once it has ended and no message is left
   */
  async receive(options: WaitOptions = {}): Promise<Delivery> {
    checkWait(options, 'receive');
    this.#checkSingle();
    const ready = this.tryReceive();
    if (ready !== undefined) return ready;
    this.checkOpen();
    const deferred = new Deferred<Delivery | undefined>();
    this.#waiting.push(deferred);
    const delivery = await waitFor(deferred, this.clock, options, 'receive', () => this.#waiting.remove(deferred));
    if (delivery === undefined) throw this.#endError();
    return delivery;
  }

  #endError(): AmqpError {
    return this.over?.error ?? amqpError('link-closed', `the receiver ${this.name} is closed`);
  }

  /**
   * A message that has arrived already, or undefined. Once the peer or the transport has ended the link, it gives what
   * is left.
   *
   * @throws {@link AmqpError} `illegal-state` while `consume()` runs
   */
  tryReceive(): Delivery | undefined {
    this.#checkSingle();
    const received = this.#prefetched.shift();
    return received && this.#open(received);
  }

  #checkSingle(): void {
    if (this.#consumer !== undefined)
      throw amqpError('illegal-state', `the receiver ${this.name} is being consumed by consume()`);
  }

  /**
   * All messages, one after the other. Leaving the loop leaves the receiver open. The loop ends when this program
   * closes the receiver, and throws the error of the link when the peer or the transport ends it, or `illegal-state`
   * while `consume()` runs.
   */
  [Symbol.asyncIterator](): AsyncIterator<Delivery, undefined> {
    return { next: () => this.#next(), return: () => Promise.resolve({ done: true, value: undefined }) };
  }

  #next(): Promise<IteratorResult<Delivery, undefined>> {
    this.#checkSingle();
    const received = this.#prefetched.shift();
    if (received !== undefined) return Promise.resolve({ done: false, value: this.#open(received) });
    return this.#nextLater();
  }

  async #nextLater(): Promise<IteratorResult<Delivery, undefined>> {
    if (this.over === undefined) {
      const deferred = new Deferred<Delivery | undefined>();
      this.#waiting.push(deferred);
      const delivery = await deferred.promise;
      if (delivery !== undefined) return { done: false, value: delivery };
    }
    const end = this.over;
    if (end === undefined || this.endedByProgram) return { done: true, value: undefined };
    throw end.error;
  }

  /**
   * Calls a handler for each message, up to `concurrency` at a time. The message is accepted when the handler returns
   * and given back as modified with delivery-failed when it throws, unless the handler has settled it itself.
   * Resolves when the receiver is closed by this program and the handlers under way have finished; rejects when the
   * peer or the transport ends it, or with what `onError` throws; then the receiver goes on and can be used otherwise.
   *
   * @throws {@link AmqpError} `illegal-state` where it runs already; `invalid-argument`; the error by which the link
   * ended
   */
  async consume(handler: (delivery: Delivery) => unknown, options: ConsumeOptions = {}): Promise<void> {
    this.#checkSingle();
    this.checkOpen();
    const consumer = new Consumer(handler, options);
    this.#consumer = consumer;
    for (const received of this.#prefetched.clear()) consumer.take(this.#open(received));
    try {
      await consumer.done;
    } catch (error) {
      this.#consumer = undefined;
      // What `onError` threw ends the consuming, not the receiver.
      if (this.over === undefined) await consumer.finish();
      throw error;
    }
    this.#consumer = undefined;
  }

  /** Takes back all credit, so that no more messages come (§2.6.10); those under way still do. */
  pause(): void {
    this.#paused = true;
    this.#owed = 0;
    this.link.grant(0);
  }

  /** Lets messages come again after {@link pause}. With `credit: 'manual'`, only {@link issueCredit} does. */
  resume(): void {
    this.#paused = false;
    this.#topUp();
  }

  /**
   * Grants credit for `count` more messages, 1 to 2^31 - 1 with what is left (§2.6.7). Only for `credit: 'manual'`.
   *
   * @throws {@link AmqpError} `illegal-state` without manual credit or during {@link drainCredit}; `invalid-argument`
   * for a count out of range; the error of a link that has ended
   */
  issueCredit(count: number): void {
    this.#checkManual('issueCredit');
    const left = this.interrupted ? this.#owed : this.link.credit;
    if (!Number.isInteger(count) || count < 1 || left + count > MOST_CREDIT)
      throw amqpError('invalid-argument', `issueCredit(${count}): it takes a whole number from 1 to 2147483647 in all`);
    this.checkOpen();
    if (this.#draining.active)
      throw amqpError('illegal-state', `issueCredit(${count}) has to wait until drainCredit() has ended`);
    this.#paused = false;
    if (this.interrupted) this.#owed = left + count;
    else this.link.grant(left + count);
  }

  /**
   * Asks the sender to send what it has for the credit that is left, and to give back the rest; resolves when no
   * credit is left (§2.6.7). Only for `credit: 'manual'`. Abort or timeout (default 30 s) leaves the drain under way.
   *
   * @throws {@link AmqpError} `illegal-state` without manual credit; `timeout`; `aborted`, or the reason of the signal;
   * `invalid-argument`; the error of a link that has ended
   */
  async drainCredit(options: WaitOptions = {}): Promise<void> {
    this.#checkManual('drainCredit');
    checkWait(options, 'drainCredit');
    this.checkOpen();
    if (this.lost !== undefined) throw this.lost.error;
    // There is nothing to give back, and many senders do not answer then.
    if (this.link.credit === 0 && !this.#draining.active) return;
    this.link.drainCredit();
    await this.#draining.wait(this.clock, options);
  }

  /** What did not come settled comes again: what was not taken is dropped, what was taken cannot be settled any more. */
  protected override interruption(ended: LinkEnded): void {
    const dropped = this.#prefetched.drop(({ remoteSettled }) => !remoteSettled) + (this.#consumer?.forget() ?? 0);
    if (this.#window === 0) this.#owed += this.link.credit + dropped;
    this.#outstanding = this.#prefetched.size;
    this.#returned = -this.#outstanding;
    this.#stall.stop();
    for (const received of this.#second) received.dropped(ended.error);
    this.#second.clear();
    this.#draining.failed(ended.error);
  }

  #checkManual(what: string): void {
    if (this.#window > 0) throw amqpError('illegal-state', `${what}() needs a receiver with credit: 'manual'`);
  }

  /** @internal */
  aborted(): void {
    this.#returned++;
    this.#topUp();
  }

  /** @internal */
  drained(): void {
    this.#draining.finished();
  }

  /** Credit, what has arrived, and what a waiting receive waits for, as of now. */
  stats(): ReceiverStats {
    const { credit, available } = this.currentLink ?? nothing;
    const prefetched = this.#prefetched.size;
    const unsettled = this.#outstanding - prefetched;
    return { credit, prefetched, unsettled, available, waitingFor: this.#waitingFor(unsettled) };
  }

  #waitingFor(unsettled: number): ReceiverStats['waitingFor'] {
    if (this.#waiting.size === 0) return 'nothing';
    if (this.interrupted) return 'connection';
    if (this.link.credit > 0) return 'message';
    return unsettled > 0 ? 'settlement' : 'credit';
  }

  /** @internal */
  override event(event: LinkEvent): void {
    if (event.type === 'flowProperties') this.tellFlow(event.properties, this.#options.onFlowProperties);
    else super.event(event);
  }

  /**
   * Finishes the handlers under way, however long they take unless `options` say otherwise, then closes the link;
   * messages that nobody took are released. A timeout or abort rejects, and closes the link without waiting for the
   * handlers. Do not await it within a handler: it waits for that handler.
   *
   * @throws {@link AmqpError} `timeout`; `aborted`, or the reason of the signal; `invalid-argument`
   */
  override async close(options: WaitOptions = {}): Promise<void> {
    await super.close(options);
  }

  protected override finishing(): Promise<void> | undefined {
    if (this.#consumer === undefined || this.over !== undefined) return undefined;
    // What is given back now must not come again.
    this.pause();
    return this.#consumer.finish();
  }

  protected override beforeDetach(): void {
    for (const received of this.#prefetched.clear()) this.link.settle(received, released);
  }

  protected override ended(ended: LinkEnded): void {
    this.#stall.stop();
    for (const received of this.#second) received.dropped(ended.error);
    this.#second.clear();
    this.#draining.failed(ended.error);
    for (const waiting of this.#waiting.clear()) waiting.resolve(undefined);
    this.#consumer?.end(this.endedByProgram ? undefined : ended.error);
  }
}
