// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import type { Described } from '../../codec/index.ts';
import type { CompositeSpec, Fields } from '../spec.ts';
import type { ProtocolError, ProtocolErrorInit } from './error.ts';
import { protocolError } from './error.ts';

/** How far the receiver of a partial transfer has come; not a final state (§3.4.1). */
export interface Received {
  readonly type: 'received';
  /** The section in which the next octet lies that was not received; the first is 0. */
  readonly sectionNumber: number;
  /** The place of that octet in the section. */
  readonly sectionOffset: bigint;
}

/** What is written as {@link Received}; a field that is left out is null or its default. */
export interface ReceivedInit {
  readonly type: 'received';
  /** The section in which the next octet lies that was not received; the first is 0. */
  readonly sectionNumber: number;
  /** The place of that octet in the section. */
  readonly sectionOffset: bigint;
}

/** The table of {@link Received}. */
export const received: CompositeSpec<Received, ReceivedInit> = {
  type: 'received',
  descriptor: 'amqp:received:list',
  code: 0x23,
  section: '3.4.1',
  fields: [
    { name: 'section-number', key: 'sectionNumber', type: 'uint', mandatory: true },
    { name: 'section-offset', key: 'sectionOffset', type: 'ulong', mandatory: true },
  ],
};

/** The outcome of a message that was processed (§3.4.2). */
export interface Accepted {
  readonly type: 'accepted';
}

/** What is written as {@link Accepted}; a field that is left out is null or its default. */
export interface AcceptedInit {
  readonly type: 'accepted';
}

/** The table of {@link Accepted}. */
export const accepted: CompositeSpec<Accepted, AcceptedInit> = {
  type: 'accepted',
  descriptor: 'amqp:accepted:list',
  code: 0x24,
  section: '3.4.2',
  fields: [],
};

/** The outcome of a message that is invalid and cannot be processed (§3.4.3). */
export interface Rejected {
  readonly type: 'rejected';
  /** Why the message was rejected. */
  readonly error: ProtocolError | undefined;
}

/** What is written as {@link Rejected}; a field that is left out is null or its default. */
export interface RejectedInit {
  readonly type: 'rejected';
  /** Why the message was rejected. */
  readonly error?: ProtocolErrorInit | undefined;
}

/** The table of {@link Rejected}. */
export const rejected: CompositeSpec<Rejected, RejectedInit> = {
  type: 'rejected',
  descriptor: 'amqp:rejected:list',
  code: 0x25,
  section: '3.4.3',
  fields: [{ name: 'error', key: 'error', type: 'composite', composites: [protocolError] }],
};

/** The outcome of a message that was not and will not be processed here (§3.4.4). */
export interface Released {
  readonly type: 'released';
}

/** What is written as {@link Released}; a field that is left out is null or its default. */
export interface ReleasedInit {
  readonly type: 'released';
}

/** The table of {@link Released}. */
export const released: CompositeSpec<Released, ReleasedInit> = {
  type: 'released',
  descriptor: 'amqp:released:list',
  code: 0x26,
  section: '3.4.4',
  fields: [],
};

/** The outcome of a message that goes back with changes (§3.4.5). */
export interface Modified {
  readonly type: 'modified';
  /** Whether this counts as a failed delivery. */
  readonly deliveryFailed: boolean | undefined;
  /** Whether the message must not come to this link again. */
  readonly undeliverableHere: boolean | undefined;
  /** Annotations to put over those of the message. */
  readonly messageAnnotations: Fields | undefined;
}

/** What is written as {@link Modified}; a field that is left out is null or its default. */
export interface ModifiedInit {
  readonly type: 'modified';
  /** Whether this counts as a failed delivery. */
  readonly deliveryFailed?: boolean | undefined;
  /** Whether the message must not come to this link again. */
  readonly undeliverableHere?: boolean | undefined;
  /** Annotations to put over those of the message. */
  readonly messageAnnotations?: Fields | undefined;
}

/** The table of {@link Modified}. */
export const modified: CompositeSpec<Modified, ModifiedInit> = {
  type: 'modified',
  descriptor: 'amqp:modified:list',
  code: 0x27,
  section: '3.4.5',
  fields: [
    { name: 'delivery-failed', key: 'deliveryFailed', type: 'boolean' },
    { name: 'undeliverable-here', key: 'undeliverableHere', type: 'boolean' },
    { name: 'message-annotations', key: 'messageAnnotations', type: 'fields' },
  ],
};

/** The outcome of a declare: a transaction was made (§4.5.5). */
export interface Declared {
  readonly type: 'declared';
  /** The new transaction. */
  readonly txnId: Uint8Array;
}

/** What is written as {@link Declared}; a field that is left out is null or its default. */
export interface DeclaredInit {
  readonly type: 'declared';
  /** The new transaction. */
  readonly txnId: Uint8Array;
}

/** The table of {@link Declared}. */
export const declared: CompositeSpec<Declared, DeclaredInit> = {
  type: 'declared',
  descriptor: 'amqp:declared:list',
  code: 0x33,
  section: '4.5.5',
  fields: [{ name: 'txn-id', key: 'txnId', type: 'binary', mandatory: true }],
};

/** A delivery state that belongs to a transaction (§4.5.6). */
export interface TransactionalState {
  readonly type: 'transactional-state';
  /** The transaction. */
  readonly txnId: Uint8Array;
  /** The outcome that takes effect when the transaction commits. */
  readonly outcome: Outcome | Described | undefined;
}

/** What is written as {@link TransactionalState}; a field that is left out is null or its default. */
export interface TransactionalStateInit {
  readonly type: 'transactional-state';
  /** The transaction. */
  readonly txnId: Uint8Array;
  /** The outcome that takes effect when the transaction commits. */
  readonly outcome?: OutcomeInit | Described | undefined;
}

/** The table of {@link TransactionalState}. */
export const transactionalState: CompositeSpec<TransactionalState, TransactionalStateInit> = {
  type: 'transactional-state',
  descriptor: 'amqp:transactional-state:list',
  code: 0x34,
  section: '4.5.6',
  fields: [
    { name: 'txn-id', key: 'txnId', type: 'binary', mandatory: true },
    {
      name: 'outcome',
      key: 'outcome',
      type: 'composite',
      composites: [accepted, rejected, released, modified, declared],
      requires: 'outcome',
    },
  ],
};

/** The state of a delivery at one end (§3.4). */
export type DeliveryState = Received | Accepted | Rejected | Released | Modified | Declared | TransactionalState;
/** What is written as {@link DeliveryState}. */
export type DeliveryStateInit =
  ReceivedInit | AcceptedInit | RejectedInit | ReleasedInit | ModifiedInit | DeclaredInit | TransactionalStateInit;

/** A final state of a delivery (§3.4). */
export type Outcome = Accepted | Rejected | Released | Modified | Declared;
/** What is written as {@link Outcome}. */
export type OutcomeInit = AcceptedInit | RejectedInit | ReleasedInit | ModifiedInit | DeclaredInit;
