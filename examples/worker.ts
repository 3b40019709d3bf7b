/** A worker: a handler for each message, several at a time, and a graceful stop. */
import { connect } from 'amqp1';
import { findPlace } from './support/broker.ts';

await using place = await findPlace('worker');
await using connection = await connect(place.url);

const sender = await connection.createSender(place.address);
for (let task = 1; task <= 20; task++) await sender.send({ body: `task ${task}` });

const receiver = await connection.createReceiver(place.address, { credit: 20 });
let done = 0;
const consuming = receiver.consume(
  async (delivery) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    console.log('done:', delivery.message.text());
    // When the handler returns the message is accepted; had it thrown, it would be tried again.
    if (++done === 20) void receiver.close(); // finishes the handlers under way
  },
  { concurrency: 4, onError: (error, delivery) => console.error('failed:', delivery.message.text(), error) },
);
await consuming;
console.log(`${done} tasks done`);
if (done !== 20) process.exitCode = 1;
