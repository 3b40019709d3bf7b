import {
  amqpError,
  checkOptions,
  isAnything,
  isBoolean,
  isDuration,
  isFunction,
  isInteger,
  isName,
  isObject,
  isString,
  isStrings,
  type Check,
  type OptionTable,
} from '../errors/index.ts';
import type { Fields } from '../definitions/index.ts';
import type { Clock, TlsOptions, Transport } from '../io/index.ts';
import type { SaslMechanism } from '../sasl/index.ts';
import type { Address } from './address.ts';
import type { ReconnectOptions } from './recovery/reconnect-options.ts';
import { isSignal } from './waiting.ts';

/** How a connection is made. Durations are in ms, whole numbers from 0 to 2^31 - 1; sizes are in octets. */
export interface ConnectOptions {
  /**
   * Ends the attempt, and nothing of it stays open; the call rejects with the signal's reason if that is an Error of
   * another kind than AbortError, else with code `aborted`. It does not end a connection that is made.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long transport, TLS, SASL and open may take together, in ms, and how long a function that gives URLs may take.
   * Default 30000.
   */
  readonly connectTimeout?: number | undefined;
  /** The name of this program at the peer (§2.7.1). Default: a random one. */
  readonly containerId?: string | undefined;
  /** The virtual host to ask for in the open. Default: the host of the URL. RabbitMQ: `vhost:NAME`. */
  readonly hostname?: string | undefined;
  /** The host to name in SASL. Default: the open hostname. */
  readonly saslHostname?: string | undefined;
  /** The user, for SASL PLAIN; one in the URL takes precedence. */
  readonly user?: string | undefined;
  /** The password of the user; one in the URL takes precedence. Default: empty. */
  readonly password?: string | undefined;
  /** SASL mechanisms in the order in which they are tried. Default: by credentials and certificate. */
  readonly mechanisms?: readonly SaslMechanism[] | undefined;
  /** Let PLAIN send the password in clear text to another machine. Default false. */
  readonly allowInsecurePlain?: boolean | undefined;
  /** TLS: authorities, client certificate, server name. Only for amqps:. */
  readonly tls?: TlsOptions | undefined;
  /** The name that the certificate of the peer must carry, and SNI. Default: the host of the URL. */
  readonly servername?: string | undefined;
  /**
   * How long the peer may be silent, in ms; 0: for ever. Default 60000. The peer is told half of it (§2.4.5). Silence
   * ends the connection with `idle-timeout`, at the latest after one and a half times this.
   */
  readonly idleTimeout?: number | undefined;
  /** The largest frame that is taken, in octets, 512 to 2^32 - 1 (§2.7.1). Default 65536. */
  readonly maxFrameSize?: number | undefined;
  /** How many sessions the connection may have, 1 to 65536. Default 65536. */
  readonly maxSessions?: number | undefined;
  /** How long {@link Connection.close} waits for the peer, in ms. Default 10000. */
  readonly closeTimeout?: number | undefined;
  /**
   * How long the peer may take no write before the connection is given up with `write-timeout`, at the latest after
   * twice this, in ms; 0: for ever. Default 30000. A write has at most `highWaterMark` octets and a few more, so a peer
   * that reads more slowly than that needs more time.
   */
  readonly writeTimeout?: number | undefined;
  /** The largest SASL frame, both ways, in octets, 512 to 2^32 - 1. Default 512 (§5.3.1); large tokens need more. */
  readonly saslMaxFrameSize?: number | undefined;
  /** How many octets may wait in the transport before sends wait too, 1 or more. Default 1048576, which is 1 MiB. */
  readonly highWaterMark?: number | undefined;
  /**
   * Octets of messages that may wait for credit, window and transport, over all senders; a send beyond that is refused
   * with `send-queue-full`. A single message may be larger. Default 268435456 (256 MiB).
   */
  readonly maxQueuedSize?: number | undefined;
  /**
   * Octets of messages that may have come in part, over all receivers; a peer that sends more without completing one
   * has its session ended. It bounds the largest message too. Default 268435456 (256 MiB).
   */
  readonly maxIncompleteSize?: number | undefined;
  /**
   * How many octets may wait for a peer that speaks and does not read: answers that it provokes. Beyond that the
   * connection fails as if a write had taken too long. Default 67108864 (64 MiB).
   */
  readonly maxBuffered?: number | undefined;
  /**
   * Properties of the connection, for example product and version (§2.7.1). With names and capabilities they must fit
   * an open of 512 octets. Default: none.
   */
  readonly properties?: Fields | undefined;
  /** The extensions that this program supports, by name (§2.7.1). Default: none. */
  readonly offeredCapabilities?: readonly string[] | undefined;
  /** The extensions that this program would use if the peer supports them, by name (§2.7.1). Default: none. */
  readonly desiredCapabilities?: readonly string[] | undefined;
  /** What tells the time and sets the timers, as tests may want; see `FakeClock` of `amqp1/testing`. Default: the system's. */
  readonly clock?: Clock | undefined;
  /**
   * Makes the transport in place of TCP or TLS; host and port of the URL are passed. The signal is aborted when the
   * attempt is given up; a transport that comes after that is destroyed. What it throws, unless it is an AmqpError,
   * becomes the cause of a `connect-failed`.
   */
  readonly transport?:
    ((host: string, port: number, signal: AbortSignal) => Promise<Transport> | Transport) | undefined;
  /**
   * Whether and how a connection that is lost is made again, with its sessions and links; see docs/recovery.md. True
   * stands for the defaults. Default false: whatever ends stays ended.
   */
  readonly reconnect?: boolean | ReconnectOptions | undefined;
}

