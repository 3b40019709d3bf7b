import { ErrorCondition } from '../definitions/index.ts';
import type { DeliveryState, Described } from '../definitions/index.ts';
import { OutgoingDelivery, type LinkEvent, type SenderHost, type SenderLink } from '../engine/index.ts';
import { faultFor } from './fault.ts';
import type { Consumer, Node, NodeUser, Subscription } from './node.ts';
import type { StoredMessage } from './stored-message.ts';
import { acquiresForTransaction, isTransactional, noTransactions, unknownTransaction } from './transactions.ts';

/** What a sender of the broker needs besides its link. */
export interface BrokerSenderOptions {
  /** Whether the client only looks. */
  readonly browses: boolean;
  /** Whether messages are sent settled: they are gone when they have left. */
  readonly settled: boolean;
  /** What a delivery that is settled without an outcome has become (§3.5.3). */
  readonly defaultOutcome: DeliveryState | Described | undefined;
  /** The outcomes that the client may choose, by their symbols; none means all of them (§3.5.3). */
  readonly outcomes: readonly string[];
  now(): number;
  /** The link has ended. */
  ended(): void;
}

/** Our end of a link whose receiver is the client: takes messages from a node and learns what became of them. */
export class BrokerSender implements SenderHost, Consumer, NodeUser {
  readonly link: SenderLink;
  readonly #node: Node;
  readonly #options: BrokerSenderOptions;
  #subscription: Subscription | undefined = undefined;
  /** What the window or the transport holds up: nothing more is taken before it has left. */
  #heldUp: BrokerDelivery | undefined = undefined;

  constructor(link: SenderLink, node: Node, options: BrokerSenderOptions) {
    this.link = link;
    this.#node = node;
    this.#options = options;
  }

  /** The link is attached: takes messages as soon as there is credit. */
  start(): void {
    this.#node.users.add(this);
    this.#subscription = this.#node.attach(this, this.#options.browses);
  }

  get ready(): boolean {
    return this.link.credit > 0 && this.#heldUp === undefined && this.link.attached;
  }

  deliver(message: StoredMessage): boolean {
    const { bytes, start, end } = message.payload(this.#options.now());
    if (end - start > this.link.maxMessageSize) return false;
    const delivery = new BrokerDelivery(this, message);
    delivery.messageFormat = message.messageFormat;
    delivery.settled = this.#options.settled;
    if (!this.link.send(delivery, bytes, start, end)) this.#heldUp = delivery;
    else if (delivery.settled) delivery.finish({ type: 'accepted' });
    return true;
  }

  /** What was held up has left. */
  left(): void {
    this.#heldUp = undefined;
    this.#subscription?.wake();
  }

  creditChanged(): void {
    this.#takeBack();
    this.#subscription?.wake();
    // All that there is has been sent: the rest of the credit can be given back (§2.6.7).
    this.link.drained();
  }

  /** Without credit what is held up might stay for ever, while others could have it. */
  #takeBack(): void {
    const delivery = this.#heldUp;
    if (this.#options.browses) return;
    if (delivery?.progress !== 'queued' || this.link.credit > 0 || !this.link.cancel(delivery)) return;
    this.#heldUp = undefined;
    delivery.finish({ type: 'released' });
  }

  /** A message is done with. */
  settled(message: StoredMessage, state: DeliveryState | Described | undefined): void {
    this.#subscription?.settled(message, state ?? this.#options.defaultOutcome);
  }

  /** Whether an outcome is one that was agreed on; if not, the link ends (§3.5.3). */
  allows(state: DeliveryState): boolean {
    if (isTransactional(state)) {
      this.link.detach({ closed: true, error: unknownTransaction });
      return false;
    }
    const { type } = state;
    const { outcomes } = this.#options;
    if (outcomes.length === 0 || outcomes.includes(`amqp:${type}:list`)) return true;
    const description = `the outcome ${type} is none of those of the source: ${outcomes.join(', ')}`;
    this.link.detach({ closed: true, error: faultFor(ErrorCondition.notAllowed, description) });
    return false;
  }

  nodeDeleted(): void {
    this.link.detach({
      closed: true,
      error: faultFor(ErrorCondition.resourceDeleted, `the node ${this.#node.address} is gone`),
    });
  }

  event(event: LinkEvent): void {
    // §4.4.3: a client that acquires messages for a transaction must not get them outside of it.
    if (event.type === 'flowProperties' && acquiresForTransaction(event.properties))
      this.link.detach({ closed: true, error: noTransactions });
    if (event.type !== 'ended') return;
    this.#subscription?.detach();
    this.#node.users.delete(this);
    this.#options.ended();
  }
}

/** A message on its way to a client. */
class BrokerDelivery extends OutgoingDelivery {
  readonly #sender: BrokerSender;
  readonly #message: StoredMessage;
  #done = false;

  constructor(sender: BrokerSender, message: StoredMessage) {
    super();
    this.#sender = sender;
    this.#message = message;
  }

  override transferred(): void {
    if (this.settled) this.finish({ type: 'accepted' });
    this.#sender.left();
  }

  override updated(): void {
    const state = this.remoteState;
    const isOutcome = state !== undefined && 'type' in state && state.type !== 'received';
    if (!isOutcome && !this.remoteSettled) return;
    if (isOutcome && !this.#sender.allows(state)) {
      this.finish({ type: 'released' });
      return;
    }
    // A client that settles second waits for us (§2.8.3).
    if (isOutcome && !this.remoteSettled) this.#sender.link.settle(this, state);
    this.finish(state);
  }

  override dropped(): void {
    // §3.5.3: what a client leaves unsettled when it goes has the default outcome; without one it is available again.
    this.finish(this.progress === 'transferred' ? undefined : { type: 'released' });
  }

  /** Tells the queue what became of the message, once. */
  finish(state: DeliveryState | Described | undefined): void {
    if (this.#done) return;
    this.#done = true;
    this.#sender.settled(this.#message, state);
  }
}
