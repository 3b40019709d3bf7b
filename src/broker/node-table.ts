import type { ParsedBrokerOptions } from './broker-options.ts';
import type { Node } from './node.ts';
import { Queue, type QueueHost } from './queue.ts';
import { Topic } from './topic.ts';

/** The nodes of a broker by address. */
export class NodeTable implements QueueHost {
  readonly #nodes = new Map<string, Node>();
  readonly #autoCreate: boolean;
  readonly #now: () => number;
  #dynamic = 0;

  constructor(options: ParsedBrokerOptions, now: () => number) {
    this.#autoCreate = options.autoCreate;
    this.#now = now;
    for (const queue of options.queues) this.#nodes.set(queue.name, new Queue(this, queue));
    for (const topic of options.topics) this.#nodes.set(topic, new Topic(this, topic));
  }

  now(): number {
    return this.#now();
  }

  deadLetter(name: string): Node | undefined {
    return this.find(name, false) ?? this.#create(name, false);
  }

  /** The node of an address; made if it does not exist and that is allowed. */
  find(address: string, topic: boolean): Node | undefined {
    const name = nameOf(address);
    return this.#nodes.get(name) ?? (this.#autoCreate ? this.#create(name, topic) : undefined);
  }

  #create(name: string, topic: boolean): Node {
    const node = topic ? new Topic(this, name) : new Queue(this, { name });
    this.#nodes.set(name, node);
    return node;
  }

  /** Makes a node that lives as long as a link; its address tells whose it is (§3.5.3). */
  createDynamic(containerId: string, linkName: string, topic: boolean): Node {
    this.#dynamic++;
    return this.#create(`dynamic/${containerId}/${linkName}/${this.#dynamic}`, topic);
  }

  delete(node: Node): void {
    this.#nodes.delete(node.address);
  }

  /** How many messages wait in a queue. */
  depth(address: string): number {
    const node = this.#nodes.get(nameOf(address));
    return node instanceof Queue ? node.depth : 0;
  }
}

/** RabbitMQ names a queue `/queues/NAME`, percent-encoded; here that is the queue NAME, so that programs run on both. */
function nameOf(address: string): string {
  const [, name] = /^\/queues?\/(.+)$/.exec(address) ?? [];
  if (name === undefined) return address;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
