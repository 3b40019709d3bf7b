import { amqpError, type AmqpError } from '../errors/index.ts';
import { ErrorCondition } from '../definitions/index.ts';
import type {
  Attach,
  AttachInit,
  CoordinatorInit,
  Detach,
  Fields,
  FlowFields,
  PerformativeInit,
  ProtocolErrorInit,
  ReceiverSettleMode,
  SenderSettleMode,
  SourceInit,
  TargetInit,
} from '../definitions/index.ts';
import type { Ended } from './ended.ts';
import { nextState, type EndpointInput, type EndpointState } from './endpoint-state.ts';
import type { Notice } from './mailbox.ts';
import { remoteError } from './remote-error.ts';

/** What an attach says, apart from what the engine adds (§2.7.3). A terminus that is left out is null. */
export interface LinkOptions {
  /** Where the messages come from (§3.5.3). */
  readonly source?: SourceInit | undefined;
  /** Where they go (§3.5.4); a coordinator takes transactions (§4.2). */
  readonly target?: TargetInit | CoordinatorInit | undefined;
  /** How the sender settles (§2.8.2). */
  readonly senderSettleMode?: SenderSettleMode | undefined;
  /** How the receiver settles (§2.8.3). */
  readonly receiverSettleMode?: ReceiverSettleMode | undefined;
  /** The largest message that this side takes, in octets; 0 or undefined means no limit. */
  readonly maxMessageSize?: bigint | undefined;
  /** Where a sender begins to count, from 0 to 2^32 - 1; a receiver leaves it out. Default 0. */
  readonly initialDeliveryCount?: number | undefined;
  /** What this side can do (§2.7.3). */
  readonly offeredCapabilities?: readonly string[] | undefined;
  /** What this side asks the peer to do (§2.7.3). */
  readonly desiredCapabilities?: readonly string[] | undefined;
  /** Properties of this link, by symbol (§2.7.3). */
  readonly properties?: Fields | undefined;
}

/** The last event of a link. */
export interface LinkEnded extends Ended {
  /** Whether the peer closed the terminus as well; a detach alone leaves it (§2.6.4). */
  readonly closed: boolean;
}

/** What happens to a link, apart from its deliveries. */
export type LinkEvent =
  | {
      /** The peer has answered our attach. Neither a link that it refuses nor one that it asked for hears this. */
      readonly type: 'attached';
      /** The attach of the peer (§2.7.3). */
      readonly remote: Attach;
    }
  | {
      readonly type: 'flowProperties';
      /** The properties of the link that a flow of the peer has told (§2.7.4). */
      readonly properties: Fields;
    }
  | LinkEnded;

/** What every user of a link provides. */
export interface LinkHost {
  /** Something happened to the link. It may call the engine at will. */
  event(event: LinkEvent): void;
}

/** The fields of an attach that the link does not know by itself. */
type AttachFields = Omit<AttachInit, 'name' | 'handle' | 'role' | 'type'>;

/** What a link asks of its session. */
export interface LinkSession {
  /** Whether frames may be sent: none follows our end or close. */
  readonly sending: boolean;
  /** Why frames may not be sent; undefined while they may. */
  readonly closure: AmqpError | undefined;
  /** Whether the peer takes the frame of a performative. */
  fits(performative: PerformativeInit): boolean;
  /** Writes a performative on the channel of the session. */
  write(performative: PerformativeInit): void;
  post(notice: Notice): void;
  /** Has a flow written for the link before the next transmit. */
  scheduleFlow(link: Link): void;
  /** Writes the dispositions that wait: they must leave before a detach. */
  flushDispositions(): void;
  takeHandle(): number;
  /** Nothing more will be sent with the handle of the link: it is free. */
  released(link: Link): void;
  /** The link has ended: its name is free. */
  finished(link: Link): void;
}

/**
 * What sender and receiver have in common: attach, detach, and how they end (§2.6).
 *
 * @throws `illegal-state` where attach or detach are not possible any more; `invalid-argument` for
 *   a performative that is larger than the peer's frames, `encode-error` for a value that AMQP cannot hold
 */
export abstract class Link {
  /** The name; a link is known by it and its direction (§2.6.1). */
  readonly name: string;
  /** True for the receiver, false for the sender, as on the wire (§2.8.1). */
  readonly role: boolean;
  /** The number of the link in our frames (§2.6.2); -1 until our attach was sent. */
  handle = -1;
  /** The attach of the peer (§2.7.3); undefined until it came. */
  remote: Attach | undefined = undefined;
  /** What has been sent and received of attach and detach. Only for reading. */
  state: EndpointState = 'idle';
  /** Whether a flow is to be written. */
  flowScheduled = false;
  /** The deliveries that are not settled. */
  abstract readonly unsettled: object;
  protected host: LinkHost | undefined = undefined;
  protected readonly session: LinkSession;
  #refused = false;
  #ended: LinkEnded | undefined = undefined;
  /** Whether the detach of the peer closed the link. */
  #closedByPeer = false;
  /** Why the link must end as soon as we have attached. */
  #fault: ProtocolErrorInit | undefined = undefined;
  #failure: AmqpError | undefined = undefined;

