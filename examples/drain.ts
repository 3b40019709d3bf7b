/** Takes what a queue holds now, and stops: credit by hand, and a drain that says when nothing is left. */
import { connect } from 'amqp1';
import { findPlace } from './support/broker.ts';

await using place = await findPlace('drain');
await using connection = await connect(place.url);
const sender = await connection.createSender(place.address);
for (let number = 1; number <= 3; number++) await sender.send(`message ${number}`);

const receiver = await connection.createReceiver(place.address, { credit: 'manual' });
receiver.issueCredit(10); // up to ten; there are three
await receiver.drainCredit(); // resolves when all that there is has come, and the rest of the credit is gone

let count = 0;
for (let delivery = receiver.tryReceive(); delivery !== undefined; delivery = receiver.tryReceive()) {
  console.log(delivery.message.text());
  await delivery.accept();
  count++;
}
console.log(`${count} taken, credit left: ${receiver.stats().credit}`);
if (count !== 3 || receiver.stats().credit !== 0) process.exitCode = 1;
