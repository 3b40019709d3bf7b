import type { Block, Described } from '../codec/index.ts';
import { ErrorCondition } from '../definitions/index.ts';
import type {
  Attach,
  DeliveryState,
  Detach,
  DispositionFields,
  FlowFields,
  PerformativeInit,
  TransferFields,
} from '../definitions/index.ts';
import type { Budget } from './budget.ts';
import type { DispositionRange } from './disposition-batch.ts';
import type { Ended } from './ended.ts';
import type { IncomingDelivery } from './incoming-delivery.ts';
import { LinkRegistry } from './link-registry.ts';
import type { Link, LinkOptions } from './link.ts';
import type { OutgoingDelivery } from './outgoing-delivery.ts';
import type { PayloadStore } from './payload-store.ts';
import { ReadyLinks } from './ready-links.ts';
import { ReceiverLink, type ReceiverHost, type ReceiverSession } from './receiver-link.ts';
import { SenderLink, type SenderHost, type SenderSession } from './sender-link.ts';
import { serialAdd } from './serial-number.ts';
import type { SessionConnection } from './session-host.ts';
import { SessionLifecycle } from './session-lifecycle.ts';
import { SessionOutput } from './session-output.ts';
import { Settlement, type SettlementHost } from './settlement.ts';
import { TransferWriter } from './transfer-writer.ts';

const MAX_UINT = 0xffff_ffff;

/**
 * A session: windows, links, and the deliveries of all its links (§2.5).
 *
 * @throws the error of the session once it has ended, `session-ended` while it is ending;
 *   `illegal-state` for a name that is in use, or a second begin; `handles-exhausted` where no handle is free;
 *   `invalid-argument` for a performative that is larger than the peer's frames, `encode-error` for a value that AMQP
 *   cannot hold
 */
export class Session extends SessionLifecycle implements SenderSession, ReceiverSession, SettlementHost {
  readonly #links = new LinkRegistry();
  readonly #ready = new ReadyLinks();
  readonly #output: SessionOutput;
  readonly #settlement: Settlement = new Settlement(this);
  readonly #transfers: TransferWriter;
  #nextIncomingDelivery: number | undefined = undefined;

  constructor(connection: SessionConnection, channel: number) {
    super(connection, channel);
    this.#output = new SessionOutput(connection.frames, channel, this.incoming, this.outgoing);
    this.#transfers = new TransferWriter(connection.frames, channel, this.outgoing, this.#settlement.outgoing, this);
  }

  /** How many deliveries we have sent, in whole or in part, that are not settled. */
  get unsettledOutgoing(): number {
    return this.#settlement.outgoing.size;
  }

  /** How many deliveries we have received and not settled. */
  get unsettledIncoming(): number {
    return this.#settlement.incoming.size;
  }

  /** The number of transfers that the peer's window still takes. */
  get remoteIncomingWindow(): number {
    return this.outgoing.remoteIncomingWindow;
  }

  get store(): PayloadStore {
    return this.connection.store;
  }

  get queued(): Budget {
    return this.connection.queued;
  }

  get incomplete(): Budget {
    return this.connection.incomplete;
  }

  adopt(block: Block): boolean {
    return this.connection.adopt(block);
  }

  lasts(block: Block, size: number): boolean {
    return this.connection.lasts(block, size);
  }

  fits(performative: PerformativeInit): boolean {
    return this.connection.frames.fits(performative);
  }

  get maxFrameSize(): number {
    return this.connection.frames.maxFrameSize;
  }

  get sendable(): boolean {
    return this.outgoing.remoteIncomingWindow > 0 && this.sending && this.connection.writable;
  }

  /** Whether a handle is free for another link, within what both sides take (§2.7.2). */
  get hasHandle(): boolean {
    return this.#links.hasHandle(Math.min(this.handleMax, this.remoteHandleMax));
  }

  /**
   * Attaches a link as sender (§2.6.3). The host hears `attached` when the peer has answered, or `ended` with
   * `link-refused`.
   *
   * @param name - no other sender of the session may have it (§2.6.1)
   * @throws `illegal-state` when the name is taken; `handles-exhausted` when no handle is free; `session-ended` when the
   *   session is not begun or is ending, `connection-closed` when its connection is; the error of `ended` once that is
   *   set; `invalid-argument` when the attach does not fit a frame that the peer takes; `encode-error` when an option cannot be written
   */
  attachSender(name: string, options: LinkOptions, host: SenderHost): SenderLink {
    const { closure } = this;
    if (closure !== undefined) throw closure;
    const link = new SenderLink(this, name);
    this.#links.attach(link, () => link.attach(options, host));
    return link;
  }

