import { describe, expect, it } from 'vitest';
import { AmqpError, type ConnectionEvent } from '../../../src/client/index.ts';
import { failure, frameOf, isPending, mute, settle, until } from '../support/scripted.ts';
import { event, Outage, soon } from './outage.ts';
import { Peers } from './peers.ts';

describe('a connection that recovers', () => {
  it('comes back with its sessions and links, under the same names', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    const session = await connection.createSession();
    const sender = await connection.createSender('q', { name: 'out' });
    const receiver = await session.createReceiver('q', { name: 'in' });
    const recovered = event(connection, 'recovered');
    outage.blink();
    const { attempts, lasted } = await recovered;
    expect(attempts).toBe(1);
    expect(lasted).toBeGreaterThanOrEqual(0);
    await sender.send('after');
    expect((await receiver.receive()).message.text()).toBe('after');
    expect([sender.name, receiver.name]).toEqual(['out', 'in']);
    expect(connection.stats()).toMatchObject({ connected: true, recoveries: 1 });
    expect(await isPending(connection.closed)).toBe(true);
    await connection.close();
    expect(await sender.closed).toEqual(await connection.closed);
  });

  it('tells what happens to it', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    const seen: ConnectionEvent[] = [];
    const reading = (async () => {
      for await (const each of connection.events()) seen.push(each);
    })();
    outage.cut();
    await until(() => outage.asked >= 3, 'the second attempt');
    expect(connection.stats().connected).toBe(false);
    const recovered = event(connection, 'recovered');
    outage.restore();
    await recovered;
    await connection.close();
    await reading;
    const types = seen.map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(['connected', 'disconnected', 'reconnecting']);
    expect(types.slice(-3)).toEqual(['reconnecting', 'recovered', 'disconnected']);
    const attempts = seen.filter((each) => each.type === 'reconnecting');
    expect(attempts.map(({ attempt }) => attempt)).toEqual(attempts.map((_, index) => index + 1));
    for (const { delay } of attempts) expect(delay).toBeLessThanOrEqual(4);
    expect(attempts.at(-1)?.error.message).toContain('the network is down');
  });

  it('keeps sends that had not left, and those of the outage, in the order of the calls', async () => {
    const outage = await Outage.behind({ credit: 1 });
    const connection = await outage.connect();
    const sender = await connection.createSender('q');
    await sender.send('before');
    outage.cut();
    await until(() => !connection.stats().connected);
    const sends = ['a', 'b', 'c'].map((each) => sender.send(each));
    expect(sender.trySend('not now')).toBeUndefined();
    expect(sender.stats()).toMatchObject({ queued: 3, pending: 3, waitingFor: 'connection' });
    const receiver = connection.createReceiver('q');
    outage.restore();
    await Promise.all(sends);
    const got: string[] = [];
    for (let left = 4; left > 0; left--) {
      const delivery = await (await receiver).receive();
      got.push(delivery.message.text());
      await delivery.accept();
    }
    expect(got).toEqual(['before', 'a', 'b', 'c']);
    await connection.close();
  });

  it('says of sends that had left and whose outcome is not known that it is not known', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    const sender = await connection.createSender('q');
    const send = failure(sender.send('left'));
    await until(() => sender.stats().queued === 0);
    outage.blink();
    const error = await send;
    // The broker may have answered before the cut.
    expect(error.code).toBe('outcome-unknown');
    await sender.send('next');
    await connection.close();
  });

  it('with resend sends those again, under the same delivery-tag', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect({ ...soon, resend: true });
    const tags: string[] = [];
    const sender = await connection.createSender('q', {
      onDeliveryState: (_state, tag) => tags.push(Buffer.from(tag).toString('hex')),
    });
    const first = sender.sendWithReceipt('one');
    const second = sender.send('two', { deliveryTag: Uint8Array.of(7) });
    outage.blink();
    const receipt = await first;
    expect(await receipt.outcome).toEqual({ state: 'accepted' });
    await second;
    await sender.send('three');
    await settle();
    expect(new Set(tags).size).toBe(3);
    expect(tags).toContain(Buffer.from(receipt.deliveryTag).toString('hex'));
    expect(tags).toContain('07');
    expect(outage.broker.depth('q')).toBeGreaterThanOrEqual(3);
    await connection.close();
  });

  it('with resend sends those of an outage again, too, where the next link is lost before their outcome is known', async () => {
    const peers = new Peers((peer, index) => {
      if (index === 1) mute(peer, 'transfer');
    });
    const connection = await peers.connect({ ...soon, resend: true });
    const sender = await connection.createSender('q');
    const disconnected = event(connection, 'disconnected');
    peers.peer(0).end();
    await disconnected;
    expect(sender.stats().waitingFor).toBe('connection');
    const send = sender.send('of the outage');
    await until(() => peers.all.length > 1, 'the second connection');
    const before = await frameOf(peers.peer(1), 'transfer');
    peers.peer(1).end();
    await send;
    const again = await frameOf(peers.peer(2), 'transfer');
    expect(again.fields['delivery-tag']).toEqual(before.fields['delivery-tag']);
    expect(again.payload).toEqual(before.payload);
  });

  it('lets receive, loops and consume go on', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    const receivers = await Promise.all(['a', 'b', 'c'].map((queue) => connection.createReceiver(queue)));
    const [one, two, three] = receivers;
    if (one === undefined || two === undefined || three === undefined) throw new Error('unreachable');
    const received = one.receive();
    const loop = two[Symbol.asyncIterator]();
    const next = loop.next();
    const consumed: string[] = [];
    const consuming = three.consume((delivery) => void consumed.push(delivery.message.text()));
    const recovered = event(connection, 'recovered');
    outage.blink();
    await recovered;
    for (const queue of ['a', 'b', 'c']) await (await connection.createSender(queue)).send(`to ${queue}`);
    expect((await received).message.text()).toBe('to a');
    expect((await next).value?.message.text()).toBe('to b');
    await until(() => consumed.length === 1);
    expect(consumed).toEqual(['to c']);
    await connection.close();
    await consuming;
  });

  it('gives what was not settled to a consumer again, and says so to whoever settles the old delivery', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    const sender = await connection.createSender('q');
    const receiver = await connection.createReceiver('q', { credit: 10 });
    for (const each of ['a', 'b', 'c']) await sender.send(each);
    const taken = await receiver.receive();
    await until(() => receiver.stats().prefetched === 2);
    outage.cut();
    await until(() => !connection.stats().connected);
    expect(receiver.stats()).toMatchObject({ prefetched: 0, unsettled: 0 });
    expect((await failure(taken.accept())).code).toBe('delivery-lost');
    outage.restore();
    const again = [await receiver.receive(), await receiver.receive(), await receiver.receive()];
    expect(again.map(({ message }) => message.text())).toEqual(['a', 'b', 'c']);
    const error = await failure(taken.reject());
    expect(error).toMatchObject({ code: 'delivery-lost', retryable: false });
    for (const delivery of again) await delivery.accept();
    await connection.close();
    expect(outage.broker.depth('q')).toBe(0);
  });

  it('gives a message again whose acceptance had not left when the connection was cut', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    const receiver = await connection.createReceiver('q');
    await (await connection.createSender('q')).send('twice');
    const delivery = await receiver.receive();
    const accepting = delivery.accept();
    outage.blink();
    await accepting;
    const again = await receiver.receive();
    expect(again.message.text()).toBe('twice');
    await again.accept();
    await connection.close();
  });

  it('gives manual credit again as far as it was not used', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    const sender = await connection.createSender('q');
    const receiver = await connection.createReceiver('q', { credit: 'manual' });
    receiver.issueCredit(3);
    await sender.send('a');
    await until(() => receiver.stats().prefetched === 1);
    outage.cut();
    await until(() => !connection.stats().connected);
    receiver.issueCredit(2);
    outage.restore();
    await until(() => receiver.stats().prefetched === 1);
    expect(receiver.stats().credit).toBe(4);
    await connection.close();
  });

  it('makes what is created during the outage when it is over', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    outage.cut();
    await until(() => !connection.stats().connected);
    const session = connection.createSession();
    const sender = connection.createSender('q');
    expect((await failure(connection.createReceiver('q', { timeout: 5 }))).code).toBe('timeout');
    outage.restore();
    await (await (await session).createSender('q')).send('one');
    await (await sender).send('two');
    await connection.close();
  });

  it('asks for a dynamic address again', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    const receiver = await connection.createReceiver(null, { source: { dynamic: true } });
    const before = receiver.address;
    const recovered = event(connection, 'recovered');
    outage.blink();
    await recovered;
    await until(() => receiver.address !== before);
    await (await connection.createSender(receiver.address)).send('found');
    expect((await receiver.receive()).message.text()).toBe('found');
    await connection.close();
  });

  it('[C-30] is the same container as before: links are known by container-id and name', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    // The broker makes the container-id a part of a dynamic address.
    const receiver = await connection.createReceiver(null, { source: { dynamic: true } });
    const before = receiver.address;
    expect(before).toContain(`${connection.containerId}/`);
    outage.blink();
    await until(() => receiver.address !== before);
    expect(receiver.address).toContain(`${connection.containerId}/`);
    await connection.close();
  });
});

