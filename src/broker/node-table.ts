import { dynamicAddress, isDynamic, nameOf } from './address.ts';
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
    for (const queue of options.queues) this.#add(new Queue(this, queue));
    for (const topic of options.topics) this.#add(new Topic(this, topic));
  }

  now(): number {
    return this.#now();
  }

  /** A queue that was named as dead-letter queue exists from then on. */
  deadLetter(name: string): Node {
    return this.#nodes.get(name) ?? this.#create(name, false);
  }

  /** The node of an address; made if it does not exist and that is allowed. */
  find(address: string, topic: boolean): Node | undefined {
    const name = nameOf(address);
    const mayCreate = this.#autoCreate && name !== '' && !isDynamic(name);
    return this.#nodes.get(name) ?? (mayCreate ? this.#create(name, topic) : undefined);
  }

  /** Makes a node that lives as long as a link. */
  createDynamic(containerId: string, linkName: string, topic: boolean): Node {
    this.#dynamic++;
    return this.#create(dynamicAddress(containerId, linkName, this.#dynamic), topic);
  }

  #create(name: string, topic: boolean): Node {
    return this.#add(topic ? new Topic(this, name) : new Queue(this, { name }));
  }

  #add(node: Node): Node {
    this.#nodes.set(node.address, node);
    return node;
  }

  /** Removes a node; the links that are attached to it end. */
  delete(node: Node): void {
    this.#nodes.delete(node.address);
    for (const user of node.users) user.nodeDeleted();
  }

  /** How many messages wait in a queue. */
  depth(address: string): number {
    const node = this.#nodes.get(nameOf(address));
    return node instanceof Queue ? node.depth : 0;
  }
}
