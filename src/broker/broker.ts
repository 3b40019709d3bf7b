import { listenTcp, memoryTransportPair, type Listener, type Transport } from '../io/index.ts';
import {
  equalSecrets,
  SaslServer,
  serverAnonymous,
  serverExternal,
  serverPlain,
  type SaslServerMechanism,
} from '../sasl/index.ts';
import { BrokerConnection, type BrokerConnectionHost } from './broker-connection.ts';
import { parseBrokerOptions, type BrokerOptions, type ParsedBrokerOptions } from './broker-options.ts';
import { NodeTable } from './node-table.ts';

/** An embedded broker that is running. */
export interface Broker {
  /** The address that it listens on, as in the options. */
  readonly host: string;
  /** The TCP port that it listens on; the one that the system chose where the options say 0. */
  readonly port: number;
  /** What to give to `connect()`. It holds no password. */
  readonly url: string;
  /** How many messages wait in a queue; 0 for one that does not exist. */
  depth(queue: string): number;
  /** A transport to the broker within this process: no socket is used. */
  transport(): Transport;
  /** Serves a client on a transport of yours, whose other end the client has. */
  accept(transport: Transport): void;
  /**
   * Closes all connections and stops to listen. What is in the queues is gone. Settles when every client has answered,
   * or a second later.
   *
   * @throws nothing, however often it is called
   */
  close(): Promise<void>;
  /**
   * Closes the broker, for `await using`.
   *
   * @throws nothing, as `close`
   */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What the password of an unknown user is compared with. */
const UNKNOWN = 'no such user';

/** How long clients may take to answer our close before their transports are ended, in ms. */
const CLOSE_TIMEOUT = 1000;

function mechanismsFor(users: BrokerOptions['users'], peerName: string | undefined): readonly SaslServerMechanism[] {
  // A name that the transport has proved needs no password, but it is nobody else's.
  const external = serverExternal((wanted) => (wanted === '' || wanted === peerName ? peerName : undefined));
  const byCertificate = peerName === undefined ? [] : [external];
  if (users === undefined) return [...byCertificate, serverAnonymous(), serverPlain(() => true)];
  const passwords = new Map(Object.entries(users));
  const plain = serverPlain((user, password, authorizationId) => {
    const expected = passwords.get(user);
    // Nobody may act for another here. An unknown user is compared too, though not with a secret.
    const agreed = equalSecrets(password, expected ?? UNKNOWN) && expected !== undefined;
    return agreed && (authorizationId === '' || authorizationId === user);
  });
  return [...byCertificate, plain];
}

class EmbeddedBroker implements Broker {
  readonly host: string;
  readonly #options: ParsedBrokerOptions;
  readonly #nodes: NodeTable;
  readonly #connections = new Set<BrokerConnection>();
  #listener: Listener | undefined = undefined;
  #closing = false;
  #closed: Promise<void> | undefined = undefined;
  /** Called when the last connection has ended. */
  #allGone: () => void = () => undefined;

  constructor(options: ParsedBrokerOptions) {
    this.host = options.host;
    this.#options = options;
    this.#nodes = new NodeTable(options, () => options.clock.now());
  }

  async listen(): Promise<void> {
    const { host, port, tls } = this.#options;
    this.#listener = await listenTcp({ host, port, tls }, (transport) => this.accept(transport));
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
    this.accept(far);
    return near;
  }

  accept(transport: Transport): void {
    if (this.#closing) {
      transport.destroy();
      return;
    }
    const { users, idleTimeout, maxFrameSize } = this.#options;
    const host: BrokerConnectionHost = {
      nodes: this.#nodes,
      options: this.#options,
      clock: this.#options.clock,
      engine: {
        containerId: 'amqp1-embedded-broker',
        idleTimeout,
        maxFrameSize,
        closeTimeout: CLOSE_TIMEOUT,
        // What a client wants to be annotated goes on to others, each value as it was.
        typedStates: true,
        offeredCapabilities: ['ANONYMOUS-RELAY'],
        properties: { product: 'amqp1 embedded broker' },
        requireSasl: users !== undefined,
        sasl: (saslHost) => new SaslServer(mechanismsFor(users, transport.peerName), saslHost),
      },
      ended: (ended) => {
        this.#connections.delete(ended);
        if (this.#connections.size === 0) this.#allGone();
      },
    };
    const connection = new BrokerConnection(host, transport);
    this.#connections.add(connection);
    connection.start();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing = true;
    if (this.#connections.size > 0) await this.#closeAll();
    for (const connection of this.#connections) connection.destroy();
    await this.#listener?.close();
  }

  /** Asks all clients to go, and waits for them, but not for long. */
  async #closeAll(): Promise<void> {
    let cancelTimer = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      this.#allGone = resolve;
      cancelTimer = this.#options.clock.setTimer(CLOSE_TIMEOUT, resolve);
    });
    for (const connection of this.#connections) connection.close();
    await done;
    cancelTimer();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Starts the embedded broker: queues, topics and dynamic nodes in memory, on the same engine as the client. Resolves
 * when it listens.
 *
 * It is for development and tests: a durable message is taken like any other, nothing is kept when it stops, and
 * nothing limits what a client may store. There are no transactions, no filters, and no terminus outlives its link.
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
