import { AmqpError, amqpError, unreachable } from '../errors/index.ts';
import { connectTcp, connectTls, systemClock, type Transport } from '../io/index.ts';
import { anonymous, external, plain, SaslClient, type SaslMechanism } from '../sasl/index.ts';
import { isLoopback, parseAddress, type Address } from './address.ts';
import { checkConnectOptions, type ConnectOptions } from './connect-options.ts';
import { Connection } from './connection.ts';
import { Deferred } from './deferred.ts';
import { abortError, onceAborted } from './waiting.ts';

const CONNECT_TIMEOUT = 30_000;

/** The mechanisms that fit what is known, the best first. */
function mechanismsFor(address: Address, options: ConnectOptions): readonly SaslMechanism[] {
  if (options.mechanisms !== undefined) return options.mechanisms;
  const user = address.user ?? options.user;
  if (user !== undefined) return [plain(user, address.password ?? options.password ?? '')];
  const { tls } = options;
  const hasCertificate = tls !== undefined && (tls.cert !== undefined || tls.pfx !== undefined);
  return hasCertificate ? [external(), anonymous()] : [anonymous()];
}

async function openTransport(address: Address, options: ConnectOptions, signal: AbortSignal): Promise<Transport> {
  const { host, port } = address;
  if (options.transport !== undefined) return options.transport(host, port, signal);
  if (!address.secure) return connectTcp({ host, port, signal });
  return connectTls({ host, port, servername: options.servername, tls: options.tls ?? {}, signal });
}

/** A program without types may give anything. */
const isTransport = (given: unknown): given is Transport =>
  typeof given === 'object' && given !== null && 'open' in given && 'send' in given && 'destroy' in given;

/** Waits for the transport no longer than the attempt lasts; one that comes too late is destroyed. */
async function transportInTime(address: Address, options: ConnectOptions, signal: AbortSignal): Promise<Transport> {
  const inTime = new Deferred<Transport>();
  const giveUp = (): void => inTime.reject(reasonOf(signal));
  signal.addEventListener('abort', giveUp);
  const open = async (): Promise<void> => {
    try {
      const opened = await openTransport(address, options, signal);
      if (!isTransport(opened))
        throw amqpError('invalid-argument', 'connect options.transport gave no transport: see Transport');
      if (signal.aborted) opened.destroy();
      else inTime.resolve(opened);
    } catch (error) {
      inTime.reject(transportError(error));
    }
  };
  void open();
  const transport = await inTime.promise;
  signal.removeEventListener('abort', giveUp);
  if (!signal.aborted) return transport;
  transport.destroy();
  throw reasonOf(signal);
}

/** What a transport of the application throws may be anything. */
function transportError(cause: unknown): AmqpError {
  if (AmqpError.is(cause)) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return amqpError('connect-failed', `the transport could not be opened: ${detail}`, { cause });
}

/** Why an attempt was given up. */
function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : unreachable('an attempt is given up with an error');
}

/** Makes the connection on a transport; options that the engine refuses leave no transport behind. */
function openConnection(address: Address, options: ConnectOptions, transport: Transport): Connection {
  try {
    return new Connection(transport, options.clock ?? systemClock, {
      containerId: options.containerId ?? crypto.randomUUID(),
      hostname: options.hostname ?? address.host,
      maxFrameSize: options.maxFrameSize,
      channelMax: options.maxSessions === undefined ? undefined : options.maxSessions - 1,
      idleTimeout: options.idleTimeout,
      closeTimeout: options.closeTimeout,
      highWaterMark: options.highWaterMark,
      maxQueuedSize: options.maxQueuedSize,
      maxIncompleteSize: options.maxIncompleteSize,
      maxBuffered: options.maxBuffered,
      saslMaxFrameSize: options.saslMaxFrameSize,
      writeTimeout: options.writeTimeout,
      // The attempt has a timer of its own, which also counts the time that the transport took.
      handshakeTimeout: 2 * (options.connectTimeout ?? CONNECT_TIMEOUT),
      properties: options.properties,
      offeredCapabilities: options.offeredCapabilities,
      desiredCapabilities: options.desiredCapabilities,
      sasl: (host) =>
        new SaslClient(
          {
            mechanisms: mechanismsFor(address, options),
            hostname: options.saslHostname ?? options.hostname ?? address.host,
            encrypted: transport.encrypted,
            allowInsecurePlain: options.allowInsecurePlain ?? false,
            loopback: transport.loopback || isLoopback(address.host),
          },
          host,
        ),
    });
  } catch (error) {
    transport.destroy();
    throw error;
  }
}

/**
 * Opens a connection. Resolves when the peer has answered our open (§2.4.1); everything else is made from it.
 *
 * Without credentials SASL ANONYMOUS is used; a user in the URL or options means PLAIN, which is refused over clear
 * text to another machine; a client certificate means EXTERNAL, or ANONYMOUS where the peer does not offer that.
 * Certificates are verified. An attempt that fails or is aborted leaves nothing open.
 *
 * @param url - `amqp://user:password@host:5672`, or `amqps:` for TLS; user and password percent-encoded
 * @throws {@link AmqpError} `invalid-argument` for a URL or options that are not valid; `encode-error` for properties
 * that AMQP cannot hold; `aborted`, or the reason of the signal
 * @throws {@link ConnectionError} of the transport: `host-not-found`, `connection-refused`, `connect-failed`,
 * `tls-failed`, `certificate-rejected`; `connect-timeout` when not all was done within `connectTimeout`
 * @throws {@link ConnectionError} of SASL: `authentication-failed`, `authentication-unavailable`,
 * `mechanism-unavailable`, `insecure-credentials`
 * @throws {@link ConnectionError} of the peer: `protocol-mismatch`, `framing-error`, `frame-too-large`,
 * `protocol-error`, `connection-lost`, and `connection-closed-by-peer` with its condition
 * @example
 * ```ts
 * import { connect } from 'amqp1';
 *
 * await using connection = await connect('amqp://guest:guest@localhost:5672');
 * const sender = await connection.createSender('orders');
 * await sender.send('Hello!');
 * ```
 */
export async function connect(url: string | URL, options: ConnectOptions = {}): Promise<Connection> {
  const address = parseAddress(url);
  checkConnectOptions(options, address);
  const { signal, connectTimeout = CONNECT_TIMEOUT, clock = systemClock } = options;
  const what = `connecting to ${address.host}:${address.port}`;
  if (signal?.aborted === true) throw abortError(signal, what);
  const attempt = new AbortController();
  let connection: Connection | undefined;
  const cancelTimer = clock.setTimer(connectTimeout, () => {
    const step = connection?.waitingFor ?? 'there is no transport yet';
    attempt.abort(amqpError('connect-timeout', `${what} did not finish within ${connectTimeout} ms: ${step}`));
  });
  const unwatch = signal && onceAborted(signal, () => attempt.abort(abortError(signal, what)));
  try {
    const transport = await transportInTime(address, options, attempt.signal);
    connection = openConnection(address, options, transport);
    await connection.whenOpened(attempt.signal);
    return connection;
  } catch (error) {
    throw attempt.signal.aborted ? reasonOf(attempt.signal) : error;
  } finally {
    cancelTimer();
    unwatch?.();
  }
}
