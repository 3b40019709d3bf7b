import { onTestFinished } from 'vitest';
import { startBroker, type Broker, type BrokerOptions } from '../../../src/broker/index.ts';
import {
  connect,
  type ConnectionEvent,
  type Connection,
  type ConnectOptions,
  type ReconnectOptions,
  type Transport,
} from '../../../src/client/index.ts';

/** Pauses that a test does not notice. */
export const soon: ReconnectOptions = { initialDelay: 1, maxDelay: 4 };

/** A broker behind a network that can be cut, and clients that come over it. */
export class Outage {
  readonly broker: Broker;
  /** Whether new connections are refused. */
  down = false;
  /** How many transports were asked for. */
  asked = 0;
  #transports: Transport[] = [];

  private constructor(broker: Broker) {
    this.broker = broker;
  }

  static async behind(options: BrokerOptions = {}): Promise<Outage> {
    const broker = await startBroker(options);
    onTestFinished(() => broker.close());
    return new Outage(broker);
  }

  /** A transport to the broker, if the network is up. */
  readonly transport = (): Transport => {
    this.asked++;
    if (this.down) throw new Error('the network is down');
    const transport = this.broker.transport();
    this.#transports.push(transport);
    return transport;
  };

  connect(reconnect: boolean | ReconnectOptions = soon, options: ConnectOptions = {}): Promise<Connection> {
    return connect('amqp://broker', { transport: this.transport, reconnect, ...options });
  }

  /** Cuts all connections; new ones are refused until {@link restore}. */
  cut(): void {
    this.down = true;
    this.blink();
  }

  restore(): void {
    this.down = false;
  }

  /** Cuts all connections once. */
  blink(): void {
    for (const transport of this.#transports.splice(0)) transport.destroy();
  }
}

/** The first event of a type. */
export async function event<T extends ConnectionEvent['type']>(
  connection: Connection,
  type: T,
): Promise<Extract<ConnectionEvent, { type: T }>> {
  const isOne = (each: ConnectionEvent): each is Extract<ConnectionEvent, { type: T }> => each.type === type;
  for await (const each of connection.events()) if (isOne(each)) return each;
  throw new Error(`the events ended without ${type}`);
}
