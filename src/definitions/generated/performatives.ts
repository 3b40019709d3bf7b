// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import type { AmqpMap, Described } from '../../codec/index.ts';
import type { CompositeSpec, Fields, Tables } from '../spec.ts';
import type { SenderSettleMode, ReceiverSettleMode } from './choices.ts';
import type { ProtocolError, ProtocolErrorInit } from './error.ts';
import { protocolError } from './error.ts';
import type { DeliveryState, DeliveryStateInit } from './delivery-state.ts';
import { received, accepted, rejected, released, modified, declared, transactionalState } from './delivery-state.ts';
import type { Source, SourceInit, Target, TargetInit, Coordinator, CoordinatorInit } from './terminus.ts';
import { source, target, coordinator } from './terminus.ts';

/** The parameters of a connection; the first frame each way (§2.7.1). */
export interface Open {
  readonly type: 'open';
  /** The name of the container that sends this. */
  readonly containerId: string;
  /** The virtual host that the client wants; it should agree with TLS and SASL. */
  readonly hostname: string | undefined;
  /** The largest frame that the sender of this takes, in octets; at least 512. */
  readonly maxFrameSize: number;
  /** The highest channel number that may be used: one less than the number of sessions. */
  readonly channelMax: number;
  /** Milliseconds without a frame after which the sender of this gives up. */
  readonly idleTimeOut: number | undefined;
  /** The locales that the sender of this can use for texts it sends. */
  readonly outgoingLocales: readonly string[];
  /** The locales that the sender of this wants texts in, best first. */
  readonly incomingLocales: readonly string[];
  /** The extensions that the sender of this can use. */
  readonly offeredCapabilities: readonly string[];
  /** The extensions that the sender of this wants to use. */
  readonly desiredCapabilities: readonly string[];
  /** Properties that the standard does not define. */
  readonly properties: Fields | undefined;
}

/** What is written as {@link Open}; a field that is left out is null or its default. */
export interface OpenInit {
  readonly type?: 'open' | undefined;
  /** The name of the container that sends this. */
  readonly containerId: string;
  /** The virtual host that the client wants; it should agree with TLS and SASL. */
  readonly hostname?: string | undefined;
  /** The largest frame that the sender of this takes, in octets; at least 512. Default: 4294967295. */
  readonly maxFrameSize?: number | undefined;
  /** The highest channel number that may be used: one less than the number of sessions. Default: 65535. */
  readonly channelMax?: number | undefined;
  /** Milliseconds without a frame after which the sender of this gives up. */
  readonly idleTimeOut?: number | undefined;
  /** The locales that the sender of this can use for texts it sends. */
  readonly outgoingLocales?: readonly string[] | undefined;
  /** The locales that the sender of this wants texts in, best first. */
  readonly incomingLocales?: readonly string[] | undefined;
  /** The extensions that the sender of this can use. */
  readonly offeredCapabilities?: readonly string[] | undefined;
  /** The extensions that the sender of this wants to use. */
  readonly desiredCapabilities?: readonly string[] | undefined;
  /** Properties that the standard does not define. */
  readonly properties?: Fields | undefined;
}

/** The table of {@link Open}. */
export const open: CompositeSpec<Open, OpenInit> = {
  type: 'open',
  descriptor: 'amqp:open:list',
  code: 0x10,
  section: '2.7.1',
  fields: [
    { name: 'container-id', key: 'containerId', type: 'string', mandatory: true },
    { name: 'hostname', key: 'hostname', type: 'string' },
    { name: 'max-frame-size', key: 'maxFrameSize', type: 'uint', default: 4294967295 },
    { name: 'channel-max', key: 'channelMax', type: 'ushort', default: 65535 },
    { name: 'idle-time-out', key: 'idleTimeOut', type: 'uint' },
    { name: 'outgoing-locales', key: 'outgoingLocales', type: 'symbol', multiple: true },
    { name: 'incoming-locales', key: 'incomingLocales', type: 'symbol', multiple: true },
    { name: 'offered-capabilities', key: 'offeredCapabilities', type: 'symbol', multiple: true },
    { name: 'desired-capabilities', key: 'desiredCapabilities', type: 'symbol', multiple: true },
    { name: 'properties', key: 'properties', type: 'fields' },
  ],
};

