// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import type { CompositeSpec } from '../spec.ts';

/** Message body that asks for a new transaction (§4.5.2). */
export interface Declare {
  readonly type: 'declare';
  /** The id of a global transaction; the standard does not define its type. */
  readonly globalId: unknown;
}

/** What is written as {@link Declare}; a field that is left out is null or its default. */
export interface DeclareInit {
  readonly type?: 'declare' | undefined;
  /** The id of a global transaction; the standard does not define its type. */
  readonly globalId?: unknown;
}

/** The table of {@link Declare}. */
export const declare: CompositeSpec<Declare, DeclareInit> = {
  type: 'declare',
  descriptor: 'amqp:declare:list',
  code: 0x31,
  section: '4.5.2',
  fields: [{ name: 'global-id', key: 'globalId', type: 'any' }],
};

/** Message body that commits or rolls back a transaction (§4.5.3). */
export interface Discharge {
  readonly type: 'discharge';
  /** The transaction to end. */
  readonly txnId: Uint8Array;
  /** Whether it is rolled back. */
  readonly fail: boolean | undefined;
}

/** What is written as {@link Discharge}; a field that is left out is null or its default. */
export interface DischargeInit {
  readonly type?: 'discharge' | undefined;
  /** The transaction to end. */
  readonly txnId: Uint8Array;
  /** Whether it is rolled back. */
  readonly fail?: boolean | undefined;
}

/** The table of {@link Discharge}. */
export const discharge: CompositeSpec<Discharge, DischargeInit> = {
  type: 'discharge',
  descriptor: 'amqp:discharge:list',
  code: 0x32,
  section: '4.5.3',
  fields: [
    { name: 'txn-id', key: 'txnId', type: 'binary', mandatory: true },
    { name: 'fail', key: 'fail', type: 'boolean' },
  ],
};
