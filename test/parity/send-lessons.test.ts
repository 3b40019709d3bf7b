import { describe, expect, it } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { connect, type ConnectionEvent } from '../../src/client/index.ts';
import {
  connected,
  failure,
  frameOf,
  isPending,
  mute,
  PeerLink,
  settle,
  wireError,
} from '../client/support/scripted.ts';
import { answerAttach, clocked, codes, symbolMap } from './support/send-scene.ts';
import { HeldTransport } from './support/send-held.ts';

describe('lessons of users of go-amqp (§5.2)', () => {
  it('lesson 2 (Azure/go-amqp #99): connection, session, sender and receiver each tell of their end, and why', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'detach', 'end', 'close'));
    const session = await connection.createSession();
    const sender = await session.createSender('q');
    const receiver = await session.createReceiver('q');
    const told: string[] = [];
    void sender.closed.then(({ by, error }) => told.push(`sender ${by} ${error?.condition}`));
    void receiver.closed.then(({ by, error }) => told.push(`receiver ${by} ${error?.condition}`));
    void session.closed.then(({ by, error }) => told.push(`session ${by} ${error?.condition}`));
    void connection.closed.then(({ by, error }) => told.push(`connection ${by} ${error?.condition}`));
    (await PeerLink.of(peer)).detach(wireError('x:1'));
    await settle();
    (await PeerLink.of(peer, 1)).detach(wireError('x:2'));
    await settle();
    peer.send({ is: 'end', error: wireError('x:3') });
    await settle();
    peer.send({ is: 'close', error: wireError('x:4') });
    await settle();
    expect(told).toEqual(['sender peer x:1', 'receiver peer x:2', 'session peer x:3', 'connection peer x:4']);
  });

  it('lesson 2 (Azure/go-amqp PR #348): the events of a connection end with its end, and its reason', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'close'));
    const seen: ConnectionEvent[] = [];
    const reading = (async () => {
      for await (const event of connection.events()) seen.push(event);
    })();
    peer.send({ is: 'close', error: wireError('amqp:connection:forced') });
    await reading;
    expect(seen).toMatchObject([
      { type: 'connected' },
      { type: 'disconnected', info: { by: 'peer', error: { condition: 'amqp:connection:forced' } } },
    ]);
  });

  it('lesson 3 (Azure/go-amqp #347): a message that a broker released is no success, and its receipt says so', async () => {
    const { connection } = await connected((scripted) => {
      scripted.on('transfer', ({ channel, fields }) => {
        const first = Number(fields['delivery-id']);
        scripted.send(
          { is: 'disposition', role: true, first, settled: true, state: { is: 'released' } },
          undefined,
          channel,
        );
      });
    });
    const sender = await connection.createSender('unroutable');
    expect(await failure(sender.send('x'))).toMatchObject({ code: 'released', outcome: { state: 'released' } });
    expect(await (await sender.sendWithReceipt('y')).outcome).toEqual({ state: 'released' });
    await connection.close();
  });

  it('lesson 4 (Azure/go-amqp #363): sends of one sender are under way together, without a wait for each outcome', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    await settle();
    const sends = Array.from({ length: 50 }, (_, index) => sender.send(`${index}`));
    await frameOf(peer, 'transfer', 49);
    expect(sender.stats()).toMatchObject({ pending: 50, queued: 0 });
    (await PeerLink.of(peer)).disposition(0, { is: 'accepted' }, { last: 49 });
    await Promise.all(sends);
    await connection.close();
  });

  it('lesson 4 (Azure/go-amqp #363): what is under way is bounded by credit and by the transport', async () => {
    const scene = new HeldTransport();
    const connection = await scene.connect({ highWaterMark: 5000 });
    const sender = await connection.createSender('q');
    await settle();
    scene.held = true;
    const sends = Array.from({ length: 80 }, () => sender.send(new Uint8Array(1000)));
    await settle();
    expect(sender.stats()).toMatchObject({ waitingFor: 'transport', pending: 80 });
    expect(connection.stats().buffered).toBeLessThan(8000);
    scene.release();
    await Promise.all(sends);
    await connection.close();
  });

  it('lesson 10 (Azure/go-amqp PR #47): a rejection reaches the caller and does not close the link', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    const failed = failure(sender.send('bad'));
    await frameOf(peer, 'transfer');
    const link = await PeerLink.of(peer);
    link.disposition(0, { is: 'rejected', error: wireError('com.microsoft:message-lock-lost') });
    expect((await failed).condition).toBe('com.microsoft:message-lock-lost');
    expect(await isPending(sender.closed)).toBe(true);
    await connection.close();
  });

  it('lesson 10 (Azure/go-amqp PR #171): closeOnRejected closes the link for those who want that', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q', { closeOnRejected: true });
    const failed = codes(sender.send('bad'));
    await frameOf(peer, 'transfer');
    (await PeerLink.of(peer)).disposition(0, { is: 'rejected' });
    expect(await failed).toEqual(['rejected']);
    expect((await sender.closed).by).toBe('local');
    await connection.close();
  });

  it('lesson 10 (Azure/go-amqp PR #19): no call hangs where the link is gone', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'detach'));
    const sender = await connection.createSender('q');
    (await PeerLink.of(peer)).detach(wireError('x:gone'));
    await sender.closed;
    const failed = [sender.send('x'), sender.sendWithReceipt('x')];
    expect(await codes(...failed)).toEqual(['link-detached-by-peer', 'link-detached-by-peer']);
    expect(() => sender.trySend('x')).toThrow('detach');
    await sender.close();
    await connection.close();
  });

  it('lesson 12 (Azure/go-amqp #330): a header has the fields that were set; without any there is none', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    await sender.send({ body: 'x', header: { durable: true } });
    await sender.send({ body: 'x', header: { priority: 0 } });
    await sender.send({ body: 'x' });
    const heads = peer.framesOf('transfer').map(({ payload }) => [...payload.subarray(0, 9)]);
    const header = [0x00, 0x53, 0x70, 0xc0];
    expect(heads[0]?.slice(0, 7)).toEqual([...header, 2, 1, 0x41]);
    expect(heads[1]).toEqual([...header, 4, 2, 0x40, 0x50, 0]);
    expect(heads[2]?.slice(0, 3)).toEqual([0x00, 0x53, 0x77]);
    await connection.close();
  });

  it('lesson 12 (Azure/go-amqp #313): options that are 0, false or empty are told from those that are left out', async () => {
    const { connection, peer } = await connected();
    await connection.createSession({ properties: {}, maxLinks: 1 });
    await connection.createSender('', { target: { durability: 'none', expiryTimeout: 0, dynamic: false } });
    await connection.createSender(null);
    expect((await frameOf(peer, 'begin')).fields).toMatchObject({ 'handle-max': 0, properties: [] });
    const targets = peer.framesOf('attach').map(({ fields }) => fields['target']);
    expect(targets[0]).toMatchObject({ address: '' });
    expect(targets[1]).not.toHaveProperty('address');
    await connection.close();
  });

  it('lesson 13 (Azure/go-amqp #314): what the peer does not settle in time is given up, and settled late', async () => {
    const { connection, peer, clock } = await clocked((scripted) => {
      scripted.credit = 900;
      mute(scripted, 'transfer');
    });
    const sender = await connection.createSender('q');
    await settle();
    const timers = clock.pending;
    const failed = Array.from({ length: 500 }, () => failure(sender.send('x', { timeout: 100 })));
    await frameOf(peer, 'transfer', 499);
    clock.advance(100);
    await Promise.all(failed);
    expect(sender.stats()).toMatchObject({ pending: 0, queued: 0 });
    expect(clock.pending).toBe(timers);
    const link = await PeerLink.of(peer);
    link.disposition(0, { is: 'accepted' }, { last: 499 });
    const next = sender.send('y');
    await frameOf(peer, 'transfer', 500);
    link.disposition(500, { is: 'accepted' });
    expect(await next).toBeUndefined();
    await connection.close();
  });
});