/** Begins a session on a channel, or answers such a begin (§2.7.2). */
export interface Begin {
  readonly type: 'begin';
  /** The channel of the begin that this one answers; absent in the first begin. */
  readonly remoteChannel: number | undefined;
  /** The transfer-id, from 0 to 2^32-1, of the first transfer that the sender of this will send. */
  readonly nextOutgoingId: number;
  /** How many transfers the sender of this takes now. */
  readonly incomingWindow: number;
  /** How many transfers the sender of this may send now. */
  readonly outgoingWindow: number;
  /** The highest handle that may be used: one less than the number of links. */
  readonly handleMax: number;
  /** The extensions that the sender of this can use. */
  readonly offeredCapabilities: readonly string[];
  /** The extensions that the sender of this wants to use. */
  readonly desiredCapabilities: readonly string[];
  /** Properties that the standard does not define. */
  readonly properties: Fields | undefined;
}

/** What is written as {@link Begin}; a field that is left out is null or its default. */
export interface BeginInit {
  readonly type?: 'begin' | undefined;
  /** The channel of the begin that this one answers; absent in the first begin. */
  readonly remoteChannel?: number | undefined;
  /** The transfer-id, from 0 to 2^32-1, of the first transfer that the sender of this will send. */
  readonly nextOutgoingId: number;
  /** How many transfers the sender of this takes now. */
  readonly incomingWindow: number;
  /** How many transfers the sender of this may send now. */
  readonly outgoingWindow: number;
  /** The highest handle that may be used: one less than the number of links. Default: 4294967295. */
  readonly handleMax?: number | undefined;
  /** The extensions that the sender of this can use. */
  readonly offeredCapabilities?: readonly string[] | undefined;
  /** The extensions that the sender of this wants to use. */
  readonly desiredCapabilities?: readonly string[] | undefined;
  /** Properties that the standard does not define. */
  readonly properties?: Fields | undefined;
}

/** The table of {@link Begin}. */
export const begin: CompositeSpec<Begin, BeginInit> = {
  type: 'begin',
  descriptor: 'amqp:begin:list',
  code: 0x11,
  section: '2.7.2',
  fields: [
    { name: 'remote-channel', key: 'remoteChannel', type: 'ushort' },
    { name: 'next-outgoing-id', key: 'nextOutgoingId', type: 'uint', mandatory: true },
    { name: 'incoming-window', key: 'incomingWindow', type: 'uint', mandatory: true },
    { name: 'outgoing-window', key: 'outgoingWindow', type: 'uint', mandatory: true },
    { name: 'handle-max', key: 'handleMax', type: 'uint', default: 4294967295 },
    { name: 'offered-capabilities', key: 'offeredCapabilities', type: 'symbol', multiple: true },
    { name: 'desired-capabilities', key: 'desiredCapabilities', type: 'symbol', multiple: true },
    { name: 'properties', key: 'properties', type: 'fields' },
  ],
};

/** Attaches a link to a session, or answers such an attach (§2.7.3). */
export interface Attach {
  readonly type: 'attach';
  /** The name of the link, unique among the links of one direction between two containers. */
  readonly name: string;
  /** The number of the link in the frames of the sender of this. */
  readonly handle: number;
  /** Which end the sender of this is: false for the sender of messages, true for the receiver. */
  readonly role: boolean;
  /** When the sender settles. */
  readonly sndSettleMode: SenderSettleMode;
  /** When the receiver settles. */
  readonly rcvSettleMode: ReceiverSettleMode;
  /** Where messages come from; absent in an answer means that the link is refused. */
  readonly source: Source | Described | undefined;
  /** Where messages go to; absent in an answer means that the link is refused. */
  readonly target: Target | Coordinator | Described | undefined;
  /** Delivery-tag → delivery-state of the deliveries that are unsettled from an earlier attachment. */
  readonly unsettled: AmqpMap | undefined;
  /** Whether `unsettled` is only a part, because all of it would not fit into a frame. */
  readonly incompleteUnsettled: boolean;
  /** Where the delivery-count begins; mandatory from the sender of messages. */
  readonly initialDeliveryCount: number | undefined;
  /** The largest message that the sender of this takes, in octets; 0 or absent means no limit. */
  readonly maxMessageSize: bigint | undefined;
  /** The extensions that the sender of this can use. */
  readonly offeredCapabilities: readonly string[];
  /** The extensions that the sender of this wants to use. */
  readonly desiredCapabilities: readonly string[];
  /** Properties that the standard does not define. */
  readonly properties: Fields | undefined;
}

