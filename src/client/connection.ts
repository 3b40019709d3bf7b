import type { Open } from '../definitions/index.ts';
import type { Ended } from '../engine/index.ts';
import { systemClock, type Clock } from '../io/index.ts';
import { closeInfo, type CloseInfo } from './close-info.ts';
import type { ConnectionEvent } from './connection-event.ts';
import type { ConnectOptions } from './connect-options.ts';
import { Deferred } from './deferred.ts';
import { Endpoint } from './endpoint.ts';
import { EventStream } from './event-stream.ts';
import type { Line } from './line.ts';
import { parseReceiverOptions, type ReceiverOptions } from './receiver-options.ts';
import type { Receiver } from './receiver.ts';
import { parseSenderOptions, type SenderOptions } from './sender-options.ts';
import type { Sender } from './sender.ts';
import { checkSessionOptions, Session, type SessionOptions } from './session.ts';
import { checkWaitOptions, refuseAborted, waitForEnd, type WaitOptions } from './waiting.ts';

const BEGIN_TIMEOUT = 30_000;
const CLOSE_TIMEOUT = 10_000;

/** What a connection is doing. */
export interface ConnectionStats {
  /** Octets that were written and that the transport has not finished with. */
  readonly buffered: number;
  /** Whether sends wait because of that. */
  readonly blocked: boolean;
}

/**
 * A connection to a peer (§2.4). Made by {@link connect}. Sessions, senders and receivers are made from it and end
 * with it. One that is lost is not made again by itself: `closed` and `events()` tell.
 *
 * @example
 * ```ts
 * import { connect } from 'amqp1';
 *
 * const connection = await connect('amqp://localhost');
 * const sender = await connection.createSender('orders');
 * await sender.send('Hello!');
 * await connection.close();
 * const { by, error } = await connection.closed;
 * console.log(by, error?.code); // local undefined
 * ```
 */
export class Connection extends Endpoint {
  /** Resolves when the connection has ended, whoever ended it, with who and why. Never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #line: Line;
  readonly #clock: Clock;
  readonly #closeTimeout: number;
  readonly #closed = new Deferred<CloseInfo>();
  readonly #events = new EventStream<ConnectionEvent>();
  /** The sessions of links, which share them once the peer grants no more. */
  readonly #linkSessions = new Set<Session>();
  readonly #report = (event: ConnectionEvent): void => this.#events.emit(event);

  /** @internal */
  constructor(line: Line, { closeTimeout = CLOSE_TIMEOUT, clock = systemClock }: ConnectOptions) {
    super();
    this.closed = this.#closed.promise;
    this.#clock = clock;
    this.#closeTimeout = closeTimeout;
    this.#line = line;
    line.onEnded = (ended) => this.#ended(ended);
    if (line.engine.ended !== undefined) this.#ended(line.engine.ended);
  }

  protected override get remote(): Open | undefined {
    return this.#line.engine.remote;
  }

  /** The container-id of the peer, as its open said (§2.7.1). */
  get remoteContainerId(): string | undefined {
    return this.#line.engine.remote?.containerId;
  }

