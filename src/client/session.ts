import { checkOptions, isInteger, isObject, isStrings, type OptionTable } from '../errors/index.ts';
import type { AmqpError } from '../errors/index.ts';
import type { Connection as Engine, Session as EngineSession, SessionEvent } from '../engine/index.ts';
import type { Clock } from '../io/index.ts';
import { closeInfo, type CloseInfo } from './close-info.ts';
import { Deferred } from './deferred.ts';
import { parseReceiverOptions, type ReceiverOptions } from './receiver-options.ts';
import { Receiver } from './receiver.ts';
import { parseSenderOptions, type SenderOptions } from './sender-options.ts';
import { Sender } from './sender.ts';
import { isSignal, isTimeout, checkWait, waitFor, type WaitOptions } from './waiting.ts';
import type { Fields } from '../definitions/index.ts';

const ATTACH_TIMEOUT = 30_000;
const CLOSE_TIMEOUT = 10_000;

/** What a session may be asked for (§2.7.2). */
export interface SessionOptions extends WaitOptions {
  /** Transfer frames that the peer may send before we let it go on, 1 to 2^31 - 1. Default 2048. */
  readonly incomingWindow?: number;
  /** How many links the session may have, 1 to 65536. Default 65536. */
  readonly maxLinks?: number;
  readonly properties?: Fields;
  readonly offeredCapabilities?: readonly string[];
  readonly desiredCapabilities?: readonly string[];
}

const table: OptionTable<SessionOptions> = {
  signal: isSignal,
  timeout: isTimeout,
  incomingWindow: isInteger(1, 0x7fff_ffff),
  maxLinks: isInteger(1, 65_536),
  properties: isObject,
  offeredCapabilities: isStrings,
  desiredCapabilities: isStrings,
};

/**
 * A session: links that share windows and fate (§2.5). Most programs need none of their own:
 * `connection.createSender()` and `createReceiver()` give each link one. Made by `connection.createSession()`.
 */
export class Session {
  /** Resolves when the session has ended, whoever ended it. Never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #closed = new Deferred<CloseInfo>();
  readonly #begun = new Deferred<void>();
  readonly #session: EngineSession;
  /** Whether the session ends with its last link. */
  readonly #transient: boolean;
  #links = 0;

  /** @internal */
  constructor(engine: Engine, clock: Clock, options: SessionOptions, transient: boolean) {
    checkOptions(options, table, 'session options');
    this.closed = this.#closed.promise;
    this.#engine = engine;
    this.#clock = clock;
    this.#transient = transient;
    this.#begun.promise.catch(() => undefined);
    const { incomingWindow, maxLinks, properties, offeredCapabilities, desiredCapabilities } = options;
    this.#session = engine.createSession(
      {
        incomingWindow,
        handleMax: maxLinks === undefined ? undefined : maxLinks - 1,
        properties,
        offeredCapabilities,
        desiredCapabilities,
      },
      this,
    );
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
  }

  /** Attaches a sender. See {@link Connection.createSender}. */
  async createSender(address: string | null, options: SenderOptions = {}): Promise<Sender> {
    const parsed = parseSenderOptions(address, options);
    checkWait(options, 'createSender');
    const sender = new Sender(this, this.#clock, options.name ?? crypto.randomUUID(), parsed);
    const link = this.#session.attachSender(sender.name, parsed.engine, sender);
    this.#links++;
    await sender.whenAttached(link, { signal: options.signal, timeout: options.timeout ?? ATTACH_TIMEOUT });
    return sender;
  }

  /** Attaches a receiver. See {@link Connection.createReceiver}. */
  async createReceiver(address: string | null, options: ReceiverOptions = {}): Promise<Receiver> {
    const parsed = parseReceiverOptions(address, options);
    checkWait(options, 'createReceiver');
    const receiver = new Receiver(this, this.#clock, options.name ?? crypto.randomUUID(), parsed);
    const link = this.#session.attachReceiver(receiver.name, parsed.engine, receiver);
    this.#links++;
    await receiver.whenAttached(link, { signal: options.signal, timeout: options.timeout ?? ATTACH_TIMEOUT });
    return receiver;
  }

  /** @internal */
  linkEnded(): void {
    this.#links--;
    if (this.#transient && this.#links === 0) this.#session.end();
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
        this.#closed.resolve(closeInfo(event));
    }
  }

  /** How the session failed, if it did. @internal */
  get error(): AmqpError | undefined {
    return this.#session.ended?.error;
  }

  /**
   * Ends the session and with it its links; their termini live on as their expiry policy says (§2.5.2). Resolves when
   * the peer has answered. A timeout (default 10 s) or abort rejects, but the ending goes on.
   */
  async close(options: WaitOptions = {}): Promise<void> {
    checkWait(options, 'close');
    const done = new Deferred<void>();
    void this.closed.then(() => done.resolve());
    this.#session.end();
    const { signal, timeout = CLOSE_TIMEOUT } = options;
    await waitFor(done, this.#clock, { signal, timeout }, 'ending the session', () => undefined);
  }

  /** Ends the session. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
