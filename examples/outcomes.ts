/** The four ways to settle a message, and what the sender of a rejected one learns. */
import { connect, DeliveryError } from 'amqp1';
import { startBroker } from 'amqp1/broker';

await using broker = await startBroker({
  queues: [{ name: 'orders', deadLetter: 'failed-orders' }],
  maxMessageSize: 1_000,
});
await using connection = await connect(broker.url);
const sender = await connection.createSender('orders');
for (const name of ['one', 'two', 'three', 'four']) await sender.send(name);

const receiver = await connection.createReceiver('orders', { credit: 1 });
const next = async () => receiver.receive({ timeout: 5_000 });
await (await next()).accept();
await (await next()).reject({ condition: 'example:not-a-number', description: 'two is a word' });
await (await next()).release(); // comes again, as if never seen
const again = await next();
console.log('again:', again.message.text(), 'attempts before:', again.message.header.deliveryCount);
await again.modify({ deliveryFailed: true }); // comes again, counted as a failed attempt
const failed = await next();
console.log('again:', failed.message.text(), 'attempts before:', failed.message.header.deliveryCount);
await failed.accept();

const dead = await connection.createReceiver('failed-orders');
console.log('in the dead-letter queue:', (await dead.receive({ timeout: 5_000 })).message.text());

try {
  await sender.send(new Uint8Array(2_000));
} catch (error) {
  if (!(error instanceof DeliveryError)) throw error;
  console.log(error.code, error.message);
}