/** Whether a value has a method of that name. */
const has = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function';

const isMechanism = (value: unknown): boolean => has(value, 'start');

const isMechanisms: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isMechanism) ? undefined : 'a list of SASL mechanisms';

const isClock: Check = (value) =>
  isObject(value) ?? (has(value, 'now') && has(value, 'setTimer') ? undefined : 'a clock with now() and setTimer()');

const isReconnect: Check = (value) =>
  typeof value === 'boolean' || isObject(value) === undefined ? undefined : 'true, false or an object';

const table: OptionTable<ConnectOptions> = {
  signal: isSignal,
  connectTimeout: isDuration,
  containerId: isName,
  hostname: isString,
  saslHostname: isString,
  user: isString,
  password: isString,
  mechanisms: isMechanisms,
  allowInsecurePlain: isBoolean,
  tls: isObject,
  servername: isName,
  idleTimeout: isDuration,
  maxFrameSize: isInteger(512, 0xffff_ffff),
  maxSessions: isInteger(1, 65_536),
  closeTimeout: isDuration,
  writeTimeout: isDuration,
  saslMaxFrameSize: isInteger(512, 0xffff_ffff),
  highWaterMark: isInteger(1, Number.MAX_SAFE_INTEGER),
  maxQueuedSize: isInteger(1, Number.MAX_SAFE_INTEGER),
  maxIncompleteSize: isInteger(1, Number.MAX_SAFE_INTEGER),
  maxBuffered: isInteger(1, Number.MAX_SAFE_INTEGER),
  properties: isObject,
  offeredCapabilities: isStrings,
  desiredCapabilities: isStrings,
  clock: isClock,
  transport: isFunction,
  reconnect: isReconnect,
};

const tlsTable: OptionTable<TlsOptions> = {
  ca: isAnything,
  cert: isAnything,
  key: isAnything,
  pfx: isAnything,
  passphrase: isString,
  minVersion: isName,
  rejectUnauthorized: isBoolean,
};

/** Refuses what is not an option or is out of range. */
export function checkConnectOptions(options: ConnectOptions): void {
  checkOptions(options, table, 'connect options');
  if (options.tls !== undefined) checkOptions(options.tls, tlsTable, 'connect options.tls');
}

/** Refuses options that contradict the URL. */
export function checkAddressOptions(options: ConnectOptions, { secure, user, password }: Address): void {
  if (options.tls !== undefined && !secure) {
    throw amqpError('invalid-argument', 'connect options.tls is given, but the URL says amqp:; use amqps:');
  }
  const hasPassword = password !== undefined || options.password !== undefined;
  if (hasPassword && user === undefined && options.user === undefined)
    throw amqpError('invalid-argument', 'a password is given without a user, in the URL or in connect options.user');
}
