import { AmqpError, amqpError, type ErrorCode } from '../errors/index.ts';
import { ErrorCondition } from '../definitions/index.ts';
import type { Close, Fields, Open, ProtocolErrorInit } from '../definitions/index.ts';
import { closedError, handshakeError, lostError, unansweredError } from './connection-error.ts';
import type { ConnectionEvent, ConnectionHost, ConnectionOptions } from './connection-host.ts';
import { Deadlines } from './deadlines.ts';
import type { Ended } from './ended.ts';
import { canSend, isClosing, nextState, type EndpointState } from './endpoint-state.ts';
import { FrameWriter } from './frame-writer.ts';
import { Mailbox, type Notice } from './mailbox.ts';
import type { Negotiation } from './negotiation.ts';
import { Opening, REFUSAL } from './opening.ts';
import { faultOf, remoteError, shortDescription } from './remote-error.ts';

/** How a connection opens and ends, and its deadlines (§2.4). What it carries is in {@link Connection}. */
export abstract class ConnectionLifecycle {
  readonly frames: FrameWriter;
  /** Whether nothing more will be exchanged: the transport can end once all is transmitted. */
  finished = false;
  /** What has been sent and received of open and close (§2.4.6). Only for reading. */
  state: EndpointState = 'idle';
  /** The open of the peer (§2.7.1); undefined until it came. */
  remote: Open | undefined = undefined;
  protected abstract readonly negotiation: Negotiation;
  protected readonly options: ConnectionOptions;
  protected readonly host: ConnectionHost;
  protected readonly opening: Opening;
  protected readonly mailbox: Mailbox = new Mailbox();
  /** The time of the last input, in ms. */
  protected now = 0;
  /** Counts the frames that came, for the idle timeout. */
  protected framesReceived = 0;
  /** Whether the host was told that there are octets, and has not taken them all. */
  protected woken = false;
  readonly #deadlines = new Deadlines();
  #ended: Ended | undefined = undefined;

  constructor(options: ConnectionOptions, host: ConnectionHost) {
    this.options = options;
    this.host = host;
    this.opening = new Opening(options);
    this.opening.checkSize();
    this.frames = new FrameWriter(() => this.wake(), options.trace);
  }

  /** Writes the dispositions and flows that were gathered: they must leave before a close. */
  protected abstract flushSessions(): void;
  /** Ends all sessions with the connection. */
  protected abstract terminateSessions(ended: Ended): void;

  /** How the connection ended; undefined until it has. */
  get ended(): Ended | undefined {
    return this.#ended;
  }

  get sending(): boolean {
    return canSend(this.state);
  }

  /** Why nothing more can be sent; undefined while it can. */
  get closure(): AmqpError | undefined {
    return this.#ended?.error ?? (this.sending ? undefined : closedError());
  }

  /** What the peer owes us, in words, for the text of an error. */
  get waitingFor(): string {
    if (!this.negotiation.complete) return this.negotiation.waitingFor;
    return this.remote === undefined ? 'its open is missing' : 'its close is missing';
  }

  /**
   * The transport is open: a client sends its header now, and its open if it has no SASL (§2.4.1). The handshake
   * timeout runs from here.
   *
   * @param now - the time, in ms of a clock that never goes back
   * @throws nothing: the constructor has checked what is sent here
   */
  start(now: number): void {
    this.#deadlines.handshake(now + this.opening.handshakeTimeout);
    if (this.options.role === 'client') this.negotiation.start();
  }

  /**
   * When {@link tick} is wanted, in ms of the caller's clock; a time that is past, as 0, means at once. Undefined: not
   * until something else happens. Ask again after every other call.
   */
  deadline(): number | undefined {
    return this.#deadlines.next();
  }

