/** The main job: sends 1,000 messages, receives and settles them in several ways, and loses none. */
import { connect, type Delivery, type Receiver } from 'amqp1';
import { findPlace } from './support/broker.ts';

const COUNT = 1_000;
await using place = await findPlace('quickstart');
await using connection = await connect(place.url);
const sender = await connection.createSender(place.address);
console.log(`connected to ${new URL(place.url).host}, sending ${COUNT} messages to ${sender.address}`);

const startedAt = performance.now();
const numbers = Array.from({ length: COUNT }, (_, index) => index);
await Promise.all(
  numbers.map((number) =>
    sender.send({ body: `message ${number}`, applicationProperties: { number, quickstart: true } }),
  ),
);
const sentAt = performance.now();
console.log(`${COUNT} accepted by the peer, ${rate(COUNT, sentAt - startedAt)}`);

/** How often each message was accepted here. */
const accepted = new Map<number, number>();
const numberOf = (delivery: Delivery): number => Number(delivery.message.applicationProperties['number']);
async function accept(delivery: Delivery): Promise<void> {
  accepted.set(numberOf(delivery), (accepted.get(numberOf(delivery)) ?? 0) + 1);
  await delivery.accept();
}

// One by one, with a timeout.
const first = await connection.createReceiver(place.address, { credit: 10 });
for (let count = 0; count < 100; count++) await accept(await first.receive({ timeout: 10_000 }));
console.log('100 received one by one and accepted');

// Given back unseen, then received again.
const again = await first.receive({ timeout: 10_000 });
await again.release();
console.log('1 released; it comes again');
await first.close();

// In a loop, until 500 are done.
const looped = await connection.createReceiver(place.address);
for await (const delivery of looped) {
  await accept(delivery);
  if (accepted.size === 500) break;
}
await looped.close();
console.log('400 received by for await');

let failures = 0;
// By a handler that runs four times at once; a failure gives the message back for another attempt.
const consumer = await connection.createReceiver(place.address);
await consumeRest(consumer);
const receivedAt = performance.now();

async function consumeRest(receiver: Receiver): Promise<void> {
  let done = 0;
  const finished = new Promise<void>((resolve) => {
    void receiver.consume(
      (delivery) => {
        if (failures < 3 && delivery.message.header.deliveryCount === 0 && numberOf(delivery) % 2 === 0) {
          failures++;
          throw new Error('not this time');
        }
        accepted.set(numberOf(delivery), (accepted.get(numberOf(delivery)) ?? 0) + 1);
        if (++done === COUNT - 500) resolve();
      },
      { concurrency: 4 },
    );
  });
  await finished;
  await receiver.close();
}
console.log(`500 consumed by a handler that failed ${failures} times and got those messages again`);

const lost = numbers.filter((number) => !accepted.has(number)).length;
const twice = [...accepted.values()].filter((times) => times > 1).length;
console.log(`${accepted.size} received, ${lost} lost, ${twice} twice, ${rate(COUNT, receivedAt - sentAt)}`);
if (lost + twice > 0) process.exitCode = 1;

function rate(count: number, milliseconds: number): string {
  return `${Math.round((count * 1000) / milliseconds).toLocaleString('en')} per second`;
}
