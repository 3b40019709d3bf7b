/** A connection that comes back: the broker is stopped and started again while messages are sent and received. */
import { connect } from 'amqp1';
import { startBroker } from 'amqp1/broker';

const first = await startBroker({ queues: ['orders'] });
const { port } = first;
const connection = await connect(`amqp://localhost:${port}`, {
  reconnect: { initialDelay: 50, maxDelay: 500 },
});
const watching = (async () => {
  for await (const event of connection.events()) {
    if (event.type === 'reconnecting') console.log(`attempt ${event.attempt} in ${Math.round(event.delay)} ms`);
    else console.log(event.type);
  }
})();

const sender = await connection.createSender('orders');
const receiver = await connection.createReceiver('orders');

await sender.send('before');
await (await receiver.receive()).accept();

await first.close();
const waiting = sender.send('during'); // waits for the broker
const second = await startBroker({ port, queues: ['orders'] });
await waiting;

const delivery = await receiver.receive();
console.log(delivery.message.text());
await delivery.accept();

await connection.close();
await watching;
await second.close();
