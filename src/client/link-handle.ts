import { amqpError, type AmqpError, unreachable } from '../errors/index.ts';
import { ReceiverSettleMode, SenderSettleMode } from '../definitions/index.ts';
import type { Attach, Fields } from '../definitions/index.ts';
import type { Budget, Ended, LinkEnded, LinkEvent, ReceiverLink, SenderLink } from '../engine/index.ts';
import type { Clock } from '../io/index.ts';
import { callUser } from './call-user.ts';
import { closeInfo, isOwnEnd, type CloseInfo } from './close-info.ts';
import type { ReceiverStalled } from './connection-event.ts';
import { Deferred } from './deferred.ts';
import { Endpoint } from './endpoint.ts';
import {
  receiverModeNames,
  senderModeNames,
  settleModeFault,
  type LinkOptions,
  type SettleModes,
} from './link-options.ts';
import type { ParsedReconnectOptions } from './recovery/reconnect-options.ts';
import { checkWaitOptions, waitFor, waitForEnd, type WaitOptions } from './waiting.ts';

/** How long a close waits for the answer of the peer, in ms. */
const CLOSE_TIMEOUT = 10_000;

/** What a link asks of the session and connection that it lives on. */
export interface LinkParent {
  /** Whether the transport takes more. */
  readonly writable: boolean;
  /** Tells an event of the link to whoever follows the connection. */
  report(event: ReceiverStalled): void;
  /** Whether it is about to be made again: nothing can be sent any more, and it has not ended yet. */
  readonly suspended: boolean;
  /** How the connection recovers; undefined where it does not. */
  readonly reconnect: ParsedReconnectOptions | undefined;
  /** Where the octets are counted that wait for links. */
  readonly held: Budget;
  /** Whether what ends with this error is made again. */
  survives(error: AmqpError): boolean;
  /** A link that is to be made again has ended. */
  interrupted(link: Revivable, error: AmqpError): void;
  /** It is attached again. */
  revived(link: Revivable): void;
  /** The link has ended for good: a session that exists for it alone ends as well. */
  linkEnded(link: Revivable): void;
}

/** A link that can be attached again. */
export interface Revivable {
  /** Attaches again under the same name, in the session that is there now. */
  revive(): void;
  /** Its session has ended for good, and it with it. */
  perish(ended: Ended): void;
}

/** How long the peer may take to answer an attach that is made again, in ms. */
const REVIVE_TIMEOUT = 30_000;

/** What senders and receivers share: names, closing, and how they tell of their end. */
export abstract class LinkHandle<L extends SenderLink | ReceiverLink> extends Endpoint {
  /** The name of the link (§2.6.1): the option `name`, or the one made in its place. */
  readonly name: string;
  /** Resolves when the link has ended, whoever ended it, with who and why. Never rejects. */
  readonly closed: Promise<CloseInfo>;
  protected readonly parent: LinkParent;
  protected readonly asked: SettleModes;
  readonly #closed = new Deferred<CloseInfo>();
  readonly #attached = new Deferred<void>();
  /** @internal */
  readonly clock: Clock;
  readonly #what: string;
  #link: L | undefined = undefined;
  /** Makes the link of the engine, now and again. */
  #attach: () => L = () => unreachable('a link is attached by its session');
  #wasAttached = false;
  #leaving = false;
  /** How the link was lost that is to be attached again. */
  #lost: LinkEnded | undefined = undefined;
  #over: LinkEnded | undefined = undefined;
  #endedByProgram = false;
  #cancelRevival: (() => void) | undefined = undefined;
  #remote: Attach | undefined = undefined;
  #refusal: AmqpError | undefined = undefined;
  #cancelClosing: (() => void) | undefined = undefined;

  constructor(parent: LinkParent, clock: Clock, name: string, what: string, asked: SettleModes) {
    super();
    this.parent = parent;
    this.asked = asked;
    this.name = name;
    this.closed = this.#closed.promise;
    this.clock = clock;
    this.#what = what;
    this.#attached.promise.catch(() => undefined);
  }

  /** The link of the engine, from the attach on. */
  protected get link(): L {
    return this.#link ?? unreachable('a link is used before its attach');
  }

