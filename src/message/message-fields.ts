import type { AmqpSymbol, Char, Decimal, Timestamp, Uuid } from '../codec/index.ts';
import type { HeaderInit, Properties, PropertiesInit } from '../definitions/index.ts';
import type { Body } from './body.ts';

/** The id of a message: a string, a ulong (bigint), a uuid or binary; the type is part of the id (§3.2.11). */
export type MessageId = string | bigint | Uuid | Uint8Array;

/** The type of the keys of annotations is symbol, given as plain strings (§3.2.10). */
export type Annotations = Readonly<Record<string, unknown>>;

/**
 * A value of a simple type (§3.2.5), as it is read: `number` for all numbers but ulong and long, which are `bigint`;
 * `Timestamp` for what lies beyond the range of a `Date`.
 */
export type SimpleValue =
  null | boolean | number | bigint | string | Uint8Array | Date | Timestamp | Uuid | AmqpSymbol | Char | Decimal;

/** The properties of the application of a received message (§3.2.5); undefined stands for one that it does not have. */
export type ReceivedApplicationProperties = Readonly<Record<string, SimpleValue | undefined>>;

/** The properties section of a message to send (§3.2.4); what is left out or undefined is not sent. */
export interface MessageProperties extends PropertiesInit {
  /** The id of the message. A plain number is refused, for its type would be a guess: pass a bigint. */
  readonly messageId?: MessageId | undefined;
  /** The address of the node that the message is meant for. */
  readonly to?: string | undefined;
  /** The address of the node that answers go to. */
  readonly replyTo?: string | undefined;
  /** The id of the message that this one answers. */
  readonly correlationId?: MessageId | undefined;
}

/** The properties section of a received message (§3.2.4); what it does not say is undefined. */
export interface ReceivedProperties extends Properties {
  /** The id of the message; a bigint is a ulong. */
  readonly messageId: MessageId | undefined;
  /** The address of the node that the message is meant for. */
  readonly to: string | undefined;
  /** The address of the node that answers go to. */
  readonly replyTo: string | undefined;
  /** The id of the message that this one answers; a bigint is a ulong. */
  readonly correlationId: MessageId | undefined;
}

/** The parts of a message to send. Sections that are left out or empty are not sent. */
export interface MessageFields {
  /** The content: bytes are one data section, any other plain value an amqp-value, or say which with {@link Body}. */
  readonly body?: Body | string | Uint8Array | number | bigint | boolean | null | undefined;
  /** How the message is to be transported (§3.2.1); `ttl` in milliseconds, from 0 to 2^32-1. */
  readonly header?: HeaderInit | undefined;
  /** Annotations for the next hop only (§3.2.2). Keys that do not begin with `x-` are reserved. */
  readonly deliveryAnnotations?: Annotations | undefined;
  /** Annotations that travel with the message (§3.2.3). Keys that do not begin with `x-` are reserved. */
  readonly messageAnnotations?: Annotations | undefined;
  /** The immutable properties (§3.2.4). */
  readonly properties?: MessageProperties | undefined;
  /** Properties of the application, with values of simple types: no list, map or array (§3.2.5). */
  readonly applicationProperties?: Readonly<Record<string, unknown>> | undefined;
  /** Details about the message that are known only after its body, like checksums (§3.2.9). */
  readonly footer?: Annotations | undefined;
}
