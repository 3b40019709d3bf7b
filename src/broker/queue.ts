import type { DeliveryState, Described, ProtocolError } from '../definitions/index.ts';
import { Available } from './available.ts';
import type { QueueOptions } from './broker-options.ts';
import { Browser } from './browser.ts';
import type { Consumer, Node, NodeUser, Subscription } from './node.ts';
import type { StoredMessage } from './stored-message.ts';
import { Turns } from './turns.ts';

/** What a queue needs to know of its broker. */
export interface QueueHost {
  now(): number;
  /** The node that rejected messages go to. */
  deadLetter(name: string): Node | undefined;
}

/**
 * A queue with competing consumers. Those that are ready take turns; one without credit is not looked at. A message
 * that comes back has its old place again.
 */
export class Queue implements Node {
  readonly address: string;
  readonly users: Set<NodeUser> = new Set<NodeUser>();
  readonly #host: QueueHost;
  readonly #options: QueueOptions;
  readonly #available = new Available();
  readonly #turns = new Turns();
  readonly #browsers = new Map<Consumer, Browser>();
  #nextPlace = 0;

  constructor(host: QueueHost, options: QueueOptions) {
    this.#host = host;
    this.#options = options;
    this.address = options.name;
  }

  /** The messages that wait; those that a consumer has and did not settle are not among them. */
  get depth(): number {
    return this.#available.size;
  }

  put(message: StoredMessage): void {
    message.enqueued(this.#nextPlace++);
    this.#available.add(message);
    this.#dispatch();
    if (!message.waits) return;
    for (const browser of this.#browsers.values()) browser.added(message);
  }

  attach(consumer: Consumer, browses: boolean): Subscription {
    return browses ? this.#attachBrowser(consumer) : this.#attachConsumer(consumer);
  }

  #attachBrowser(consumer: Consumer): Subscription {
    const browser = new Browser(consumer, this.#available);
    this.#browsers.set(consumer, browser);
    return {
      wake: () => browser.wake(),
      settled: () => undefined,
      detach: () => this.#browsers.delete(consumer),
    };
  }

  #attachConsumer(consumer: Consumer): Subscription {
    return {
      wake: () => this.#wake(consumer),
      settled: (message, state) => this.#settled(consumer, message, state),
      // Who is not ready any more is forgotten when its turn comes.
      detach: () => undefined,
    };
  }

  #wake(consumer: Consumer): void {
    this.#turns.add(consumer);
    this.#dispatch();
    // What only some may get is left by now.
    while (consumer.ready) {
      const message = this.#available.takeFor(consumer);
      if (message === undefined) return;
      this.#hand(consumer, message);
    }
  }

  /** Hands out what everyone may get. */
  #dispatch(): void {
    while (this.#available.anyForAll) {
      const consumer = this.#turns.next();
      const message = consumer && this.#available.takeFor(consumer);
      if (consumer === undefined || message === undefined) return;
      if (!this.#hand(consumer, message)) this.#offer(message);
    }
  }

  /** Offers a message that not everyone may get to those who are ready. */
  #offer(message: StoredMessage): void {
    for (let turns = this.#turns.size; turns > 0 && message.waits; turns--) {
      const consumer = this.#turns.next();
      if (consumer === undefined) return;
      if (message.refusedBy.has(consumer)) continue;
      this.#available.take(message);
      this.#hand(consumer, message);
    }
  }

  /** Hands a message to a consumer; where that cannot take it, the message is back. */
  #hand(consumer: Consumer, message: StoredMessage): boolean {
    if (message.expired(this.#host.now())) return true;
    if (consumer.deliver(message)) {
      message.acquire();
      return true;
    }
    message.refusedBy.add(consumer);
    this.#available.add(message);
    return false;
  }

  #settled(consumer: Consumer, message: StoredMessage, state: DeliveryState | Described | undefined): void {
    if (state === undefined || !('type' in state)) {
      this.#return(message);
      return;
    }
    switch (state.type) {
      case 'accepted':
        return;
      case 'rejected':
        this.#reject(message, state.error);
        return;
      case 'modified':
        if (state.undeliverableHere === true) message.refusedBy.add(consumer);
        if (state.messageAnnotations !== undefined) message.annotate(state.messageAnnotations);
        if (state.deliveryFailed === true) message.fail();
        if (state.deliveryFailed === true && message.failuresHere >= (this.#options.maxDeliveries ?? Infinity)) {
          this.#reject(message, undefined);
          return;
        }
        break;
      default:
    }
    this.#return(message);
  }

  #reject(message: StoredMessage, error: ProtocolError | undefined): void {
    const { deadLetter } = this.#options;
    if (deadLetter === undefined) return;
    message.reject(error);
    this.#host.deadLetter(deadLetter)?.put(message);
  }

  #return(message: StoredMessage): void {
    this.#available.add(message);
    if (message.refusedBy.size === 0) this.#dispatch();
    else this.#offer(message);
    if (!message.waits) return;
    for (const browser of this.#browsers.values()) browser.returned();
  }
}
