import { describe, expect, it } from 'vitest';
import { ErrorCondition } from '../../src/definitions/index.ts';
import { client, sendNumbers, settle, start, startWithClient, take, valuesOf } from './support/setup.ts';

describe('addresses', () => {
  it('takes the names of RabbitMQ for the same queue', async () => {
    const [broker, connection] = await startWithClient();
    for (const address of ['my orders', '/queues/my%20orders', '/queue/my orders'])
      await (await connection.createSender(address)).send('x');
    expect(broker.depth('/queues/my%20orders')).toBe(3);
    const receiver = await connection.createReceiver('/queues/my%20orders');
    expect(receiver.address).toBe('/queues/my%20orders');
    expect((await take(receiver, 3)).length).toBe(3);
  });

  it('takes a name as it is where it is not percent-encoded', async () => {
    const [broker, connection] = await startWithClient();
    await (await connection.createSender('/queues/100%')).send('x');
    expect(broker.depth('100%')).toBe(1);
  });

  it('[N-16] refuses what is not declared, where nothing is made on demand', async () => {
    const [broker, connection] = await startWithClient({ queues: ['orders'], topics: ['news'], autoCreate: false });
    for (const attach of [connection.createSender('other'), connection.createReceiver('other')])
      await expect(attach).rejects.toMatchObject({ code: 'link-refused', condition: ErrorCondition.notFound });
    await (await connection.createSender('orders')).send('x');
    await (await connection.createSender('/queues/news')).send('x');
    expect(broker.depth('orders')).toBe(1);
    expect(broker.depth('news')).toBe(0);
    expect(broker.depth('other')).toBe(0);
  });
});

describe('[Z-01] the anonymous terminus', () => {
  it('is offered, and routes each message by its own address', async () => {
    const [broker, connection] = await startWithClient({ queues: ['a', 'b'], autoCreate: false });
    expect(connection.offeredCapabilities).toContain('ANONYMOUS-RELAY');
    const sender = await connection.createSender(null);
    await sender.send({ body: 1, properties: { to: 'a' } });
    await sender.send({ body: 2, properties: { to: '/queues/b' } });
    expect([broker.depth('a'), broker.depth('b')]).toEqual([1, 1]);
    for (const properties of [{ to: 'c' }, {}, { to: '' }]) {
      const sent = sender.send({ body: 3, properties });
      await expect(sent).rejects.toMatchObject({ code: 'rejected', condition: ErrorCondition.notFound });
    }
  });

  it('[X-17] rejects what it cannot read', async () => {
    const [, connection] = await startWithClient();
    const sender = await connection.createSender(null);
    const sent = sender.send({ body: 1, properties: { to: 'a' } }, { messageFormat: 7 });
    await expect(sent).rejects.toMatchObject({ code: 'rejected', condition: ErrorCondition.decodeError });
  });
});

describe('[N-04] dynamic nodes', () => {
  it('[L-39] [N-07] [N-16] are made for a receiver, have an address of their own, and end with its link', async () => {
    const [broker, connection] = await startWithClient();
    const one = await connection.createReceiver(null, { source: { dynamic: true } });
    const two = await connection.createReceiver(null, { source: { dynamic: true } });
    expect(one.address).not.toBe(two.address);
    const other = await client(broker);
    const replies = await other.createSender(one.address);
    await replies.send('answer');
    expect(valuesOf(await take(one, 1))).toEqual(['answer']);
    await one.close();
    expect(await replies.closed).toMatchObject({
      by: 'peer',
      error: { condition: ErrorCondition.resourceDeleted },
    });
    await expect(other.createSender(one.address)).rejects.toMatchObject({ condition: ErrorCondition.notFound });
    const anonymous = await other.createSender(null);
    const late = anonymous.send({ body: 1, properties: { to: one.address } });
    await expect(late).rejects.toMatchObject({ condition: ErrorCondition.notFound });
  });

  it('[L-39] are made for a sender', async () => {
    const [, connection] = await startWithClient();
    const sender = await connection.createSender(null, { target: { dynamic: true } });
    const receiver = await connection.createReceiver(sender.address);
    await sender.send('x');
    expect(valuesOf(await take(receiver, 1))).toEqual(['x']);
    await sender.close();
    expect(await receiver.closed).toMatchObject({ error: { condition: ErrorCondition.resourceDeleted } });
  });

  it('[N-17] are topics on demand', async () => {
    const [broker, connection] = await startWithClient();
    const source = { dynamic: true, capabilities: ['topic'] };
    const one = await connection.createReceiver(null, { source });
    const two = await connection.createReceiver(one.address);
    await (await connection.createSender(one.address)).send('x');
    expect(valuesOf([...(await take(one, 1)), ...(await take(two, 1))])).toEqual(['x', 'x']);
    expect(broker.depth(one.address)).toBe(0);
  });
});

