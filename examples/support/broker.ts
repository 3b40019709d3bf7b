import { startBroker } from 'amqp1/broker';

/** Where an example connects to: `AMQP_URL` where it is set, else an embedded broker that lives as long as the example. */
export interface Place {
  readonly url: string;
  readonly address: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Finds the place; `AMQP_ADDRESS` names the queue on a broker of yours. */
export async function findPlace(address: string): Promise<Place> {
  const { AMQP_URL: url, AMQP_ADDRESS: given } = process.env;
  if (url !== undefined) return { url, address: given ?? address, [Symbol.asyncDispose]: async () => undefined };
  const broker = await startBroker({});
  return { url: broker.url, address: given ?? address, [Symbol.asyncDispose]: () => broker.close() };
}