describe('the end of a connection that recovers', () => {
  it('is final by close() during an outage', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    const sender = await connection.createSender('q');
    const receiver = await connection.createReceiver('q');
    outage.cut();
    await until(() => !connection.stats().connected);
    const send = failure(sender.send('never'));
    const receive = failure(receiver.receive());
    const creation = failure(connection.createSender('q'));
    await connection.close();
    expect((await send).code).toBe('connection-closed');
    expect((await receive).code).toBe('connection-closed');
    expect((await creation).code).toBe('connection-closed');
    expect(await connection.closed).toEqual({ by: 'local' });
    expect(await sender.closed).toEqual({ by: 'local' });
    const { asked } = outage;
    outage.restore();
    await settle(20);
    expect(outage.asked).toBe(asked);
    expect((await failure(sender.send('never'))).code).toBe('connection-closed');
  });

  it('comes when the attempts are used up', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect({ ...soon, maxAttempts: 2 });
    const sender = await connection.createSender('q');
    const failed = event(connection, 'failed');
    outage.cut();
    const { error } = await failed;
    expect(error.code).toBe('connection-lost');
    expect(error.message).toContain('could not be made again within 2 attempts');
    expect(error.message).toContain('the network is down');
    expect(await connection.closed).toEqual({ by: 'transport', error });
    expect((await failure(sender.send('never'))).code).toBe('connection-lost');
  });

  it('comes at once for an error that no attempt heals', async () => {
    const outage = await Outage.behind({ users: { u: 'p' } });
    const options = { user: 'u', password: 'p' };
    const connection = await outage.connect(
      { ...soon, decide: (error, action) => (error.code === 'connection-lost' ? 'fatal' : action) },
      options,
    );
    outage.blink();
    expect((await connection.closed).error?.code).toBe('connection-lost');
    expect(outage.asked).toBe(1);
  });

  it('comes when the program decides by a function that fails', async () => {
    const outage = await Outage.behind();
    const decide = (): never => {
      throw new Error('a bug');
    };
    const connection = await outage.connect({ ...soon, decide });
    outage.blink();
    expect((await connection.closed).error).toBeInstanceOf(AmqpError);
    expect(outage.asked).toBe(1);
  });

  it('leaves links that were closed during the outage closed', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    const sender = await connection.createSender('q');
    const receiver = await connection.createReceiver('q');
    outage.cut();
    await until(() => !connection.stats().connected);
    const send = failure(sender.send('never'));
    await sender.close();
    expect((await send).code).toBe('link-closed');
    expect(await sender.closed).toEqual({ by: 'local' });
    await receiver.detach();
    const recovered = event(connection, 'recovered');
    outage.restore();
    await recovered;
    expect((await failure(sender.send('never'))).code).toBe('link-closed');
    await connection.close();
  });

  it('is told to sends that are aborted or time out during the outage, and leaves no room taken', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect(soon, { maxQueuedSize: 100 });
    const sender = await connection.createSender('q');
    outage.cut();
    await until(() => !connection.stats().connected);
    const size = { body: new Uint8Array(80) };
    for (let round = 0; round < 3; round++) {
      const abort = new AbortController();
      const aborted = failure(sender.send(size, { signal: abort.signal }));
      expect((await failure(sender.send(size))).code).toBe('send-queue-full');
      abort.abort();
      expect((await aborted).code).toBe('aborted');
      expect((await failure(sender.sendWithReceipt(size, { timeout: 1 }))).code).toBe('timeout');
    }
    expect(sender.stats()).toMatchObject({ queued: 0, pending: 0 });
    await connection.close();
  });
});
