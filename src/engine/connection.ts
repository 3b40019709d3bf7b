import { AmqpError, amqpError, type ErrorCode } from '../errors/index.ts';
import type { Block } from '../codec/index.ts';
import { ErrorCondition } from '../definitions/index.ts';
import type { Begin, Close, End, Fields, Open, ProtocolErrorInit } from '../definitions/index.ts';
import { closedError, handshakeError, lostError, unansweredError } from './connection-error.ts';
import type { ConnectionEvent, ConnectionHost, ConnectionOptions } from './connection-host.ts';
import type { Ended } from './ended.ts';
import { Deadlines } from './deadlines.ts';
import { canSend, nextState, type EndpointState } from './endpoint-state.ts';
import { FrameDispatcher, type FrameTarget } from './frame-dispatcher.ts';
import { FrameWriter } from './frame-writer.ts';
import { Input, type InputSink } from './input.ts';
import { Mailbox, type Notice } from './mailbox.ts';
import { Negotiation, type NegotiationHost } from './negotiation.ts';
import { Opening, REFUSAL } from './opening.ts';
import { PayloadStore } from './payload-store.ts';
import { detailOf, remoteError, shortDescription } from './remote-error.ts';
import type { ScheduledSession, SessionHost, SessionOptions } from './session-host.ts';
import { SessionTable, type SessionTableHost } from './session-table.ts';
import type { Session } from './session.ts';
import { WorkList } from './work-list.ts';

/**
 * One end of an AMQP connection, without I/O and without a clock: octets and the time go in, octets and events come
 * out. A fault of the peer never throws; it becomes an event, and octets that tell the peer. A fault of the caller
 * throws at once.
 *
 * Drive it by `start`, `receive`, `transmit`/`written`, `tick` at `deadline`, and `transportEnded`; end the transport
 * when `finished` is set and everything was transmitted.
 */
export class Connection implements InputSink, FrameTarget, SessionTableHost, NegotiationHost {
  readonly frames: FrameWriter;
  readonly store: PayloadStore = new PayloadStore();
  /** Whether nothing more will be exchanged: the transport can end once all is transmitted. */
  finished = false;
  state: EndpointState = 'idle';
  /** The open of the peer. */
  remote: Open | undefined = undefined;
  readonly #options: ConnectionOptions;
  readonly #host: ConnectionHost;
  readonly #negotiation: Negotiation;
  readonly #input: Input = new Input(this);
  readonly #dispatcher: FrameDispatcher = new FrameDispatcher(this);
  readonly #sessions: SessionTable = new SessionTable(this);
  readonly #mailbox = new Mailbox();
  readonly #deadlines = new Deadlines();
  readonly #work = new WorkList();
  readonly #opening: Opening;
  #now = 0;
  #framesReceived = 0;
  #woken = false;
  #ended: Ended | undefined = undefined;

