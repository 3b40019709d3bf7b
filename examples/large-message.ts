/** A message of 20 MB: it travels in many frames, and sends of other links pass in between. */
import { connect } from 'amqp1';
import { findPlace } from './support/broker.ts';

await using place = await findPlace('large-message');
await using connection = await connect(place.url);
const sender = await connection.createSender(place.address);
const body = new Uint8Array(20_000_000).fill(7);
await sender.send(body);

const receiver = await connection.createReceiver(place.address, { credit: 1 });
const delivery = await receiver.receive({ timeout: 30_000 });
const bytes = delivery.message.bytes();
await delivery.accept();
console.log(`${bytes.length} octets arrived`);
if (bytes.length !== body.length || bytes.some((octet) => octet !== 7)) process.exitCode = 1;
