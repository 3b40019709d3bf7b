/** One sender for many addresses: each message says where it goes. */
import { connect, DeliveryError } from 'amqp1';
import { startBroker } from 'amqp1/broker';

await using broker = await startBroker({ queues: ['orders', 'invoices'], autoCreate: false });
await using connection = await connect(broker.url);
// Brokers that can do this say so when the connection is opened.
console.log('offered:', connection.offeredCapabilities.join());

const sender = await connection.createSender(null); // no address
await sender.send({ body: 'order 1', properties: { to: 'orders' } });
await sender.send({ body: 'invoice 1', properties: { to: 'invoices' } });
console.log(`orders: ${broker.depth('orders')}, invoices: ${broker.depth('invoices')}`);

// An address that does not exist costs its message only. With a sender of its own the attach would have failed.
try {
  await sender.send({ body: 'letter 1', properties: { to: 'letters' } });
} catch (error) {
  if (!(error instanceof DeliveryError)) throw error;
  console.log(error.code, error.condition, error.description);
}
if (broker.depth('orders') !== 1 || broker.depth('invoices') !== 1) process.exitCode = 1;
