import { expect, it, onTestFinished } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { connect, type MessageInit } from '../../src/client/index.ts';
import { collectGarbage } from '../support/garbage.ts';

const SENDERS = 50;
const SIZE = 200_000;
/** Well below what they would hold if each kept what its message took. */
const LITTLE = (SENDERS * SIZE) / 2;

it('senders that have sent something large hold no memory for it, however many they are', async () => {
  const broker = await startBroker();
  onTestFinished(() => broker.close());
  const connection = await connect('amqp://broker', { transport: () => broker.transport() });
  const receiver = await connection.createReceiver('q');
  const sizes: number[] = [];
  const consuming = receiver.consume(({ message }) => void sizes.push(message.bytes().length));
  const senders = await Promise.all(Array.from({ length: SENDERS }, () => connection.createSender('q')));
  const octets = new Uint8Array(SIZE);
  await collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  for (const sender of senders) await sender.send(octets);
  let held = Infinity;
  // What was received is garbage once it is accepted, and its memory is given back in the background.
  for (let round = 0; round < 100 && held >= LITTLE; round++) {
    await collectGarbage();
    held = process.memoryUsage().arrayBuffers - before;
  }
  expect(held).toBeLessThan(LITTLE);
  await connection.close();
  await consuming;
  expect(sizes).toEqual(senders.map(() => SIZE));
});

it('a message that is sent while another is being encoded harms neither', async () => {
  const broker = await startBroker();
  onTestFinished(() => broker.close());
  const connection = await connect('amqp://broker', { transport: () => broker.transport() });
  const [outer, inner] = [await connection.createSender('outer'), await connection.createSender('inner')];
  const inners: Promise<void>[] = [];
  const message: MessageInit = {
    get body() {
      inners.push(inner.send('inside'));
      return 'outside';
    },
    applicationProperties: { kind: 'with one within' },
  };
  await outer.send(message);
  await Promise.all(inners);
  const texts: string[] = [];
  for (const queue of ['outer', 'inner']) {
    const { message: got } = await (await connection.createReceiver(queue)).receive();
    texts.push(got.text());
  }
  expect(inners.length).toBeGreaterThan(0);
  expect(texts).toEqual(['outside', 'inside']);
  await connection.close();
});
