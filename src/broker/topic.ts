import type { Consumer, Node, NodeUser, Subscription } from './node.ts';
import { Queue, type QueueHost } from './queue.ts';
import type { StoredMessage } from './stored-message.ts';

/**
 * An address whose messages go to every consumer that is attached; each has a queue of its own, so one that is slow
 * holds up no other. Without a consumer a message is gone.
 */
export class Topic implements Node {
  readonly address: string;
  readonly users: Set<NodeUser> = new Set<NodeUser>();
  readonly #host: QueueHost;
  readonly #queues = new Set<Queue>();

  constructor(host: QueueHost, address: string) {
    this.#host = host;
    this.address = address;
  }

  put(message: StoredMessage): void {
    for (const queue of this.#queues) queue.put(message.copy(this.#host.now()));
  }

  /** Whether the consumer asks for copies or not: what it gets is a copy, and its own. */
  attach(consumer: Consumer): Subscription {
    const queue = new Queue(this.#host, { name: this.address });
    this.#queues.add(queue);
    return { ...queue.attach(consumer, false), detach: () => this.#queues.delete(queue) };
  }
}