  /** When the sender of the link settles: what was agreed on (§2.8.2). */
  get senderSettleMode(): NonNullable<LinkOptions['senderSettleMode']> {
    const granted = this.#remote?.sndSettleMode ?? SenderSettleMode.mixed;
    return senderModeNames[this.asked.senderSettleMode ?? granted];
  }

  /** When the receiver of the link settles: what was agreed on (§2.8.3). */
  get receiverSettleMode(): NonNullable<LinkOptions['receiverSettleMode']> {
    return receiverModeNames[this.asked.receiverSettleMode ?? this.grantedReceiverSettleMode];
  }

  /** Which mode of the receiver applies where none was asked for. */
  protected get grantedReceiverSettleMode(): ReceiverSettleMode {
    return this.#remote?.rcvSettleMode ?? ReceiverSettleMode.first;
  }

  protected override get remote(): Attach | undefined {
    return this.#remote;
  }

  protected addressOf(terminus: 'source' | 'target'): string {
    const end = this.#remote?.[terminus];
    const address = end !== undefined && 'address' in end ? end.address : undefined;
    return typeof address === 'string' ? address : '';
  }

  /** How the link ended for good; undefined while it lives or is to be attached again. */
  protected get over(): LinkEnded | undefined {
    return this.#over;
  }

  /** Whether it has ended because the program wanted that, though the transport may have broken meanwhile. */
  protected get endedByProgram(): boolean {
    return this.#endedByProgram;
  }

  /** Whether the link has ended and is to be attached again. */
  protected get interrupted(): boolean {
    return this.#lost !== undefined || (this.parent.suspended && this.#over === undefined);
  }

  /** How the link was lost that is to be attached again. */
  protected get lost(): LinkEnded | undefined {
    return this.#lost;
  }

