import { onTestFinished, describe, expect, it } from 'vitest';
import { startBroker, type Broker, type BrokerOptions } from '../../src/broker/index.ts';
import { connect, json, type Connection } from '../../src/client/index.ts';
import { failure, until } from './support/scripted.ts';
import { pem, released, resources } from './support/servers.ts';

/** A broker and a connection to it. */
async function served(options: BrokerOptions = {}): Promise<{ broker: Broker; connection: Connection }> {
  const broker = await startBroker(options);
  const connection = await connect(broker.url);
  onTestFinished(async () => {
    await connection.close();
    await broker.close();
  });
  return { broker, connection };
}

describe('a client and the embedded broker', () => {
  it('carry a message there and back, with all its sections', async () => {
    const { connection, broker } = await served();
    const sender = await connection.createSender('orders');
    await sender.send({
      body: json({ total: 12.5 }).body,
      header: { durable: true, priority: 7 },
      properties: { messageId: 'id-1', subject: 'new', to: 'orders' },
      applicationProperties: { tenant: 'blue', retries: 3 },
      messageAnnotations: { 'x-opt-a': 'b' },
    });
    expect(broker.depth('orders')).toBe(1);
    const receiver = await connection.createReceiver('orders');
    const delivery = await receiver.receive({ timeout: 2000 });
    expect(delivery.message.json()).toEqual({ total: 12.5 });
    expect(delivery.message.header).toMatchObject({ durable: true, priority: 7 });
    expect(delivery.message.properties).toMatchObject({ messageId: 'id-1', subject: 'new' });
    expect({ ...delivery.message.messageAnnotations }).toEqual({ 'x-opt-a': 'b' });
    expect({ ...delivery.message.applicationProperties }).toEqual({ tenant: 'blue', retries: 3 });
    await delivery.accept();
    await receiver.close();
    expect(broker.depth('orders')).toBe(0);
  });

  it('lose and double nothing in thousands of messages, whatever is unsettled at a close', async () => {
    const { connection, broker } = await served();
    const sender = await connection.createSender('q');
    await Promise.all(Array.from({ length: 3000 }, (_, index) => sender.send(`${index}`)));
    const seen = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const receiver = await connection.createReceiver('q', { credit: 50 });
      for (let count = 0; count < 1000; count++) {
        const delivery = await receiver.receive({ timeout: 2000 });
        const text = delivery.message.text();
        expect(seen.has(text)).toBe(false);
        seen.add(text);
        await delivery.accept();
      }
      await receiver.close();
    }
    expect(seen.size).toBe(3000);
    await until(() => broker.depth('q') === 0);
  });

  it('bring back what is released or modified, and drop or move what is rejected', async () => {
    const { connection, broker } = await served({ queues: [{ name: 'q', deadLetter: 'dead', maxDeliveries: 2 }] });
    const sender = await connection.createSender('q');
    const receiver = await connection.createReceiver('q');
    await sender.send('x');
    await (await receiver.receive()).release();
    const again = await receiver.receive();
    expect(again.message.header?.deliveryCount ?? 0).toBe(0);
    await again.modify({ deliveryFailed: true });
    const third = await receiver.receive();
    expect(third.message.header?.deliveryCount).toBe(1);
    await third.reject({ condition: 'x:bad', description: 'no' });
    await until(() => broker.depth('dead') === 1);
  });

  it('consume with several handlers, give failed messages another try, and stop in order', async () => {
    const { connection, broker } = await served();
    const sender = await connection.createSender('work');
    await Promise.all(Array.from({ length: 200 }, (_, index) => sender.send(`${index}`)));
    const receiver = await connection.createReceiver('work', { credit: 20 });
    const failed = new Set<string>();
    const good: string[] = [];
    const errors: unknown[] = [];
    const done = receiver.consume(
      async ({ message }) => {
        const text = message.text();
        await new Promise((resolve) => setImmediate(resolve));
        if (Number(text) % 10 === 0 && !failed.has(text)) {
          failed.add(text);
          throw new Error(text);
        }
        good.push(text);
      },
      { concurrency: 8, onError: (error) => errors.push(error) },
    );
    await until(() => good.length === 200);
    await receiver.close();
    await done;
    expect(new Set(good).size).toBe(200);
    expect(errors).toHaveLength(20);
    expect(broker.depth('work')).toBe(0);
  });

  it('settle second in both directions', async () => {
    const { connection, broker } = await served();
    const sender = await connection.createSender('q', { receiverSettleMode: 'second' });
    await Promise.all(['a', 'b', 'c'].map((each) => sender.send(each)));
    const receiver = await connection.createReceiver('q', { receiverSettleMode: 'second', credit: 2 });
    for (const text of ['a', 'b', 'c']) {
      const delivery = await receiver.receive({ timeout: 2000 });
      expect(delivery.message.text()).toBe(text);
      await delivery.accept();
      expect(delivery.settled).toBe(true);
    }
    await receiver.close();
    expect(broker.depth('q')).toBe(0);
  });

  it('drain credit with nothing, something and everything in the queue', async () => {
    const { connection } = await served();
    const sender = await connection.createSender('q');
    const receiver = await connection.createReceiver('q', { credit: 'manual' });
    receiver.issueCredit(3);
    await receiver.drainCredit({ timeout: 2000 });
    expect(receiver.stats()).toMatchObject({ credit: 0, prefetched: 0 });
    await Promise.all(['a', 'b', 'c'].map((each) => sender.send(each)));
    receiver.issueCredit(2);
    await receiver.drainCredit({ timeout: 2000 });
    expect(receiver.stats()).toMatchObject({ credit: 0, prefetched: 2 });
    receiver.issueCredit(5);
    await receiver.drainCredit({ timeout: 2000 });
    expect(receiver.stats()).toMatchObject({ credit: 0, prefetched: 3 });
  });

  it('[Z-01] know dynamic nodes, anonymous senders and addresses that do not exist', async () => {
    const { connection } = await served({ autoCreate: false, queues: ['known'] });
    const replies = await connection.createReceiver(null, { source: { dynamic: true } });
    expect(replies.address).not.toBe('');
    const anonymous = await connection.createSender(null);
    await anonymous.send({ body: 'hello', properties: { to: replies.address } });
    expect((await replies.receive({ timeout: 2000 })).message.text()).toBe('hello');
    expect(await failure(anonymous.send({ body: 'x', properties: { to: 'nowhere' } }))).toMatchObject({
      code: 'rejected',
      condition: 'amqp:not-found',
    });
    expect(await failure(connection.createSender('nowhere'))).toMatchObject({
      code: 'link-refused',
      condition: 'amqp:not-found',
    });
    expect(await failure(connection.createReceiver('nowhere'))).toMatchObject({ code: 'link-refused' });
  });

  it('carry large messages in small frames', async () => {
    await using broker = await startBroker({ maxFrameSize: 512 });
    await using connection = await connect(broker.url, { maxFrameSize: 1024 });
    const body = new Uint8Array(200_000).map((_, index) => index * 7);
    const sender = await connection.createSender('q');
    await sender.send(body);
    const receiver = await connection.createReceiver('q');
    expect((await receiver.receive({ timeout: 2000 })).message.bytes()).toEqual(body);
  });

  it('speak TLS, PLAIN and the in-process transport', async () => {
    const identity = { cert: pem('server-cert'), key: pem('server-key') };
    await using broker = await startBroker({ tls: identity, users: { ann: 'p@ss/wörd' } });
    const url = `amqps://ann:${encodeURIComponent('p@ss/wörd')}@localhost:${broker.port}`;
    const overTls = await connect(url, { tls: { ca: pem('ca-cert') } });
    await (await overTls.createSender('q')).send('by TLS');
    await overTls.close();
    await using inside = await connect('amqp://ann@broker', {
      password: 'p@ss/wörd',
      transport: () => broker.transport(),
    });
    const receiver = await inside.createReceiver('q');
    expect((await receiver.receive({ timeout: 2000 })).message.text()).toBe('by TLS');
  });

  it('tell of a broker that stops', async () => {
    const before = resources();
    const broker = await startBroker();
    const connection = await connect(broker.url);
    const receiver = await connection.createReceiver('q');
    const waiting = failure(receiver.receive());
    await broker.close();
    expect(await waiting).toMatchObject({ code: 'connection-closed-by-peer', condition: 'amqp:connection:forced' });
    expect(await connection.closed).toMatchObject({ by: 'peer' });
    await released(before);
  });
});
