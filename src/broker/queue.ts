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
  readonly #consumers = new Set<object>();
  readonly #browsers = new Map<Consumer, Browser>();
  #nextPlace = 0;

  constructor(host: QueueHost, options: QueueOptions) {
    this.#host = host;
    this.#options = options;
    this.address = options.name;
  }

  /** The messages that wait: neither with a consumer, nor expired. */
  get depth(): number {
    return this.#available.count(this.#host.now());
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
    const browser = new Browser(consumer, this.#available, () => this.#host.now());
    this.#browsers.set(consumer, browser);
    return {
      wake: () => browser.wake(),
      settled: () => undefined,
      detach: () => this.#browsers.delete(consumer),
    };
  }

  #attachConsumer(consumer: Consumer): Subscription {
    this.#consumers.add(consumer);
    return {
      wake: () => this.#wake(consumer),
      settled: (message, state) => this.#settled(consumer, message, state),
      detach: () => {
        this.#consumers.delete(consumer);
        this.#turns.remove(consumer);
        this.#available.forget(consumer);
      },
    };
  }

  #wake(consumer: Consumer): void {
    this.#turns.add(consumer);
    this.#dispatch();
    // What only some may get is left by now.
    while (consumer.ready) {
      const message = this.#available.takeFor(consumer);
      if (message === undefined) return;
      if (!this.#hand(consumer, message)) this.#offer(message);
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

  /** Hands a message that not everyone may get to the next who may and is ready; without one it waits. */
  #offer(message: StoredMessage): void {
    for (let turns = this.#turns.size; turns > 0; turns--) {
      const consumer = this.#turns.next();
      if (consumer === undefined) break;
      if (!message.refusedBy.has(consumer) && this.#hand(consumer, message)) return;
    }
    this.#available.add(message);
  }

  /** Hands a message to a consumer; false where that cannot take this one. */
  #hand(consumer: Consumer, message: StoredMessage): boolean {
    if (message.expired(this.#host.now())) return true;
    if (consumer.deliver(message)) {
      message.acquire();
      return true;
    }
    message.refusedBy.add(consumer);
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
        // §3.4.3: it counts as a failed attempt.
        message.fail();
        this.#reject(message, state.error);
        return;
      case 'modified':
        if (state.undeliverableHere === true) message.refusedBy.add(consumer);
        if (state.messageAnnotations !== undefined) message.annotate(state.messageAnnotations);
        if (state.deliveryFailed === true) this.#fail(message);
        else this.#return(message);
        return;
      default:
        this.#return(message);
    }
  }

  /** An attempt has failed: the message is back, unless that was once too often here. */
  #fail(message: StoredMessage): void {
    const { maxDeliveries = Infinity } = this.#options;
    message.fail();
    if (message.failuresHere >= maxDeliveries) this.#reject(message, undefined);
    else this.#return(message);
  }

  #reject(message: StoredMessage, error: ProtocolError | undefined): void {
    const { deadLetter } = this.#options;
    if (deadLetter === undefined) return;
    message.reject(error);
    this.#host.deadLetter(deadLetter)?.put(message);
  }

  #return(message: StoredMessage): void {
    for (const consumer of message.refusedBy) if (!this.#consumers.has(consumer)) message.refusedBy.delete(consumer);
    if (message.refusedBy.size > 0) this.#offer(message);
    else {
      this.#available.add(message);
      this.#dispatch();
    }
    if (!message.waits) return;
    for (const browser of this.#browsers.values()) browser.returned();
  }
}