/** What is written as {@link Attach}; a field that is left out is null or its default. */
export interface AttachInit {
  readonly type?: 'attach' | undefined;
  /** The name of the link, unique among the links of one direction between two containers. */
  readonly name: string;
  /** The number of the link in the frames of the sender of this. */
  readonly handle: number;
  /** Which end the sender of this is: false for the sender of messages, true for the receiver. */
  readonly role: boolean;
  /** When the sender settles. Default: 2. */
  readonly sndSettleMode?: SenderSettleMode | undefined;
  /** When the receiver settles. Default: 0. */
  readonly rcvSettleMode?: ReceiverSettleMode | undefined;
  /** Where messages come from; absent in an answer means that the link is refused. */
  readonly source?: SourceInit | Described | undefined;
  /** Where messages go to; absent in an answer means that the link is refused. */
  readonly target?: TargetInit | CoordinatorInit | Described | undefined;
  /** Delivery-tag → delivery-state of the deliveries that are unsettled from an earlier attachment. */
  readonly unsettled?: AmqpMap | undefined;
  /** Whether `unsettled` is only a part, because all of it would not fit into a frame. Default: false. */
  readonly incompleteUnsettled?: boolean | undefined;
  /** Where the delivery-count begins; mandatory from the sender of messages. */
  readonly initialDeliveryCount?: number | undefined;
  /** The largest message that the sender of this takes, in octets; 0 or absent means no limit. */
  readonly maxMessageSize?: bigint | undefined;
  /** The extensions that the sender of this can use. */
  readonly offeredCapabilities?: readonly string[] | undefined;
  /** The extensions that the sender of this wants to use. */
  readonly desiredCapabilities?: readonly string[] | undefined;
  /** Properties that the standard does not define. */
  readonly properties?: Fields | undefined;
}

/** The table of {@link Attach}. */
export const attach: CompositeSpec<Attach, AttachInit> = {
  type: 'attach',
  descriptor: 'amqp:attach:list',
  code: 0x12,
  section: '2.7.3',
  fields: [
    { name: 'name', key: 'name', type: 'string', mandatory: true },
    { name: 'handle', key: 'handle', type: 'uint', mandatory: true },
    { name: 'role', key: 'role', type: 'boolean', mandatory: true },
    { name: 'snd-settle-mode', key: 'sndSettleMode', type: 'ubyte', default: 2, choices: [0, 1, 2] },
    { name: 'rcv-settle-mode', key: 'rcvSettleMode', type: 'ubyte', default: 0, choices: [0, 1] },
    { name: 'source', key: 'source', type: 'composite', composites: [source], requires: 'source' },
    { name: 'target', key: 'target', type: 'composite', composites: [target, coordinator], requires: 'target' },
    { name: 'unsettled', key: 'unsettled', type: 'map' },
    { name: 'incomplete-unsettled', key: 'incompleteUnsettled', type: 'boolean', default: false },
    { name: 'initial-delivery-count', key: 'initialDeliveryCount', type: 'uint' },
    { name: 'max-message-size', key: 'maxMessageSize', type: 'ulong' },
    { name: 'offered-capabilities', key: 'offeredCapabilities', type: 'symbol', multiple: true },
    { name: 'desired-capabilities', key: 'desiredCapabilities', type: 'symbol', multiple: true },
    { name: 'properties', key: 'properties', type: 'fields' },
  ],
};

/** The windows of a session and, where it names a handle, the credit of a link (§2.7.4). */
export interface Flow {
  readonly type: 'flow';
  /** The transfer-id, from 0 to 2^32-1, that is expected next; absent until the begin of the peer was seen. */
  readonly nextIncomingId: number | undefined;
  /** How many transfers the sender of this takes now. */
  readonly incomingWindow: number;
  /** The transfer-id, from 0 to 2^32-1, that the sender of this will use next. */
  readonly nextOutgoingId: number;
  /** How many transfers the sender of this may send now. */
  readonly outgoingWindow: number;
  /** The handle of the link that the next four fields are about; absent in a flow of the session only. */
  readonly handle: number | undefined;
  /** The delivery-count of the link as the sender of this sees it. */
  readonly deliveryCount: number | undefined;
  /** How many deliveries the receiver takes beyond the delivery-count. */
  readonly linkCredit: number | undefined;
  /** How many messages the sender has in store, a guess. */
  readonly available: number | undefined;
  /** Whether the sender shall use its credit now or give it back. */
  readonly drain: boolean;
  /** Whether the sender of this wants a flow as an answer. */
  readonly echo: boolean;
  /** Properties that the standard does not define. */
  readonly properties: Fields | undefined;
}

