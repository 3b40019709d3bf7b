import type { Block } from '../codec/index.ts';
import { ErrorCondition } from '../definitions/index.ts';
import type { Begin, End } from '../definitions/index.ts';
import { Budget } from './budget.ts';
import type { ConnectionHost, ConnectionOptions } from './connection-host.ts';
import { ConnectionLifecycle } from './connection-lifecycle.ts';
import type { Ended } from './ended.ts';
import { FrameDispatcher, type FrameTarget } from './frame-dispatcher.ts';
import { Input, type InputSink } from './input.ts';
import { Negotiation, type NegotiationHost } from './negotiation.ts';
import { PayloadStore } from './payload-store.ts';
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
 * when `finished` is set and everything was transmitted. These six also tell the hosts what happened, in order and
 * outside of any frame. What a host throws comes out of the call that told it; the next call goes on behind it.
 *
 * @example
 * ```ts
 * import { connect } from 'node:net';
 * import { Connection } from 'amqp1/engine';
 *
 * const socket = connect(5672, 'localhost');
 * const engine = new Connection(
 *   { role: 'client', containerId: 'example' },
 *   { event: (event) => console.log(event.type), wake: () => setImmediate(write) },
 * );
 *
 * function write(): void {
 *   for (let octets = engine.transmit(); octets !== undefined; octets = engine.transmit()) {
 *     const count = octets.length;
 *     socket.write(octets, () => engine.written(count));
 *   }
 *   if (engine.finished) socket.end();
 * }
 *
 * // A timer that follows `deadline()` looks at the clock less often.
 * const timer = setInterval(() => engine.tick(performance.now()), 100);
 * socket.on('connect', () => engine.start(performance.now()));
 * socket.on('data', (octets) => engine.receive(octets, performance.now()));
 * socket.on('error', (error) => engine.transportEnded(error));
 * socket.on('close', () => {
 *   clearInterval(timer);
 *   engine.transportEnded();
 * });
 * ```
 */
