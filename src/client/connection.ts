import type { Open } from '../definitions/index.ts';
import { AmqpError, amqpError } from '../errors/index.ts';
import { Budget, type Connection as Engine, type Ended } from '../engine/index.ts';
import { systemClock, type Clock } from '../io/index.ts';
import { Absence } from './absence.ts';
import type { Address } from './address.ts';
import { closeInfo, type CloseInfo } from './close-info.ts';
import type { ConnectionEvent } from './connection-event.ts';
import { publish } from './diagnostics.ts';
import type { NamedOptions } from './dial.ts';
import { Deferred } from './deferred.ts';
import { Endpoint } from './endpoint.ts';
import { EventStream } from './event-stream.ts';
import type { Line } from './line.ts';
import type { ParsedReconnectOptions } from './recovery/reconnect-options.ts';
import type { RecoveryAction } from './recovery/recovery-table.ts';
import type { Dialled, Redial } from './recovery/redial.ts';
import { parseReceiverOptions, type ReceiverOptions } from './receiver-options.ts';
import type { Receiver } from './receiver.ts';
import { parseSenderOptions, type SenderOptions } from './sender-options.ts';
import type { Sender } from './sender.ts';
import { checkSessionOptions, type SessionOptions } from './session-options.ts';
import { Session } from './session.ts';
import { checkWaitOptions, refuseAborted, waitForEnd, type WaitOptions } from './waiting.ts';

const BEGIN_TIMEOUT = 30_000;
const CLOSE_TIMEOUT = 10_000;
/** Octets of messages that wait for links unless told otherwise. */
const MOST_HELD = 268_435_456;

const closedByProgram = (): AmqpError => amqpError('connection-closed', 'the connection is closed');

/** What a function of the program throws may be anything. */
function asAmqpError(thrown: unknown): AmqpError {
  if (AmqpError.is(thrown)) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return amqpError('connection-lost', `the connection could not be made again: ${detail}`, { cause: thrown });
}

/** What a connection is doing. */
export interface ConnectionStats {
  /** Whether there is a connection now: false after its end, and during an outage. */
  readonly connected: boolean;
  /** How many times the connection was made again. */
  readonly recoveries: number;
  /** How many attempts that took, with those that failed. */
  readonly attempts: number;
  /** Octets that were written and that the transport has not finished with. */
  readonly buffered: number;
  /** Whether sends wait because of that. */
  readonly blocked: boolean;
}

