/** A selector lets the broker choose messages. Not every broker can, so the program is told whether this one does. */
import { AmqpError, connect, type Delivery } from 'amqp1';
import { findPlace } from './support/broker.ts';

await using place = await findPlace('selector');
await using connection = await connect(place.url);
const sender = await connection.createSender(place.address);
for (const region of ['north', 'south', 'north'])
  await sender.send({ body: region, applicationProperties: { region } });

// Without the filter the receiver would get everything, so a broker that does not grant it fails the call.
const selector = "region = 'north'";
try {
  await using receiver = await connection.createReceiver(place.address, { selector, credit: 1 });
  console.log('granted:', Object.keys(receiver.filters).join());
} catch (error) {
  if (!AmqpError.is(error) || error.code !== 'link-refused') throw error;
  console.log(error.message);
}

// To go on with any broker: ask all the same, look at what was granted, and check what comes. The embedded broker
// grants no filter; RabbitMQ 4.0 grants this one on a queue and sends everything all the same.
const receiver = await connection.createReceiver(place.address, { selector, allowMissingFilters: true });
console.log(`${Object.keys(receiver.filters).length} filters granted`);
const others: Delivery[] = [];
for (let wanted = 0; wanted < 2;) {
  const delivery = await receiver.receive({ timeout: 5_000 });
  const { message } = delivery;
  if (message.applicationProperties['region'] === 'north') {
    wanted++;
    console.log(message.text());
    await delivery.accept();
  } else others.push(delivery);
}
// What is not ours goes back when we are done: released before, it would come again at once.
for (const delivery of others) await delivery.release();
