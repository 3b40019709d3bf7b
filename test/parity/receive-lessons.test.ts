import { describe, expect, it } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { connect, decodeMessage, encodeMessage, type DeliveryState, type Fields } from '../../src/client/index.ts';
import { failure, frameOf, isPending, PeerLink, settle, until } from '../client/support/scripted.ts';
import { messageOf, receiving, told } from './support/receive-scene.ts';
import { codes, symbolMap } from './support/send-scene.ts';

const bySender = { role: false };

describe('lessons 5 and 6: batches and back-pressure (§5.2)', () => {
  it('lesson 5 (Azure/go-amqp #250): a hundred settlements leave in one frame, and none waits on a timer', async () => {
    const { connection, peer, receiver, link, clock } = await receiving({ credit: 200 });
    for (let id = 0; id < 100; id++) link.transfer(id);
    await settle();
    const before = clock.pending;
    for (let count = 0; count < 100; count++) await receiver.tryReceive()?.accept();
    // The clock stands still, and no timer was set: nothing but the work at hand made them leave.
    expect(clock.pending).toBe(before);
    await settle();
    expect(told(peer)).toEqual([[0, 99, 'accepted', true]]);
    await connection.close();
  });

  it('lesson 5 (Azure/go-amqp PR #263): a single settlement leaves at once', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    await (await receiver.receive()).accept();
    await settle(1);
    expect(told(peer)).toEqual([[0, 0, 'accepted', true]]);
    await connection.close();
  });

  it('lesson 6 (Azure/go-amqp #117): a receiver that nobody reads holds up no other link of its session', async () => {
    await using broker = await startBroker();
    const connection = await connect(broker.url);
    const session = await connection.createSession({ incomingWindow: 8 });
    const sender = await session.createSender('stuck');
    const idle = await session.createReceiver('stuck', { credit: 500 });
    await Promise.all(Array.from({ length: 600 }, (_, index) => sender.send(`${index}`)));
    await until(() => idle.stats().prefetched === 500);
    const busy = await session.createReceiver('busy');
    const toBusy = await session.createSender('busy');
    for (let index = 0; index < 50; index++) {
      await toBusy.send(`b${index}`);
      const delivery = await busy.receive({ timeout: 5000 });
      expect(delivery.message.text()).toBe(`b${index}`);
      await delivery.accept();
    }
    expect(idle.stats()).toMatchObject({ credit: 0, prefetched: 500 });
    await connection.close();
  });

  it('lesson 6 (Azure/go-amqp #216): a handler that sends on the same session does not wait for itself', async () => {
    await using broker = await startBroker();
    const connection = await connect(broker.url);
    const session = await connection.createSession({ incomingWindow: 2 });
    const receiver = await session.createReceiver('in', { credit: 2 });
    const forward = await session.createSender('out');
    const sender = await session.createSender('in');
    let handled = 0;
    const consuming = receiver.consume(async ({ message }) => {
      await forward.send(message);
      handled++;
    });
    await Promise.all(Array.from({ length: 50 }, (_, index) => sender.send(`${index}`)));
    await until(() => handled === 50);
    await receiver.close();
    await consuming;
    expect(broker.depth('out')).toBe(50);
    await connection.close();
  });

  it('lesson 6 (vcabbage/amqp #119): a close goes through while the receiver is full', async () => {
    const { connection, peer, receiver, link } = await receiving({ credit: 3 });
    for (let id = 0; id < 3; id++) link.transfer(id);
    await settle();
    await receiver.close();
    expect(told(peer)).toEqual([[0, 2, 'released', true]]);
    await connection.close();
  });
});

