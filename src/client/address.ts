import { amqpError } from '../errors/index.ts';

/** What a URL says. */
export interface Address {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

const PORT = 5672;
const SECURE_PORT = 5671;

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw amqpError('invalid-argument', `the ${what} of the URL is not percent-encoded as it should be`, { cause });
  }
}

/** Whether a host name or address means this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Parses `amqp://user:password@host:port`, or `amqps:` for TLS. User and password are percent-decoded. What the URL
 * cannot say (a virtual host, SASL, TLS) is refused in it and belongs to the options. Errors never show the password.
 */
export function parseAddress(url: string | URL): Address {
  let parsed: URL;
  try {
    // The scheme amqp is not special to URL parsing: a host is split off only behind two slashes.
    parsed = new URL(url);
  } catch (cause) {
    throw amqpError('invalid-argument', 'the URL is not valid; it looks like amqp://user:password@host:5672', {
      cause: cause instanceof Error ? cause.name : undefined,
    });
  }
  const { protocol, hostname, port, username, password, pathname, search, hash } = parsed;
  const secure = protocol === 'amqps:' || protocol === 'amqp+ssl:';
  if (!secure && protocol !== 'amqp:') {
    throw amqpError(
      'invalid-argument',
      `the scheme ${protocol} of the URL is not supported; there are amqp: and amqps:`,
    );
  }
  if (hostname === '')
    throw amqpError('invalid-argument', 'the URL has no host; it looks like amqp://user:password@host:5672');
  if ((pathname !== '' && pathname !== '/') || search !== '' || hash !== '') {
    throw amqpError(
      'invalid-argument',
      `the URL has a path or query after the host; a virtual host is set by the option hostname (RabbitMQ: 'vhost:NAME')`,
    );
  }
  return {
    secure,
    host: decode(hostname.startsWith('[') ? hostname.slice(1, -1) : hostname, 'host'),
    port: port === '' ? (secure ? SECURE_PORT : PORT) : Number(port),
    user: username === '' ? undefined : decode(username, 'user'),
    password: password === '' ? undefined : decode(password, 'password'),
  };
}