/** What is written as {@link Flow}; a field that is left out is null or its default. */
export interface FlowInit {
  readonly type?: 'flow' | undefined;
  /** The transfer-id, from 0 to 2^32-1, that is expected next; absent until the begin of the peer was seen. */
  readonly nextIncomingId?: number | undefined;
  /** How many transfers the sender of this takes now. */
  readonly incomingWindow: number;
  /** The transfer-id, from 0 to 2^32-1, that the sender of this will use next. */
  readonly nextOutgoingId: number;
  /** How many transfers the sender of this may send now. */
  readonly outgoingWindow: number;
  /** The handle of the link that the next four fields are about; absent in a flow of the session only. */
  readonly handle?: number | undefined;
  /** The delivery-count of the link as the sender of this sees it. */
  readonly deliveryCount?: number | undefined;
  /** How many deliveries the receiver takes beyond the delivery-count. */
  readonly linkCredit?: number | undefined;
  /** How many messages the sender has in store, a guess. */
  readonly available?: number | undefined;
  /** Whether the sender shall use its credit now or give it back. Default: false. */
  readonly drain?: boolean | undefined;
  /** Whether the sender of this wants a flow as an answer. Default: false. */
  readonly echo?: boolean | undefined;
  /** Properties that the standard does not define. */
  readonly properties?: Fields | undefined;
}

/** The table of {@link Flow}. */
export const flow: CompositeSpec<Flow, FlowInit> = {
  type: 'flow',
  descriptor: 'amqp:flow:list',
  code: 0x13,
  section: '2.7.4',
  fields: [
    { name: 'next-incoming-id', key: 'nextIncomingId', type: 'uint' },
    { name: 'incoming-window', key: 'incomingWindow', type: 'uint', mandatory: true },
    { name: 'next-outgoing-id', key: 'nextOutgoingId', type: 'uint', mandatory: true },
    { name: 'outgoing-window', key: 'outgoingWindow', type: 'uint', mandatory: true },
    { name: 'handle', key: 'handle', type: 'uint' },
    { name: 'delivery-count', key: 'deliveryCount', type: 'uint' },
    { name: 'link-credit', key: 'linkCredit', type: 'uint' },
    { name: 'available', key: 'available', type: 'uint' },
    { name: 'drain', key: 'drain', type: 'boolean', default: false },
    { name: 'echo', key: 'echo', type: 'boolean', default: false },
    { name: 'properties', key: 'properties', type: 'fields' },
  ],
};

/** A part of a message; the payload follows it in the frame (§2.7.5). */
export interface Transfer {
  readonly type: 'transfer';
  /** The handle of the link. */
  readonly handle: number;
  /** The number of the delivery in its session; may be left out on all but the first frame. */
  readonly deliveryId: number | undefined;
  /** The name of the delivery on its link, up to 32 octets; may be left out on all but the first frame. */
  readonly deliveryTag: Uint8Array | undefined;
  /** The code of the format of the payload; 0 for an AMQP message. */
  readonly messageFormat: number | undefined;
  /** Whether the sender has settled. Sticky: once true in a delivery it stays so. */
  readonly settled: boolean | undefined;
  /** Whether more frames of this delivery follow. */
  readonly more: boolean;
  /** The settlement mode of the receiver for this delivery only. */
  readonly rcvSettleMode: ReceiverSettleMode | undefined;
  /** The state of the delivery at the sender. */
  readonly state: DeliveryState | Described | undefined;
  /** Whether this goes on with a delivery of an earlier attachment. */
  readonly resume: boolean;
  /** Whether the delivery is given up; what came of it is to be forgotten. */
  readonly aborted: boolean;
  /** Whether the answer may wait to be batched; a hint. */
  readonly batchable: boolean;
}

