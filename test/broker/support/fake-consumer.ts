import { blockOf } from '../../../src/codec/index.ts';
import { encodeMessageBytes, Message, type MessageInit } from '../../../src/message/index.ts';
import type { Consumer, Node, Subscription } from '../../../src/broker/node.ts';
import { StoredMessage } from '../../../src/broker/stored-message.ts';

/** Makes a message as it arrives at a node. */
export function stored(init: MessageInit, now = 0): StoredMessage {
  const bytes = encodeMessageBytes(init);
  return new StoredMessage(blockOf(bytes), 0, bytes.length, 0, now);
}

/** A message as it goes out, decoded. */
export function outgoing(message: StoredMessage, now = 0): Message {
  const { bytes, start, end } = message.payload(now);
  return new Message(blockOf(bytes), start, end, message.messageFormat);
}

/** A consumer with credit that the test grants. */
export class FakeConsumer implements Consumer {
  readonly got: StoredMessage[] = [];
  readonly subscription: Subscription;
  credit = 0;
  /** How often the queue has asked whether it is ready. */
  asked = 0;
  readonly #largest: number;

  constructor(node: Node, options: { browses?: boolean; largest?: number } = {}) {
    this.#largest = options.largest ?? Infinity;
    this.subscription = node.attach(this, options.browses ?? false);
  }

  get ready(): boolean {
    this.asked++;
    return this.credit > 0;
  }

  deliver(message: StoredMessage): boolean {
    const { start, end } = message.payload(0);
    if (end - start > this.#largest) return false;
    this.credit--;
    this.got.push(message);
    return true;
  }

  grant(credit: number): this {
    this.credit = credit;
    this.subscription.wake();
    return this;
  }

  /** The values of what it got. */
  get values(): unknown[] {
    return this.got.map((message) => outgoing(message).value);
  }
}
