/** Sends one message and receives it. */
import { connect } from 'amqp1';
import { findPlace } from './support/broker.ts';

await using place = await findPlace('send-and-receive');
await using connection = await connect(place.url);

const sender = await connection.createSender(place.address);
await sender.send('Hello!'); // resolves when the peer has accepted it

const receiver = await connection.createReceiver(place.address);
const delivery = await receiver.receive({ timeout: 5_000 });
console.log(delivery.message.text());
await delivery.accept();
