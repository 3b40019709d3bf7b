import { describe, expect, it } from 'vitest';
import { float, ubyte, ulong } from '../../src/codec/index.ts';
import { encodeMessage } from '../../src/client/index.ts';
import { client, sendNumbers, settle, startWithClient, take, valuesOf } from './support/setup.ts';

describe('what becomes of messages', () => {
  it('[D-19] accepts and removes, a thousand of them, each once and in order', async () => {
    const [broker, connection] = await startWithClient();
    const sender = await connection.createSender('orders');
    const receiver = await connection.createReceiver('orders', { credit: 50 });
    const sending = sendNumbers(sender, 0, 1000);
    const got: unknown[] = [];
    for await (const delivery of receiver) {
      got.push(delivery.message.value);
      await delivery.accept();
      if (got.length === 1000) break;
    }
    await sending;
    expect(got).toEqual(Array.from({ length: 1000 }, (_, n) => n));
    await receiver.close();
    expect(broker.depth('orders')).toBe(0);
  });

  it('[D-19] released: comes again at its old place', async () => {
    const [, connection] = await startWithClient();
    await sendNumbers(await connection.createSender('orders'), 0, 5);
    const receiver = await connection.createReceiver('orders', { credit: 3 });
    const first = await take(receiver, 3);
    await first[1]?.release();
    await first[0]?.release();
    await first[2]?.accept();
    expect(valuesOf(await take(receiver, 3))).toEqual([0, 1, 3]);
    const other = await connection.createReceiver('orders');
    expect(valuesOf(await take(other, 1))).toEqual([4]);
  });

  it('[D-14] [D-15] [D-16] [D-19] [M-10] modified: counts failures, merges annotations, and keeps away from the link', async () => {
    const [broker, connection] = await startWithClient();
    const sender = await connection.createSender('orders');
    await sender.send({ body: 'x', messageAnnotations: { 'x-opt-a': 1, 'x-opt-b': 2 } });
    const receiver = await connection.createReceiver('orders');
    const [first] = await take(receiver, 1);
    expect(first?.message.header.deliveryCount).toBe(0);
    await first?.modify({ deliveryFailed: true, messageAnnotations: { 'x-opt-b': 'new', 'x-opt-c': 3 } });
    const [second] = await take(receiver, 1);
    expect(second?.message.header.deliveryCount).toBe(1);
    expect(second?.message.messageAnnotations).toEqual({ 'x-opt-a': 1, 'x-opt-b': 'new', 'x-opt-c': 3 });
    await second?.modify({ undeliverableHere: true });
    await settle();
    expect(receiver.tryReceive()).toBeUndefined();
    expect(broker.depth('orders')).toBe(1);
    const other = await connection.createReceiver('orders');
    const [third] = await take(other, 1);
    expect(third?.message.header.deliveryCount).toBe(1);
  });

  it('[D-16] modified: annotations go on with the types that they came with', async () => {
    const [, connection] = await startWithClient();
    await sendNumbers(await connection.createSender('orders'), 0, 1);
    const receiver = await connection.createReceiver('orders');
    const messageAnnotations = { 'x-opt-a': ubyte(5), 'x-opt-b': [ulong(6), 'b'], 'x-opt-c': float(0.5) };
    await (await take(receiver, 1))[0]?.modify({ messageAnnotations });
    const [again] = await take(receiver, 1);
    expect(again?.message.encoded).toEqual(encodeMessage({ messageAnnotations, body: 0 }));
  });

  it('rejected: goes to the dead-letter queue, with the error', async () => {
    const [broker, connection] = await startWithClient({ queues: [{ name: 'orders', deadLetter: '/queues/dead' }] });
    await sendNumbers(await connection.createSender('orders'), 0, 2);
    const receiver = await connection.createReceiver('orders');
    const [first, second] = await take(receiver, 2);
    await first?.reject({ condition: 'amqp:not-allowed', description: 'no' });
    await second?.accept();
    await settle();
    expect([broker.depth('orders'), broker.depth('dead')]).toEqual([0, 1]);
    const [letter] = await take(await connection.createReceiver('dead'), 1);
    expect(letter?.message.value).toBe(0);
    expect(Object.keys(letter?.message.deliveryAnnotations ?? {})).toEqual(['rejected']);
  });

  it('[D-19] rejected: is dropped where no dead-letter queue is declared', async () => {
    const [broker, connection] = await startWithClient();
    await sendNumbers(await connection.createSender('orders'), 0, 1);
    const receiver = await connection.createReceiver('orders');
    const [only] = await take(receiver, 1);
    await only?.reject();
    await settle();
    expect(receiver.tryReceive()).toBeUndefined();
    expect(broker.depth('orders')).toBe(0);
  });

  it('[L-14] [L-16] [X-09] sends settled where the receiver asks for it, and takes settled sends', async () => {
    const [broker, connection] = await startWithClient();
    const sender = await connection.createSender('orders', { senderSettleMode: 'settled' });
    await sendNumbers(sender, 0, 10);
    const receiver = await connection.createReceiver('orders', { senderSettleMode: 'settled' });
    const got = await take(receiver, 10);
    expect(got.every(({ settled }) => settled)).toBe(true);
    await receiver.close();
    expect(broker.depth('orders')).toBe(0);
  });

  it('[L-15] settles after a receiver that settles second, and second where a sender asks for it', async () => {
    const [broker, connection] = await startWithClient({ queues: [{ name: 'orders', deadLetter: 'dead' }] });
    const sender = await connection.createSender('orders', { receiverSettleMode: 'second' });
    await sendNumbers(sender, 0, 3);
    const receiver = await connection.createReceiver('orders', { receiverSettleMode: 'second' });
    const [first, second, third] = await take(receiver, 3);
    await first?.accept();
    await second?.reject();
    await third?.release();
    expect(valuesOf(await take(receiver, 1))).toEqual([2]);
    expect(broker.depth('dead')).toBe(1);
  });
});

describe('[D-20] what a client leaves unsettled', () => {
  it('is available again when the link is closed', async () => {
    const [broker, connection] = await startWithClient();
    await sendNumbers(await connection.createSender('orders'), 0, 10);
    const receiver = await connection.createReceiver('orders', { credit: 5 });
    await (await take(receiver, 3))[1]?.accept();
    await receiver.close();
    await settle();
    expect(broker.depth('orders')).toBe(9);
    const other = await connection.createReceiver('orders');
    expect(valuesOf(await take(other, 9))).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is available again when the session ends', async () => {
    const [broker, connection] = await startWithClient();
    await sendNumbers(await connection.createSender('orders'), 0, 4);
    const session = await connection.createSession();
    await take(await session.createReceiver('orders'), 4);
    expect(broker.depth('orders')).toBe(0);
    await session.close();
    await settle();
    expect(broker.depth('orders')).toBe(4);
  });

  it('goes to another consumer when the connection is lost', async () => {
    const [broker, connection] = await startWithClient();
    await sendNumbers(await connection.createSender('orders'), 0, 6);
    const transport = broker.transport();
    const doomed = await client(broker, { transport: () => transport });
    const receiver = await doomed.createReceiver('orders', { credit: 4 });
    await take(receiver, 4);
    const other = await connection.createReceiver('orders');
    expect(valuesOf(await take(other, 2))).toEqual([4, 5]);
    transport.destroy();
    expect(valuesOf(await take(other, 4))).toEqual([0, 1, 2, 3]);
  });
});
