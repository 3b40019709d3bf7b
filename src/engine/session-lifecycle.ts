import { amqpError, type AmqpError } from '../errors/index.ts';
import { ErrorCondition } from '../definitions/index.ts';
import type { Begin, End, PerformativeInit, ProtocolErrorInit } from '../definitions/index.ts';
import type { Ended } from './ended.ts';
import { nextState, type EndpointInput, type EndpointState } from './endpoint-state.ts';
import type { Notice } from './mailbox.ts';
import type { ScheduledSession, SessionConnection, SessionEvent, SessionHost, SessionOptions } from './session-host.ts';
import { remoteError } from './remote-error.ts';
import { OUTGOING_WINDOW } from './session-output.ts';
import { IncomingWindow, OutgoingWindow } from './windows.ts';

/** How a session begins and ends, and its windows (§2.5). What it carries is in {@link Session}. */
export abstract class SessionLifecycle implements ScheduledSession {
  /** The number of the session in our frames. */
  readonly channel: number;
  state: EndpointState = 'idle';
  /** Whether `flush` will be called. */
  flushScheduled = false;
  /** Whether `pump` will be called. */
  pumpScheduled = false;
  protected readonly connection: SessionConnection;
  protected readonly outgoing: OutgoingWindow = new OutgoingWindow();
  protected readonly incoming: IncomingWindow = new IncomingWindow();
  /** The highest handle that we take. */
  protected handleMax = 65_535;
  /** The highest handle that the peer takes. */
  protected remoteHandleMax = 0xffff_ffff;
  #remoteChannel: number | undefined = undefined;
  #host: SessionHost | undefined = undefined;
  #failure: AmqpError | undefined = undefined;
  #ended: Ended | undefined = undefined;

  constructor(connection: SessionConnection, channel: number) {
    this.connection = connection;
    this.channel = channel;
  }

  /** How the session ended, once it has. */
  get ended(): Ended | undefined {
    return this.#ended;
  }

  abstract flush(): void;
  abstract pump(): boolean;
  /** Writes the dispositions that wait: they must leave before an end or detach. */
  abstract flushDispositions(): void;
  /** Ends all links with the session. */
  protected abstract terminateLinks(ended: Ended): void;

  /** Begins our half: asks for a session, or answers the begin of the peer. */
  begin(options: SessionOptions, host: SessionHost): void {
    this.#advance('sendOpen');
    this.#host = host;
    this.handleMax = options.handleMax ?? this.handleMax;
    const { incomingWindow = 2048 } = options;
    this.incoming.open(incomingWindow);
    this.connection.frames.performative(this.channel, {
      type: 'begin',
      remoteChannel: this.#remoteChannel,
      nextOutgoingId: this.outgoing.nextOutgoingId,
      incomingWindow,
      outgoingWindow: OUTGOING_WINDOW,
      handleMax: this.handleMax,
      offeredCapabilities: options.offeredCapabilities,
      desiredCapabilities: options.desiredCapabilities,
      properties: options.properties,
    });
    if (this.state === 'closeReceived') this.#answerEnd();
  }

  post(notice: Notice): void {
    this.connection.post(notice);
  }

  write(performative: PerformativeInit): void {
    this.connection.frames.performative(this.channel, performative);
    this.connection.scheduleFlush(this);
  }

  /** Ends the session from this side. The host hears `ended` when the peer has answered; later calls change nothing. */
  end(error?: ProtocolErrorInit): void {
    const next = nextState(this.state, error === undefined ? 'sendClose' : 'sendError');
    if (next === undefined) return;
    this.flushDispositions();
    this.state = next;
    this.write({ type: 'end', error });
    if (next === 'closed') this.#finish('local', amqpError('session-ended', 'the session is ended'), true);
  }

  /** Ends the session because the peer broke a rule of it (§2.5.4). */
  fail(condition: string, description: string): void {
    this.#failure ??= amqpError('session-failed', `the session was ended: ${description}`, { condition, description });
    this.end({ condition, description });
  }

  #answerEnd(): void {
    this.#advance('sendClose');
    this.write({ type: 'end' });
  }

  #advance(input: EndpointInput): void {
    const next = nextState(this.state, input);
    if (next === undefined) throw amqpError('illegal-state', `the session is ${this.state}: ${input} is not possible`);
    this.state = next;
  }

  /** A host that does not want the session of the peer leaves it alone: it is begun and ended. */
  refuseUnlessBegun(): void {
    if (this.state !== 'openReceived' && this.state !== 'abandoned') return;
    this.begin({}, { event: () => undefined });
    this.end({ condition: ErrorCondition.notImplemented, description: 'sessions of the peer are not taken here' });
  }

  /** The connection has ended, and the session with it. */
  terminate(ended: Ended): void {
    this.state = 'closed';
    this.#finish(ended.by, ended.error, ended.clean);
  }

  #finish(by: Ended['by'], error: AmqpError, clean: boolean): void {
    if (this.#ended !== undefined) return;
    const ended: Ended = { type: 'ended', by, error, clean };
    this.#ended = ended;
    this.terminateLinks(ended);
    this.tell(ended);
    this.connection.released(this);
  }

  protected tell(event: SessionEvent): void {
    this.post({ notify: () => this.#host?.event(event) });
  }

  /** The begin of the peer. */
  receiveBegin(begin: Begin, remoteChannel: number): void {
    this.#advance('receiveOpen');
    this.remoteHandleMax = begin.handleMax;
    this.incoming.update(begin.nextOutgoingId);
    if (begin.remoteChannel === undefined) this.#remoteChannel = remoteChannel;
    // A window that was told before the peer saw our transfers counts from our first id (§2.5.6).
    this.outgoing.update(undefined, begin.incomingWindow);
    this.tell({ type: 'begun', remote: begin });
  }

  /** The end of the peer. */
  receiveEnd(end: End): void {
    this.#advance('receiveClose');
    if (this.state === 'closed') {
      this.#finish(
        'local',
        this.#failure ?? amqpError('session-ended', 'the session is ended'),
        this.#failure === undefined,
      );
      return;
    }
    if (this.state === 'closeReceived') this.#answerEnd();
    this.#finish(
      'peer',
      remoteError('session-ended-by-peer', 'the peer ended the session', end.error),
      end.error === undefined,
    );
  }
}
