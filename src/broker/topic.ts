import type { Consumer, Node, Subscription } from './node.ts';
import { Queue, type QueueHost } from './queue.ts';
import type { StoredMessage } from './stored-message.ts';

/** An address whose messages go to every consumer that is attached; each has a queue of its own. */
export class Topic implements Node {
  readonly address: string;
  readonly #host: QueueHost;
  readonly #queues = new Set<Queue>();

  constructor(host: QueueHost, address: string) {
    this.#host = host;
    this.address = address;
  }

  put(message: StoredMessage): void {
    for (const queue of this.#queues) queue.put(message.copy(this.#host.now()));
  }

  attach(consumer: Consumer): Subscription {
    const queue = new Queue(this.#host, { name: this.address });
    this.#queues.add(queue);
    const subscription = queue.attach(consumer);
    return {
      ...subscription,
      detach: () => {
        subscription.detach();
        this.#queues.delete(queue);
      },
    };
  }
}