export class Connection
  extends ConnectionLifecycle
  implements InputSink, FrameTarget, SessionTableHost, NegotiationHost
{
  readonly store: PayloadStore = new PayloadStore();
  readonly queued: Budget;
  readonly incomplete: Budget;
  protected override readonly negotiation: Negotiation;
  readonly #input: Input = new Input(this);
  readonly #dispatcher: FrameDispatcher;
  readonly #sessions: SessionTable = new SessionTable(this);
  readonly #work = new WorkList();

  /**
   * Makes the engine of a transport; nothing is sent before {@link start}.
   *
   * @throws `invalid-argument` when the open that the options make exceeds the 512 octets that every
   * peer takes (§2.4.1); `encode-error` when an option cannot be written, as a number out of its range
   */
  constructor(options: ConnectionOptions, host: ConnectionHost) {
    super(options, host);
    this.#dispatcher = new FrameDispatcher(this, options.typedStates);
    this.queued = new Budget(this.opening.maxQueuedSize);
    this.incomplete = new Budget(this.opening.maxIncompleteSize);
    this.negotiation = new Negotiation(options, this.frames, this);
  }

  /** How many octets the transport has not finished with, those included that it was not given yet. */
  get buffered(): number {
    return this.frames.output.pending;
  }

  get writable(): boolean {
    return this.frames.output.pending < this.opening.highWaterMark;
  }

  get maxFrameSize(): number {
    return this.negotiation.maxFrameSize ?? this.opening.maxFrameSize;
  }

  get expectsHeader(): boolean {
    return this.negotiation.expectsHeader;
  }

  get paused(): boolean {
    return this.negotiation.paused;
  }

  get deaf(): boolean {
    return this.finished;
  }

  /** Whether a channel is free for another session, within what both sides take (§2.7.1). */
  get hasChannel(): boolean {
    return this.#sessions.hasFree;
  }

  get highestChannel(): number {
    return Math.min(this.opening.channelMax, this.remote?.channelMax ?? this.opening.channelMax);
  }

  /**
   * Takes in octets that arrived, cut anywhere, and tells the hosts what they mean.
   *
   * @param now - the time, in ms of the caller's clock
   * @param lasting - whether nobody writes to their memory again: then payloads may be left there. Default false: they
   *   are not kept, and the memory is the caller's again afterwards
   */
  receive(bytes: Uint8Array, now: number, lasting = false): void {
    this.now = now;
    if (this.finished) return;
    this.#input.receive(bytes, lasting);
    this.#dispatcher.release();
    this.mailbox.deliver();
    this.#pump();
    this.mailbox.deliver();
  }

  /** The next octets to send; they stay as they are until {@link written}. Undefined when there are none. */
  transmit(): Uint8Array | undefined {
    this.mailbox.deliver();
    this.#pump();
    this.mailbox.deliver();
    this.#work.flush();
    const chunk = this.frames.output.transmit();
    if (chunk === undefined) this.woken = false;
    return chunk;
  }

  /** The transport is done with the next `count` octets that were transmitted: their memory is used again. */
  written(count: number): void {
    this.frames.output.written(count);
    this.#pump();
    this.mailbox.deliver();
  }

  #pump(): void {
    if (this.writable && this.ended === undefined) this.#work.pump();
  }

  override transportEnded(cause?: Error): void {
    this.#input.end();
    super.transportEnded(cause);
  }

  /**
   * Begins a session on the lowest free channel (§2.5.1); its host hears `begun` when the peer has answered.
   *
   * @throws `channels-exhausted` when no channel is free; `connection-closed` when our open was not
   * sent yet or our close was; the error of {@link ended} once that is set; `invalid-argument` when the begin does not
   * fit a frame that the peer takes; `encode-error` when an option cannot be written, as a number out of its range
   */
  createSession(options: SessionOptions, host: SessionHost): Session {
    const { closure } = this;
    if (closure !== undefined) throw closure;
    return this.#sessions.begin(options, host);
  }

  protected override flushSessions(): void {
    this.#work.flush();
  }

  protected override terminateSessions(ended: Ended): void {
    for (const session of this.#sessions.all()) session.terminate(ended);
  }

  scheduleFlush(session: ScheduledSession): void {
    this.#work.addFlush(session);
    this.wake();
  }

  schedulePump(session: ScheduledSession): void {
    this.#work.addPump(session);
    this.wake();
  }

  released(session: ScheduledSession): void {
    this.#sessions.release(session.channel);
  }

  adopt(block: Block): boolean {
    return this.#input.adopt(block);
  }

  lasts(block: Block, size: number): boolean {
    return this.#input.lasts(block, size);
  }

  resume(): void {
    this.#input.resume();
  }

  header(octets: Uint8Array): void {
    this.negotiation.header(octets);
  }

  malformed(code: 'framing-error' | 'frame-too-large', detail: string): void {
    this.fail(ErrorCondition.framingError, detail, code);
  }

  frame(type: number, channel: number, block: Block, start: number, end: number): void {
    this.options.trace?.('in', channel, type, block.bytes.subarray(start, end));
    this.framesReceived++;
    try {
      if (this.negotiation.inSasl) this.negotiation.frame(type, block, start, end);
      else if (type !== 0) this.malformed('framing-error', `a frame of type ${type} came where AMQP frames belong`);
      else if (channel > this.opening.channelMax) {
        this.malformed('framing-error', `channel ${channel} is above our limit of ${this.opening.channelMax}`);
      } else if (start < end) this.#dispatcher.dispatch(channel, block, start, end);
    } catch (error) {
      this.caught(error);
    }
  }

  sessionOf(channel: number, what: string): Session | undefined {
    if (!this.listening(what)) return undefined;
    const session = this.#sessions.of(channel);
    if (session === undefined) {
      this.fail(ErrorCondition.notAllowed, `the frame ${what} came on channel ${channel}, which has no session`);
    }
    return session;
  }

  receiveBegin(channel: number, begin: Begin): void {
    if (this.listening('begin')) this.#sessions.receiveBegin(channel, begin);
  }

  receiveEnd(channel: number, end: End): void {
    const session = this.sessionOf(channel, 'end');
    if (session === undefined) return;
    this.#sessions.unmap(channel);
    session.receiveEnd(end);
  }

  requested(session: Session): void {
    this.post({
      notify: () => {
        if (!session.requested) return;
        this.host.event({ type: 'sessionRequested', session });
        session.refuseUnlessBegun();
      },
    });
  }
}