describe('further lessons (§5.2)', () => {
  it('lesson also (Azure/go-amqp #339): sends, opens and closes may be called at a time, in any order', async () => {
    const broker = await startBroker();
    const connection = await connect(broker.url);
    const sender = await connection.createSender('q');
    const sends = Array.from({ length: 200 }, (_, index) => sender.send(`${index}`));
    const opens = Array.from({ length: 20 }, () => connection.createSender('q'));
    // What a close overtakes may be lost, but it is told.
    const all = await Promise.allSettled([...sends, sender.close(), sender.send('late')]);
    expect(all.at(-2)?.status).toBe('fulfilled');
    expect(all.at(-1)?.status).toBe('rejected');
    expect(sender.stats()).toMatchObject({ pending: 0, queued: 0 });
    const others = await Promise.all(opens);
    await Promise.all(others.map((other) => other.send('y')));
    await connection.close();
    await broker.close();
  });

  it('lesson also (Azure/go-amqp #292): many senders share a session, and come and go under load', async () => {
    const broker = await startBroker();
    const connection = await connect(broker.url);
    const session = await connection.createSession();
    const work = async (index: number): Promise<void> => {
      for (let round = 0; round < 5; round++) {
        const sender = await session.createSender(`q${index % 3}`);
        await Promise.all([sender.send('a'), sender.send('b'), sender.send('c')]);
        await sender.close();
      }
    };
    await Promise.all(Array.from({ length: 30 }, (_, index) => work(index)));
    expect(await isPending(session.closed)).toBe(true);
    await connection.close();
    await broker.close();
  });

  it('lesson also (Azure/go-amqp #97): a peer that does not know mode second refuses it in plain words', async () => {
    const { connection } = await connected((scripted) => {
      scripted.on('attach', (frame) => answerAttach(scripted, frame, { 'rcv-settle-mode': 0 }));
    });
    const failed = await failure(connection.createSender('q', { receiverSettleMode: 'second' }));
    expect(failed.code).toBe('link-refused');
    expect(failed.message).toContain('second');
    await connection.close();
  });

  it('lesson also (vcabbage/amqp #176): a session or link of the peer costs nothing but itself', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    mute(peer, 'begin', 'end');
    const windows = { 'next-outgoing-id': 0, 'incoming-window': 9, 'outgoing-window': 9 };
    peer.send({ is: 'begin', ...windows, properties: symbolMap({ k: 'v' }) }, undefined, 8);
    await frameOf(peer, 'end');
    expect(await sender.send('x')).toBeUndefined();
    await connection.close();
  });

  it('lesson also (Azure/go-amqp #138): what goes wrong is in the error, so that no log is needed to see it', async () => {
    const { connection } = await connected((scripted) => {
      mute(scripted, 'detach');
      scripted.on('attach', (frame) => {
        answerAttach(scripted, frame, { target: null });
        const error = wireError('amqp:not-found', 'no queue orders');
        scripted.send({ is: 'detach', handle: 0, closed: true, error }, undefined, frame.channel);
      });
    });
    const { message } = await failure(connection.createSender('orders', { name: 'my-link' }));
    for (const part of ['my-link', 'amqp:not-found', 'no queue orders']) expect(message).toContain(part);
    await connection.close();
  });
});
