/**
 * ActiveMQ Artemis makes addresses on demand. The capability `queue` or `topic` says whether one consumer gets a
 * message (anycast) or all who are there (multicast). Runs only where AMQP_URL leads to Artemis.
 */
import { connect } from 'amqp1';
import { needed, skip } from './support/elsewhere.ts';

await using connection = await connect(needed('AMQP_URL', 'the URL of an Artemis broker'));
const product = String(connection.properties['product']);
if (!product.includes('artemis')) skip(`${product} is not Artemis`);

// A queue: each message goes to one receiver.
const sender = await connection.createSender('example.tasks', { target: { capabilities: ['queue'] } });
await sender.send('a task');
const worker = await connection.createReceiver('example.tasks', { source: { capabilities: ['queue'] } });
const task = await worker.receive({ timeout: 5_000 });
console.log('one got', task.message.text());
await task.accept();

// A topic: attach the receivers first, for nothing is kept for those who come later.
const topic = { capabilities: ['topic'] };
const receivers = [
  await connection.createReceiver('example.news', { source: topic }),
  await connection.createReceiver('example.news', { source: topic }),
];
const publisher = await connection.createSender('example.news', { target: topic });
await publisher.send('news');
for (const receiver of receivers) {
  const delivery = await receiver.receive({ timeout: 5_000 });
  console.log('all got', delivery.message.text());
  await delivery.accept();
}
