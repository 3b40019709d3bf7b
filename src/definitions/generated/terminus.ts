// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import type { Described } from '../../codec/index.ts';
import type { CompositeSpec, Fields } from '../spec.ts';
import type { TerminusDurability, TerminusExpiryPolicy } from './choices.ts';
import type { Outcome, OutcomeInit } from './delivery-state.ts';
import { accepted, rejected, released, modified, declared } from './delivery-state.ts';

/** The node and the rules from which a link gets messages (§3.5.3). */
export interface Source {
  readonly type: 'source';
  /** The address of the node; null to ask for a dynamic one. */
  readonly address: unknown;
  /** What of the terminus survives a failure of its container. */
  readonly durable: TerminusDurability;
  /** When the expiry timer begins to run. */
  readonly expiryPolicy: TerminusExpiryPolicy;
  /** How long the terminus lives once the timer runs, in seconds. */
  readonly timeout: number;
  /** Whether the node is to be made for this link. */
  readonly dynamic: boolean;
  /** Properties of the dynamic node, for example its lifetime policy. */
  readonly dynamicNodeProperties: Fields | undefined;
  /** Whether messages move or are copied; see {@link StdDistMode}. */
  readonly distributionMode: string | undefined;
  /** Filters by name; each is a described value. */
  readonly filter: Fields | undefined;
  /** The outcome of deliveries that are settled without one. */
  readonly defaultOutcome: Outcome | Described | undefined;
  /** The symbolic descriptors of the outcomes that may be used. */
  readonly outcomes: readonly string[];
  /** The capabilities that the terminus has or shall have. */
  readonly capabilities: readonly string[];
}

/** What is written as {@link Source}; a field that is left out is null or its default. */
export interface SourceInit {
  readonly type?: 'source' | undefined;
  /** The address of the node; null to ask for a dynamic one. */
  readonly address?: unknown;
  /** What of the terminus survives a failure of its container. Default: 0. */
  readonly durable?: TerminusDurability | undefined;
  /** When the expiry timer begins to run. Default: session-end. */
  readonly expiryPolicy?: TerminusExpiryPolicy | undefined;
  /** How long the terminus lives once the timer runs, in seconds. Default: 0. */
  readonly timeout?: number | undefined;
  /** Whether the node is to be made for this link. Default: false. */
  readonly dynamic?: boolean | undefined;
  /** Properties of the dynamic node, for example its lifetime policy. */
  readonly dynamicNodeProperties?: Fields | undefined;
  /** Whether messages move or are copied; see {@link StdDistMode}. */
  readonly distributionMode?: string | undefined;
  /** Filters by name; each is a described value. */
  readonly filter?: Fields | undefined;
  /** The outcome of deliveries that are settled without one. */
  readonly defaultOutcome?: OutcomeInit | Described | undefined;
  /** The symbolic descriptors of the outcomes that may be used. */
  readonly outcomes?: readonly string[] | undefined;
  /** The capabilities that the terminus has or shall have. */
  readonly capabilities?: readonly string[] | undefined;
}

/** The table of {@link Source}. */
export const source: CompositeSpec<Source, SourceInit> = {
  type: 'source',
  descriptor: 'amqp:source:list',
  code: 0x28,
  section: '3.5.3',
  fields: [
    { name: 'address', key: 'address', type: 'any' },
    { name: 'durable', key: 'durable', type: 'uint', default: 0, choices: [0, 1, 2] },
    {
      name: 'expiry-policy',
      key: 'expiryPolicy',
      type: 'symbol',
      default: 'session-end',
      choices: ['link-detach', 'session-end', 'connection-close', 'never'],
    },
    { name: 'timeout', key: 'timeout', type: 'uint', default: 0 },
    { name: 'dynamic', key: 'dynamic', type: 'boolean', default: false },
    { name: 'dynamic-node-properties', key: 'dynamicNodeProperties', type: 'fields' },
    { name: 'distribution-mode', key: 'distributionMode', type: 'symbol' },
    { name: 'filter', key: 'filter', type: 'fields' },
    {
      name: 'default-outcome',
      key: 'defaultOutcome',
      type: 'composite',
      composites: [accepted, rejected, released, modified, declared],
      requires: 'outcome',
    },
    { name: 'outcomes', key: 'outcomes', type: 'symbol', multiple: true },
    { name: 'capabilities', key: 'capabilities', type: 'symbol', multiple: true },
  ],
};

/** The node to which a link delivers messages (§3.5.4). */
export interface Target {
  readonly type: 'target';
  /** The address of the node; null to ask for a dynamic one. */
  readonly address: unknown;
  /** What of the terminus survives a failure of its container. */
  readonly durable: TerminusDurability;
  /** When the expiry timer begins to run. */
  readonly expiryPolicy: TerminusExpiryPolicy;
  /** How long the terminus lives once the timer runs, in seconds. */
  readonly timeout: number;
  /** Whether the node is to be made for this link. */
  readonly dynamic: boolean;
  /** Properties of the dynamic node, for example its lifetime policy. */
  readonly dynamicNodeProperties: Fields | undefined;
  /** The capabilities that the terminus has or shall have. */
  readonly capabilities: readonly string[];
}

