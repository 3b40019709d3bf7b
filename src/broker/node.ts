import type { DeliveryState, Described } from '../definitions/index.ts';
import type { StoredMessage } from './stored-message.ts';

/** Who takes messages from a queue. */
export interface Consumer {
  /** Whether it takes another message now. */
  readonly ready: boolean;
  /** Hands a message over. False if it can never take this one, because it is too large. */
  deliver(message: StoredMessage): boolean;
}

/** A link that is attached to a node. */
export interface NodeUser {
  /** The node is gone: the link has to end. */
  nodeDeleted(): void;
}

/** Something that has an address: takes messages, and gives them to consumers. */
export interface Node {
  readonly address: string;
  /** The links that are attached, both ways. */
  readonly users: Set<NodeUser>;
  put(message: StoredMessage): void;
  /**
   * Makes the queue that a new consumer takes from.
   *
   * @param browses - the consumer only looks: what it gets stays in the queue (§3.5.7)
   */
  attach(consumer: Consumer, browses: boolean): Subscription;
}

/** A consumer at its queue. */
export interface Subscription {
  /** The consumer may be ready for more: hands out what there is for it. */
  wake(): void;
  /** What became of a message that the consumer had. */
  settled(message: StoredMessage, state: DeliveryState | Described | undefined): void;
  /** The consumer has gone, and has settled all that it had. */
  detach(): void;
}
