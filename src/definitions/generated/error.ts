// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import type { CompositeSpec, Fields } from '../spec.ts';

/** What went wrong, as told to the peer (§2.8.14). */
export interface ProtocolError {
  readonly type: 'error';
  /** The kind of the error; those of the standard are in {@link ErrorCondition}. */
  readonly condition: string;
  /** Words for a human reader. */
  readonly description: string | undefined;
  /** More about the error, for programs. */
  readonly info: Fields | undefined;
}

/** What is written as {@link ProtocolError}; a field that is left out is null or its default. */
export interface ProtocolErrorInit {
  readonly type?: 'error' | undefined;
  /** The kind of the error; those of the standard are in {@link ErrorCondition}. */
  readonly condition: string;
  /** Words for a human reader. */
  readonly description?: string | undefined;
  /** More about the error, for programs. */
  readonly info?: Fields | undefined;
}

/** The table of {@link ProtocolError}. */
export const protocolError: CompositeSpec<ProtocolError, ProtocolErrorInit> = {
  type: 'error',
  descriptor: 'amqp:error:list',
  code: 0x1d,
  section: '2.8.14',
  fields: [
    { name: 'condition', key: 'condition', type: 'symbol', mandatory: true },
    { name: 'description', key: 'description', type: 'string' },
    { name: 'info', key: 'info', type: 'fields' },
  ],
};
