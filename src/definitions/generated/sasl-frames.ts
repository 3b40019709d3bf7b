// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import type { CompositeSpec, Tables } from '../spec.ts';
import type { SaslCode } from './choices.ts';

/** The SASL mechanisms that the server offers (§5.3.3.1). */
export interface SaslMechanisms {
  readonly type: 'sasl-mechanisms';
  /** The names of the mechanisms, best first; at least one. */
  readonly saslServerMechanisms: readonly string[];
}

/** What is written as {@link SaslMechanisms}; a field that is left out is null or its default. */
export interface SaslMechanismsInit {
  readonly type?: 'sasl-mechanisms' | undefined;
  /** The names of the mechanisms, best first; at least one. */
  readonly saslServerMechanisms: readonly string[];
}

/** The table of {@link SaslMechanisms}. */
export const saslMechanisms: CompositeSpec<SaslMechanisms, SaslMechanismsInit> = {
  type: 'sasl-mechanisms',
  descriptor: 'amqp:sasl-mechanisms:list',
  code: 0x40,
  section: '5.3.3.1',
  fields: [
    { name: 'sasl-server-mechanisms', key: 'saslServerMechanisms', type: 'symbol', mandatory: true, multiple: true },
  ],
};

/** The choice of a SASL mechanism (§5.3.3.2). */
export interface SaslInit {
  readonly type: 'sasl-init';
  /** The name of the mechanism. */
  readonly mechanism: string;
  /** The first response. Absent and empty are different (RFC 4422). */
  readonly initialResponse: Uint8Array | undefined;
  /** The host that the client wants to talk to. */
  readonly hostname: string | undefined;
}

/** What is written as {@link SaslInit}; a field that is left out is null or its default. */
export interface SaslInitInit {
  readonly type?: 'sasl-init' | undefined;
  /** The name of the mechanism. */
  readonly mechanism: string;
  /** The first response. Absent and empty are different (RFC 4422). */
  readonly initialResponse?: Uint8Array | undefined;
  /** The host that the client wants to talk to. */
  readonly hostname?: string | undefined;
}

/** The table of {@link SaslInit}. */
export const saslInit: CompositeSpec<SaslInit, SaslInitInit> = {
  type: 'sasl-init',
  descriptor: 'amqp:sasl-init:list',
  code: 0x41,
  section: '5.3.3.2',
  fields: [
    { name: 'mechanism', key: 'mechanism', type: 'symbol', mandatory: true },
    { name: 'initial-response', key: 'initialResponse', type: 'binary' },
    { name: 'hostname', key: 'hostname', type: 'string' },
  ],
};

/** A SASL challenge of the server (§5.3.3.3). */
export interface SaslChallenge {
  readonly type: 'sasl-challenge';
  /** The octets of the challenge. */
  readonly challenge: Uint8Array;
}

/** What is written as {@link SaslChallenge}; a field that is left out is null or its default. */
export interface SaslChallengeInit {
  readonly type?: 'sasl-challenge' | undefined;
  /** The octets of the challenge. */
  readonly challenge: Uint8Array;
}

/** The table of {@link SaslChallenge}. */
export const saslChallenge: CompositeSpec<SaslChallenge, SaslChallengeInit> = {
  type: 'sasl-challenge',
  descriptor: 'amqp:sasl-challenge:list',
  code: 0x42,
  section: '5.3.3.3',
  fields: [{ name: 'challenge', key: 'challenge', type: 'binary', mandatory: true }],
};

/** A SASL response of the client (§5.3.3.4). */
export interface SaslResponse {
  readonly type: 'sasl-response';
  /** The octets of the response. */
  readonly response: Uint8Array;
}

/** What is written as {@link SaslResponse}; a field that is left out is null or its default. */
export interface SaslResponseInit {
  readonly type?: 'sasl-response' | undefined;
  /** The octets of the response. */
  readonly response: Uint8Array;
}

/** The table of {@link SaslResponse}. */
export const saslResponse: CompositeSpec<SaslResponse, SaslResponseInit> = {
  type: 'sasl-response',
  descriptor: 'amqp:sasl-response:list',
  code: 0x43,
  section: '5.3.3.4',
  fields: [{ name: 'response', key: 'response', type: 'binary', mandatory: true }],
};

/** How the SASL exchange ended (§5.3.3.5). */
export interface SaslOutcome {
  readonly type: 'sasl-outcome';
  /** How the exchange ended. */
  readonly code: SaslCode;
  /** More data of the mechanism; only with success. */
  readonly additionalData: Uint8Array | undefined;
}

/** What is written as {@link SaslOutcome}; a field that is left out is null or its default. */
export interface SaslOutcomeInit {
  readonly type?: 'sasl-outcome' | undefined;
  /** How the exchange ended. */
  readonly code: SaslCode;
  /** More data of the mechanism; only with success. */
  readonly additionalData?: Uint8Array | undefined;
}

/** The table of {@link SaslOutcome}. */
export const saslOutcome: CompositeSpec<SaslOutcome, SaslOutcomeInit> = {
  type: 'sasl-outcome',
  descriptor: 'amqp:sasl-outcome:list',
  code: 0x44,
  section: '5.3.3.5',
  fields: [
    { name: 'code', key: 'code', type: 'ubyte', mandatory: true, choices: [0, 1, 2, 3, 4] },
    { name: 'additional-data', key: 'additionalData', type: 'binary' },
  ],
};

/** Any of the types of this group, told apart by `type`. */
export type SaslFrame = SaslMechanisms | SaslInit | SaslChallenge | SaslResponse | SaslOutcome;
/** What is written as {@link SaslFrame}. */
export type SaslFrameInit =
  | (SaslMechanismsInit & { readonly type: 'sasl-mechanisms' })
  | (SaslInitInit & { readonly type: 'sasl-init' })
  | (SaslChallengeInit & { readonly type: 'sasl-challenge' })
  | (SaslResponseInit & { readonly type: 'sasl-response' })
  | (SaslOutcomeInit & { readonly type: 'sasl-outcome' });

/** The tables of {@link SaslFrame}. */
export const saslFrames: Tables<SaslFrame> = [saslMechanisms, saslInit, saslChallenge, saslResponse, saslOutcome];