  constructor(session: LinkSession, name: string, role: boolean) {
    this.session = session;
    this.name = name;
    this.role = role;
  }

  /** Whether both sides are attached, and what we say still reaches the peer. */
  get attached(): boolean {
    return this.state === 'opened' && this.session.sending;
  }

  /** How the link ended; undefined until it has. */
  get ended(): LinkEnded | undefined {
    return this.#ended;
  }

  /** What whoever uses the link is told that is not attached any more, or whose session or connection is ending. */
  get closingError(): AmqpError {
    return this.#ended?.error ?? this.session.closure ?? amqpError('link-closed', `the link ${this.name} is closing`);
  }

  /** Why we detached, if the peer broke a rule of the link. */
  get failure(): AmqpError | undefined {
    return this.#failure;
  }

  /** Whether frames of the peer mean anything: what crosses our detach does not (§2.6.5). */
  get listening(): boolean {
    return (this.state === 'opened' || this.state === 'openReceived') && this.#fault === undefined;
  }

  /** Whether the peer waits for our attach. */
  get requested(): boolean {
    return this.state === 'openReceived' || this.state === 'abandoned';
  }

  /** Whether the peer has refused the link: its answer named no terminus of its own (§2.6.3). */
  get refused(): boolean {
    return this.#refused;
  }

  /** Detaches because another attach has taken over the name (§2.6.1). */
  steal(): void {
    this.fail(ErrorCondition.stolen, 'its name was attached again');
  }

