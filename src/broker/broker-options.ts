import {
  amqpError,
  checkOptions,
  isBoolean,
  isDuration,
  isInteger,
  isName,
  isObject,
  isStrings,
  type Check,
  type OptionTable,
} from '../errors/index.ts';
import { systemClock, type Clock, type ListenOptions } from '../io/index.ts';
import { nameOf } from './address.ts';

/** A queue that exists from the start. */
export interface QueueOptions {
  /** Its address. */
  readonly name: string;
  /** The queue that rejected messages go to. Without it they are dropped. */
  readonly deadLetter?: string | undefined;
  /** After how many failed attempts in this queue a message is treated as rejected. Default: never. */
  readonly maxDeliveries?: number | undefined;
}

/** How the embedded broker is set up. */
export interface BrokerOptions {
  /** The port to listen on; 0 lets the system choose. Default 0. */
  readonly port?: number | undefined;
  /** The address to listen on. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /**
   * Take TLS only, with this certificate (`cert` and `key`, or `pfx`). With `requestCert` a client may log in by SASL
   * EXTERNAL, as the common name of its certificate.
   */
  readonly tls?: ListenOptions['tls'] | undefined;
  /** Passwords by user. With users, a login is required; without, everyone may come, also without SASL. */
  readonly users?: Readonly<Record<string, string>> | undefined;
  /** Queues that exist from the start. Default: none. */
  readonly queues?: readonly (string | QueueOptions)[] | undefined;
  /** Addresses whose messages go to every receiver that is attached. */
  readonly topics?: readonly string[] | undefined;
  /** Whether an address that does not exist becomes a queue when it is first used. Default true. */
  readonly autoCreate?: boolean | undefined;
  /** The largest message that is taken, in octets; 0: no limit. Default 0. */
  readonly maxMessageSize?: number | undefined;
  /** How long a client may be silent, in ms. Default 60000. */
  readonly idleTimeout?: number | undefined;
  /** The largest frame that is taken, in octets. Default 65536. */
  readonly maxFrameSize?: number | undefined;
  /** Messages that a sender may have under way. Default 1000. */
  readonly credit?: number | undefined;
  /** What tells the time and sets the timers, as tests may want; see `FakeClock` of `amqp1/testing`. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const isQueues: Check = (value) =>
  Array.isArray(value) ? undefined : 'a list of names or of { name, deadLetter, maxDeliveries }';

const table: OptionTable<BrokerOptions> = {
  port: isInteger(0, 65_535),
  host: isName,
  tls: isObject,
  users: isObject,
  queues: isQueues,
  topics: isStrings,
  autoCreate: isBoolean,
  maxMessageSize: isInteger(0, Number.MAX_SAFE_INTEGER),
  idleTimeout: isDuration,
  maxFrameSize: isInteger(512, 0xffff_ffff),
  credit: isInteger(1, 0x7fff_ffff),
  clock: isObject,
};

const queueTable: OptionTable<QueueOptions> = {
  name: isName,
  deadLetter: isName,
  maxDeliveries: isInteger(1, 0xffff_ffff),
};

/** The options with their defaults. */
export interface ParsedBrokerOptions extends BrokerOptions {
  readonly port: number;
  readonly host: string;
  readonly queues: readonly QueueOptions[];
  readonly topics: readonly string[];
  readonly autoCreate: boolean;
  readonly maxMessageSize: number;
  readonly credit: number;
  readonly clock: Clock;
}

/** Checks the options. @throws `invalid-argument` with the path of what is wrong */
export function parseBrokerOptions(options: BrokerOptions): ParsedBrokerOptions {
  checkOptions(options, table, 'broker options');
  if (Array.isArray(options.users))
    throw amqpError('invalid-argument', 'broker options.users must be an object of passwords by user, not a list');
  for (const [user, password] of Object.entries(options.users ?? {})) {
    if (typeof password !== 'string')
      throw amqpError('invalid-argument', `broker options.users.${user} must be a password`);
  }
  const { port = 0, host = '127.0.0.1', autoCreate = true, maxMessageSize = 0, credit = 1000 } = options;
  const queues = (options.queues ?? []).map(parseQueue);
  const topics = (options.topics ?? []).map(nameOf);
  checkNames([...queues.map(({ name }) => name), ...topics]);
  const { clock = systemClock } = options;
  return { ...options, port, host, queues, topics, autoCreate, maxMessageSize, credit, clock };
}

function parseQueue(queue: string | QueueOptions, index: number): QueueOptions {
  const options = typeof queue === 'string' ? { name: queue } : queue;
  const path = `broker options.queues[${index}]`;
  checkOptions(options, queueTable, path);
  if (options.name === undefined) throw amqpError('invalid-argument', `${path}.name is missing`);
  const { deadLetter, maxDeliveries } = options;
  return { name: nameOf(options.name), deadLetter: deadLetter && nameOf(deadLetter), maxDeliveries };
}

function checkNames(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw amqpError('invalid-argument', `broker options name the node ${twice} twice`);
}