describe('lesson 9: what cancelling leaves behind (§5.2)', () => {
  it('lesson 9 (Azure/go-amqp #283): a settlement whose wait is left gives back its credit when it comes', async () => {
    const { connection, peer, receiver, link } = await receiving({ receiverSettleMode: 'second', credit: 1 });
    for (let id = 0; id < 5; id++) {
      link.transfer(id);
      // Nobody waits for this one.
      void (await receiver.receive()).accept();
      await frameOf(peer, 'disposition', id);
      link.disposition(id, { is: 'accepted' }, bySender);
      await until(() => receiver.stats().credit === 1);
    }
    expect(receiver.stats()).toMatchObject({ credit: 1, unsettled: 0, prefetched: 0 });
    await connection.close();
  });

  it('lesson 9 (Azure/go-amqp #298): a thousand cancelled receives lose neither message nor credit', async () => {
    const { connection, receiver, link, clock } = await receiving({ credit: 1, stalledAfter: 0 });
    const timers = clock.pending;
    for (let count = 0; count < 1000; count++) {
      const abort = new AbortController();
      const cancelled = failure(receiver.receive({ signal: abort.signal, timeout: 1000 }));
      abort.abort();
      expect((await cancelled).code).toBe('aborted');
    }
    link.transfer(0);
    const delivery = await receiver.receive();
    expect(delivery.message.text()).toBe('m0');
    await delivery.accept();
    expect([clock.pending, receiver.stats().credit]).toEqual([timers, 1]);
    await connection.close();
  });

  it('lesson 9 (azure-sdk-for-go PR #17893): what is buffered can be taken after the peer has closed the link', async () => {
    const { connection, receiver, link } = await receiving();
    for (let id = 0; id < 3; id++) link.transfer(id);
    link.detach();
    await receiver.closed;
    const texts: string[] = [];
    for (let next = receiver.tryReceive(); next !== undefined; next = receiver.tryReceive()) {
      texts.push(next.message.text());
    }
    expect(texts).toEqual(['m0', 'm1', 'm2']);
    expect(await codes(receiver.receive())).toEqual(['link-detached-by-peer']);
    await connection.close();
  });
});

describe('lesson 11: what the peer changes (§5.2)', () => {
  it('lesson 11 (Azure/go-amqp #376): a consumer time-out of the broker is told, and the delivery is settled', async () => {
    const seen: DeliveryState[] = [];
    const { connection, peer, receiver, link } = await receiving({
      credit: 1,
      onDeliveryState: (state) => seen.push(state),
    });
    link.transfer(0);
    const delivery = await receiver.receive();
    link.disposition(0, { is: 'released' }, bySender);
    await until(() => seen.length === 1);
    expect(seen).toEqual([{ state: 'released' }]);
    expect(delivery.settled).toBe(true);
    await delivery.accept();
    await settle();
    // The late accept is not told: the broker has given the message to somebody else.
    expect(told(peer)).toEqual([]);
    expect(receiver.stats()).toMatchObject({ credit: 1, unsettled: 0 });
    await connection.close();
  });

  it('lesson 11 (Azure/go-amqp PR #377): a range of the peer is told once for each delivery, settled or not', async () => {
    const seen: [string, string][] = [];
    const { connection, receiver, link } = await receiving({
      onDeliveryState: ({ state }, { message }) => seen.push([state, message.text()]),
    });
    for (let id = 0; id < 3; id++) link.transfer(id);
    const received = { is: 'received', 'section-number': 0, 'section-offset': 0n };
    link.disposition(0, received, { ...bySender, last: 2, settled: false });
    await until(() => seen.length === 3);
    expect(seen).toEqual([
      ['received', 'm0'],
      ['received', 'm1'],
      ['received', 'm2'],
    ]);
    expect(receiver.stats().prefetched).toBe(3);
    await connection.close();
  });

  it('lesson 11 (rabbitmq-amqp-go-client PR #99): a flow tells who is the single active consumer', async () => {
    const seen: Fields[] = [];
    const { connection, link } = await receiving({ onFlowProperties: (properties) => seen.push({ ...properties }) });
    link.flow({ properties: symbolMap({ 'rabbitmq:active': 'true' }) });
    await until(() => seen.length === 1);
    expect(seen).toEqual([{ 'rabbitmq:active': 'true' }]);
    await connection.close();
  });

  it('lesson 11: a callback that throws harms neither the connection nor the delivery', async () => {
    const { connection, receiver, link } = await receiving({
      onDeliveryState: () => {
        throw new Error('of the application');
      },
    });
    const uncaught: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
    link.transfer(0);
    link.disposition(0, { is: 'released' }, bySender);
    await settle();
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
    expect(uncaught).toEqual([new Error('of the application')]);
    expect(await isPending(receiver.closed)).toBe(true);
    expect((await receiver.receive()).message.text()).toBe('m0');
    await connection.close();
  });
});

