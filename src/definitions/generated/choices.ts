// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
/** The two ends of a link. On the wire a role is a boolean (§2.8.1). */
export const Role = { sender: false, receiver: true } as const;
/** The two ends of a link. On the wire a role is a boolean (§2.8.1). */
export type Role = (typeof Role)[keyof typeof Role];

/** When a sender settles (§2.8.2). */
export const SenderSettleMode = { unsettled: 0, settled: 1, mixed: 2 } as const;
/** When a sender settles (§2.8.2). */
export type SenderSettleMode = (typeof SenderSettleMode)[keyof typeof SenderSettleMode];

/** When a receiver settles: at once, or after the sender has (§2.8.3). */
export const ReceiverSettleMode = { first: 0, second: 1 } as const;
/** When a receiver settles: at once, or after the sender has (§2.8.3). */
export type ReceiverSettleMode = (typeof ReceiverSettleMode)[keyof typeof ReceiverSettleMode];

/** What of a terminus survives a failure of its container (§3.5.5). */
export const TerminusDurability = { none: 0, configuration: 1, unsettledState: 2 } as const;
/** What of a terminus survives a failure of its container (§3.5.5). */
export type TerminusDurability = (typeof TerminusDurability)[keyof typeof TerminusDurability];

/** When the expiry timer of a terminus begins to run (§3.5.6). */
export const TerminusExpiryPolicy = {
  linkDetach: 'link-detach',
  sessionEnd: 'session-end',
  connectionClose: 'connection-close',
  never: 'never',
} as const;
/** When the expiry timer of a terminus begins to run (§3.5.6). */
export type TerminusExpiryPolicy = (typeof TerminusExpiryPolicy)[keyof typeof TerminusExpiryPolicy];

/** Whether a link takes messages from a source or copies them (§3.5.7). */
export const StdDistMode = { move: 'move', copy: 'copy' } as const;
/** Whether a link takes messages from a source or copies them (§3.5.7). */
export type StdDistMode = (typeof StdDistMode)[keyof typeof StdDistMode];

/** What a transaction coordinator can do (§4.5.7). */
export const TxnCapability = {
  localTransactions: 'amqp:local-transactions',
  distributedTransactions: 'amqp:distributed-transactions',
  promotableTransactions: 'amqp:promotable-transactions',
  multiTxnsPerSsn: 'amqp:multi-txns-per-ssn',
  multiSsnsPerTxn: 'amqp:multi-ssns-per-txn',
} as const;
/** What a transaction coordinator can do (§4.5.7). */
export type TxnCapability = (typeof TxnCapability)[keyof typeof TxnCapability];

/** The results of a SASL exchange (§5.3.3.6). */
export const SaslCode = { ok: 0, auth: 1, sys: 2, sysPerm: 3, sysTemp: 4 } as const;
/** The results of a SASL exchange (§5.3.3.6). */
export type SaslCode = (typeof SaslCode)[keyof typeof SaslCode];

/** The error conditions of the standard (§2.8.15 to §2.8.18, §4.5.8); peers may send others. */
export const ErrorCondition = {
  internalError: 'amqp:internal-error',
  notFound: 'amqp:not-found',
  unauthorizedAccess: 'amqp:unauthorized-access',
  decodeError: 'amqp:decode-error',
  resourceLimitExceeded: 'amqp:resource-limit-exceeded',
  notAllowed: 'amqp:not-allowed',
  invalidField: 'amqp:invalid-field',
  notImplemented: 'amqp:not-implemented',
  resourceLocked: 'amqp:resource-locked',
  preconditionFailed: 'amqp:precondition-failed',
  resourceDeleted: 'amqp:resource-deleted',
  illegalState: 'amqp:illegal-state',
  frameSizeTooSmall: 'amqp:frame-size-too-small',
  connectionForced: 'amqp:connection:forced',
  framingError: 'amqp:connection:framing-error',
  connectionRedirect: 'amqp:connection:redirect',
  windowViolation: 'amqp:session:window-violation',
  errantLink: 'amqp:session:errant-link',
  handleInUse: 'amqp:session:handle-in-use',
  unattachedHandle: 'amqp:session:unattached-handle',
  detachForced: 'amqp:link:detach-forced',
  transferLimitExceeded: 'amqp:link:transfer-limit-exceeded',
  messageSizeExceeded: 'amqp:link:message-size-exceeded',
  linkRedirect: 'amqp:link:redirect',
  stolen: 'amqp:link:stolen',
  unknownId: 'amqp:transaction:unknown-id',
  transactionRollback: 'amqp:transaction:rollback',
  transactionTimeout: 'amqp:transaction:timeout',
} as const;
/** The error conditions of the standard (§2.8.15 to §2.8.18, §4.5.8); peers may send others. */
export type ErrorCondition = (typeof ErrorCondition)[keyof typeof ErrorCondition];