  /**
   * Looks at the clock: handshake and close that take too long, a silent peer, a heartbeat that is due (§2.4.5). Called
   * too early, it does nothing.
   *
   * @param now - the time, in ms of the caller's clock
   * @throws nothing: the silence of the peer ends the connection, which its host is told by `ended`
   */
  tick(now: number): void {
    switch (this.#deadlines.tick(now, this.framesReceived, this.frames.output.frames)) {
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
          `no frame came for ${this.opening.idleTimeout} ms`,
          'idle-timeout',
        );
        break;
      case undefined:
    }
    this.mailbox.deliver();
  }

  /**
   * The transport has ended, in order or with an error: the connection ends with `connection-lost` unless it has ended
   * before, and what was not transmitted is dropped.
   *
   * @param cause - what broke the transport; an `AmqpError` becomes the error of the connection as it is
   */
  transportEnded(cause?: Error): void {
    if (this.state === 'closeSent') this.#end('local', unansweredError('the transport ended'), false);
    this.#end('transport', lostError(this.waitingFor, cause), false);
    this.#finish();
    this.frames.output.clear();
    this.mailbox.deliver();
  }

  /**
   * Closes the connection from this side (§2.4.3). The host hears `ended` when the peer has answered, or when the close
   * timeout is up. A second call, or one when all is over, changes nothing.
   *
   * @param error - what to tell the peer; without it the close is in order
   * @throws `invalid-argument` when the error does not fit a frame that the peer takes; `encode-error`
   * when it holds what AMQP cannot express. The connection is open as before then.
   */
  close(error?: ProtocolErrorInit): void {
    if (this.finished) return;
    if (this.state === 'idle') {
      this.#end('local', closedError(), true);
      this.#finish();
      return;
    }
    const next = nextState(this.state, error === undefined ? 'sendClose' : 'sendError');
    if (next === undefined) return;
    this.flushSessions();
    this.frames.performative(0, { type: 'close', error });
    this.state = next;
    this.#deadlines.closing(this.opening.closeTimeout);
    if (next === 'closed') this.#finish();
  }

  /** The one funnel for faults of the peer that end the connection: tells it, and everybody here, once. */
  fail(condition: string, detail: string, code: ErrorCode = 'protocol-error'): void {
    // §2.4.6: after our close all is discarded until the peer's, and what is discarded breaks no rule.
    if (!isClosing(this.state)) this.#break(condition, detail, code);
  }

  #break(condition: string, detail: string, code: ErrorCode): void {
    const description = shortDescription(detail);
    const error = amqpError(code, description, { condition, description });
    if (!this.negotiation.complete) {
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

  /** What cannot be decoded is the fault of the peer; anything else that is thrown by its input is ours. */
  protected caught(error: unknown): void {
    if (AmqpError.is(error) && error.code === 'decode-error') this.fail(ErrorCondition.decodeError, faultOf(error));
    else this.fail(ErrorCondition.internalError, `internal error: ${String(error)}`, 'internal');
  }

  /** Nothing more is exchanged. */
  #finish(): void {
    this.#end('local', closedError(), true);
    this.finished = true;
    this.#deadlines.clear();
    this.wake();
  }

  #end(by: Ended['by'], error: AmqpError, clean: boolean): void {
    if (this.#ended !== undefined) return;
    const ended: Ended = { type: 'ended', by, error, clean };
    this.#ended = ended;
    this.terminateSessions(ended);
    this.#tell(ended);
  }

  #tell(event: ConnectionEvent): void {
    this.post({ notify: () => this.host.event(event) });
  }

  protected wake(): void {
    if (this.woken) return;
    this.woken = true;
    this.host.wake();
  }

  post(notice: Notice): void {
    this.mailbox.post(notice);
    this.wake();
  }

  established(): void {
    if (this.options.role === 'client') this.#sendOpen(undefined);
  }

  #sendOpen(properties: Fields | undefined): void {
    this.frames.performative(0, this.opening.open(properties));
    this.state = this.state === 'idle' ? 'openSent' : 'opened';
  }

  /** Whether a frame means anything: after our own close, or an error, all is dropped until the peer's close (§2.4.6). */
  protected listening(what: string): boolean {
    if (this.state === 'opened') return true;
    this.fail(ErrorCondition.notAllowed, `a ${what} came before the open`);
    return false;
  }

  receiveOpen(channel: number, open: Open): void {
    if (channel !== 0) {
      this.fail(ErrorCondition.framingError, `an open came on channel ${channel}`, 'framing-error');
      return;
    }
    const next = nextState(this.state, 'receiveOpen');
    if (next === undefined) {
      this.fail(ErrorCondition.illegalState, 'a second open came');
      return;
    }
    this.state = next;
    this.remote = open;
    const fault = this.opening.check(open);
    if (fault !== undefined) {
      this.fail(fault.condition, fault.detail, fault.code);
      return;
    }
    this.frames.setLimit(open.maxFrameSize);
    if (next === 'openReceived') this.#sendOpen(undefined);
    if (this.state !== 'opened') return;
    this.#deadlines.opened(this.now, this.opening.idleTimeout, open.idleTimeOut ?? 0);
    if (open.properties?.[REFUSAL] !== true) this.#tell({ type: 'opened', remote: open });
  }

  receiveClose(close: Close): void {
    const next = nextState(this.state, 'receiveClose');
    if (next === undefined) {
      this.#break(ErrorCondition.notAllowed, 'a close came before the open', 'protocol-error');
      // Nothing follows a close, not even an open that is missing.
      this.#finish();
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