describe('lesson 12: unset is not false and not 0 (§5.2)', () => {
  it('lesson 12 (Azure/go-amqp #330): a received header that is unset has its defaults, one that is set what it says', () => {
    expect(messageOf('005370c00402405000', '00537740').header).toMatchObject({ priority: 0, durable: false });
    expect(messageOf('00537740').header).toMatchObject({ priority: 4, ttl: undefined });
    expect(messageOf('005370c00403404043', '00537740').header.ttl).toBe(0);
  });

  it('lesson 12 (Azure/go-amqp #313): properties that are unset are undefined; empty and 0 are what they are', () => {
    const set = { userId: new Uint8Array(0), subject: '', groupSequence: 0, messageId: 0n };
    const read = (properties: object) => decodeMessage(encodeMessage({ properties })).properties;
    expect(read(set)).toMatchObject(set);
    expect(Object.values(read({})).filter((field) => field !== undefined)).toEqual(['properties']);
  });

  it('lesson 12 (Azure/go-amqp #330): options of a receiver that are 0 or false are told from those left out', async () => {
    const { connection, link, receiver } = await receiving({
      senderSettleMode: 'unsettled',
      maxMessageSize: 0,
      source: { expiryTimeout: 0 },
    });
    expect(link.attach.fields['snd-settle-mode']).toBe(0);
    expect(receiver.senderSettleMode).toBe('unsettled');
    await connection.close();
  });
});

describe('lesson 13: what is tracked is bounded (§5.2)', () => {
  it('lesson 13 (azure-sdk-for-go #22157): what is settled through another path is not tracked any more', async () => {
    const { connection, receiver, link } = await receiving({ credit: 50 });
    let id = 0;
    for (let round = 0; round < 20; round++) {
      const first = id;
      for (let left = receiver.stats().credit; left > 0; left--) link.transfer(id++);
      await until(() => receiver.stats().prefetched === id - first);
      while (receiver.tryReceive() !== undefined);
      link.disposition(first, { is: 'accepted' }, { ...bySender, last: id - 1 });
      await settle(1);
      expect(receiver.stats()).toMatchObject({ prefetched: 0, unsettled: 0 });
      expect(receiver.stats().credit).toBeGreaterThanOrEqual(25);
    }
    await connection.close();
  });

  it('lesson 13 (Azure/go-amqp #314): what is never settled is bounded by the credit', async () => {
    await using broker = await startBroker();
    const connection = await connect(broker.url);
    const sender = await connection.createSender('never');
    await Promise.all(Array.from({ length: 300 }, (_, index) => sender.send(`${index}`)));
    const receiver = await connection.createReceiver('never', { credit: 20 });
    for (let count = 0; count < 20; count++) await receiver.receive({ timeout: 5000 });
    expect(receiver.tryReceive()).toBeUndefined();
    expect(receiver.stats()).toMatchObject({ unsettled: 20, credit: 0, prefetched: 0 });
    await connection.close();
    expect(broker.depth('never')).toBe(300);
  });

  it('lesson 13 (Azure/go-amqp #317): a closed receiver leaves no timer and no delivery behind', async () => {
    const { connection, peer, clock } = await receiving();
    const session = await connection.createSession();
    const before = clock.pending;
    for (let count = 0; count < 20; count++) {
      const receiver = await session.createReceiver('q', { credit: 1 });
      const link = await PeerLink.of(peer, count + 1);
      link.transfer(count);
      await receiver.receive();
      await receiver.close();
    }
    expect(clock.pending).toBe(before);
    await connection.close();
  });
});