/** What is written as {@link Transfer}; a field that is left out is null or its default. */
export interface TransferInit {
  readonly type?: 'transfer' | undefined;
  /** The handle of the link. */
  readonly handle: number;
  /** The number of the delivery in its session; may be left out on all but the first frame. */
  readonly deliveryId?: number | undefined;
  /** The name of the delivery on its link, up to 32 octets; may be left out on all but the first frame. */
  readonly deliveryTag?: Uint8Array | undefined;
  /** The code of the format of the payload; 0 for an AMQP message. */
  readonly messageFormat?: number | undefined;
  /** Whether the sender has settled. Sticky: once true in a delivery it stays so. */
  readonly settled?: boolean | undefined;
  /** Whether more frames of this delivery follow. Default: false. */
  readonly more?: boolean | undefined;
  /** The settlement mode of the receiver for this delivery only. */
  readonly rcvSettleMode?: ReceiverSettleMode | undefined;
  /** The state of the delivery at the sender. */
  readonly state?: DeliveryStateInit | Described | undefined;
  /** Whether this goes on with a delivery of an earlier attachment. Default: false. */
  readonly resume?: boolean | undefined;
  /** Whether the delivery is given up; what came of it is to be forgotten. Default: false. */
  readonly aborted?: boolean | undefined;
  /** Whether the answer may wait to be batched; a hint. Default: false. */
  readonly batchable?: boolean | undefined;
}

/** The table of {@link Transfer}. */
export const transfer: CompositeSpec<Transfer, TransferInit> = {
  type: 'transfer',
  descriptor: 'amqp:transfer:list',
  code: 0x14,
  section: '2.7.5',
  fields: [
    { name: 'handle', key: 'handle', type: 'uint', mandatory: true },
    { name: 'delivery-id', key: 'deliveryId', type: 'uint' },
    { name: 'delivery-tag', key: 'deliveryTag', type: 'binary' },
    { name: 'message-format', key: 'messageFormat', type: 'uint' },
    { name: 'settled', key: 'settled', type: 'boolean' },
    { name: 'more', key: 'more', type: 'boolean', default: false },
    { name: 'rcv-settle-mode', key: 'rcvSettleMode', type: 'ubyte', choices: [0, 1] },
    {
      name: 'state',
      key: 'state',
      type: 'composite',
      composites: [received, accepted, rejected, released, modified, declared, transactionalState],
      requires: 'delivery-state',
    },
    { name: 'resume', key: 'resume', type: 'boolean', default: false },
    { name: 'aborted', key: 'aborted', type: 'boolean', default: false },
    { name: 'batchable', key: 'batchable', type: 'boolean', default: false },
  ],
};

/** A change of state of a range of deliveries (§2.7.6). */
export interface Disposition {
  readonly type: 'disposition';
  /** Who speaks: false for the sender of the deliveries, true for their receiver. */
  readonly role: boolean;
  /** The first delivery-id. */
  readonly first: number;
  /** The last delivery-id; absent means the same as `first`. */
  readonly last: number | undefined;
  /** Whether the speaker has settled. */
  readonly settled: boolean;
  /** The state of the deliveries at the speaker. */
  readonly state: DeliveryState | Described | undefined;
  /** Whether the answer may wait to be batched; a hint. */
  readonly batchable: boolean;
}

/** What is written as {@link Disposition}; a field that is left out is null or its default. */
export interface DispositionInit {
  readonly type?: 'disposition' | undefined;
  /** Who speaks: false for the sender of the deliveries, true for their receiver. */
  readonly role: boolean;
  /** The first delivery-id. */
  readonly first: number;
  /** The last delivery-id; absent means the same as `first`. */
  readonly last?: number | undefined;
  /** Whether the speaker has settled. Default: false. */
  readonly settled?: boolean | undefined;
  /** The state of the deliveries at the speaker. */
  readonly state?: DeliveryStateInit | Described | undefined;
  /** Whether the answer may wait to be batched; a hint. Default: false. */
  readonly batchable?: boolean | undefined;
}

