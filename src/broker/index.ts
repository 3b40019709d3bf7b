/** The embedded in-memory broker, for development and tests. Start at {@link startBroker}. */
export { startBroker, type Broker } from './broker.ts';
export type { BrokerOptions, QueueOptions } from './broker-options.ts';
