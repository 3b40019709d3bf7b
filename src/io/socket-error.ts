import { amqpError, type AmqpError } from '../errors/index.ts';

/** The codes by which OpenSSL and Node say that they do not trust a certificate. */
const CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|INVALID_PURPOSE/;
/** Errors of the TLS library itself. An alert of the peer is among them, also one on our own certificate. */
const LIBRARY = /^ERR_(SSL|OSSL)_|^EPROTO$/;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * The error to tell of. A name with several addresses fails with an error for each; one that was refused says more
 * than one whose network is missing.
 */
function worthTelling(error: Error): Error {
  if (!(error instanceof AggregateError)) return error;
  const errors: readonly unknown[] = error.errors;
  const inner = errors.filter((one) => one instanceof Error);
  return inner.find((one) => codeOf(one) === 'ECONNREFUSED') ?? inner[0] ?? error;
}

/** Makes our error of one that a socket gave while it was being connected. */
export function connectError(cause: Error, host: string, port: number, secure: boolean): AmqpError {
  const told = worthTelling(cause);
  const code = codeOf(told);
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) {
    return amqpError('host-not-found', `the host ${host} was not found`, { cause });
  }
  if (code === 'ECONNREFUSED') return amqpError('connection-refused', `${where} refused the connection`, { cause });
  if (secure && CERTIFICATE.test(code) && !LIBRARY.test(code)) {
    return amqpError('certificate-rejected', `the certificate of ${where} is not trusted: ${told.message}`, { cause });
  }
  // A peer that does not speak TLS answers something else, or hangs up.
  if (secure && (LIBRARY.test(code) || code.startsWith('ERR_TLS') || code === 'ECONNRESET')) {
    return amqpError('tls-failed', `TLS with ${where} failed: ${told.message}`, { cause });
  }
  return amqpError('connect-failed', `connecting to ${where} failed: ${told.message}`, { cause });
}

/**
 * Runs what refuses wrong options by throwing: a port out of range, a certificate that is none.
 *
 * @throws `invalid-argument`
 */
export function withOptions<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw amqpError('invalid-argument', `the address or the TLS options are not valid: ${detail}`, { cause });
  }
}
