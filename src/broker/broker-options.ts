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
import type { TlsOptions } from '../io/index.ts';

/** A queue that exists from the start. */
export interface QueueOptions {
  readonly name: string;
  /** The queue that rejected messages go to. Without it they are dropped. */
  readonly deadLetter?: string;
  /** After how many failed attempts a message is treated as rejected. Default: never. */
  readonly maxDeliveries?: number;
}

/** How the embedded broker is set up. */
export interface BrokerOptions {
  /** The port to listen on; 0 lets the system choose. Default 0. */
  readonly port?: number;
  /** The address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Take TLS only, with this certificate (`cert` and `key`, or `pfx`). */
  readonly tls?: TlsOptions;
  /** Passwords by user. With users, SASL PLAIN is required; without, everyone may come. */
  readonly users?: Readonly<Record<string, string>>;
  readonly queues?: readonly (string | QueueOptions)[];
  /** Addresses whose messages go to every receiver that is attached. */
  readonly topics?: readonly string[];
  /** Whether an address that does not exist becomes a queue when it is first used. Default true. */
  readonly autoCreate?: boolean;
  /** The largest message that is taken, in octets; 0: no limit. Default 0. */
  readonly maxMessageSize?: number;
  /** How long a client may be silent, in ms. Default 60000. */
  readonly idleTimeout?: number;
  /** The largest frame that is taken, in octets. Default 65536. */
  readonly maxFrameSize?: number;
  /** Messages that a sender may have under way. Default 1000. */
  readonly credit?: number;
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
}

/** Checks the options. @throws `invalid-argument` with the path of what is wrong */
export function parseBrokerOptions(options: BrokerOptions): ParsedBrokerOptions {
  checkOptions(options, table, 'broker options');
  const queues = (options.queues ?? []).map((queue, index) => {
    if (typeof queue === 'string') return { name: queue };
    checkOptions(queue, queueTable, `broker options.queues[${index}]`);
    return queue;
  });
  for (const [user, password] of Object.entries(options.users ?? {})) {
    if (typeof password !== 'string')
      throw amqpError('invalid-argument', `broker options.users.${user} must be a password`);
  }
  const { port = 0, host = '127.0.0.1', topics = [], autoCreate = true, maxMessageSize = 0, credit = 1000 } = options;
  return { ...options, port, host, queues, topics, autoCreate, maxMessageSize, credit };
}