/** What is written as {@link Target}; a field that is left out is null or its default. */
export interface TargetInit {
  readonly type?: 'target' | undefined;
  /** The address of the node; null to ask for a dynamic one. */
  readonly address?: unknown;
  /** What of the terminus survives a failure of its container. Default: 0. */
  readonly durable?: TerminusDurability | undefined;
  /** When the expiry timer begins to run. Default: session-end. */
  readonly expiryPolicy?: TerminusExpiryPolicy | undefined;
  /** How long the terminus lives once the timer runs, in seconds. Default: 0. */
  readonly timeout?: number | undefined;
  /** Whether the node is to be made for this link. Default: false. */
  readonly dynamic?: boolean | undefined;
  /** Properties of the dynamic node, for example its lifetime policy. */
  readonly dynamicNodeProperties?: Fields | undefined;
  /** The capabilities that the terminus has or shall have. */
  readonly capabilities?: readonly string[] | undefined;
}

/** The table of {@link Target}. */
export const target: CompositeSpec<Target, TargetInit> = {
  type: 'target',
  descriptor: 'amqp:target:list',
  code: 0x29,
  section: '3.5.4',
  fields: [
    { name: 'address', key: 'address', type: 'any' },
    { name: 'durable', key: 'durable', type: 'uint', default: 0, choices: [0, 1, 2] },
    {
      name: 'expiry-policy',
      key: 'expiryPolicy',
      type: 'symbol',
      default: 'session-end',
      choices: ['link-detach', 'session-end', 'connection-close', 'never'],
    },
    { name: 'timeout', key: 'timeout', type: 'uint', default: 0 },
    { name: 'dynamic', key: 'dynamic', type: 'boolean', default: false },
    { name: 'dynamic-node-properties', key: 'dynamicNodeProperties', type: 'fields' },
    { name: 'capabilities', key: 'capabilities', type: 'symbol', multiple: true },
  ],
};

/** The target of a control link to a transaction coordinator (§4.5.1). */
export interface Coordinator {
  readonly type: 'coordinator';
  /** What the coordinator can do or shall do; see {@link TxnCapability}. */
  readonly capabilities: readonly string[];
}

/** What is written as {@link Coordinator}; a field that is left out is null or its default. */
export interface CoordinatorInit {
  readonly type: 'coordinator';
  /** What the coordinator can do or shall do; see {@link TxnCapability}. */
  readonly capabilities?: readonly string[] | undefined;
}

/** The table of {@link Coordinator}. */
export const coordinator: CompositeSpec<Coordinator, CoordinatorInit> = {
  type: 'coordinator',
  descriptor: 'amqp:coordinator:list',
  code: 0x30,
  section: '4.5.1',
  fields: [{ name: 'capabilities', key: 'capabilities', type: 'symbol', multiple: true }],
};

/** Lifetime policy: the dynamic node goes with the link that made it (§3.5.10). */
export interface DeleteOnClose {
  readonly type: 'delete-on-close';
}

/** What is written as {@link DeleteOnClose}; a field that is left out is null or its default. */
export interface DeleteOnCloseInit {
  readonly type?: 'delete-on-close' | undefined;
}

/** The table of {@link DeleteOnClose}. */
export const deleteOnClose: CompositeSpec<DeleteOnClose, DeleteOnCloseInit> = {
  type: 'delete-on-close',
  descriptor: 'amqp:delete-on-close:list',
  code: 0x2b,
  section: '3.5.10',
  fields: [],
};

/** Lifetime policy: the dynamic node goes with its last link (§3.5.11). */
export interface DeleteOnNoLinks {
  readonly type: 'delete-on-no-links';
}

/** What is written as {@link DeleteOnNoLinks}; a field that is left out is null or its default. */
export interface DeleteOnNoLinksInit {
  readonly type?: 'delete-on-no-links' | undefined;
}

/** The table of {@link DeleteOnNoLinks}. */
export const deleteOnNoLinks: CompositeSpec<DeleteOnNoLinks, DeleteOnNoLinksInit> = {
  type: 'delete-on-no-links',
  descriptor: 'amqp:delete-on-no-links:list',
  code: 0x2c,
  section: '3.5.11',
  fields: [],
};

/** Lifetime policy: the dynamic node goes when it is empty (§3.5.12). */
export interface DeleteOnNoMessages {
  readonly type: 'delete-on-no-messages';
}

/** What is written as {@link DeleteOnNoMessages}; a field that is left out is null or its default. */
export interface DeleteOnNoMessagesInit {
  readonly type?: 'delete-on-no-messages' | undefined;
}

/** The table of {@link DeleteOnNoMessages}. */
export const deleteOnNoMessages: CompositeSpec<DeleteOnNoMessages, DeleteOnNoMessagesInit> = {
  type: 'delete-on-no-messages',
  descriptor: 'amqp:delete-on-no-messages:list',
  code: 0x2d,
  section: '3.5.12',
  fields: [],
};

/** Lifetime policy: the dynamic node goes when it is empty and has no links (§3.5.13). */
export interface DeleteOnNoLinksOrMessages {
  readonly type: 'delete-on-no-links-or-messages';
}

/** What is written as {@link DeleteOnNoLinksOrMessages}; a field that is left out is null or its default. */
export interface DeleteOnNoLinksOrMessagesInit {
  readonly type?: 'delete-on-no-links-or-messages' | undefined;
}

/** The table of {@link DeleteOnNoLinksOrMessages}. */
export const deleteOnNoLinksOrMessages: CompositeSpec<DeleteOnNoLinksOrMessages, DeleteOnNoLinksOrMessagesInit> = {
  type: 'delete-on-no-links-or-messages',
  descriptor: 'amqp:delete-on-no-links-or-messages:list',
  code: 0x2e,
  section: '3.5.13',
  fields: [],
};
