/**
 * The error table: one row per error. The codes, their classes, the documentation and the tests derive from it.
 *
 * `retryable` answers one question: may the same call succeed later, without a change to the program?
 */

/** What an error is about: the endpoint that failed, one delivery, or only the local call. */
export type ErrorScope = 'connection' | 'session' | 'link' | 'delivery' | 'local';

/** One row of the {@link errorTable}. */
export interface ErrorRow {
  /** The endpoint that failed. It decides the class: connection → `ConnectionError`, session → `SessionError`, … */
  readonly scope: ErrorScope;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** What happened, in one clause. */
  readonly meaning: string;
  /** What to do about it, in one sentence; it ends the message of the error. */
  readonly advice: string;
}

/** Every error that the library throws or reports, by its `code`. */
export const errorTable = {
  aborted: {
    scope: 'local',
    retryable: true,
    meaning: 'the caller aborted the call',
    advice: 'The signal that you passed was aborted.',
  },
  timeout: {
    scope: 'local',
    retryable: true,
    meaning: 'the call did not finish in time',
    advice: 'Raise its timeout, or find what it waits for with stats().',
  },
  'invalid-argument': {
    scope: 'local',
    retryable: false,
    meaning: 'an argument or option is not valid',
    advice: 'Correct the value.',
  },
  'illegal-state': {
    scope: 'local',
    retryable: false,
    meaning: 'the call is not possible in this state',
    advice: 'See the documentation of the method.',
  },
  'encode-error': {
    scope: 'local',
    retryable: false,
    meaning: 'a value cannot be written as AMQP',
    advice: 'Correct the value, or wrap it in an AMQP type.',
  },
  'decode-error': {
    scope: 'local',
    retryable: false,
    meaning: 'bytes are not valid AMQP',
    advice: 'The sender of these bytes is at fault.',
  },
  internal: {
    scope: 'local',
    retryable: false,
    meaning: 'a bug in amqp1',
    advice: 'Please report it with this message and stack.',
  },

  'host-not-found': {
    scope: 'connection',
    retryable: true,
    meaning: 'the host name has no address',
    advice: 'Check the host in the URL and the name service.',
  },
  'connection-refused': {
    scope: 'connection',
    retryable: true,
    meaning: 'nothing listens at the address',
    advice: 'Check host and port, and that the broker runs.',
  },
  'connect-failed': {
    scope: 'connection',
    retryable: true,
    meaning: 'the transport could not be opened',
    advice: 'See the cause.',
  },
  'connect-timeout': {
    scope: 'connection',
    retryable: true,
    meaning: 'the peer did not complete the handshake in time',
    advice: 'Check the address, or raise connectTimeout.',
  },
  'tls-failed': {
    scope: 'connection',
    retryable: false,
    meaning: 'the TLS handshake failed',
    advice: 'Check that the port speaks TLS, and the TLS options.',
  },
  'certificate-rejected': {
    scope: 'connection',
    retryable: false,
    meaning: 'the certificate of the peer is not trusted',
    advice: 'Pass its authority as tls.ca, or correct the host name.',
  },
  'protocol-mismatch': {
    scope: 'connection',
    retryable: false,
    meaning: 'the peer does not speak AMQP 1.0 here',
    advice: 'Check that host and port belong to an AMQP 1.0 broker.',
  },
  'authentication-failed': {
    scope: 'connection',
    retryable: false,
    meaning: 'the peer refused the credentials',
    advice: 'Check user and password.',
  },
  'authentication-unavailable': {
    scope: 'connection',
    retryable: true,
    meaning: 'the peer could not check the credentials',
    advice: 'The credentials may be right; try again later.',
  },
  'mechanism-unavailable': {
    scope: 'connection',
    retryable: false,
    meaning: 'no SASL mechanism suits both sides',
    advice: 'Pass credentials for a mechanism that the peer offers.',
  },
  'insecure-credentials': {
    scope: 'connection',
    retryable: false,
    meaning: 'a password would cross the network in clear text',
    advice: 'Use amqps:, or set allowInsecurePlain.',
  },
  'framing-error': {
    scope: 'connection',
    retryable: false,
    meaning: 'the peer sent bytes that are not a valid frame',
    advice: 'Report it to the vendor of the peer.',
  },
  'frame-too-large': {
    scope: 'connection',
    retryable: false,
    meaning: 'the peer sent a frame above our max-frame-size',
    advice: 'Raise maxFrameSize, or report it to the vendor of the peer.',
  },
  'protocol-error': {
    scope: 'connection',
    retryable: false,
    meaning: 'the peer broke a rule of the protocol',
    advice: 'Report it to the vendor of the peer.',
  },
  'idle-timeout': {
    scope: 'connection',
    retryable: true,
    meaning: 'the peer was silent for longer than the idle timeout',
    advice: 'Check the network, or raise idleTimeout.',
  },
  'write-timeout': {
    scope: 'connection',
    retryable: true,
    meaning: 'the transport did not finish a write within the write timeout',
    advice: 'Check the network and whether the peer still reads, or raise writeTimeout.',
  },
  'connection-lost': {
    scope: 'connection',
    retryable: true,
    meaning: 'the transport ended without a close',
    advice: 'Connect again; unsettled deliveries are in doubt.',
  },
  'connection-closed-by-peer': {
    scope: 'connection',
    retryable: true,
    meaning: 'the peer closed the connection',
    advice: 'See condition and description.',
  },
  'connection-closed': {
    scope: 'connection',
    retryable: false,
    meaning: 'the connection was closed by this program',
    advice: 'Connect again.',
  },
  'channels-exhausted': {
    scope: 'connection',
    retryable: true,
    meaning: 'no channel is free for another session',
    advice: 'End a session, or open another connection.',
  },

  'session-ended-by-peer': {
    scope: 'session',
    retryable: true,
    meaning: 'the peer ended the session',
    advice: 'See condition and description.',
  },
  'session-failed': {
    scope: 'session',
    retryable: false,
    meaning: 'the peer broke a rule of the session',
    advice: 'Report it to the vendor of the peer.',
  },
  'session-ended': {
    scope: 'session',
    retryable: false,
    meaning: 'the session was ended by this program',
    advice: 'Create another session.',
  },
  'handles-exhausted': {
    scope: 'session',
    retryable: true,
    meaning: 'no handle is free for another link',
    advice: 'Close a link, or create another session.',
  },

  'link-refused': {
    scope: 'link',
    retryable: false,
    meaning: 'the peer refused the link',
    advice: 'See condition and description; check the address.',
  },
  'link-detached-by-peer': {
    scope: 'link',
    retryable: true,
    meaning: 'the peer detached the link',
    advice: 'See condition and description.',
  },
  'link-failed': {
    scope: 'link',
    retryable: false,
    meaning: 'the peer broke a rule of the link',
    advice: 'Report it to the vendor of the peer.',
  },
  'link-closed': {
    scope: 'link',
    retryable: false,
    meaning: 'the link was closed by this program',
    advice: 'Create another link.',
  },

  'message-too-large': {
    scope: 'delivery',
    retryable: false,
    meaning: 'the message is above the max-message-size of the link',
    advice: 'Send a smaller message.',
  },
  'send-queue-full': {
    scope: 'delivery',
    retryable: true,
    meaning: 'too many messages wait to be sent or for their outcome',
    advice: 'Await earlier sends, or raise maxPending of the sender or maxQueuedSize of the connection.',
  },
  rejected: {
    scope: 'delivery',
    retryable: false,
    meaning: 'the peer rejected the message',
    advice: 'See condition and description.',
  },
  released: {
    scope: 'delivery',
    retryable: true,
    meaning: 'the peer released the message without taking it',
    advice: 'It may be unroutable; see the documentation of the broker.',
  },
  modified: {
    scope: 'delivery',
    retryable: true,
    meaning: 'the peer gave the message back as modified',
    advice: 'See outcome.',
  },
  'outcome-unknown': {
    scope: 'delivery',
    retryable: true,
    meaning: 'the link ended before the outcome was known',
    advice: 'The other side may or may not have it; repeat it only if that is harmless.',
  },
  'delivery-lost': {
    scope: 'delivery',
    retryable: false,
    meaning: 'the message came over a link that was lost since, and cannot be settled any more',
    advice: 'The sender delivers it again; nothing is to be done.',
  },
  'outcome-differs': {
    scope: 'delivery',
    retryable: false,
    meaning: 'the sender settled with another outcome than ours',
    advice: 'See outcome.',
  },
} as const;

/** The `code` of an error: a key of the {@link errorTable}. */
export type ErrorCode = keyof typeof errorTable;

/** Conditions of the peer that stay as they are until somebody changes the program or the peer: no retry helps. */
export const permanentConditions: ReadonlySet<string> = new Set([
  'amqp:not-found',
  'amqp:unauthorized-access',
  'amqp:not-allowed',
  'amqp:not-implemented',
  'amqp:invalid-field',
  'amqp:resource-deleted',
  'amqp:link:message-size-exceeded',
]);
