import { AmqpError, amqpError } from '../errors/index.ts';
import type {
  Budget,
  Ended,
  ReceiverLink,
  SenderLink,
  Session as EngineSession,
  SessionEvent,
} from '../engine/index.ts';
import { Absence } from './absence.ts';
import { closeInfo, type CloseInfo } from './close-info.ts';
import type { ReceiverStalled } from './connection-event.ts';
import { Deferred } from './deferred.ts';
import { Endpoint } from './endpoint.ts';
import type { Revivable } from './link-handle.ts';
import { parseReceiverOptions, type ParsedReceiverOptions, type ReceiverOptions } from './receiver-options.ts';
import { Receiver } from './receiver.ts';
import type { ParsedReconnectOptions } from './recovery/reconnect-options.ts';
import { Retry } from './recovery/retry.ts';
import { parseSenderOptions, type ParsedSenderOptions, type SenderOptions } from './sender-options.ts';
import { Sender } from './sender.ts';
import type { SessionOptions } from './session-options.ts';
import type { SessionParent } from './session-parent.ts';
import { checkWaitOptions, refuseAborted, waitFor, waitForEnd, type WaitOptions } from './waiting.ts';
import type { Begin } from '../definitions/index.ts';

const ATTACH_TIMEOUT = 30_000;
const CLOSE_TIMEOUT = 10_000;

/**
 * A session: links that share windows and fate (§2.5). Most programs need none of their own:
 * `connection.createSender()` and `createReceiver()` give each link one. Made by {@link Connection.createSession}. A
 * peer may end the whole session for the fault of one link.
 *
 * @example
 * ```ts
 * await using session = await connection.createSession({ incomingWindow: 512 });
 * const receiver = await session.createReceiver('orders');
 * const sender = await session.createSender('invoices');
 * for await (const delivery of receiver) {
 *   await sender.send(delivery.message);
 *   await delivery.accept();
 * }
 * ```
 */
export class Session extends Endpoint {
  /** Resolves when the session has ended, whoever ended it, with who and why. Never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #parent: SessionParent;
  readonly #options: SessionOptions;
  /** Whether the session ends with its last link. */
  readonly #transient: boolean;
  readonly #closed = new Deferred<CloseInfo>();
  readonly #begun = new Deferred<void>();
  #session: EngineSession;
  readonly #links = new Set<Revivable>();
  /** Links that have ended alone and are to be attached again. */
  readonly #retries = new Map<Revivable, Retry>();
  #retry: Retry | undefined = undefined;
  /** While it is to be begun again. */
  readonly #absence: Absence;
  #wasBegun = false;
  #leaving = false;
  #over = false;
  #cancelClosing: (() => void) | undefined = undefined;

  /** @internal */
  constructor(parent: SessionParent, options: SessionOptions, transient: boolean) {
    super();
    this.closed = this.#closed.promise;
    this.#parent = parent;
    this.#options = options;
    this.#transient = transient;
    this.#absence = new Absence(parent.clock);
    this.#begun.promise.catch(() => undefined);
    this.#session = this.#begin();
  }

