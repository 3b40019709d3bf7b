/** What programs import from 'amqp1' and 'amqp1/broker': a workspace cannot name the package that it is part of. */
export * from '../dist/client/index.js';
export { startBroker } from '../dist/broker/index.js';
