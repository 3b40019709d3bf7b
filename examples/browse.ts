/** Looks at the messages of a queue and leaves them where they are. Not every broker can. */
import { connect } from 'amqp1';
import { startBroker } from 'amqp1/broker';

await using broker = await startBroker();
await using connection = await connect(broker.url);
const sender = await connection.createSender('letters');
for (const name of ['first', 'second']) await sender.send(name);

const browser = await connection.createReceiver('letters', { distributionMode: 'copy' });
for (let count = 0; count < 2; count++) {
  const delivery = await browser.receive({ timeout: 5_000 });
  console.log('seen:', delivery.message.text());
  await delivery.accept(); // what was seen is a copy, so this takes nothing away
}
await browser.close();

const receiver = await connection.createReceiver('letters');
for (let count = 0; count < 2; count++) {
  const delivery = await receiver.receive({ timeout: 5_000 });
  console.log('taken:', delivery.message.text());
  await delivery.accept();
}
