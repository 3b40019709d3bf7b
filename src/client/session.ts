import { amqpError, checkOptions, isInteger, isObject, isStrings, type OptionTable } from '../errors/index.ts';
import type { Connection as Engine, Session as EngineSession, SessionEvent } from '../engine/index.ts';
import type { Clock } from '../io/index.ts';
import { closeInfo, type CloseInfo } from './close-info.ts';
import type { ReceiverStalled } from './connection-event.ts';
import { Deferred } from './deferred.ts';
import { Endpoint } from './endpoint.ts';
import { parseReceiverOptions, type ParsedReceiverOptions, type ReceiverOptions } from './receiver-options.ts';
import { Receiver } from './receiver.ts';
import { parseSenderOptions, type ParsedSenderOptions, type SenderOptions } from './sender-options.ts';
import { Sender } from './sender.ts';
import {
  isSignal,
  isTimeout,
  checkWaitOptions,
  refuseAborted,
  waitFor,
  waitForEnd,
  type WaitOptions,
} from './waiting.ts';
import type { Begin, Fields } from '../definitions/index.ts';

const ATTACH_TIMEOUT = 30_000;
const CLOSE_TIMEOUT = 10_000;

/** What a session may be asked for (§2.7.2). `signal` and `timeout` are those of the begin. */
export interface SessionOptions extends WaitOptions {
  /** How many transfer frames the peer may send before we let it go on, 1 to 2^31 - 1 (§2.5.6). Default 2048. */
  readonly incomingWindow?: number;
  /**
   * How many transfer frames we announce to send before we wait, 1 to 2^32 - 1 (§2.5.6); credit and the window of the
   * peer are what really bounds them. Default 2147483647.
   */
  readonly outgoingWindow?: number;
  /** How many links the session may have, 1 to 65536. Default 65536. */
  readonly maxLinks?: number;
  /** Properties of the session, as extensions of the peer use them. Default: none. */
  readonly properties?: Fields;
  /** The extensions that this program supports, by name. Default: none. */
  readonly offeredCapabilities?: readonly string[];
  /** The extensions that this program would use if the peer supports them, by name. Default: none. */
  readonly desiredCapabilities?: readonly string[];
}

const table: OptionTable<SessionOptions> = {
  signal: isSignal,
  timeout: isTimeout,
  incomingWindow: isInteger(1, 0x7fff_ffff),
  outgoingWindow: isInteger(1, 0xffff_ffff),
  maxLinks: isInteger(1, 65_536),
  properties: isObject,
  offeredCapabilities: isStrings,
  desiredCapabilities: isStrings,
};

/** Refuses what is not an option of a session. */
export function checkSessionOptions(options: SessionOptions): void {
  checkOptions(options, table, 'session options');
}

/** How a session belongs to its connection. */
export interface SessionSetup {
  /** Whether the session ends with its last link. */
  readonly transient: boolean;
  /** Tells the events of its links. */
  readonly report: (event: ReceiverStalled) => void;
}

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
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #closed = new Deferred<CloseInfo>();
  readonly #begun = new Deferred<void>();
  readonly #session: EngineSession;
  readonly #setup: SessionSetup;
  #links = 0;
  #cancelClosing: (() => void) | undefined = undefined;

  /** @internal */
  constructor(engine: Engine, clock: Clock, options: SessionOptions, setup: SessionSetup) {
    super();
    this.closed = this.#closed.promise;
    this.#engine = engine;
    this.#clock = clock;
    this.#setup = setup;
    this.#begun.promise.catch(() => undefined);
    const { incomingWindow, outgoingWindow, maxLinks, properties, offeredCapabilities, desiredCapabilities } = options;
    this.#session = engine.createSession(
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
    return this.#engine.writable;
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
    await waitFor(this.#begun, this.#clock, options, 'beginning a session', () => this.#session.end());
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
    return this.attachSender(parsed, options);
  }

  /** Attaches a sender whose options were parsed. @internal */
  async attachSender(parsed: ParsedSenderOptions, options: SenderOptions): Promise<Sender> {
    const sender = new Sender(this, this.#clock, options.name ?? crypto.randomUUID(), parsed);
    const link = this.#session.attachSender(sender.name, parsed.engine, sender);
    this.#links++;
    await sender.whenAttached(link, { signal: options.signal, timeout: options.timeout ?? ATTACH_TIMEOUT });
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
    return this.attachReceiver(parsed, options);
  }

  /** Attaches a receiver whose options were parsed. @internal */
  async attachReceiver(parsed: ParsedReceiverOptions, options: ReceiverOptions): Promise<Receiver> {
    const receiver = new Receiver(this, this.#clock, options.name ?? crypto.randomUUID(), parsed);
    const link = this.#session.attachReceiver(receiver.name, parsed.engine, receiver);
    this.#links++;
    await receiver.whenAttached(link, { signal: options.signal, timeout: options.timeout ?? ATTACH_TIMEOUT });
    return receiver;
  }

  /** @internal */
  report(event: ReceiverStalled): void {
    this.#setup.report(event);
  }

  /** @internal */
  linkEnded(): void {
    this.#links--;
    if (this.#setup.transient && this.#links === 0) this.#session.end();
  }

  /** Ends the session that was made for one link, where that link could not be made. @internal */
  endIfUnused(): void {
    if (this.#links === 0) this.#session.end();
  }

  /** @internal */
  event(event: SessionEvent): void {
    switch (event.type) {
      case 'begun':
        this.#begun.resolve();
        return;
      case 'linkRequested':
        event.link.refuse({ condition: 'amqp:not-implemented', description: 'a client takes no links of the peer' });
        return;
      case 'ended':
        this.#begun.reject(event.error);
        this.#cancelClosing?.();
        this.#closed.resolve(closeInfo(event));
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
    this.#session.end();
    this.#cancelClosing ??= this.#clock.setTimer(CLOSE_TIMEOUT, () => {
      this.#session.giveUp(amqpError('session-ended', `the peer did not answer our end within ${CLOSE_TIMEOUT} ms`));
    });
    const { signal, timeout = CLOSE_TIMEOUT } = options;
    await waitForEnd(this.closed, this.#clock, { signal, timeout }, 'ending the session', () => undefined);
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
