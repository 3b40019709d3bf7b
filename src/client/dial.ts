import { AmqpError, amqpError, unreachable } from '../errors/index.ts';
import { connectTcp, connectTls, systemClock, type Transport } from '../io/index.ts';
import { anonymous, external, plain, SaslClient, type SaslMechanism } from '../sasl/index.ts';
import { isLoopback, type Address } from './address.ts';
import type { ConnectOptions } from './connect-options.ts';
import { Deferred } from './deferred.ts';
import { Line } from './line.ts';
import { abortError, onceAborted } from './waiting.ts';

/** How long an attempt may take unless told otherwise, in ms. */
export const CONNECT_TIMEOUT = 30_000;

/** The mechanisms that fit what is known, the best first. */
function mechanismsFor(address: Address, options: NamedOptions): readonly SaslMechanism[] {
  if (options.mechanisms !== undefined) return options.mechanisms;
  const user = address.user ?? options.user;
  if (user !== undefined) return [plain(user, address.password ?? options.password ?? '')];
  const { tls } = options;
  const hasCertificate = tls !== undefined && (tls.cert !== undefined || tls.pfx !== undefined);
  return hasCertificate ? [external(), anonymous()] : [anonymous()];
}

async function openTransport(address: Address, options: NamedOptions, signal: AbortSignal): Promise<Transport> {
  const { host, port } = address;
  if (options.transport !== undefined) return options.transport(host, port, signal);
  if (!address.secure) return connectTcp({ host, port, signal });
  return connectTls({ host, port, servername: options.servername, tls: options.tls ?? {}, signal });
}

/** A program without types may give anything. */
const isTransport = (given: unknown): given is Transport =>
  typeof given === 'object' && given !== null && 'open' in given && 'send' in given && 'destroy' in given;

/** Waits for the transport no longer than the attempt lasts; one that comes too late is destroyed. */
async function transportInTime(address: Address, options: NamedOptions, signal: AbortSignal): Promise<Transport> {
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

/** The options, with the name of this side. */
export interface NamedOptions extends ConnectOptions {
  readonly containerId: string;
}

/** Makes the line of a transport; options that the engine refuses leave no transport behind. */
function openLine(address: Address, options: NamedOptions, transport: Transport): Line {
  try {
    return new Line(transport, options.clock ?? systemClock, {
      containerId: options.containerId,
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
 * Opens a line to an address: transport, TLS, SASL and open, within `connectTimeout`. An attempt that fails or is
 * aborted leaves nothing open.
 */
export async function dial(address: Address, options: NamedOptions, signal: AbortSignal | undefined): Promise<Line> {
  const { connectTimeout = CONNECT_TIMEOUT, clock = systemClock } = options;
  const what = `connecting to ${address.host}:${address.port}`;
  if (signal?.aborted === true) throw abortError(signal, what);
  const attempt = new AbortController();
  let line: Line | undefined;
  const cancelTimer = clock.setTimer(connectTimeout, () => {
    const step = line?.engine.waitingFor ?? 'there is no transport yet';
    attempt.abort(amqpError('connect-timeout', `${what} did not finish within ${connectTimeout} ms: ${step}`));
  });
  const unwatch = signal && onceAborted(signal, () => attempt.abort(abortError(signal, what)));
  try {
    const transport = await transportInTime(address, options, attempt.signal);
    line = openLine(address, options, transport);
    await line.whenOpened(attempt.signal);
    return line;
  } catch (error) {
    throw attempt.signal.aborted ? reasonOf(attempt.signal) : error;
  } finally {
    cancelTimer();
    unwatch?.();
  }
}
