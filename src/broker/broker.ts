import { listenTcp, memoryTransportPair, systemClock, type Listener, type Transport } from '../io/index.ts';
import { equalSecrets, SaslServer, serverAnonymous, serverPlain, type SaslServerMechanism } from '../sasl/index.ts';
import { BrokerConnection, type BrokerConnectionHost } from './broker-connection.ts';
import { parseBrokerOptions, type BrokerOptions, type ParsedBrokerOptions } from './broker-options.ts';
import { NodeTable } from './node-table.ts';

/** An embedded broker that is running. */
export interface Broker {
  readonly host: string;
  readonly port: number;
  /** What to give to `connect()`. It holds no password. */
  readonly url: string;
  /** How many messages wait in a queue; 0 for one that does not exist. */
  depth(queue: string): number;
  /** A transport to the broker within this process: no socket is used. */
  transport(): Transport;
  /** Closes all connections and stops to listen. What is in the queues is gone. */
  close(): Promise<void>;
  /** Closes the broker. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How long clients may take to answer our close before their transports are ended, in ms. */
const CLOSE_TIMEOUT = 1000;

function mechanismsFor(users: BrokerOptions['users']): readonly SaslServerMechanism[] {
  if (users === undefined) return [serverAnonymous(), serverPlain(() => true)];
  const passwords = new Map(Object.entries(users));
  return [
    serverPlain((user, password) => {
      const expected = passwords.get(user);
      // An unknown user takes as long as a wrong password.
      return equalSecrets(password, expected ?? password) && expected !== undefined;
    }),
  ];
}

class EmbeddedBroker implements Broker {
  readonly host: string;
  readonly #options: ParsedBrokerOptions;
  readonly #nodes: NodeTable;
  readonly #connections = new Set<BrokerConnection>();
  #listener: Listener | undefined = undefined;

  constructor(options: ParsedBrokerOptions) {
    this.host = options.host;
    this.#options = options;
    this.#nodes = new NodeTable(options, () => systemClock.now());
  }

  async listen(): Promise<void> {
    const { host, port, tls } = this.#options;
    this.#listener = await listenTcp({ host, port, tls }, (transport) => this.#accept(transport));
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  get url(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `${this.#options.tls === undefined ? 'amqp' : 'amqps'}://${host}:${this.port}`;
  }

  depth(queue: string): number {
    return this.#nodes.depth(queue);
  }

  transport(): Transport {
    const [near, far] = memoryTransportPair();
    this.#accept(far);
    return near;
  }

  #accept(transport: Transport): void {
    const { users, idleTimeout, maxFrameSize } = this.#options;
    const host: BrokerConnectionHost = {
      nodes: this.#nodes,
      options: this.#options,
      clock: systemClock,
      engine: {
        containerId: 'amqp1-embedded-broker',
        idleTimeout,
        maxFrameSize,
        closeTimeout: CLOSE_TIMEOUT,
        offeredCapabilities: ['ANONYMOUS-RELAY'],
        properties: { product: 'amqp1 embedded broker' },
        requireSasl: users !== undefined,
        sasl: (saslHost) => new SaslServer(mechanismsFor(users), saslHost),
      },
      ended: (connection) => this.#connections.delete(connection),
    };
    const connection = new BrokerConnection(host, transport);
    this.#connections.add(connection);
    connection.start();
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.#allGone();
    for (const connection of this.#connections) connection.destroy();
    await this.#listener?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Waits until all connections have ended, but not for long. */
  async #allGone(): Promise<void> {
    const until = systemClock.now() + CLOSE_TIMEOUT;
    while (this.#connections.size > 0 && systemClock.now() < until) {
      await new Promise<void>((resolve) => systemClock.setTimer(5, resolve));
    }
  }
}

/**
 * Starts the embedded broker: queues, topics and dynamic nodes in memory, on the same engine as the client. It is for
 * development and tests: nothing is kept when it stops, and nothing limits what a client may store.
 *
 * @throws `invalid-argument` for options that are not valid, `connect-failed` where the port cannot be listened on
 * @example
 * ```ts
 * import { connect } from 'amqp1';
 * import { startBroker } from 'amqp1/broker';
 *
 * const broker = await startBroker({ queues: ['orders'] });
 * const connection = await connect(broker.url);
 * await connection.close();
 * await broker.close();
 * ```
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const broker = new EmbeddedBroker(parseBrokerOptions(options));
  await broker.listen();
  return broker;
}