  /**
   * Attaches a link as receiver (§2.6.3). The host hears `attached` when the peer has answered, or `ended` with
   * `link-refused`.
   *
   * @param name - no other receiver of the session may have it (§2.6.1)
   * @throws `illegal-state` when the name is taken; `handles-exhausted` when no handle is free; `session-ended` when the
   *   session is not begun or is ending, `connection-closed` when its connection is; the error of `ended` once that is
   *   set; `invalid-argument` when the attach does not fit a frame that the peer takes; `encode-error` when an option cannot be written
   */
  attachReceiver(name: string, options: LinkOptions, host: ReceiverHost): ReceiverLink {
    const { closure } = this;
    if (closure !== undefined) throw closure;
    const link = new ReceiverLink(this, name);
    this.#links.attach(link, () => link.attach(options, host));
    return link;
  }

  takeHandle(): number {
    return this.#links.takeHandle(Math.min(this.handleMax, this.remoteHandleMax));
  }

  released(link: Link): void {
    this.#links.releaseHandle(link.handle);
  }

  protected override terminateLinks(ended: Ended): void {
    for (const link of this.#links.all()) link.terminate(ended);
  }

  finished(link: Link): void {
    this.#links.remove(link);
  }

  /**
   * An attach of the peer (§2.7.3): it answers one of ours, or asks for a link. Called by the connection.
   *
   * @throws nothing: a fault of the peer ends the session or the connection
   */
  receiveAttach(remote: Attach): void {
    if (!this.listening) return;
    if (remote.handle > this.handleMax) {
      this.connection.fail(
        ErrorCondition.framingError,
        `the handle ${remote.handle} is above our handle-max of ${this.handleMax}`,
      );
      return;
    }
    if (this.#links.byRemoteHandle(remote.handle) !== undefined) {
      this.connection.fail(ErrorCondition.handleInUse, `the handle ${remote.handle} is in use`);
      return;
    }
    // The answer repeats the name, and has at least a count of five octets besides.
    const answer = { name: remote.name, handle: this.handleMax, role: !remote.role, initialDeliveryCount: MAX_UINT };
    if (!this.fits({ type: 'attach', ...answer })) {
      this.fail(ErrorCondition.frameSizeTooSmall, 'the name of a link is too long for the frames that you take');
      return;
    }
    const own = this.#links.named(!remote.role, remote.name);
    if (own !== undefined && (own.state === 'openSent' || own.state === 'closePipe')) {
      this.#links.map(remote.handle, own);
      own.receiveAttach(remote);
      return;
    }
    own?.steal();
    const link = remote.role ? new SenderLink(this, remote.name) : new ReceiverLink(this, remote.name);
    this.#links.add(link);
    this.#links.map(remote.handle, link);
    link.receiveAttach(remote);
    this.post({
      notify: () => {
        if (link.requested) this.deliver({ type: 'linkRequested', link, remote });
      },
    });
  }

  /**
   * A detach of the peer (§2.7.7). Called by the connection.
   *
   * @throws nothing: a fault of the peer ends the session
   */
  receiveDetach(frame: Detach): void {
    if (!this.listening) return;
    const link = this.#link(frame.handle, 'detach');
    if (link === undefined) return;
    this.#links.unmap(frame.handle);
    link.receiveDetach(frame);
  }

  #link(handle: number, what: string): Link | undefined {
    const link = this.#links.byRemoteHandle(handle);
    if (link === undefined)
      this.fail(ErrorCondition.unattachedHandle, `a ${what} names the handle ${handle}, which is not attached`);
    return link;
  }

  /**
   * A flow of the peer, for the session or one of its links (§2.7.4). Called by the connection.
   *
   * @throws nothing: a fault of the peer ends the session
   */
  receiveFlow(flow: FlowFields): void {
    if (!this.listening) return;
    if (!this.outgoing.update(flow.nextIncomingId, flow.incomingWindow)) {
      this.fail(
        ErrorCondition.windowViolation,
        `a flow expects transfer ${flow.nextIncomingId}, which was not sent yet`,
      );
      return;
    }
    this.incoming.update(flow.nextOutgoingId);
    if (flow.handle === undefined) {
      if (flow.echo) this.#wantFlow();
      return;
    }
    const link = this.#link(flow.handle, 'flow');
    // §2.7.3: a link without a terminus never carries a message, whatever credit it is given.
    if (link?.listening === true && !link.refused) link.receiveFlow(flow);
  }

