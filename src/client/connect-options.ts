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
import { isSignal } from './waiting.ts';

/** How a connection is made. Durations are in ms, sizes in octets. */
export interface ConnectOptions {
  /** Ends the attempt; the call rejects with the signal's reason if that is an Error, else with code `aborted`. */
  readonly signal?: AbortSignal;
  /** How long transport, TLS, SASL and open may take together. Default 30000. */
  readonly connectTimeout?: number;
  /** The name of this program at the peer (§2.7.1). Default: a random one. */
  readonly containerId?: string;
  /** The virtual host to ask for in the open. Default: the host of the URL. RabbitMQ: `vhost:NAME`. */
  readonly hostname?: string;
  /** The host to name in SASL. Default: the open hostname. */
  readonly saslHostname?: string;
  /** User and password, for SASL PLAIN; these in the URL take precedence. */
  readonly user?: string;
  readonly password?: string;
  /** SASL mechanisms in the order in which they are tried. Default: by credentials and certificate. */
  readonly mechanisms?: readonly SaslMechanism[];
  /** Let PLAIN send the password in clear text to another machine. Default false. */
  readonly allowInsecurePlain?: boolean;
  /** TLS: authorities, client certificate, server name. Only for amqps:. */
  readonly tls?: TlsOptions;
  /** The name that the certificate of the peer must carry, and SNI. Default: the host of the URL. */
  readonly servername?: string;
  /** How long the peer may be silent. 0: for ever. Default 60000. */
  readonly idleTimeout?: number;
  /** The largest frame that is taken, 512 or more. Default 65536. */
  readonly maxFrameSize?: number;
  /** How many sessions the connection may have, 1 to 65536. Default 65536. */
  readonly maxSessions?: number;
  /** How long a close waits for the peer. Default 10000. */
  readonly closeTimeout?: number;
  /**
   * How long one write may take, before the connection is given up; 0: for ever. Default 30000. A write has at most
   * `highWaterMark` octets and a few more, so a peer that reads more slowly than that needs more time.
   */
  readonly writeTimeout?: number;
  /** The largest SASL frame, both ways, in octets. Default 512 (§5.3.1); large tokens need more. */
  readonly saslMaxFrameSize?: number;
  /** Octets waiting in the transport above which sends wait. Default 1 MiB. */
  readonly highWaterMark?: number;
  /** Properties of the connection, for example product and version. */
  readonly properties?: Fields;
  readonly offeredCapabilities?: readonly string[];
  readonly desiredCapabilities?: readonly string[];
  /** What tells the time and sets the timers, as tests may want; see `FakeClock` of `amqp1/testing`. Default: the system's. */
  readonly clock?: Clock;
  /** Makes the transport in place of TCP or TLS; host and port of the URL are passed. */
  readonly transport?: (host: string, port: number, signal: AbortSignal) => Promise<Transport> | Transport;
}

const isMechanism = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'start' in value && typeof value.start === 'function';

const isMechanisms: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isMechanism) ? undefined : 'a list of SASL mechanisms';

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
  properties: isObject,
  offeredCapabilities: isStrings,
  desiredCapabilities: isStrings,
  clock: isObject,
  transport: isFunction,
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

/** Refuses what is not an option, is out of range, or contradicts the URL. */
export function checkConnectOptions(options: ConnectOptions, { secure, user, password }: Address): void {
  checkOptions(options, table, 'connect options');
  if (options.tls !== undefined) checkOptions(options.tls, tlsTable, 'connect options.tls');
  if (options.tls !== undefined && !secure) {
    throw amqpError('invalid-argument', 'connect options.tls is given, but the URL says amqp:; use amqps:');
  }
  const hasPassword = password !== undefined || options.password !== undefined;
  if (hasPassword && user === undefined && options.user === undefined)
    throw amqpError('invalid-argument', 'a password is given without a user, in the URL or in connect options.user');
}
