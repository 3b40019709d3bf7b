import { AmqpError, amqpError } from '../errors/index.ts';

/** The error of whoever uses a connection that was closed in order. */
export const closedError = (): AmqpError => amqpError('connection-closed', 'the connection is closed');

/** We have closed, but whether the peer has seen what we sent before is not known. */
export const unansweredError = (why: string): AmqpError =>
  amqpError('connection-lost', `${why} before the peer answered our close`);

/** The peer takes too long. `waitingFor` says what it owes us. */
export const handshakeError = (waitingFor: string): AmqpError =>
  amqpError('connect-timeout', `the peer did not complete the handshake: ${waitingFor}`);

/** The transport has ended without a close; what broke it may be one of our errors already. */
export function lostError(waitingFor: string, cause: Error | undefined): AmqpError {
  if (AmqpError.is(cause)) return cause;
  const detail =
    cause === undefined ? `the peer ended the transport: ${waitingFor}` : `the transport failed: ${cause.message}`;
  return amqpError('connection-lost', detail, { cause });
}
