import { AmqpError } from '../errors/index.ts';
import { blockOf } from '../codec/index.ts';
import { accepted, ErrorCondition } from '../definitions/index.ts';
import type { DeliveryState, ProtocolError, Rejected } from '../definitions/index.ts';
import { IncomingDelivery, type LinkEvent, type ReceiverHost, type ReceiverLink } from '../engine/index.ts';
import { faultFor } from './fault.ts';
import type { Node, NodeUser } from './node.ts';
import { StoredMessage } from './stored-message.ts';
import { isTransactional, unknownTransaction } from './transactions.ts';

/** What a receiver of the broker needs besides its link. */
export interface BrokerReceiverOptions {
  /** Messages that the client may have under way. */
  readonly credit: number;
  /** Whether the client takes rejected as an outcome (§3.5.3). */
  readonly takesRejected: boolean;
  now(): number;
  /** The node of a message, on a link that names none. */
  route(address: string | undefined): Node | undefined;
  /** The link has ended. */
  ended(): void;
}

const rejected = (condition: string, description: string): DeliveryState => ({
  type: 'rejected',
  error: { ...faultFor(condition, description), type: 'error', info: undefined },
});

type Unroutable = Rejected & { readonly error: ProtocolError };

/** Our end of a link whose sender is the client: puts messages into nodes and tells what became of them. */
export class BrokerReceiver implements ReceiverHost, NodeUser {
  readonly #link: ReceiverLink;
  readonly #node: Node | undefined;
  readonly #options: BrokerReceiverOptions;
  #used = 0;

  /** @param node - where messages go; without it each message names its own (the anonymous terminus) */
  constructor(link: ReceiverLink, node: Node | undefined, options: BrokerReceiverOptions) {
    this.#link = link;
    this.#node = node;
    this.#options = options;
  }

  /** The link is attached: lets messages come. */
  start(): void {
    this.#node?.users.add(this);
    this.#link.grant(this.#options.credit);
  }

  createDelivery(): IncomingDelivery {
    return new BrokerIncoming((delivery) => this.#take(delivery));
  }

  #take(delivery: IncomingDelivery): void {
    if (isTransactional(delivery.remoteState)) {
      this.#link.detach({ closed: true, error: unknownTransaction });
      return;
    }
    const state = this.#store(delivery);
    if (this.#cannotTell(delivery, state)) {
      this.#link.detach({ closed: true, error: { ...state.error, info: { 'delivery-tag': delivery.tag } } });
      return;
    }
    if (!delivery.settled) this.#link.settle(delivery, state, !delivery.settlesSecond);
    this.#topUp();
  }

  /** Whether a message that cannot be routed cannot be rejected either; then its link tells why. */
  #cannotTell(delivery: IncomingDelivery, state: DeliveryState): state is Unroutable {
    const isUnroutable = state.type === 'rejected' && state.error?.condition === ErrorCondition.notFound;
    return isUnroutable && (delivery.settled || !this.#options.takesRejected);
  }

  /** One more credit was used. */
  #topUp(): void {
    if (++this.#used * 2 < this.#options.credit) return;
    this.#used = 0;
    this.#link.grant(this.#options.credit);
  }

  aborted(): void {
    this.#topUp();
  }

  #store(delivery: IncomingDelivery): DeliveryState {
    const { block = blockOf(new Uint8Array(0)), payloadStart, payloadEnd, messageFormat = 0 } = delivery;
    try {
      const message = new StoredMessage(block, payloadStart, payloadEnd, messageFormat, this.#options.now());
      const node = this.#node ?? this.#options.route(message.to);
      if (node === undefined) return rejected(ErrorCondition.notFound, this.#unroutable(message.to));
      node.put(message);
      return accepted;
    } catch (error) {
      // §2.8.15: what is wrong with a message costs that message, not the connection.
      if (AmqpError.is(error)) return rejected(ErrorCondition.decodeError, error.message);
      throw error;
    }
  }

  #unroutable(address: string | undefined): string {
    return address === undefined ? 'the message names no address' : `there is no node ${address}`;
  }

  drained(): void {
    // The broker never drains a client.
  }

  event(event: LinkEvent): void {
    if (event.type !== 'ended') return;
    this.#node?.users.delete(this);
    this.#options.ended();
  }

  nodeDeleted(): void {
    this.#link.detach({
      closed: true,
      error: faultFor(ErrorCondition.resourceDeleted, `the node ${this.#node?.address} is gone`),
    });
  }
}

/** A message that arrives from a client. */
class BrokerIncoming extends IncomingDelivery {
  readonly #take: (delivery: IncomingDelivery) => void;

  constructor(take: (delivery: IncomingDelivery) => void) {
    super();
    this.#take = take;
  }

  override delivered(): void {
    this.#take(this);
  }

  override updated(): void {
    // Where we settle second, the client settles what we have told: nothing is left to be done.
    this.settled = true;
  }
}