/** The table of {@link Disposition}. */
export const disposition: CompositeSpec<Disposition, DispositionInit> = {
  type: 'disposition',
  descriptor: 'amqp:disposition:list',
  code: 0x15,
  section: '2.7.6',
  fields: [
    { name: 'role', key: 'role', type: 'boolean', mandatory: true },
    { name: 'first', key: 'first', type: 'uint', mandatory: true },
    { name: 'last', key: 'last', type: 'uint' },
    { name: 'settled', key: 'settled', type: 'boolean', default: false },
    {
      name: 'state',
      key: 'state',
      type: 'composite',
      composites: [received, accepted, rejected, released, modified, declared, transactionalState],
      requires: 'delivery-state',
    },
    { name: 'batchable', key: 'batchable', type: 'boolean', default: false },
  ],
};

/** Detaches a link from its session, and closes it if `closed` is set (§2.7.7). */
export interface Detach {
  readonly type: 'detach';
  /** The handle of the link. */
  readonly handle: number;
  /** Whether the link is closed for good, with its terminus. */
  readonly closed: boolean;
  /** Why the link is detached, if something went wrong. */
  readonly error: ProtocolError | undefined;
}

/** What is written as {@link Detach}; a field that is left out is null or its default. */
export interface DetachInit {
  readonly type?: 'detach' | undefined;
  /** The handle of the link. */
  readonly handle: number;
  /** Whether the link is closed for good, with its terminus. Default: false. */
  readonly closed?: boolean | undefined;
  /** Why the link is detached, if something went wrong. */
  readonly error?: ProtocolErrorInit | undefined;
}

/** The table of {@link Detach}. */
export const detach: CompositeSpec<Detach, DetachInit> = {
  type: 'detach',
  descriptor: 'amqp:detach:list',
  code: 0x16,
  section: '2.7.7',
  fields: [
    { name: 'handle', key: 'handle', type: 'uint', mandatory: true },
    { name: 'closed', key: 'closed', type: 'boolean', default: false },
    { name: 'error', key: 'error', type: 'composite', composites: [protocolError] },
  ],
};

/** Ends a session (§2.7.8). */
export interface End {
  readonly type: 'end';
  /** Why the session is ended, if something went wrong. */
  readonly error: ProtocolError | undefined;
}

/** What is written as {@link End}; a field that is left out is null or its default. */
export interface EndInit {
  readonly type?: 'end' | undefined;
  /** Why the session is ended, if something went wrong. */
  readonly error?: ProtocolErrorInit | undefined;
}

/** The table of {@link End}. */
export const end: CompositeSpec<End, EndInit> = {
  type: 'end',
  descriptor: 'amqp:end:list',
  code: 0x17,
  section: '2.7.8',
  fields: [{ name: 'error', key: 'error', type: 'composite', composites: [protocolError] }],
};

/** Closes the connection (§2.7.9). */
export interface Close {
  readonly type: 'close';
  /** Why the connection is closed, if something went wrong. */
  readonly error: ProtocolError | undefined;
}

/** What is written as {@link Close}; a field that is left out is null or its default. */
export interface CloseInit {
  readonly type?: 'close' | undefined;
  /** Why the connection is closed, if something went wrong. */
  readonly error?: ProtocolErrorInit | undefined;
}

/** The table of {@link Close}. */
export const close: CompositeSpec<Close, CloseInit> = {
  type: 'close',
  descriptor: 'amqp:close:list',
  code: 0x18,
  section: '2.7.9',
  fields: [{ name: 'error', key: 'error', type: 'composite', composites: [protocolError] }],
};

/** Any of the types of this group, told apart by `type`. */
export type Performative = Open | Begin | Attach | Flow | Transfer | Disposition | Detach | End | Close;
/** What is written as {@link Performative}. */
export type PerformativeInit =
  | (OpenInit & { readonly type: 'open' })
  | (BeginInit & { readonly type: 'begin' })
  | (AttachInit & { readonly type: 'attach' })
  | (FlowInit & { readonly type: 'flow' })
  | (TransferInit & { readonly type: 'transfer' })
  | (DispositionInit & { readonly type: 'disposition' })
  | (DetachInit & { readonly type: 'detach' })
  | (EndInit & { readonly type: 'end' })
  | (CloseInit & { readonly type: 'close' });

/** The tables of {@link Performative}. */
export const performatives: Tables<Performative> = [
  open,
  begin,
  attach,
  flow,
  transfer,
  disposition,
  detach,
  end,
  close,
];
