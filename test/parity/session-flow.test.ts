import { describe, expect, it } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { connect, decodeMessage } from '../../src/client/index.ts';
import { connected, frameOf, isPending, mute, PeerLink, settle, until } from '../client/support/scripted.ts';
import { beginningWith, openingWith } from './support/send-scene.ts';

const outgoing = { 'next-outgoing-id': 0, 'outgoing-window': 99 };

describe('session flow (§3)', () => {
  it('KEEP §3 session flow: transfers wait while the window of the peer is 0', async () => {
    const { connection, peer } = await connected((scripted) => beginningWith(scripted, { 'incoming-window': 0 }));
    const sender = await connection.createSender('q');
    const link = await PeerLink.of(peer);
    link.send({ is: 'flow', ...outgoing, 'next-incoming-id': 0, 'incoming-window': 0 });
    const sends = ['a', 'b', 'c'].map((body) => sender.send(body));
    await settle();
    expect(peer.framesOf('transfer')).toEqual([]);
    expect(sender.stats()).toMatchObject({ credit: 100, waitingFor: 'window' });
    link.send({ is: 'flow', ...outgoing, 'next-incoming-id': 0, 'incoming-window': 2 });
    await Promise.all(sends.slice(0, 2));
    expect(await isPending(sends[2] ?? Promise.resolve())).toBe(true);
    link.send({ is: 'flow', ...outgoing, 'next-incoming-id': 2, 'incoming-window': 2 });
    await sends[2];
    await connection.close();
  });

  it('KEEP §3 session flow: what is in flight counts against a window that is told anew', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    const link = await PeerLink.of(peer);
    await Promise.all(['a', 'b', 'c'].map((body) => sender.sendWithReceipt(body)));
    await frameOf(peer, 'transfer', 2);
    link.send({ is: 'flow', ...outgoing, 'next-incoming-id': 1, 'incoming-window': 3 });
    for (const body of ['d', 'e']) sender.sendWithReceipt(body).catch(() => undefined);
    await settle();
    expect(peer.framesOf('transfer')).toHaveLength(4);
    await connection.close();
  });

  it('KEEP §3 session flow: without next-incoming-id a window counts from our first transfer (§2.5.6)', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    const link = await PeerLink.of(peer);
    await Promise.all(['a', 'b', 'c'].map((body) => sender.sendWithReceipt(body)));
    await frameOf(peer, 'transfer', 2);
    link.send({ is: 'flow', ...outgoing, 'incoming-window': 5 });
    for (const body of ['d', 'e', 'f']) sender.sendWithReceipt(body).catch(() => undefined);
    await settle();
    expect(peer.framesOf('transfer')).toHaveLength(5);
    await connection.close();
  });

  it('KEEP §3 session flow: our window is opened again after half of it is used', async () => {
    const { connection, peer } = await connected();
    const session = await connection.createSession({ incomingWindow: 10 });
    const receiver = await session.createReceiver('q');
    const link = await PeerLink.of(peer);
    await until(() => link.flows.length === 1);
    for (let id = 0; id < 5; id++) {
      link.transfer(id);
      await receiver.receive();
    }
    await settle();
    expect(peer.framesOf('flow').at(-1)?.fields).toMatchObject({ 'next-incoming-id': 5, 'incoming-window': 10 });
    await connection.close();
  });

  it('KEEP §3 session flow: an echo is answered, for the session and for a link', async () => {
    const { connection, peer } = await connected();
    await connection.createSender('q');
    const link = await PeerLink.of(peer);
    await settle();
    expect(peer.framesOf('flow')).toEqual([]);
    link.send({ is: 'flow', ...outgoing, 'next-incoming-id': 0, 'incoming-window': 50, echo: true });
    const session = await frameOf(peer, 'flow');
    expect(session.fields).toMatchObject({ 'next-incoming-id': 0, 'incoming-window': 2048 });
    expect(session.fields).not.toHaveProperty('handle');
    link.flow({ 'link-credit': 7, echo: true });
    expect((await frameOf(peer, 'flow', 1)).fields).toMatchObject({
      handle: 0,
      'delivery-count': 0,
      'link-credit': 7,
    });
    await settle();
    expect(peer.framesOf('flow')).toHaveLength(2);
    await connection.close();
  });

  it('KEEP §3 session flow: a message larger than the window and the frame of the peer leaves piece by piece', async () => {
    const { connection, peer } = await connected((scripted) => {
      openingWith(scripted, { 'max-frame-size': 512 });
      beginningWith(scripted, { 'incoming-window': 1 });
      scripted.on('transfer', ({ channel, fields }) => {
        const next = scripted.framesOf('transfer').length;
        const flow = { ...outgoing, 'next-incoming-id': next, 'incoming-window': 1 };
        scripted.send({ is: 'flow', ...flow }, undefined, channel);
        if (fields['more'] === true) return;
        const state = { is: 'accepted' };
        scripted.send({ is: 'disposition', role: true, first: 0, settled: true, state }, undefined, channel);
      });
    });
    const sender = await connection.createSender('q');
    // The credit that the peer grants comes with a window of its own.
    await settle();
    (await PeerLink.of(peer)).send({ is: 'flow', ...outgoing, 'next-incoming-id': 0, 'incoming-window': 1 });
    const body = new Uint8Array(5000).map((_, index) => index);
    await sender.send(body);
    const parts = peer.framesOf('transfer');
    expect(parts.length).toBeGreaterThan(9);
    expect(decodeMessage(Buffer.concat(parts.map(({ payload }) => payload))).bytes()).toEqual(body);
    await connection.close();
  });

  it('KEEP §3 session flow: a message larger than frames and window arrives at a real peer', async () => {
    const broker = await startBroker();
    const connection = await connect(broker.url, { maxFrameSize: 512 });
    const session = await connection.createSession({ incomingWindow: 2 });
    const receiver = await session.createReceiver('q');
    const sender = await session.createSender('q');
    const body = new Uint8Array(200_000).map((_, index) => index);
    await sender.send(body);
    const delivery = await receiver.receive();
    expect(Buffer.compare(delivery.message.bytes(), body)).toBe(0);
    await delivery.accept();
    await connection.close();
    await broker.close();
  });
});