/**
 * A connection to a peer (§2.4). Made by {@link connect}. Sessions, senders and receivers are made from it and end
 * with it. One that is lost is made again where the option `reconnect` says so; `closed` and `events()` tell.
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
  /** The container-id of this side (§2.7.1): the option, or one made by chance; the same after each recovery. */
  readonly containerId: string;
  #line: Line;
  #address: Address;
  readonly #redial: Redial | undefined;
  /** @internal */
  readonly clock: Clock;
  readonly #closeTimeout: number;
  /** @internal */
  readonly held: Budget;
  readonly #closed = new Deferred<CloseInfo>();
  readonly #events = new EventStream<ConnectionEvent>();
  readonly #sessions = new Set<Session>();
  /** The sessions of links, which share them once the peer grants no more. */
  readonly #linkSessions = new Set<Session>();
  /** What ends the attempts of an outage. */
  readonly #abort = new AbortController();
  /** While there is no line that can be used. */
  readonly #outage: Absence;
  /** Whether the events have told that the connection is lost. */
  #told = false;
  /** Why the line is given up for another. */
  #restarting: AmqpError | undefined = undefined;
  #leaving = false;
  #recoveries = 0;
  #attempts = 0;

  /** @internal */
  constructor({ line, address }: Dialled, options: NamedOptions, redial: Redial | undefined) {
    super();
    this.closed = this.#closed.promise;
    this.containerId = options.containerId;
    this.clock = options.clock ?? systemClock;
    this.#closeTimeout = options.closeTimeout ?? CLOSE_TIMEOUT;
    this.#outage = new Absence(this.clock);
    this.held = new Budget(options.maxQueuedSize ?? MOST_HELD);
    this.#redial = redial;
    this.#line = line;
    this.#address = address;
    this.#take(line);
    if (line.engine.ended === undefined) this.#publish({ type: 'connected' });
  }

  /** Lives on a line from now on. */
  #take(line: Line): void {
    this.#line = line;
    line.onEnded = (ended) => this.#lost(ended);
    if (line.engine.ended !== undefined) this.#lost(line.engine.ended);
  }

  /** @internal */
  get engine(): Engine {
    return this.#line.engine;
  }

  /** @internal */
  get reconnect(): ParsedReconnectOptions | undefined {
    return this.#redial?.options;
  }

  /** @internal */
  survives(error: AmqpError): boolean {
    if (this.#redial === undefined || this.#leaving) return false;
    return this.#restarting !== undefined || this.#redial.decide(error) !== 'fatal';
  }

  /** @internal */
  decide(error: AmqpError): RecoveryAction {
    return this.#redial?.decide(error) ?? 'fatal';
  }

  /** @internal */
  get suspended(): boolean {
    return this.#restarting !== undefined;
  }

  /** @internal */
  restart(error: AmqpError): void {
    if (this.#restarting !== undefined || this.#line.engine.ended !== undefined) return;
    this.#restarting = error;
    this.#outage.begin();
    for (const session of this.#sessions) session.suspend();
    this.#line.engine.close();
  }

  /** @internal */
  report(event: ConnectionEvent): void {
    if (event.type === 'reconnecting') this.#attempts++;
    this.#events.emit(event);
    this.#publish(event);
  }

  #publish(event: ConnectionEvent): void {
    const { host, port } = this.#address;
    publish({ containerId: this.containerId, peer: `${host}:${port}`, event });
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
    return this.#outlasting(options, 'createSession', async ({ signal, timeout = BEGIN_TIMEOUT }) => {
      const session = this.#newSession(options, false);
      await session.whenBegun({ signal, timeout });
      return session;
    });
  }

  /** Makes something, also during an outage, and in spite of one, where the connection recovers. */
  #outlasting<T>(options: WaitOptions, what: string, make: (limits: WaitOptions) => Promise<T>): Promise<T> {
    return this.#redial === undefined ? make(options) : this.#outage.outlast(options, what, make);
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
    return this.#outlasting(options, 'createSender', (limits) =>
      this.#inSession(limits, (session) => session.attachSender(parsed, limits)),
    );
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
    return this.#outlasting(options, 'createReceiver', (limits) =>
      this.#inSession(limits, (session) => session.attachReceiver(parsed, limits)),
    );
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
    const session = this.#newSession({}, true);
    this.#linkSessions.add(session);
    void session.closed.then(() => this.#linkSessions.delete(session));
    try {
      return await create(session);
    } catch (error) {
      session.endIfUnused();
      throw error;
    }
  }

  #newSession(options: SessionOptions, transient: boolean): Session {
    const session = new Session(this, options, transient);
    this.#sessions.add(session);
    void session.closed.then(() => this.#sessions.delete(session));
    return session;
  }

  /** Waits for the channel of a session that is ending: a link that was just closed must not stand in the way. */
  async #channelOf(ending: Session, { signal, timeout = BEGIN_TIMEOUT }: WaitOptions): Promise<void> {
    await waitForEnd(ending.closed, this.clock, { signal, timeout }, 'waiting for a channel', () => undefined);
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

  /** Whether there is a connection now, how often it was made again, and how much waits in the transport. */
  stats(): ConnectionStats {
    const { buffered, writable, ended } = this.#line.engine;
    const counts = { recoveries: this.#recoveries, attempts: this.#attempts };
    return { connected: ended === undefined, buffered, blocked: !writable, ...counts };
  }

  /** The line has ended. */
  #lost(ended: Ended): void {
    const cause = this.#restarting ?? ended.error;
    const again = this.#redial !== undefined && this.survives(cause);
    this.#restarting = undefined;
    if (again) void this.#recover(this.#redial, cause, closeInfo(ended));
    else this.#finish(ended);
  }

  async #recover(redial: Redial, cause: AmqpError, info: CloseInfo): Promise<void> {
    const began = this.clock.now();
    this.#outage.begin();
    this.#told = true;
    this.report({ type: 'disconnected', info });
    redial.redirected(this.#address, cause);
    try {
      const { line, address, attempts } = await redial.again(cause, this.#abort.signal, (event) => this.report(event));
      this.#address = address;
      this.#recoveries++;
      this.#take(line);
      // The program may have closed while the last of the handshake was on its way.
      if (this.#leaving) line.engine.close();
      if (this.#leaving || line.engine.ended !== undefined) return;
      this.report({ type: 'recovered', attempts, lasted: this.clock.now() - began });
      this.#told = false;
      for (const session of this.#sessions) session.revive();
      this.#outage.end();
    } catch (thrown) {
      this.#giveUp(thrown);
    }
  }

  /** No attempt is left, or the program does not want another. */
  #giveUp(thrown: unknown): void {
    const by = this.#leaving ? 'local' : 'transport';
    const error = this.#leaving ? closedByProgram() : asAmqpError(thrown);
    if (!this.#leaving) this.report({ type: 'failed', error });
    this.#finish({ type: 'ended', by, error, clean: this.#leaving });
  }

  #finish(ended: Ended): void {
    const info = closeInfo(ended);
    // An outage has told of itself when it began.
    if (!this.#told) this.report({ type: 'disconnected', info });
    for (const session of this.#sessions) session.perish(ended);
    this.#outage.fail(ended.error);
    this.#closed.resolve(info);
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
    this.#leaving = true;
    this.#abort.abort();
    this.#line.engine.close();
    const { signal, timeout = this.#closeTimeout } = options;
    const limits = { signal, timeout };
    await waitForEnd(this.closed, this.clock, limits, 'closing the connection', () => this.#line.destroy());
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
