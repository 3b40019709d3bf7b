import { describe, expect, it } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { connect } from '../../src/client/index.ts';
import { connected, frameOf, isPending, mute, PeerLink, settle } from '../client/support/scripted.ts';
import { answerAttach, codes, expectAlive, openingWith } from './support/send-scene.ts';

describe('channels and handles (§3)', () => {
  it('KEEP §3 channels: the lowest free one is taken, and freed when the end of the peer comes', async () => {
    const { connection, peer } = await connected();
    const sessions = [await connection.createSession(), await connection.createSession()];
    await connection.createSession();
    mute(peer, 'end');
    const closing = sessions[0]?.close();
    const end = await frameOf(peer, 'end');
    await connection.createSession();
    peer.default(end);
    await closing;
    await connection.createSession();
    expect(peer.framesOf('begin').map(({ channel }) => channel)).toEqual([0, 1, 2, 3, 0]);
    peer.on('end', (frame) => peer.default(frame));
    await connection.close();
  });

  it('KEEP §3 handles: the lowest free one is taken; ours is free when our detach has left (§2.7.7)', async () => {
    let theirs = 50;
    const { connection, peer } = await connected((scripted) => {
      scripted.on('attach', (frame) => answerAttach(scripted, frame, { handle: theirs++ }));
      mute(scripted, 'detach');
    });
    const session = await connection.createSession();
    const first = await session.createSender('q');
    await session.createReceiver('q');
    await session.createSender('q');
    const closing = first.close();
    await frameOf(peer, 'detach');
    const next = await session.createSender('q');
    peer.send({ is: 'detach', handle: 50, closed: true });
    await closing;
    expect(peer.framesOf('attach').map(({ fields }) => fields['handle'])).toEqual([0, 1, 2, 0]);
    expect(await isPending(next.closed)).toBe(true);
    await connection.close();
  });

  it('KEEP §3 channels: the peer may answer on other channels and with other handles', async () => {
    const { connection, peer } = await connected();
    const windows = { 'next-outgoing-id': 0, 'incoming-window': 99, 'outgoing-window': 99 };
    peer.on('begin', ({ channel }) =>
      peer.send({ is: 'begin', 'remote-channel': channel, ...windows }, undefined, 40 + channel),
    );
    peer.on('attach', (frame) => {
      const channel = 40 + frame.channel;
      const handle = 70 + Number(frame.fields['handle']);
      answerAttach(peer, { ...frame, channel }, { handle });
      const flow = { 'next-incoming-id': 0, ...windows, handle, 'delivery-count': 0, 'link-credit': 9 };
      peer.send({ is: 'flow', ...flow }, undefined, channel);
    });
    peer.on('transfer', ({ channel, fields }) => {
      const first = Number(fields['delivery-id']);
      const state = { is: 'accepted' };
      peer.send({ is: 'disposition', role: true, first, settled: true, state }, undefined, 40 + channel);
    });
    peer.on('detach', ({ channel, fields }) => {
      const handle = 70 + Number(fields['handle']);
      peer.send({ is: 'detach', handle, closed: true }, undefined, 40 + channel);
    });
    peer.on('end', ({ channel }) => peer.send({ is: 'end' }, undefined, 40 + channel));
    const sessions = [await connection.createSession(), await connection.createSession()];
    for (const session of sessions) {
      const senders = [await session.createSender('a'), await session.createSender('b')];
      for (const sender of senders) expect(await sender.send('x')).toBeUndefined();
      for (const sender of senders) await sender.close();
      await session.close();
    }
    await connection.close();
    expect(await connection.closed).toEqual({ by: 'local' });
  });

  it('FIX §3 channels: exhaustion only throws, and the connection lives', async () => {
    const { connection, peer } = await connected((scripted) => openingWith(scripted, { 'channel-max': 1 }));
    const sessions = [await connection.createSession(), await connection.createSession()];
    expect(await codes(connection.createSession())).toEqual(['channels-exhausted']);
    await sessions[0]?.close();
    await connection.createSession();
    expect(peer.framesOf('close')).toEqual([]);
    await connection.close();
  });

  it('FIX §3 handles: exhaustion at the limit of the peer only throws, and the session lives', async () => {
    const { connection, peer } = await connected((scripted) => {
      const windows = { 'next-outgoing-id': 0, 'incoming-window': 9, 'outgoing-window': 9, 'handle-max': 1 };
      scripted.on('begin', ({ channel }) =>
        scripted.send({ is: 'begin', 'remote-channel': channel, ...windows }, undefined, channel),
      );
    });
    const session = await connection.createSession();
    const links = [await session.createSender('a'), await session.createReceiver('b')];
    expect(await codes(session.createSender('c'), session.createReceiver('d'))).toEqual([
      'handles-exhausted',
      'handles-exhausted',
    ]);
    await links[1]?.close();
    await session.createSender('c');
    expect(peer.framesOf('end')).toEqual([]);
    await connection.close();
  });
});

describe('many at a time', () => {
  it('KEEP §3 concurrency: a hundred sessions with their links open, work and close at a time', async () => {
    const broker = await startBroker();
    const connection = await connect('amqp://broker', { transport: () => broker.transport() });
    const work = async (index: number): Promise<string> => {
      const session = await connection.createSession();
      const address = `q${index}`;
      const [sender, receiver] = await Promise.all([session.createSender(address), session.createReceiver(address)]);
      await sender.send(`m${index}`);
      const delivery = await receiver.receive();
      await delivery.accept();
      await Promise.all([sender.close(), receiver.close()]);
      await session.close();
      return delivery.message.text();
    };
    const indexes = Array.from({ length: 100 }, (_, index) => index);
    expect(await Promise.all(indexes.map(work))).toEqual(indexes.map((index) => `m${index}`));
    await connection.close();
    await broker.close();
  });

  it('lesson 8 (Azure/go-amqp #166): opening, cancelling and closing at a time leaves nothing out of step', async () => {
    const { connection, peer } = await connected();
    const round = async (index: number): Promise<void> => {
      const abort = new AbortController();
      const creating = connection.createSender(`q${index}`, { signal: abort.signal });
      if (index % 3 === 0) abort.abort();
      const sender = await creating.catch(() => undefined);
      if (sender === undefined) return;
      await sender.send('x');
      await sender.close();
    };
    await Promise.all(Array.from({ length: 90 }, (_, index) => round(index)));
    await settle();
    expect(peer.framesOf('transfer')).toHaveLength(60);
    expect(peer.framesOf('end').length).toBe(peer.framesOf('begin').length);
    await expectAlive(connection);
    await connection.close();
  });

  it('KEEP §3 handles: one that is used again belongs to its new link alone', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const session = await connection.createSession();
    const old = await session.createSender('old');
    const lost = old.sendWithReceipt('lost');
    await frameOf(peer, 'transfer');
    await old.close();
    const next = await session.createSender('next');
    const sending = next.send('found');
    expect((await frameOf(peer, 'transfer', 1)).fields).toMatchObject({ handle: 0, 'delivery-id': 1 });
    const link = await PeerLink.of(peer, 1);
    link.disposition(0, { is: 'rejected' });
    link.disposition(1, { is: 'accepted' });
    expect(await sending).toBeUndefined();
    expect((await (await lost).outcome).state).toBe('unknown');
    await connection.close();
  });
});