  /** Attaches, and waits for the attach of the peer; a call that is given up leaves no link behind. @internal */
  async whenAttached(attach: () => L, options: WaitOptions): Promise<void> {
    this.#attach = attach;
    const link = attach();
    this.#link = link;
    await waitFor(this.#attached, this.clock, options, `attaching the ${this.#what} ${this.name}`, () => {
      link.detach({ closed: true });
    });
  }

  /** What else is wrong with the answer of the peer, if anything. */
  protected abstract attachFault(remote: Attach): string | undefined;
  /** The link is attached. */
  protected abstract ready(): void;

  /** @internal */
  event(event: LinkEvent): void {
    if (event.type === 'attached') this.#whenAttached(event.remote);
    else if (event.type === 'ended') this.#whenEnded(event);
  }

  protected tellFlow(properties: Fields, callback: ((properties: Fields) => void) | undefined): void {
    if (callback !== undefined) callUser(() => callback(properties));
  }

  /** @internal */
  revive(): void {
    if (this.#over !== undefined || this.#leaving) return;
    const link = this.#attach();
    this.#link = link;
    this.#cancelRevival = this.clock.setTimer(REVIVE_TIMEOUT, () => {
      link.giveUp(
        amqpError('link-detached-by-peer', `the peer did not answer the attach of the ${this.#what} ${this.name}`),
      );
    });
  }

  /** @internal */
  perish({ by, error, clean }: Ended): void {
    this.#end({ type: 'ended', by, error, clean, closed: false });
  }

  /** Whether a link that ends with this error is attached again. @internal */
  survives(error: AmqpError): boolean {
    return this.#wasAttached && !this.#leaving && this.parent.survives(error);
  }

  /** Told when the link has ended and is to be attached again. */
  protected abstract interruption(ended: LinkEnded): void;

  #whenAttached(remote: Attach): void {
    // An attach that breaks a rule has ended the link already: the caller hears of that alone.
    if (this.link.failure !== undefined) return;
    this.#cancelRevival?.();
    this.#remote = remote;
    const fault = settleModeFault(this.asked, remote) ?? this.attachFault(remote);
    if (fault === undefined) {
      const again = this.#wasAttached;
      this.#wasAttached = true;
      this.#lost = undefined;
      this.ready();
      this.#attached.resolve();
      if (again) this.parent.revived(this);
    } else {
      this.#refusal = amqpError('link-refused', `the ${this.#what} ${this.name} was given up: ${fault}`);
      this.link.detach({ closed: true });
    }
  }

  #whenEnded(ended: LinkEnded): void {
    this.#cancelRevival?.();
    if (this.#refusal === undefined && this.survives(ended.error)) {
      const first = this.#lost === undefined;
      this.#lost ??= ended;
      if (first) this.interruption(ended);
      this.parent.interrupted(this, ended.error);
    } else this.#end(this.#refusal === undefined ? ended : { ...ended, error: this.#refusal, clean: false });
  }

  #end(ended: LinkEnded): void {
    if (this.#over !== undefined) return;
    this.#over = ended;
    this.#endedByProgram = this.#leaving || isOwnEnd(ended);
    this.#lost = undefined;
    this.#cancelRevival?.();
    this.#cancelClosing?.();
    this.ended(ended);
    this.#attached.reject(this.#refusal ?? this.#attachError(ended.error));
    this.#closed.resolve(closeInfo(ended));
    this.parent.linkEnded(this);
  }

  /** RabbitMQ ends the whole session where it refuses a link; to the caller that is a refused link all the same. */
  #attachError(error: AmqpError): AmqpError {
    if (error.code !== 'session-ended-by-peer') return error;
    const { condition, description, info } = error;
    const why = [condition, description].filter((part) => part !== undefined).join(': ');
    return amqpError('link-refused', `the peer refused the ${this.#what} ${this.name} by ending its session: ${why}`, {
      condition,
      description,
      info,
      cause: error,
    });
  }

  /** Told once when the link has ended. */
  protected ended(_ended: LinkEnded): void {
    // Only receivers have more to do.
  }

  protected checkOpen(): void {
    if (this.#over !== undefined) throw this.#over.error;
    if (this.link.attached || (this.interrupted && !this.#leaving)) return;
    throw this.link.closingError;
  }

  /**
   * Closes the link for good: its terminus at the peer ends too (§2.6.6). Resolves when the peer has answered. A
   * timeout or abort rejects, but the closing goes on: a peer that has not answered after 10 s, which is the default
   * too, is not waited for any longer, and `closed` says so. A second call waits for the same end; a link that has
   * ended resolves at once. Sends that wait then reject with `link-closed`, and with `outcome-unknown` those that have left.
   *
   * @throws {@link AmqpError} `timeout`; `aborted`, or the reason of the signal; `invalid-argument` for options that
   * are not valid. Never the error by which the link ended: `closed` tells that.
   */
  async close(options: WaitOptions = {}): Promise<void> {
    await this.#detach(true, options);
  }

  /**
   * Ends the link but leaves a durable terminus in place, to be attached again under the same name (§2.6.4). For the
   * rest it does as {@link close}: it waits, times out and is aborted alike.
   *
   * @throws as {@link close}
   */
  async detach(options: WaitOptions = {}): Promise<void> {
    await this.#detach(false, options);
  }

  async #detach(closed: boolean, options: WaitOptions): Promise<void> {
    checkWaitOptions(options, 'close');
    const { signal, timeout = CLOSE_TIMEOUT } = options;
    const what = `closing the ${this.#what} ${this.name}`;
    const work = this.finishing();
    if (work !== undefined) await waitForEnd(work, this.clock, options, what, () => this.leave(closed));
    this.leave(closed);
    await waitForEnd(this.closed, this.clock, { signal, timeout }, what, () => undefined);
  }

  /** Detaches, for good. A peer that does not answer is not waited for without end. */
  protected leave(closed: boolean): void {
    this.#leaving = true;
    this.beforeDetach();
    if (this.#over !== undefined) return;
    if (this.interrupted && this.link.ended !== undefined) {
      // There is no link now that the peer could be told of.
      const error = amqpError('link-closed', `the ${this.#what} ${this.name} is closed`);
      this.#end({ type: 'ended', by: 'local', error, clean: true, closed });
      return;
    }
    this.link.detach({ closed });
    this.#cancelClosing ??= this.clock.setTimer(CLOSE_TIMEOUT, () => {
      const what = `the peer did not answer the detach of the ${this.#what} ${this.name}`;
      this.link.giveUp(amqpError('link-closed', `${what} within ${CLOSE_TIMEOUT} ms`));
    });
  }

  /** Work that is to be finished before this program closes the link. */
  protected finishing(): Promise<void> | undefined {
    return undefined;
  }

  /** Told when this program closes the link. */
  protected beforeDetach(): void {
    // Only receivers have something to give back.
  }

  /**
   * Closes the link at the end of `await using`.
   *
   * @throws as {@link close} without options
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
