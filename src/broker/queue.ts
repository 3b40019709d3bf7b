import type { DeliveryState, Described, ProtocolError } from '../definitions/index.ts';
import type { QueueOptions } from './broker-options.ts';
import type { Consumer, Node, Subscription } from './node.ts';
import type { StoredMessage } from './stored-message.ts';

/** What a queue needs to know of its broker. */
export interface QueueHost {
  now(): number;
  /** The node that rejected messages go to. */
  deadLetter(name: string): Node | undefined;
}

/**
 * A queue with competing consumers. Those that are ready take turns; one without credit is not looked at. Messages that
 * come back take their old place in front of all that were never handed out.
 */
export class Queue implements Node {
  readonly address: string;
  readonly #host: QueueHost;
  readonly #options: QueueOptions;
  /** Messages that were never handed out, oldest first from `#head`. */
  #fresh: StoredMessage[] = [];
  #head = 0;
  /** Messages that came back, by their place. All are older than the fresh ones. */
  readonly #returned: StoredMessage[] = [];
  /** Consumers that have said they are ready, in the order of their turns. */
  #ready: Consumer[] = [];
  readonly #browsers = new Map<Consumer, number>();
  #nextPlace = 0;
  #dispatching = false;

  constructor(host: QueueHost, options: QueueOptions) {
    this.#host = host;
    this.#options = options;
    this.address = options.name;
  }

  /** The messages that wait. */
  get depth(): number {
    return this.#returned.length + this.#fresh.length - this.#head;
  }

  put(message: StoredMessage): void {
    message.place = this.#nextPlace++;
    this.#fresh.push(message);
    this.#dispatch();
  }

  attach(consumer: Consumer): Subscription {
    if (consumer.browses) this.#browsers.set(consumer, -1);
    return {
      wake: () => this.#wake(consumer),
      settled: (message, state) => this.#settled(consumer, message, state),
      detach: () => this.#detach(consumer),
    };
  }

  #detach(consumer: Consumer): void {
    this.#browsers.delete(consumer);
    this.#ready = this.#ready.filter((other) => other !== consumer);
  }

  #wake(consumer: Consumer): void {
    if (consumer.browses) this.#browse(consumer);
    else {
      if (!this.#ready.includes(consumer)) this.#ready.push(consumer);
      this.#dispatch();
    }
    if (consumer.ready) consumer.exhausted();
  }

  /** Hands out what can be handed out. */
  #dispatch(): void {
    if (this.#dispatching) return;
    this.#dispatching = true;
    this.#dispatchReturned();
    while (this.#head < this.#fresh.length) {
      const message = this.#fresh[this.#head];
      if (message === undefined) break;
      const consumer = this.#pick(message);
      if (consumer === undefined) {
        if (this.#ready.length === 0) break;
        // Those who are ready do not want this one: it must not stand in the way of the others.
        this.#returned.push(message);
      }
      this.#head++;
      consumer?.deliver(message);
    }
    this.#compact();
    this.#dispatching = false;
    for (const browser of this.#browsers.keys()) this.#browse(browser);
  }

  #dispatchReturned(): void {
    for (let index = 0; index < this.#returned.length && this.#ready.length > 0;) {
      const message = this.#returned[index];
      const consumer = message && this.#pick(message);
      if (message === undefined || consumer === undefined) {
        index++;
        continue;
      }
      this.#returned.splice(index, 1);
      consumer.deliver(message);
    }
  }

  /** The consumer whose turn it is, among those who are ready and did not refuse this message. */
  #pick(message: StoredMessage): Consumer | undefined {
    if (message.expired(this.#host.now())) return dropper;
    for (let turns = this.#ready.length; turns > 0; turns--) {
      const consumer = this.#ready.shift();
      if (consumer === undefined) break;
      // Who has no credit left comes back by waking us.
      if (!consumer.ready) continue;
      this.#ready.push(consumer);
      if (!message.kept.has(consumer)) return consumer;
    }
    return undefined;
  }

  #compact(): void {
    if (this.#head < 1024 && this.#head < this.#fresh.length) return;
    this.#fresh = this.#fresh.slice(this.#head);
    this.#head = 0;
  }

  /** Shows a browser what it has not seen. */
  #browse(consumer: Consumer): void {
    let seen = this.#browsers.get(consumer) ?? -1;
    for (const message of [...this.#returned, ...this.#fresh.slice(this.#head)]) {
      if (!consumer.ready) break;
      if (message.place <= seen) continue;
      seen = message.place;
      this.#browsers.set(consumer, seen);
      consumer.deliver(message);
    }
  }

  #settled(consumer: Consumer, message: StoredMessage, state: DeliveryState | Described | undefined): void {
    if (consumer.browses) return;
    const type = state !== undefined && 'type' in state ? state.type : 'released';
    if (type === 'accepted') return;
    if (type === 'rejected' && state !== undefined && 'error' in state) {
      this.#reject(message, state.error);
      return;
    }
    if (state !== undefined && 'deliveryFailed' in state) {
      if (state.deliveryFailed === true) message.fail();
      if (state.undeliverableHere === true) message.kept.add(consumer);
      if (state.messageAnnotations !== undefined) message.annotate(state.messageAnnotations);
    }
    const { maxDeliveries = Infinity } = this.#options;
    if (message.deliveryCount >= maxDeliveries) this.#reject(message, undefined);
    else this.#return(message);
  }

  #reject(message: StoredMessage, error: ProtocolError | undefined): void {
    const { deadLetter } = this.#options;
    if (deadLetter === undefined) return;
    message.reject(error);
    this.#host.deadLetter(deadLetter)?.put(message);
  }

  #return(message: StoredMessage): void {
    let index = this.#returned.length;
    while (index > 0 && (this.#returned[index - 1]?.place ?? -1) > message.place) index--;
    this.#returned.splice(index, 0, message);
    this.#dispatch();
  }
}

/** Takes messages whose time is over. */
const dropper: Consumer = { ready: true, browses: false, deliver: () => undefined, exhausted: () => undefined };
