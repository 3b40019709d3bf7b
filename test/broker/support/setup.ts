import { afterEach } from 'vitest';
import { startBroker, type Broker, type BrokerOptions } from '../../../src/broker/index.ts';
import {
  connect,
  type Connection,
  type ConnectOptions,
  type Delivery,
  type Receiver,
  type Sender,
} from '../../../src/client/index.ts';

const endings: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const ending of endings.splice(0).toReversed()) await ending();
});

/** Has something done when the test has ended; the last comes first. */
export function atEnd(ending: () => void | Promise<void>): void {
  endings.push(ending);
}

/** A broker that ends with the test. */
export async function start(options: BrokerOptions = {}): Promise<Broker> {
  const broker = await startBroker(options);
  atEnd(() => broker.close());
  return broker;
}

/** A client of a broker, without a socket. */
export function client(broker: Broker, options: ConnectOptions = {}): Promise<Connection> {
  return connect('amqp://localhost', { transport: () => broker.transport(), ...options });
}

/** A broker and a client of it. */
export async function startWithClient(options: BrokerOptions = {}): Promise<readonly [Broker, Connection]> {
  const broker = await start(options);
  return [broker, await client(broker)];
}

/** Sends the numbers from `first` to before `end`, each a message. */
export async function sendNumbers(sender: Sender, first: number, end: number): Promise<void> {
  const sends: Promise<void>[] = [];
  for (let n = first; n < end; n++) sends.push(sender.send({ body: n }));
  await Promise.all(sends);
}

/** The next deliveries of a receiver, unsettled. */
export async function take(receiver: Receiver, count: number): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  while (deliveries.length < count) deliveries.push(await receiver.receive({ timeout: 2000 }));
  return deliveries;
}

/** The values of messages. */
export const valuesOf = (deliveries: readonly Delivery[]): unknown[] => deliveries.map(({ message }) => message.value);

/** Waits until the other side has had its say: nothing in memory takes more turns than this. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
}