describe('topics', () => {
  it('give each message to all subscribers', async () => {
    const [, connection] = await startWithClient({ topics: ['news'] });
    const sender = await connection.createSender('news');
    await sender.send('nobody listens');
    const one = await connection.createReceiver('news');
    const two = await connection.createReceiver('news', { credit: 1 });
    await sendNumbers(sender, 0, 3);
    const first = await take(one, 3);
    expect(valuesOf(first)).toEqual([0, 1, 2]);
    await first[2]?.release();
    expect(valuesOf(await take(one, 1))).toEqual([2]);
    const [slow] = await take(two, 1);
    await slow?.accept();
    expect(valuesOf(await take(two, 1))).toEqual([1]);
  });

  it('[N-17] are made of an address that is attached as one first', async () => {
    const [broker, connection] = await startWithClient();
    const receiver = await connection.createReceiver('news', { source: { capabilities: ['topic'] } });
    const other = await connection.createReceiver('news');
    await (await connection.createSender('news')).send('x');
    expect(valuesOf([...(await take(receiver, 1)), ...(await take(other, 1))])).toEqual(['x', 'x']);
    expect(broker.depth('news')).toBe(0);
  });
});

describe('browsing', () => {
  it('[N-09] shows what is there and what comes, and takes nothing', async () => {
    const [broker, connection] = await startWithClient();
    const sender = await connection.createSender('orders');
    await sendNumbers(sender, 0, 3);
    const browser = await connection.createReceiver('orders', { distributionMode: 'copy' });
    const seen = await take(browser, 3);
    for (const delivery of seen) await delivery.accept();
    await sendNumbers(sender, 3, 4);
    expect(valuesOf([...seen, ...(await take(browser, 1))])).toEqual([0, 1, 2, 3]);
    await browser.close();
    expect(broker.depth('orders')).toBe(4);
  });
});

describe('drain', () => {
  it('[L-24] sends what there is and gives the rest of the credit back', async () => {
    const [, connection] = await startWithClient();
    const sender = await connection.createSender('orders');
    await sendNumbers(sender, 0, 5);
    const receiver = await connection.createReceiver('orders', { credit: 'manual' });
    receiver.issueCredit(3);
    await receiver.drainCredit();
    expect(valuesOf(await take(receiver, 3))).toEqual([0, 1, 2]);
    receiver.issueCredit(10);
    await receiver.drainCredit();
    expect(receiver.stats()).toMatchObject({ credit: 0, prefetched: 2 });
    await sender.send('later');
    await settle();
    expect(valuesOf(await take(receiver, 2))).toEqual([3, 4]);
    expect(receiver.tryReceive()).toBeUndefined();
    receiver.issueCredit(1);
    expect(valuesOf(await take(receiver, 1))).toEqual(['later']);
  });

  it('[L-26] answers where there is no credit', async () => {
    const [, connection] = await startWithClient();
    const receiver = await connection.createReceiver('orders', { credit: 'manual' });
    await receiver.drainCredit({ timeout: 1000 });
    receiver.issueCredit(2);
    await receiver.drainCredit({ timeout: 1000 });
    expect(receiver.stats().credit).toBe(0);
  });

  it('sends all that fits the credit, however many consumers take from the queue', async () => {
    const [, connection] = await startWithClient();
    await sendNumbers(await connection.createSender('orders'), 0, 500);
    const receivers = await Promise.all(
      Array.from({ length: 3 }, () => connection.createReceiver('orders', { credit: 'manual' })),
    );
    for (const receiver of receivers) receiver.issueCredit(200);
    await Promise.all(receivers.map((receiver) => receiver.drainCredit()));
    expect(receivers.map((receiver) => receiver.stats().prefetched)).toEqual([200, 200, 100]);
  });
});