  #begin(): EngineSession {
    const { maxLinks, incomingWindow, outgoingWindow, properties, offeredCapabilities, desiredCapabilities } =
      this.#options;
    return this.#parent.engine.createSession(
      {
        incomingWindow,
        outgoingWindow,
        handleMax: maxLinks === undefined ? undefined : maxLinks - 1,
        properties,
        offeredCapabilities,
        desiredCapabilities,
      },
      this,
    );
  }

  protected override get remote(): Begin | undefined {
    return this.#session.remote;
  }

  /** @internal */
  get writable(): boolean {
    return this.#parent.engine.writable;
  }

  /** @internal */
  get reconnect(): ParsedReconnectOptions | undefined {
    return this.#parent.reconnect;
  }

  /** @internal */
  get held(): Budget {
    return this.#parent.held;
  }

  /** @internal */
  get suspended(): boolean {
    return this.#parent.suspended;
  }

  /** Whether another link can be attached. @internal */
  get hasHandle(): boolean {
    return (this.#session.state === 'opened' || this.#session.state === 'openSent') && this.#session.hasHandle;
  }

  /** Whether our end was sent and the peer has not answered. @internal */
  get ending(): boolean {
    const { state } = this.#session;
    return state === 'closePipe' || state === 'closeSent' || state === 'discarding';
  }

  /** Waits for the begin of the peer. @internal */
  async whenBegun(options: WaitOptions): Promise<void> {
    await waitFor(this.#begun, this.#parent.clock, options, 'beginning a session', () => this.#leave());
    // A peer may begin a session only to end it with the reason right behind.
    if (this.#session.ended !== undefined) throw this.#session.ended.error;
  }

  /**
   * Attaches a sender in this session; for the rest it does as {@link Connection.createSender}.
   *
   * @throws as {@link Connection.createSender}, and `session-ended` or the error by which the session has ended;
   * `illegal-state` when the session has a sender of that name
   */
  async createSender(address: string | null, options: SenderOptions = {}): Promise<Sender> {
    const parsed = parseSenderOptions(address, options);
    refuseAborted(options, 'createSender');
    return this.#outlasting(options, 'createSender', (limits) => this.attachSender(parsed, limits));
  }

  /** Attaches a sender whose options were parsed. @internal */
  async attachSender(parsed: ParsedSenderOptions, options: WaitOptions): Promise<Sender> {
    const sender = new Sender(this, this.#parent.clock, parsed.name, parsed);
    const attach = (): SenderLink =>
      this.#attach(sender, this.#session.attachSender(sender.name, parsed.engine, sender));
    await sender.whenAttached(attach, { signal: options.signal, timeout: options.timeout ?? ATTACH_TIMEOUT });
    return sender;
  }

  /**
   * Attaches a receiver in this session; for the rest it does as {@link Connection.createReceiver}.
   *
   * @throws as {@link Connection.createReceiver}, and `session-ended` or the error by which the session has ended;
   * `illegal-state` when the session has a receiver of that name
   */
  async createReceiver(address: string | null, options: ReceiverOptions = {}): Promise<Receiver> {
    const parsed = parseReceiverOptions(address, options);
    refuseAborted(options, 'createReceiver');
    return this.#outlasting(options, 'createReceiver', (limits) => this.attachReceiver(parsed, limits));
  }

  /** Attaches a receiver whose options were parsed. @internal */
  async attachReceiver(parsed: ParsedReceiverOptions, options: WaitOptions): Promise<Receiver> {
    const receiver = new Receiver(this, this.#parent.clock, parsed.name, parsed);
    const attach = (): ReceiverLink =>
      this.#attach(receiver, this.#session.attachReceiver(receiver.name, parsed.engine, receiver));
    await receiver.whenAttached(attach, { signal: options.signal, timeout: options.timeout ?? ATTACH_TIMEOUT });
    return receiver;
  }

  /** Attaches, also while the session is to be begun again, where the connection recovers. */
  #outlasting<T>(options: WaitOptions, what: string, attach: (limits: WaitOptions) => Promise<T>): Promise<T> {
    return this.reconnect === undefined ? attach(options) : this.#absence.outlast(options, what, attach);
  }

  #attach<L>(handle: Revivable, link: L): L {
    this.#links.add(handle);
    return link;
  }

  /** @internal */
  report(event: ReceiverStalled): void {
    this.#parent.report(event);
  }

  /** @internal */
  survives(error: AmqpError): boolean {
    return !this.#leaving && this.#parent.survives(error);
  }

  /** A link has ended alone, or with the session or the connection, which are made again before it. @internal */
  interrupted(link: Revivable, error: AmqpError): void {
    if (error.scope !== 'link') return;
    if (this.#parent.decide(error) === 'connection' && this.#retryOf(link)?.mayRestart() === true)
      this.#parent.restart(error);
    else this.#reviveLater(link);
  }

  #retryOf(link: Revivable): Retry | undefined {
    const { clock, reconnect } = this.#parent;
    const retry = this.#retries.get(link) ?? (reconnect && new Retry(clock, reconnect));
    if (retry !== undefined) this.#retries.set(link, retry);
    return retry;
  }

  #reviveLater(link: Revivable): void {
    this.#retryOf(link)?.schedule(() => this.#reviveLink(link));
  }

  #reviveLink(link: Revivable): void {
    // A session that has ended attaches its links when it is begun again.
    if (this.#session.ended !== undefined) return;
    try {
      link.revive();
    } catch (error) {
      // Its name or handle may be taken until the peer has answered. What this peer does not take will not get better.
      if (!AmqpError.is(error)) throw error;
      if (this.#parent.decide(error) === 'fatal') link.perish({ type: 'ended', by: 'local', error, clean: false });
      else this.#reviveLater(link);
    }
  }

  /** @internal */
  revived(link: Revivable): void {
    this.#retries.get(link)?.succeeded();
  }

  /** @internal */
  linkEnded(link: Revivable): void {
    this.#retries.get(link)?.cancel();
    this.#retries.delete(link);
    if (this.#links.delete(link)) this.endIfUnused();
  }

  /** Ends the session that was made for one link, where that link is gone. @internal */
  endIfUnused(): void {
    if (this.#transient && this.#links.size === 0) this.#leave();
  }

  /** Ends it for good. */
  #leave(): void {
    this.#leaving = true;
    this.#retry?.cancel();
    if (this.#session.ended === undefined || !this.#wasBegun) this.#session.end();
    else
      this.perish({
        type: 'ended',
        by: 'local',
        error: amqpError('session-ended', 'the session is ended'),
        clean: true,
      });
  }

  /** It will end, and be begun again. @internal */
  suspend(): void {
    if (this.#wasBegun && !this.#over && !this.#leaving) this.#absence.begin();
  }

  /** Begins again on the line that is there now, and attaches its links again. @internal */
  revive(): void {
    if (this.#over || this.#leaving) return;
    try {
      this.#session = this.#begin();
    } catch (error) {
      if (!AmqpError.is(error)) throw error;
      if (this.#parent.decide(error) === 'fatal') this.perish({ type: 'ended', by: 'local', error, clean: false });
      else this.#again(error);
    }
  }

  /** The session is to be made again: after a pause, or with the connection. */
  #again(error: AmqpError): void {
    const { clock, reconnect } = this.#parent;
    // The connection makes its sessions again when it is back.
    if (error.scope === 'connection' && error.code !== 'channels-exhausted') return;
    if (reconnect === undefined) return;
    this.#retry ??= new Retry(clock, reconnect);
    // Another connection would have no more channels than this one.
    const needsOther = error.code !== 'channels-exhausted' && this.#parent.decide(error) === 'connection';
    if (needsOther && this.#retry.mayRestart()) this.#parent.restart(error);
    else this.#retry.schedule(() => this.revive());
  }

  /** It has ended for good, with its connection or alone. @internal */
  perish(ended: Ended): void {
    if (this.#over) return;
    this.#over = true;
    this.#retry?.cancel();
    this.#cancelClosing?.();
    for (const retry of this.#retries.values()) retry.cancel();
    for (const link of this.#links) link.perish(ended);
    this.#absence.fail(ended.error);
    this.#begun.reject(ended.error);
    this.#closed.resolve(closeInfo(ended));
  }

  /** @internal */
  event(event: SessionEvent): void {
    switch (event.type) {
      case 'begun':
        this.#whenBegun();
        return;
      case 'linkRequested':
        event.link.refuse({ condition: 'amqp:not-implemented', description: 'a client takes no links of the peer' });
        return;
      case 'ended':
        if (this.#wasBegun && this.survives(event.error)) {
          this.#absence.begin();
          this.#again(event.error);
        } else this.perish(event);
    }
  }

  #whenBegun(): void {
    const again = this.#wasBegun;
    this.#wasBegun = true;
    this.#retry?.succeeded();
    this.#begun.resolve();
    this.#absence.end();
    if (!again) return;
    for (const link of this.#links) {
      this.#retries.get(link)?.cancel();
      this.#reviveLink(link);
    }
  }

  /**
   * Ends the session and with it its links; their termini live on as their expiry policy says (§2.5.2). Resolves when
   * the peer has answered, and at once for a session that has ended. A timeout or abort rejects, but the ending goes
   * on: a peer that has not answered after 10 s, which is the default too, is not waited for any longer, and `closed`
   * says so.
   *
   * @throws {@link AmqpError} `timeout`; `aborted`, or the reason of the signal; `invalid-argument` for options that
   * are not valid. Never the error by which the session ended: `closed` tells that.
   */
  async close(options: WaitOptions = {}): Promise<void> {
    checkWaitOptions(options, 'close');
    this.#leave();
    if (!this.#over) {
      this.#cancelClosing ??= this.#parent.clock.setTimer(CLOSE_TIMEOUT, () => {
        this.#session.giveUp(amqpError('session-ended', `the peer did not answer our end within ${CLOSE_TIMEOUT} ms`));
      });
    }
    const { signal, timeout = CLOSE_TIMEOUT } = options;
    await waitForEnd(this.closed, this.#parent.clock, { signal, timeout }, 'ending the session', () => undefined);
  }

  /**
   * Ends the session at the end of `await using`.
   *
   * @throws as {@link close} without options
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
