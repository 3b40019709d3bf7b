import { amqpError, type AmqpError } from '../errors/index.ts';
import { ErrorCondition } from '../definitions/index.ts';
import type { Begin, End, PerformativeInit, ProtocolErrorInit } from '../definitions/index.ts';
import type { Ended } from './ended.ts';
import { canSend, nextState, type EndpointInput, type EndpointState } from './endpoint-state.ts';
import type { Notice } from './mailbox.ts';
import type { ScheduledSession, SessionConnection, SessionEvent, SessionHost, SessionOptions } from './session-host.ts';
import { remoteError } from './remote-error.ts';
import { IncomingWindow, OutgoingWindow } from './windows.ts';

const ENDED_BY_PEER = 'the peer ended the session';
/** What we announce as outgoing-window unless told otherwise: more than ever waits. */
const MOST_TRANSFERS = 0x7fff_ffff;

/** How a session begins and ends, and its windows (§2.5). What it carries is in {@link Session}. */
export abstract class SessionLifecycle implements ScheduledSession {
  /** The number of the session in our frames. */
  readonly channel: number;
  /** What has been sent and received of begin and end (§2.5.5). Only for reading. */
  state: EndpointState = 'idle';
  /** Whether `flush` will be called. */
  flushScheduled = false;
  /** Whether `pump` will be called. */
  pumpScheduled = false;
  /** The begin of the peer (§2.7.2); undefined until it came. */
  remote: Begin | undefined = undefined;
  protected readonly connection: SessionConnection;
  protected readonly outgoing: OutgoingWindow = new OutgoingWindow();
  protected readonly incoming: IncomingWindow = new IncomingWindow();
  /** The highest handle that we take. */
  protected handleMax = 65_535;
  /** The highest handle that the peer takes. */
  protected remoteHandleMax = 0xffff_ffff;
  #remoteChannel: number | undefined = undefined;
  #host: SessionHost | undefined = undefined;
  /** Why the session must end as soon as we have begun it. */
  #fault: ProtocolErrorInit | undefined = undefined;
  #failure: AmqpError | undefined = undefined;
  #ended: Ended | undefined = undefined;

  constructor(connection: SessionConnection, channel: number) {
    this.connection = connection;
    this.channel = channel;
  }

  /** How the session ended; undefined until it has. */
  get ended(): Ended | undefined {
    return this.#ended;
  }

  /** Whether frames may be sent: none follows our end or close (§2.5.2, §2.4.3). */
  get sending(): boolean {
    return canSend(this.state) && this.connection.sending;
  }

  /** Why nothing more can be sent: the end of the session, or of its connection; undefined while it can. */
  get closure(): AmqpError | undefined {
    const error = this.#ended?.error ?? this.connection.closure;
    return error ?? (canSend(this.state) ? undefined : amqpError('session-ended', 'the session is ending'));
  }

  /** Whether frames of the peer mean anything: after our end they are dropped (§2.5.4). */
  protected get listening(): boolean {
    return (this.state === 'opened' || this.state === 'openReceived') && this.#fault === undefined;
  }

  abstract flush(): void;
  abstract pump(): boolean;
  /** Writes the dispositions that wait: they must leave before an end or detach. */
  abstract flushDispositions(): void;
  /** Ends all links with the session. */
  protected abstract terminateLinks(ended: Ended): void;

