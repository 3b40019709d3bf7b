import type { AmqpError, ErrorCode } from '../../errors/index.ts';

/**
 * What an error costs: `link`, the link is attached again; `session`, a new session is begun for its links;
 * `connection`, a new connection is made; `fatal`, no attempt would help, and whatever ended stays ended.
 */
export type RecoveryAction = 'link' | 'session' | 'connection' | 'fatal';

/**
 * What recovers what: by the condition that the peer gave, else by the code of the error. A condition that is not here
 * means a new connection; an error without one means that what has ended is made again.
 *
 * `com.microsoft:` conditions are those of Azure Service Bus and Event Hubs.
 *
 * @example
 * ```ts
 * import { recoveryTable } from 'amqp1';
 *
 * console.log(recoveryTable['amqp:connection:forced']); // connection
 * ```
 */
export const recoveryTable: Readonly<Record<string, RecoveryAction>> = {
  'amqp:link:detach-forced': 'link',
  'amqp:link:transfer-limit-exceeded': 'link',
  'amqp:resource-limit-exceeded': 'link',
  'amqp:resource-locked': 'link',
  'com.microsoft:server-busy': 'link',
  'com.microsoft:timeout': 'link',
  'com.microsoft:operation-cancelled': 'link',

  'amqp:session:window-violation': 'session',
  'amqp:session:errant-link': 'session',
  'amqp:session:handle-in-use': 'session',
  'amqp:session:unattached-handle': 'session',

  'amqp:connection:forced': 'connection',
  'amqp:connection:framing-error': 'connection',
  'amqp:connection:redirect': 'connection',
  'amqp:internal-error': 'connection',

  'amqp:not-found': 'fatal',
  'amqp:unauthorized-access': 'fatal',
  'amqp:not-allowed': 'fatal',
  'amqp:not-implemented': 'fatal',
  'amqp:invalid-field': 'fatal',
  'amqp:decode-error': 'fatal',
  'amqp:precondition-failed': 'fatal',
  'amqp:resource-deleted': 'fatal',
  'amqp:frame-size-too-small': 'fatal',
  'amqp:link:message-size-exceeded': 'fatal',
  // Whoever took the name would lose it in turn, and so for ever.
  'amqp:link:stolen': 'fatal',
  'amqp:link:redirect': 'fatal',

  ...({
    'authentication-failed': 'fatal',
    'mechanism-unavailable': 'fatal',
    'insecure-credentials': 'fatal',
    'certificate-rejected': 'fatal',
    'protocol-mismatch': 'fatal',
    'invalid-argument': 'fatal',
    'encode-error': 'fatal',
    internal: 'fatal',
  } satisfies Partial<Record<ErrorCode, RecoveryAction>>),
};

/** What the table says of an error. */
export function actionFor({ code, condition, scope }: AmqpError): RecoveryAction {
  if (condition !== undefined) return recoveryTable[condition] ?? 'connection';
  return recoveryTable[code] ?? (scope === 'link' || scope === 'session' ? scope : 'connection');
}
