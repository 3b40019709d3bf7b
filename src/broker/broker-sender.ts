import type { DeliveryState, Described } from '../definitions/index.ts';
import { OutgoingDelivery, type LinkEvent, type SenderHost, type SenderLink } from '../engine/index.ts';
import type { Consumer, Node, Subscription } from './node.ts';
import type { StoredMessage } from './stored-message.ts';

/** What a sender of the broker needs besides its link. */
export interface BrokerSenderOptions {
  readonly browses: boolean;
  /** Whether messages are sent settled: they are gone when they have left. */
  readonly settled: boolean;
  now(): number;
  /** The link has ended. */
  ended(): void;
}

/** Our end of a link whose receiver is the client: takes messages from a node and learns what became of them. */
export class BrokerSender implements SenderHost, Consumer {
  readonly link: SenderLink;
  readonly browses: boolean;
  readonly #options: BrokerSenderOptions;
  readonly #subscription: Subscription;

  constructor(link: SenderLink, node: Node, options: BrokerSenderOptions) {
    this.link = link;
    this.browses = options.browses;
    this.#options = options;
    this.#subscription = node.attach(this);
  }

  get ready(): boolean {
    return this.link.attached && this.link.credit > 0 && this.link.queued === 0;
  }

  deliver(message: StoredMessage): void {
    const delivery = new BrokerDelivery(this, message);
    const { bytes, start, end } = message.payload(this.#options.now());
    delivery.messageFormat = message.messageFormat;
    delivery.settled = this.#options.settled;
    if (!this.browses) message.acquire();
    if (this.link.send(delivery, bytes, start, end)) delivery.transferred();
  }

  exhausted(): void {
    this.link.drained();
  }

  /** There may be room for more. */
  wake(): void {
    this.#subscription.wake();
  }

  /** A message has left; it was sent settled. */
  settled(message: StoredMessage, state: DeliveryState | Described | undefined): void {
    this.#subscription.settled(message, state);
  }

  creditChanged(): void {
    this.#subscription.wake();
  }

  event(event: LinkEvent): void {
    if (event.type !== 'ended') return;
    this.#subscription.detach();
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
    if (this.settled) this.#finish({ type: 'accepted' });
    this.#sender.wake();
  }

  override updated(): void {
    const state = this.remoteState;
    const isOutcome = state !== undefined && 'type' in state && state.type !== 'received';
    if (!isOutcome && !this.remoteSettled) return;
    // A client that settles second waits for us (§2.8.3).
    if (!this.remoteSettled && state !== undefined && 'type' in state) this.#sender.link.settle(this, state);
    this.#finish(state);
  }

  override dropped(): void {
    // §3.3.1: what a client leaves unsettled when it goes is available again.
    this.#finish({ type: 'released' });
  }

  #finish(state: DeliveryState | Described | undefined): void {
    if (this.#done) return;
    this.#done = true;
    this.#sender.settled(this.#message, state);
  }
}
