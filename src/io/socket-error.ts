import { amqpError, type AmqpError } from '../errors/index.ts';

/** The codes by which OpenSSL and Node say that they do not trust a certificate. */
const CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ALTNAME|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|INVALID_PURPOSE/;

function codeOf(error: unknown): string {
  // A name with several addresses fails with an error for each of them.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : '';
}

function textOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}

/** Makes our error of one that a socket gave while it was being connected. */
export function connectError(error: unknown, host: string, port: number, secure: boolean): AmqpError {
  const code = codeOf(error);
  const where = `${host}:${port}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return amqpError('host-not-found', `the host ${host} was not found`, { cause: error });
  }
  if (code === 'ECONNREFUSED')
    return amqpError('connection-refused', `${where} refused the connection`, { cause: error });
  if (secure && CERTIFICATE.test(code)) {
    return amqpError('certificate-rejected', `the certificate of ${where} is not trusted: ${textOf(error)}`, {
      cause: error,
    });
  }
  if (
    secure &&
    (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'ECONNRESET')
  ) {
    return amqpError('tls-failed', `TLS with ${where} failed: ${textOf(error)}`, { cause: error });
  }
  return amqpError('connect-failed', `connecting to ${where} failed: ${textOf(error)}`, { cause: error });
}
