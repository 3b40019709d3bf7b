// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import type { Timestamp } from '../../codec/index.ts';
import type { CompositeSpec } from '../spec.ts';

/** The delivery headers of a message: how it is to be transported (§3.2.1). */
export interface Header {
  readonly type: 'header';
  /** Whether the message must survive a failure of a node on its way. */
  readonly durable: boolean;
  /** The priority relative to other messages; the higher the sooner. */
  readonly priority: number;
  /** How long the message is worth delivering, in milliseconds. */
  readonly ttl: number | undefined;
  /** Whether no other link has acquired the message before. */
  readonly firstAcquirer: boolean;
  /** How many deliveries failed before this one. */
  readonly deliveryCount: number;
}

/** What is written as {@link Header}; a field that is left out is null or its default. */
export interface HeaderInit {
  readonly type?: 'header' | undefined;
  /** Whether the message must survive a failure of a node on its way. Default: false. */
  readonly durable?: boolean | undefined;
  /** The priority relative to other messages; the higher the sooner. Default: 4. */
  readonly priority?: number | undefined;
  /** How long the message is worth delivering, in milliseconds. */
  readonly ttl?: number | undefined;
  /** Whether no other link has acquired the message before. Default: false. */
  readonly firstAcquirer?: boolean | undefined;
  /** How many deliveries failed before this one. Default: 0. */
  readonly deliveryCount?: number | undefined;
}

/** The table of {@link Header}. */
export const header: CompositeSpec<Header, HeaderInit> = {
  type: 'header',
  descriptor: 'amqp:header:list',
  code: 0x70,
  section: '3.2.1',
  fields: [
    { name: 'durable', key: 'durable', type: 'boolean', default: false },
    { name: 'priority', key: 'priority', type: 'ubyte', default: 4 },
    { name: 'ttl', key: 'ttl', type: 'uint' },
    { name: 'first-acquirer', key: 'firstAcquirer', type: 'boolean', default: false },
    { name: 'delivery-count', key: 'deliveryCount', type: 'uint', default: 0 },
  ],
  explicit: true,
};

/** The immutable properties of a message (§3.2.4). */
export interface Properties {
  readonly type: 'properties';
  /** The id of the message: a ulong (bigint), uuid, binary or string. */
  readonly messageId: unknown;
  /** Who made the message. */
  readonly userId: Uint8Array | undefined;
  /** The address of the node that the message is meant for. */
  readonly to: unknown;
  /** What the message is about. */
  readonly subject: string | undefined;
  /** The address of the node that answers go to. */
  readonly replyTo: unknown;
  /** The id of the message that this one answers: a ulong (bigint), uuid, binary or string. */
  readonly correlationId: unknown;
  /** The MIME type of the data sections. */
  readonly contentType: string | undefined;
  /** The MIME content encoding of the data sections. */
  readonly contentEncoding: string | undefined;
  /** When the message is worth nothing any more. */
  readonly absoluteExpiryTime: Date | Timestamp | undefined;
  /** When the message was made. */
  readonly creationTime: Date | Timestamp | undefined;
  /** The group that the message belongs to. */
  readonly groupId: string | undefined;
  /** The position of the message in its group, as a serial number from 0 to 2^32-1. */
  readonly groupSequence: number | undefined;
  /** The group of the answer. */
  readonly replyToGroupId: string | undefined;
}

/** What is written as {@link Properties}; a field that is left out is null or its default. */
export interface PropertiesInit {
  readonly type?: 'properties' | undefined;
  /** The id of the message: a ulong (bigint), uuid, binary or string. */
  readonly messageId?: unknown;
  /** Who made the message. */
  readonly userId?: Uint8Array | undefined;
  /** The address of the node that the message is meant for. */
  readonly to?: unknown;
  /** What the message is about. */
  readonly subject?: string | undefined;
  /** The address of the node that answers go to. */
  readonly replyTo?: unknown;
  /** The id of the message that this one answers: a ulong (bigint), uuid, binary or string. */
  readonly correlationId?: unknown;
  /** The MIME type of the data sections. */
  readonly contentType?: string | undefined;
  /** The MIME content encoding of the data sections. */
  readonly contentEncoding?: string | undefined;
  /** When the message is worth nothing any more. */
  readonly absoluteExpiryTime?: Date | Timestamp | undefined;
  /** When the message was made. */
  readonly creationTime?: Date | Timestamp | undefined;
  /** The group that the message belongs to. */
  readonly groupId?: string | undefined;
  /** The position of the message in its group, as a serial number from 0 to 2^32-1. */
  readonly groupSequence?: number | undefined;
  /** The group of the answer. */
  readonly replyToGroupId?: string | undefined;
}

/** The table of {@link Properties}. */
export const properties: CompositeSpec<Properties, PropertiesInit> = {
  type: 'properties',
  descriptor: 'amqp:properties:list',
  code: 0x73,
  section: '3.2.4',
  fields: [
    { name: 'message-id', key: 'messageId', type: 'message-id' },
    { name: 'user-id', key: 'userId', type: 'binary' },
    { name: 'to', key: 'to', type: 'any' },
    { name: 'subject', key: 'subject', type: 'string' },
    { name: 'reply-to', key: 'replyTo', type: 'any' },
    { name: 'correlation-id', key: 'correlationId', type: 'message-id' },
    { name: 'content-type', key: 'contentType', type: 'symbol' },
    { name: 'content-encoding', key: 'contentEncoding', type: 'symbol' },
    { name: 'absolute-expiry-time', key: 'absoluteExpiryTime', type: 'timestamp' },
    { name: 'creation-time', key: 'creationTime', type: 'timestamp' },
    { name: 'group-id', key: 'groupId', type: 'string' },
    { name: 'group-sequence', key: 'groupSequence', type: 'uint' },
    { name: 'reply-to-group-id', key: 'replyToGroupId', type: 'string' },
  ],
};