  constructor(options: ConnectionOptions, host: ConnectionHost) {
    this.#options = options;
    this.#host = host;
    this.#opening = new Opening(options);
    this.#opening.checkSize();
    this.frames = new FrameWriter(() => this.#wake(), options.trace);
    this.#negotiation = new Negotiation(options, this.frames, this);
  }

  /** How the connection ended, once it has. */
  get ended(): Ended | undefined {
    return this.#ended;
  }

  /** Octets that the transport has not finished with. */
  get buffered(): number {
    return this.frames.output.pending;
  }

  get sending(): boolean {
    return canSend(this.state);
  }

  get writable(): boolean {
    return this.frames.output.pending < this.#opening.highWaterMark;
  }

  get maxFrameSize(): number {
    return this.#negotiation.maxFrameSize ?? this.#opening.maxFrameSize;
  }

  /** What the peer owes us, in words. */
  get waitingFor(): string {
    if (!this.#negotiation.complete) return this.#negotiation.waitingFor;
    return this.remote === undefined ? 'its open is missing' : 'its close is missing';
  }

  get expectsHeader(): boolean {
    return this.#negotiation.expectsHeader;
  }

  get paused(): boolean {
    return this.#negotiation.paused;
  }

  get deaf(): boolean {
    return this.finished;
  }

  get hasChannel(): boolean {
    return this.#sessions.hasFree;
  }

  get highestChannel(): number {
    return Math.min(this.#opening.channelMax, this.remote?.channelMax ?? this.#opening.channelMax);
  }

  /** The transport is open: a client sends its header now. */
  start(now: number): void {
    this.#deadlines.handshake(now + this.#opening.handshakeTimeout);
    if (this.#options.role === 'client') this.#negotiation.start();
  }

  /** Takes in what arrived, and tells the hosts after it. The octets are not kept. */
  receive(bytes: Uint8Array, now: number): void {
    this.#now = now;
    if (this.finished) return;
    this.#input.receive(bytes);
    this.#mailbox.deliver();
    this.#pump();
    this.#mailbox.deliver();
  }

  /** The next octets to send; they stay as they are until {@link written}. Undefined when there are none. */
  transmit(): Uint8Array | undefined {
    this.#mailbox.deliver();
    this.#pump();
    this.#mailbox.deliver();
    this.#work.flush();
    const chunk = this.frames.output.transmit();
    if (chunk === undefined) this.#woken = false;
    return chunk;
  }

  /** The transport is done with the next `count` octets that were transmitted. */
  written(count: number): void {
    this.frames.output.written(count);
    this.#pump();
    this.#mailbox.deliver();
  }

  #pump(): void {
    if (this.writable && this.#ended === undefined) this.#work.pump();
  }

  /** The time at which {@link tick} is wanted, or undefined. */
  deadline(): number | undefined {
    return this.#deadlines.next();
  }

  /** Looks at the clock: handshake and close that take too long, a silent peer, a heartbeat that is due. */
  tick(now: number): void {
    switch (this.#deadlines.tick(now, this.#framesReceived, this.frames.output.frames)) {
      case 'handshake':
        this.failed(handshakeError(this.waitingFor));
        break;
      case 'close':
        this.#end('local', unansweredError('the time was up'), false);
        this.#finish();
        break;
      case 'heartbeat':
        this.frames.heartbeat();
        break;
      case 'expired':
        this.fail(
          ErrorCondition.resourceLimitExceeded,
          `no frame came for ${this.#opening.idleTimeout} ms`,
          'idle-timeout',
        );
        break;
      case undefined:
    }
    this.#mailbox.deliver();
  }

  /** The transport has ended, in order or with an error. */
  transportEnded(cause?: Error): void {
    this.#input.end();
    if (this.state === 'closeSent') this.#end('local', unansweredError('the transport ended'), false);
    this.#end('transport', lostError(this.waitingFor, cause), false);
    this.#finish();
    this.frames.output.clear();
    this.#mailbox.deliver();
  }

  /** Closes the connection from this side (§2.4.3). The host hears `ended` when the peer has answered. */
  close(error?: ProtocolErrorInit): void {
    if (this.state === 'idle') {
      this.#end('local', closedError(), true);
      this.#finish();
      return;
    }
    const next = nextState(this.state, error === undefined ? 'sendClose' : 'sendError');
    if (next === undefined) return;
    this.#work.flush();
    this.frames.performative(0, { type: 'close', error });
    this.state = next;
    this.#deadlines.closing(this.#opening.closeTimeout);
    if (next === 'closed') this.#finish();
  }

  /** Begins a session. Throws if no channel is free or the connection is not open. */
  createSession(options: SessionOptions, host: SessionHost): Session {
    if (this.#ended !== undefined) throw this.#ended.error;
    if (!this.sending) throw closedError();
    return this.#sessions.begin(options, host);
  }

  /** The one funnel for faults of the peer that end the connection: tells it, and everybody here, once. */
  fail(condition: string, detail: string, code: ErrorCode = 'protocol-error'): void {
    const description = shortDescription(detail);
    const error = amqpError(code, description, { condition, description });
    if (!this.#negotiation.complete) {
      this.failed(error);
      return;
    }
    // §2.4.7: not even a close may be sent before our open.
    if (this.state === 'idle' || this.state === 'openReceived') this.#sendOpen({ [REFUSAL]: true });
    this.#end('local', error, false);
    this.close({ condition, description });
  }

  /** Ends everything without a word: the AMQP layer was never agreed on, or the peer does not listen. */
  failed(error: AmqpError): void {
    this.#end('local', error, false);
    this.#finish();
  }

  /** Nothing more is exchanged. */
  #finish(): void {
    this.#end('local', closedError(), true);
    this.finished = true;
    this.#deadlines.clear();
    this.#wake();
  }

  #end(by: Ended['by'], error: AmqpError, clean: boolean): void {
    if (this.#ended !== undefined) return;
    const ended: Ended = { type: 'ended', by, error, clean };
    this.#ended = ended;
    for (const session of this.#sessions.all()) session.terminate(ended);
    this.#tell(ended);
  }

  #tell(event: ConnectionEvent): void {
    this.post({ notify: () => this.#host.event(event) });
  }

  #wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    this.#host.wake();
  }

  post(notice: Notice): void {
    this.#mailbox.post(notice);
    this.#wake();
  }

  scheduleFlush(session: ScheduledSession): void {
    this.#work.addFlush(session);
    this.#wake();
  }

  schedulePump(session: ScheduledSession): void {
    this.#work.addPump(session);
    this.#wake();
  }

  released(session: ScheduledSession): void {
    this.#sessions.release(session.channel);
  }

  resume(): void {
    this.#input.resume();
  }

  established(): void {
    if (this.#options.role === 'client') this.#sendOpen(undefined);
  }

  #sendOpen(properties: Fields | undefined): void {
    this.frames.performative(0, this.#opening.open(properties));
    this.state = this.state === 'idle' ? 'openSent' : 'opened';
  }

  header(octets: Uint8Array): void {
    this.#negotiation.header(octets);
  }

  malformed(code: 'framing-error' | 'frame-too-large', detail: string): void {
    this.fail(ErrorCondition.framingError, detail, code);
  }

  frame(type: number, channel: number, block: Block, start: number, end: number): void {
    this.#options.trace?.('in', channel, type, block.bytes.subarray(start, end));
    this.#framesReceived++;
    try {
      if (this.#negotiation.inSasl) this.#negotiation.frame(type, block, start, end);
      else if (type !== 0) this.malformed('framing-error', `a frame of type ${type} came where AMQP frames belong`);
      else if (channel > this.#opening.channelMax) {
        this.malformed('framing-error', `channel ${channel} is above our limit of ${this.#opening.channelMax}`);
      } else if (start < end) this.#dispatcher.dispatch(channel, block, start, end);
    } catch (error) {
      this.#caught(error);
    }
  }

  /** What cannot be decoded is the fault of the peer; anything else that is thrown here is ours. */
  #caught(error: unknown): void {
    if (AmqpError.is(error) && error.code === 'decode-error') this.fail(ErrorCondition.decodeError, detailOf(error));
    else this.fail(ErrorCondition.internalError, `internal error: ${String(error)}`, 'internal');
  }

  sessionOf(channel: number, what: string): Session | undefined {
    if (!this.#listening(what)) return undefined;
    const session = this.#sessions.of(channel);
    if (session === undefined) {
      this.fail(ErrorCondition.notAllowed, `a ${what} came on channel ${channel}, which has no session`);
    }
    return session;
  }

  receiveBegin(channel: number, begin: Begin): void {
    if (this.#listening('begin')) this.#sessions.receiveBegin(channel, begin);
  }

  receiveEnd(channel: number, end: End): void {
    const session = this.sessionOf(channel, 'end');
    if (session === undefined) return;
    this.#sessions.unmap(channel);
    session.receiveEnd(end);
  }

  /** After our own close, or an error, the input is dropped until the peer's close (§2.4.6). */
  #listening(what: string): boolean {
    if (this.state === 'opened') return true;
    if (this.state === 'idle' || this.state === 'openSent') {
      this.fail(ErrorCondition.notAllowed, `a ${what} came before the open`);
    }
    return false;
  }

  receiveOpen(channel: number, open: Open): void {
    if (channel !== 0) {
      this.malformed('framing-error', `an open came on channel ${channel}`);
      return;
    }
    const next = nextState(this.state, 'receiveOpen');
    if (next === undefined) {
      if (this.state === 'opened') this.fail(ErrorCondition.illegalState, 'a second open came');
      return;
    }
    this.state = next;
    this.remote = open;
    const fault = this.#opening.check(open);
    if (fault !== undefined) {
      this.fail(fault.condition, fault.detail, fault.code);
      return;
    }
    this.frames.setLimit(open.maxFrameSize);
    if (next === 'openReceived') this.#sendOpen(undefined);
    if (this.state !== 'opened') return;
    this.#deadlines.opened(this.#now, this.#opening.idleTimeout, open.idleTimeOut ?? 0);
    if (open.properties?.[REFUSAL] !== true) this.#tell({ type: 'opened', remote: open });
  }

  requested(session: Session): void {
    this.post({
      notify: () => {
        if (!session.requested) return;
        this.#host.event({ type: 'sessionRequested', session });
        session.refuseUnlessBegun();
      },
    });
  }

  receiveClose(close: Close): void {
    const next = nextState(this.state, 'receiveClose');
    if (next === undefined) {
      this.fail(ErrorCondition.notAllowed, 'a close came before the open');
      return;
    }
    this.state = next;
    const { error } = close;
    const told = remoteError('connection-closed-by-peer', 'the peer closed the connection', error);
    if (next !== 'closed') {
      this.#end('peer', told, error === undefined);
      this.close();
      return;
    }
    // An answer with an error is a close of the peer that crossed ours.
    if (error !== undefined) this.#end('local', told, false);
    this.#finish();
  }
}