  /**
   * Begins our half: answers the begin of the peer (§2.5.1). {@link Connection.createSession} has done it already.
   *
   * @throws `illegal-state` when our begin was sent before or the session has ended; `invalid-argument` when the begin
   *   does not fit a frame that the peer takes; `encode-error` when an option cannot be written
   */
  begin(options: SessionOptions, host: SessionHost): void {
    const next = this.#next('sendOpen');
    const { incomingWindow = 2048, outgoingWindow = MOST_TRANSFERS, handleMax = 65_535 } = options;
    const { nextOutgoingId = 0 } = options;
    this.#write({
      type: 'begin',
      remoteChannel: this.#remoteChannel,
      nextOutgoingId,
      incomingWindow,
      outgoingWindow,
      handleMax,
      offeredCapabilities: options.offeredCapabilities,
      desiredCapabilities: options.desiredCapabilities,
      properties: options.properties,
    });
    this.#host = host;
    this.handleMax = handleMax;
    this.incoming.open(incomingWindow);
    this.outgoing.size = outgoingWindow;
    this.outgoing.begin(nextOutgoingId);
    this.state = next;
    if (next === 'closeReceived') this.#answerEnd();
    else if (this.#fault !== undefined) this.end(this.#fault);
  }

  post(notice: Notice): void {
    this.connection.post(notice);
  }

  write(performative: PerformativeInit): void {
    if (!this.sending) return;
    this.#write(performative);
    this.connection.scheduleFlush(this);
  }

  #write(performative: PerformativeInit): void {
    if (this.connection.sending) this.connection.frames.performative(this.channel, performative);
  }

  /**
   * Ends the session from this side, and its links with it (§2.5.2). The host hears `ended` when the peer has answered;
   * later calls change nothing.
   *
   * @param error - what to tell the peer; without it the end is in order
   * @throws `invalid-argument` when the error does not fit a frame that the peer takes; `encode-error` when it cannot be
   *   written. The session goes on as before then.
   */
  end(error?: ProtocolErrorInit): void {
    const next = nextState(this.state, error === undefined ? 'sendClose' : 'sendError');
    if (next === undefined) return;
    this.flushDispositions();
    this.#write({ type: 'end', error });
    this.state = next;
  }

  /**
   * Ends the session because the peer broke a rule of it (§2.5.4). The host hears `ended` at once, with `session-failed`.
   *
   * @throws `invalid-argument`, `encode-error` as `end` does
   */
  fail(condition: string, description: string): void {
    this.#failure ??= amqpError('session-failed', `the session was ended: ${description}`, { condition, description });
    const error: ProtocolErrorInit = { condition, description };
    // Before our begin nothing can be said: the end follows it.
    if (this.state === 'openReceived') this.#fault = error;
    else this.end(error);
    // Whoever waits need not wait for the answer of a peer that breaks rules.
    this.giveUp(this.#failure);
  }

  /** Ends the session for its host, though the peer has not answered our end; the answer may still come. */
  giveUp(error: AmqpError): void {
    this.#finish('local', error, false);
  }

  #answerEnd(): void {
    this.state = this.#next('sendClose');
    this.#write({ type: 'end' });
    if (this.#ended !== undefined) this.connection.released(this);
  }

  #next(input: EndpointInput): EndpointState {
    const next = nextState(this.state, input);
    if (next === undefined) throw amqpError('illegal-state', `the session is ${this.state}: ${input} is not possible`);
    return next;
  }

  /** Whether the peer waits for our begin. */
  get requested(): boolean {
    return this.state === 'openReceived' || this.state === 'abandoned';
  }

  /**
   * A host that does not want the session of the peer leaves it alone: it is begun, and ended as not implemented.
   *
   * @throws nothing: both frames are small
   */
  refuseUnlessBegun(): void {
    if (!this.requested) return;
    this.begin({}, { event: () => undefined });
    this.end({ condition: ErrorCondition.notImplemented, description: 'sessions of the peer are not taken here' });
  }

  /** The connection has ended, and the session with it. */
  terminate(ended: Ended): void {
    this.state = 'closed';
    this.#finish(ended.by, ended.error, ended.clean);
  }

  #finish(by: Ended['by'], error: AmqpError, clean: boolean): void {
    if (this.#ended === undefined) {
      const ended: Ended = { type: 'ended', by, error, clean };
      this.#ended = ended;
      this.terminateLinks(ended);
      this.tell(ended);
    }
    // The channel of a session that one side has not ended yet is still to carry its end.
    if (this.state === 'closed') this.connection.released(this);
  }

  protected tell(event: SessionEvent): void {
    this.post({ notify: () => this.deliver(event) });
  }

  protected deliver(event: SessionEvent): void {
    this.#host?.event(event);
  }

  /**
   * The begin of the peer (§2.7.2), on its own channel. Called by the connection.
   *
   * @throws `illegal-state` when none is possible; the connection does not call it then
   */
  receiveBegin(begin: Begin, remoteChannel: number): void {
    this.state = this.#next('receiveOpen');
    this.remote = begin;
    this.remoteHandleMax = begin.handleMax;
    this.incoming.update(begin.nextOutgoingId);
    if (begin.remoteChannel === undefined) this.#remoteChannel = remoteChannel;
    // A window that was told before the peer saw our transfers counts from our first id (§2.5.6).
    this.outgoing.update(undefined, begin.incomingWindow);
    this.tell({ type: 'begun', remote: begin });
  }

  /**
   * The end of the peer (§2.7.8). Called by the connection.
   *
   * @throws `illegal-state` when none is possible; the connection does not call it then
   */
  receiveEnd(end: End): void {
    this.state = this.#next('receiveClose');
    if (this.state === 'closed') {
      // An answer with an error is an end of the peer that crossed ours.
      const crossed = end.error && remoteError('session-ended-by-peer', ENDED_BY_PEER, end.error);
      const fault = this.#failure ?? crossed;
      this.#finish('local', fault ?? amqpError('session-ended', 'the session is ended'), fault === undefined);
      return;
    }
    if (this.state === 'closeReceived') this.#answerEnd();
    this.#finish('peer', remoteError('session-ended-by-peer', ENDED_BY_PEER, end.error), end.error === undefined);
  }
}