describe('large and small', () => {
  it('carries messages of many frames both ways, through small frames and windows', async () => {
    const broker = await start({ maxFrameSize: 1000 });
    const connection = await client(broker, { maxFrameSize: 512, highWaterMark: 4096 });
    const session = await connection.createSession({ incomingWindow: 3 });
    const sender = await session.createSender('large');
    const bodies = Array.from({ length: 20 }, (_, n) => new Uint8Array(10_000 + n).fill(n));
    const sending = Promise.all(bodies.map((body) => sender.send(body)));
    const receiver = await session.createReceiver('large', { credit: 100 });
    const got = await take(receiver, 20);
    await sending;
    expect(got.map(({ message }) => message.bytes())).toEqual(bodies);
    await Promise.all(got.map((delivery) => delivery.accept()));
  });

  it('hands over everything through a window, to consumers that have all the credit they need', async () => {
    const [, connection] = await startWithClient();
    const session = await connection.createSession({ incomingWindow: 2 });
    const one = await session.createReceiver('orders', { credit: 1000, senderSettleMode: 'settled' });
    const two = await session.createReceiver('orders', { credit: 1000 });
    await sendNumbers(await connection.createSender('orders'), 0, 600);
    const got = [...(await take(one, 300)), ...(await take(two, 300))];
    expect(new Set(valuesOf(got)).size).toBe(600);
  });

  it('refuses what is larger than its limit, and tells the limit', async () => {
    const [broker, connection] = await startWithClient({ maxMessageSize: 1000 });
    const sender = await connection.createSender('orders');
    expect(sender.maxMessageSize).toBe(1000);
    await expect(sender.send('x'.repeat(2000))).rejects.toMatchObject({ code: 'message-too-large' });
    await sender.send('x'.repeat(900));
    expect(broker.depth('orders')).toBe(1);
  });

  it('does not send what is larger than the limit of a receiver', async () => {
    const [broker, connection] = await startWithClient();
    const sender = await connection.createSender('orders');
    await sender.send('x'.repeat(2000));
    await sender.send('short');
    const receiver = await connection.createReceiver('orders', { maxMessageSize: 1000 });
    expect(valuesOf(await take(receiver, 1))).toEqual(['short']);
    expect(broker.depth('orders')).toBe(1);
    const other = await connection.createReceiver('orders');
    expect((await take(other, 1)).length).toBe(1);
  });
});

describe('[N-12] filters', () => {
  it('are left out of the answer, so a client that needs one is told', async () => {
    const [, connection] = await startWithClient();
    const needy = connection.createReceiver('orders', { selector: "colour = 'red'" });
    await expect(needy).rejects.toMatchObject({ code: 'link-refused' });
    const receiver = await connection.createReceiver('orders', {
      selector: "colour = 'red'",
      allowMissingFilters: true,
    });
    expect(receiver.filters).toEqual({});
  });
});

describe('fairness', () => {
  it('shares between receivers of several connections', async () => {
    const broker = await start();
    const connections = await Promise.all([client(broker), client(broker), client(broker)]);
    const receivers = await Promise.all(connections.map((each) => each.createReceiver('orders', { credit: 1000 })));
    const [first] = connections;
    const sender = await first?.createSender('orders');
    if (sender !== undefined) await sendNumbers(sender, 0, 300);
    await settle();
    expect(receivers.map((receiver) => receiver.stats().prefetched)).toEqual([100, 100, 100]);
  });
});