  /**
   * A transfer of the peer (§2.7.5); its payload lies in the block from position `start` to `end`. Called by the
   * connection.
   *
   * @throws nothing: a fault of the peer ends the link or the session
   */
  receiveTransfer(transfer: TransferFields, block: Block, start: number, end: number): void {
    if (!this.listening) return;
    if (!this.incoming.take()) {
      this.fail(ErrorCondition.windowViolation, 'a transfer came while our incoming-window was 0');
      return;
    }
    if (this.incoming.worn) this.#wantFlow();
    const link = this.#link(transfer.handle, 'transfer');
    if (link === undefined) return;
    if (!(link instanceof ReceiverLink)) {
      this.fail(
        ErrorCondition.notAllowed,
        `a transfer came on the handle ${transfer.handle}, whose receiver is the peer`,
      );
      return;
    }
    const { deliveryId } = transfer;
    if (deliveryId !== undefined && !(link.listening && link.assembling)) {
      const expected = this.#nextIncomingDelivery ?? deliveryId;
      if (deliveryId === expected) this.#nextIncomingDelivery = serialAdd(deliveryId, 1);
      else if (link.listening) {
        this.fail(ErrorCondition.invalidField, `the delivery ${deliveryId} came where ${expected} is next`);
        return;
      }
    }
    // §2.6.5: what crosses our detach is dropped; it has used the window and its id all the same.
    if (link.listening) link.receiveTransfer(transfer, block, start, end);
  }

  /** A disposition of the peer (§2.7.6). Called by the connection. */
  receiveDisposition(disposition: DispositionFields): void {
    if (!this.listening || this.#settlement.receive(disposition)) return;
    this.connection.fail(
      ErrorCondition.notAllowed,
      `a disposition runs backwards, from ${disposition.first} to ${disposition.last}`,
    );
  }

  transfer(
    link: SenderLink,
    delivery: OutgoingDelivery,
    payload: Uint8Array,
    start: number,
    end: number,
    lasting: boolean,
  ): boolean {
    return this.#transfers.transfer(link.handle, delivery, payload, start, end, lasting);
  }

  abort(link: SenderLink, delivery: OutgoingDelivery): void {
    this.#transfers.abort(link.handle, delivery);
  }

  hold(delivery: IncomingDelivery): void {
    this.#settlement.incoming.add(delivery.id, delivery);
  }

  settleOutgoing(delivery: OutgoingDelivery, state: DeliveryState | undefined): void {
    this.#settlement.settleOutgoing(delivery, state);
    this.connection.scheduleFlush(this);
  }

  settleIncoming(delivery: IncomingDelivery, state: DeliveryState | Described | undefined, settled: boolean): void {
    this.#settlement.settleIncoming(delivery, state, settled);
    this.connection.scheduleFlush(this);
  }

  takeUnsettled(link: SenderLink): OutgoingDelivery[] {
    const mine = link.unsettled.all();
    for (const delivery of mine) this.#settlement.outgoing.remove(delivery.id);
    return mine;
  }

  forgetUnsettled(link: ReceiverLink): void {
    for (const delivery of link.unsettled.all()) this.#settlement.incoming.remove(delivery.id);
  }

  schedule(link: SenderLink): void {
    this.#ready.add(link);
    this.connection.schedulePump(this);
  }

  /** Lets the links write what waits; says whether more is left. */
  override pump(): boolean {
    if (!this.sending) return false;
    this.#ready.pump(this);
    return !this.#ready.empty;
  }

  scheduleFlow(link: Link): void {
    this.#output.wantFor(link);
    this.connection.scheduleFlush(this);
  }

  #wantFlow(): void {
    this.#output.want();
    this.connection.scheduleFlush(this);
  }

  override flushDispositions(): void {
    if (this.sending) this.#settlement.flush();
  }

  /**
   * Writes the dispositions and flows that were gathered. Called by the connection before it transmits.
   *
   * @throws nothing: what is written here was checked when it was given
   */
  override flush(): void {
    if (!this.sending) return;
    this.#settlement.flush();
    this.#output.flush();
  }

  refuseState(unsettled: ReadonlySet<object | undefined>): void {
    for (const link of this.#links.all())
      if (link.listening && unsettled.has(link.unsettled))
        link.fail(ErrorCondition.invalidField, 'a disposition has a state of an unknown type');
  }

  writeDisposition(range: DispositionRange): void {
    if (this.sending) this.#output.disposition(range);
  }
}
