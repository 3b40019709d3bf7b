/** Sending without waiting for an answer: fast, and nobody learns what became of a message. */
import { connect } from 'amqp1';
import { findPlace } from './support/broker.ts';

await using place = await findPlace('pre-settled');
await using connection = await connect(place.url);

// The whole link settled: nothing on it is ever acknowledged. Good for measurements of which the next one is due soon.
const readings = await connection.createSender(place.address, { senderSettleMode: 'settled' });
for (let reading = 1; reading <= 9; reading++) await readings.send(`reading ${reading}`); // resolves once handed over

// Or one message of a link that settles others in order.
const sender = await connection.createSender(place.address);
await sender.send('reading 10', { settled: true });
await sender.send('the last one'); // accepted by the peer, so those before it on this link have arrived too

const receiver = await connection.createReceiver(place.address);
for (let count = 0; count < 11; count++) {
  const delivery = await receiver.receive({ timeout: 5_000 });
  await delivery.accept();
  console.log(delivery.message.text());
}