  /**
   * Begins a session of its own, for links that shall share windows and fate (§2.5.1). Resolves when the peer has begun
   * its side; default timeout 30 s. Abort and timeout end the session.
   *
   * @throws {@link AmqpError} `invalid-argument` for options that are not valid, or larger than a frame of the peer;
   * `encode-error` for properties that AMQP cannot hold; `channels-exhausted`; `session-ended-by-peer` when the peer
   * refuses; `timeout`; `aborted`, or the reason of the signal; the error of a connection that has ended, for example
   * `connection-closed` or `connection-lost`
   */
  async createSession(options: SessionOptions = {}): Promise<Session> {
    checkSessionOptions(options);
    refuseAborted(options, 'createSession');
    const session = new Session(this.#line.engine, this.#clock, options, { transient: false, report: this.#report });
    await session.whenBegun({ signal: options.signal, timeout: options.timeout ?? BEGIN_TIMEOUT });
    return session;
  }

  /**
   * Attaches a sender, in a session of its own as long as the peer grants one. `address` names the target; null asks
   * for a sender whose messages each name theirs in `properties.to` (the anonymous terminus), or for a dynamic target
   * with `{ target: { dynamic: true } }`. Resolves when the peer has attached (§2.6.3); default timeout 30 s. Abort and
   * timeout leave nothing attached.
   *
   * @throws {@link AmqpError} `invalid-argument` for an address or options that are not valid, or larger than a frame
   * of the peer; `encode-error` for options that AMQP cannot hold; `timeout`; `aborted`, or the reason of the signal
   * @throws {@link LinkError} `link-refused` with the condition of the peer (for example `amqp:not-found`), also where
   * it does not grant the settle mode that was asked for; `link-failed` when it breaks a rule of the link
   * @throws {@link ConnectionError} `channels-exhausted`, and the error of a connection that has ended
   * @throws {@link SessionError} `session-failed`; where sessions must be shared also `handles-exhausted`, and
   * `illegal-state` for a name that is taken
   */
  async createSender(address: string | null, options: SenderOptions = {}): Promise<Sender> {
    // What is wrong with the call must not cost the peer a session.
    const parsed = parseSenderOptions(address, options);
    refuseAborted(options, 'createSender');
    return this.#inSession(options, (session) => session.attachSender(parsed, options));
  }

  /**
   * Attaches a receiver, in a session of its own as long as the peer grants one. `address` names the source; null with
   * `{ source: { dynamic: true } }` asks the peer to make one. Resolves when the peer has attached (§2.6.3); messages
   * come from then on. Default timeout 30 s. Abort and timeout leave nothing attached.
   *
   * @throws as {@link createSender}; `link-refused` also when the peer does not grant a filter, see
   * {@link ReceiverOptions.allowMissingFilters}
   */
  async createReceiver(address: string | null, options: ReceiverOptions = {}): Promise<Receiver> {
    const parsed = parseReceiverOptions(address, options);
    refuseAborted(options, 'createReceiver');
    return this.#inSession(options, (session) => session.attachReceiver(parsed, options));
  }

  /** A peer may end the whole session for the fault of one link, so links do not share one without need. */
  async #inSession<T>(options: WaitOptions, create: (session: Session) => Promise<T>): Promise<T> {
    while (!this.#line.engine.hasChannel && this.#line.engine.ended === undefined) {
      const sessions = [...this.#linkSessions];
      const open = sessions.find((session) => session.hasHandle);
      if (open !== undefined) return create(open);
      const ending = sessions.find((session) => session.ending);
      if (ending === undefined) break;
      await this.#channelOf(ending, options);
    }
    const session = new Session(this.#line.engine, this.#clock, {}, { transient: true, report: this.#report });
    this.#linkSessions.add(session);
    void session.closed.then(() => this.#linkSessions.delete(session));
    try {
      return await create(session);
    } catch (error) {
      session.endIfUnused();
      throw error;
    }
  }

  /** Waits for the channel of a session that is ending: a link that was just closed must not stand in the way. */
  async #channelOf(ending: Session, { signal, timeout = BEGIN_TIMEOUT }: WaitOptions): Promise<void> {
    await waitForEnd(ending.closed, this.#clock, { signal, timeout }, 'waiting for a channel', () => undefined);
  }

  /**
   * The events of the connection until it has ended. The first tells how it stands now: `connected`, or how it was
   * `disconnected`. A reader that falls 1000 events behind loses the oldest. Leaving the loop ends the reading. The
   * loop ends in order, whatever ended the connection, and never throws.
   *
   * @example
   * ```ts
   * for await (const event of connection.events()) console.log(event.type);
   * ```
   */
  events(): AsyncIterableIterator<ConnectionEvent> {
    const { ended } = this.#line.engine;
    if (ended === undefined) return this.#events.read({ type: 'connected' });
    return this.#events.read({ type: 'disconnected', info: closeInfo(ended) });
  }

  /** How much waits in the transport now. */
  stats(): ConnectionStats {
    return { buffered: this.#line.engine.buffered, blocked: !this.#line.engine.writable };
  }

  #ended(ended: Ended): void {
    const info = closeInfo(ended);
    this.#closed.resolve(info);
    this.#events.emit({ type: 'disconnected', info });
    this.#events.end();
  }

  /**
   * Closes the connection, and with it its sessions and links (§2.4.3). What was handed over leaves before. Resolves
   * when the peer has answered, and at once for a connection that has ended. A timeout (default `closeTimeout`) or
   * abort rejects; the transport is gone then. A second call waits for the same end.
   *
   * @throws {@link AmqpError} `timeout`; `aborted`, or the reason of the signal; `invalid-argument` for options that
   * are not valid. Never the error of a connection that was lost: `closed` tells that.
   */
  async close(options: WaitOptions = {}): Promise<void> {
    checkWaitOptions(options, 'close');
    this.#line.engine.close();
    const { signal, timeout = this.#closeTimeout } = options;
    const limits = { signal, timeout };
    await waitForEnd(this.closed, this.#clock, limits, 'closing the connection', () => this.#line.destroy());
  }

  /**
   * Closes the connection at the end of `await using`.
   *
   * @throws as {@link close} without options: `timeout` after `closeTimeout`
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
