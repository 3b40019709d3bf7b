import type { DeliveryState, Described } from '../definitions/index.ts';
import type { StoredMessage } from './stored-message.ts';

/** Who takes messages from a queue. */
export interface Consumer {
  /** Whether it takes another message now. */
  readonly ready: boolean;
  /** Whether it only looks: what it gets stays in the queue (§3.5.7). */
  readonly browses: boolean;
  deliver(message: StoredMessage): void;
  /** Nothing is there for it now: credit that shall be drained can be given back. */
  exhausted(): void;
}

/** Something that has an address: takes messages, and gives them to consumers. */
export interface Node {
  readonly address: string;
  put(message: StoredMessage): void;
  /** Makes the queue that a new consumer takes from. */
  attach(consumer: Consumer): Subscription;
}

/** A consumer at its queue. */
export interface Subscription {
  /** The consumer is ready for more. */
  wake(): void;
  /** What became of a message that the consumer had. */
  settled(message: StoredMessage, state: DeliveryState | Described | undefined): void;
  /** The consumer has gone, with these messages unsettled. */
  detach(): void;
}
