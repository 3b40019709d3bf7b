import { Described } from '../codec/index.ts';
import type { DeliveryState, DispositionFields } from '../definitions/index.ts';
import { DispositionBatch, type DispositionRange } from './disposition-batch.ts';
import type { IncomingDelivery } from './incoming-delivery.ts';
import type { Notice } from './mailbox.ts';
import type { OutgoingDelivery } from './outgoing-delivery.ts';
import { serialDistance } from './serial-number.ts';
import { Unsettled } from './unsettled.ts';

const HALF = 0x8000_0000;

/** What the settlement asks of its session. */
export interface SettlementHost {
  post(notice: Notice): void;
  writeDisposition(range: DispositionRange): void;
  /** The peer told a state of an unknown type: ends the links that these lists of unsettled deliveries belong to. */
  refuseState(unsettled: ReadonlySet<object | undefined>): void;
}

/** The unsettled deliveries of a session, both ways, and the dispositions that settle them (§2.6.12). */
export class Settlement {
  readonly outgoing: Unsettled<OutgoingDelivery> = new Unsettled<OutgoingDelivery>();
  readonly incoming: Unsettled<IncomingDelivery> = new Unsettled<IncomingDelivery>();
  readonly #host: SettlementHost;
  readonly #asReceiver: DispositionBatch;
  readonly #asSender: DispositionBatch;

  constructor(host: SettlementHost) {
    this.#host = host;
    const write = (range: DispositionRange): void => host.writeDisposition(range);
    this.#asReceiver = new DispositionBatch(true, write);
    this.#asSender = new DispositionBatch(false, write);
  }

  /** We, the sender, settle. */
  settleOutgoing(delivery: OutgoingDelivery, state: DeliveryState | undefined): void {
    if (this.outgoing.remove(delivery.id)) this.#asSender.add(delivery.id, state, true);
  }

  /** We, the receiver, tell our state. */
  settleIncoming(delivery: IncomingDelivery, state: DeliveryState | Described | undefined, settled: boolean): void {
    if (settled) this.incoming.remove(delivery.id);
    this.#asReceiver.add(delivery.id, state, settled);
  }

  /** Writes the dispositions that were gathered. */
  flush(): void {
    this.#asReceiver.flush();
    this.#asSender.flush();
  }

  /**
   * The peer told states of deliveries. Only our own unsettled ones are looked at, so what is unknown or was settled
   * before costs nothing (§2.7.6). False where the range runs backwards.
   */
  receive(disposition: DispositionFields): boolean {
    const { first, role, settled, state } = disposition;
    const last = disposition.last ?? first;
    if (serialDistance(first, last) >= HALF) return false;
    if (state instanceof Described) this.#refuse(role, first, last);
    else if (role) this.outgoing.forRange(first, last, (delivery) => this.#updateOutgoing(delivery, state, settled));
    else this.incoming.forRange(first, last, (delivery) => this.#updateIncoming(delivery, state, settled));
    return true;
  }

  /** §2.7.6: what a state of an unknown type means for a delivery, nobody can tell. */
  #refuse(role: boolean, first: number, last: number): void {
    const owners = new Set<object | undefined>();
    const visit = ({ owner }: OutgoingDelivery | IncomingDelivery): unknown => owners.add(owner);
    if (role) this.outgoing.forRange(first, last, visit);
    else this.incoming.forRange(first, last, visit);
    this.#host.refuseState(owners);
  }

  #updateOutgoing(delivery: OutgoingDelivery, state: DeliveryState | undefined, settled: boolean): void {
    if (state !== undefined) delivery.remoteState = state;
    if (settled) {
      delivery.remoteSettled = true;
      delivery.settled = true;
      this.outgoing.remove(delivery.id);
    }
    this.#host.post(delivery);
  }

  #updateIncoming(delivery: IncomingDelivery, state: DeliveryState | undefined, settled: boolean): void {
    if (state !== undefined) delivery.remoteState = state;
    if (settled) {
      delivery.remoteSettled = true;
      this.incoming.remove(delivery.id);
    }
    this.#host.post(delivery);
  }
}