  /** Sends our attach: asks for a link, or answers the attach of the peer. */
  protected open(options: LinkOptions, host: LinkHost): void {
    this.host = host;
    this.#attach({
      source: options.source,
      target: options.target,
      sndSettleMode: options.senderSettleMode,
      rcvSettleMode: options.receiverSettleMode,
      initialDeliveryCount: options.initialDeliveryCount,
      maxMessageSize: options.maxMessageSize,
      offeredCapabilities: options.offeredCapabilities,
      desiredCapabilities: options.desiredCapabilities,
      properties: options.properties,
    });
    // The peer may have detached again before we answered, or broken a rule.
    if (this.state === 'closeReceived') this.#answerDetach(this.#closedByPeer);
    else if (this.#fault !== undefined) this.detach({ closed: true, error: this.#fault });
    if (this.#ended !== undefined) this.tell(this.#ended);
  }

  #frame(handle: number, fields: AttachFields): PerformativeInit {
    return { type: 'attach', name: this.name, handle, role: this.role, ...fields };
  }

  #attach(fields: AttachFields): void {
    const next = this.#next('sendOpen', 'attach');
    this.handle = this.session.takeHandle();
    try {
      this.session.write(this.#frame(this.handle, fields));
    } catch (error) {
      this.session.released(this);
      throw error;
    }
    this.state = next;
  }

  /**
   * Refuses the attach of the peer: our terminus is null, and a detach with the error follows (§2.6.3).
   *
   * @throws `illegal-state` when the peer does not wait for our attach; `handles-exhausted` when no handle is free;
   *   `invalid-argument` when the error does not fit a frame that the peer takes, `encode-error` when it cannot be
   *   written: the link is attached then, and still to be detached
   */
  refuse(error: ProtocolErrorInit): void {
    const echo = this.role ? { source: this.remote?.source } : { target: this.remote?.target, initialDeliveryCount: 0 };
    // The other terminus is only a courtesy: a peer may say more than it takes itself.
    if (this.session.fits(this.#frame(0xffff, echo))) this.#attach(echo);
    else this.#attach({ initialDeliveryCount: echo.initialDeliveryCount });
    this.detach({ closed: true, error });
  }

  /**
   * Ends the link from this side. `closed` also ends the terminus. The host hears `ended` when the peer has answered.
   * After that, and while the answer is awaited, a second call changes nothing.
   *
   * @throws `invalid-argument` when the error does not fit a frame that the peer takes; `encode-error` when it cannot be
   *   written. The link stays attached then.
   */
  detach(options: { readonly closed: boolean; readonly error?: ProtocolErrorInit | undefined }): void {
    const next = nextState(this.state, options.error === undefined ? 'sendClose' : 'sendError');
    if (next === undefined) return;
    this.#writeDetach(options.closed, options.error);
    this.state = next;
  }

  #writeDetach(closed: boolean, error: ProtocolErrorInit | undefined): void {
    this.session.flushDispositions();
    this.session.write({ type: 'detach', handle: this.handle, closed, error });
    this.session.released(this);
  }

  /** Detaches because the peer broke a rule of the link (§2.6.5). */
  fail(condition: string, description: string): void {
    this.#failure ??= amqpError('link-failed', `the link ${this.name} was detached: ${description}`, {
      condition,
      description,
    });
    const error: ProtocolErrorInit = { condition, description };
    // Before our attach nothing can be said: the detach follows it.
    if (this.state === 'openReceived') this.#fault = error;
    else this.detach({ closed: true, error });
    // Whoever waits need not wait for the answer of a peer that breaks rules.
    this.giveUp(this.#failure);
  }

  /** Ends the link for its host, though the peer has not answered our detach; the answer may still come. */
  giveUp(error: AmqpError): void {
    this.finish('local', error, false, true);
  }

  /**
   * The attach of the peer arrived. Called by the session.
   *
   * @throws `illegal-state` when none is possible; the session does not call it then
   */
  receiveAttach(remote: Attach): void {
    this.state = this.#next('receiveOpen', 'attach');
    this.remote = remote;
    if (this.state !== 'opened') return;
    // §2.6.3: a peer that refuses attaches with a null terminus of its own, and then detaches.
    this.#refused = (this.role ? remote.source : remote.target) === undefined;
    if (!this.#refused) this.tell({ type: 'attached', remote });
  }

  /**
   * The detach of the peer arrived. Called by the session.
   *
   * @throws `illegal-state` when none is possible; the session does not call it then
   */
  receiveDetach(frame: Detach): void {
    this.state = this.#next('receiveClose', 'detach');
    this.#closedByPeer = frame.closed;
    if (this.state === 'closed') {
      // An answer with an error is a detach of the peer that crossed ours.
      const crossed = frame.error && remoteError('link-detached-by-peer', this.#detachedByPeer, frame.error);
      const fault = this.#failure ?? crossed;
      this.finish('local', fault ?? this.#closedError(), fault === undefined, frame.closed);
      return;
    }
    if (this.state === 'closeReceived') this.#answerDetach(frame.closed);
    const code = this.#refused ? 'link-refused' : 'link-detached-by-peer';
    const what = this.#refused ? `the peer refused the link ${this.name}` : this.#detachedByPeer;
    this.finish(
      'peer',
      remoteError(code, what, frame.error),
      frame.error === undefined && !this.#refused,
      frame.closed,
    );
  }

  get #detachedByPeer(): string {
    return `the peer detached the link ${this.name}`;
  }

  #closedError(): AmqpError {
    return amqpError('link-closed', `the link ${this.name} is closed`);
  }

  /** §2.6.6: a detach is answered in kind. */
  #answerDetach(closed: boolean): void {
    this.state = this.#next('sendClose', 'detach');
    this.#writeDetach(closed, undefined);
  }

  /** The session has ended, and the link with it; nothing more is sent. */
  terminate(ended: Ended): void {
    this.state = 'closed';
    this.finish(ended.by, ended.error, ended.clean, false);
  }

  protected finish(by: Ended['by'], error: AmqpError, clean: boolean, closed: boolean): void {
    // Until the peer has answered, its frames still find the link by name and handle.
    if (this.state === 'closed') this.session.finished(this);
    if (this.#ended !== undefined) return;
    const ended: LinkEnded = { type: 'ended', by, error, clean, closed };
    this.#ended = ended;
    this.dropDeliveries(error);
    // A host that answers later is told then.
    if (this.host !== undefined) this.tell(ended);
  }

  /** Tells the host, after the input has been taken in. */
  protected tell(event: LinkEvent): void {
    this.session.post({ notify: () => this.host?.event(event) });
  }

  #next(input: EndpointInput, what: string): EndpointState {
    const next = nextState(this.state, input);
    if (next === undefined)
      throw amqpError('illegal-state', `the link ${this.name} is ${this.state}: no ${what} is possible`);
    return next;
  }

  /** Forgets all deliveries, and tells whoever waits for them. */
  protected abstract dropDeliveries(error: AmqpError): void;

  /** The peer sent a flow for this link. */
  abstract receiveFlow(flow: FlowFields): void;

  /** The fields of a flow that speak of the link (§2.7.4). */
  abstract fillFlow(flow: FlowFields): void;
}
