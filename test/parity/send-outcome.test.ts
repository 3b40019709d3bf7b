import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../../src/client/index.ts';
import {
  connected,
  failure,
  frameOf,
  isPending,
  mute,
  PeerLink,
  settle,
  until,
  wireError,
} from '../client/support/scripted.ts';
import { answerAttach, beginningWith, codes, kinds, openingWith } from './support/send-scene.ts';

const gone = wireError('amqp:resource-deleted', 'gone');

/** A session with a sender whose messages the peer says nothing to. */
async function scene(options: { readonly credit?: number; readonly second?: boolean } = {}) {
  const { connection, peer } = await connected((scripted) => {
    scripted.credit = options.credit ?? 100;
    mute(scripted, 'transfer');
  });
  const session = await connection.createSession();
  const states: DeliveryState[] = [];
  const sender = await session.createSender('q', {
    onDeliveryState: (state) => states.push(state),
    ...(options.second === true ? { receiverSettleMode: 'second' as const } : {}),
  });
  await settle();
  return { connection, peer, session, sender, states, link: await PeerLink.of(peer) };
}

describe('outcome (§3)', () => {
  it('KEEP §3 outcome: in mode first the settled disposition completes the send, without an answer', async () => {
    const { connection, peer, sender, link } = await scene();
    const sending = sender.send('x');
    await frameOf(peer, 'transfer');
    link.disposition(0, { is: 'accepted' });
    await sending;
    await settle();
    expect(peer.framesOf('disposition')).toEqual([]);
    await connection.close();
  });

  it('KEEP §3 outcome: in mode second the unsettled one does, and the sender settles', async () => {
    const { connection, peer, sender, link } = await scene({ second: true });
    const sending = sender.send('x');
    await frameOf(peer, 'transfer');
    link.disposition(0, { is: 'accepted' }, { settled: false });
    expect(await sending).toBeUndefined();
    expect((await frameOf(peer, 'disposition')).fields).toMatchObject({ role: false, first: 0, settled: true });
    await connection.close();
  });

  it('KEEP §3 outcome: ids that nobody knows are ignored', async () => {
    const { connection, sender, peer, link } = await scene();
    link.disposition(77, { is: 'rejected' }, { last: 90 });
    const sending = sender.send('x');
    await frameOf(peer, 'transfer');
    link.disposition(0, { is: 'accepted' });
    link.disposition(0, { is: 'rejected' });
    expect(await sending).toBeUndefined();
    await connection.close();
  });

  it('FIX §3 outcome: a late disposition for a closed sender harms neither the session nor its other links', async () => {
    const { connection, peer, session, sender, link } = await scene();
    const other = await session.createSender('other');
    const receipt = await sender.sendWithReceipt('x');
    await sender.close();
    link.disposition(0, { is: 'accepted' });
    link.disposition(0, { is: 'rejected' });
    expect((await receipt.outcome).state).toBe('unknown');
    const sending = other.send('y');
    await frameOf(peer, 'transfer', 1);
    link.disposition(1, { is: 'accepted' });
    expect(await sending).toBeUndefined();
    expect(peer.framesOf('end')).toEqual([]);
    await connection.close();
  });

  it('FIX §3 outcome: a late disposition does not hit a new link that uses the handle again', async () => {
    const { connection, peer, session, sender, link } = await scene();
    await sender.sendWithReceipt('old');
    await sender.close();
    const next = await session.createSender('next');
    const sending = next.send('new');
    await frameOf(peer, 'transfer', 1);
    link.disposition(0, { is: 'rejected', error: gone });
    expect(await isPending(sending)).toBe(true);
    link.disposition(1, { is: 'accepted' });
    expect(await sending).toBeUndefined();
    await connection.close();
  });
});

describe('sender and drain (§3)', () => {
  it('FIX §3 sender and drain: unused credit is given back with the delivery-count advanced', async () => {
    const { connection, sender, link } = await scene({ credit: 0 });
    link.flow({ 'link-credit': 10, drain: true });
    await until(() => link.flows.length === 1);
    expect(link.flows[0]).toMatchObject({ 'delivery-count': 10, 'link-credit': 0, drain: true });
    expect(sender.stats().credit).toBe(0);
    await connection.close();
  });

  it('FIX §3 sender and drain: what waits is sent first, and the rest of the credit given back', async () => {
    const { connection, peer, sender, link } = await scene({ credit: 0 });
    const sends = ['a', 'b', 'c'].map((body) => sender.sendWithReceipt(body));
    link.flow({ 'link-credit': 5, drain: true });
    await Promise.all(sends);
    await until(() => link.flows.length === 1);
    expect(kinds(peer).filter((is) => is === 'transfer' || is === 'flow')).toEqual([
      'transfer',
      'transfer',
      'transfer',
      'flow',
    ]);
    expect(link.flows[0]).toMatchObject({ 'delivery-count': 5, 'link-credit': 0, drain: true });
    link.flow({ 'delivery-count': 5, 'link-credit': 1 });
    await sender.sendWithReceipt('d');
    await connection.close();
  });
});

describe('sender and drain with frames (§3)', () => {
  it('FIX §3 sender and drain: a message that has begun to leave is finished before the credit is given back', async () => {
    const { connection, peer } = await connected((scripted) => {
      openingWith(scripted, { 'max-frame-size': 512 });
      beginningWith(scripted, { 'incoming-window': 1 });
      scripted.on('attach', (frame) => answerAttach(scripted, frame));
      mute(scripted, 'transfer');
    });
    const sender = await connection.createSender('q');
    const sending = sender.sendWithReceipt(new Uint8Array(1500));
    const link = await PeerLink.of(peer);
    link.flow({ 'incoming-window': 1, 'link-credit': 5, drain: true });
    await frameOf(peer, 'transfer');
    await settle();
    expect([peer.framesOf('transfer').length, link.flows.length]).toEqual([1, 0]);
    link.flow({ 'next-incoming-id': 1, 'link-credit': 5, drain: true });
    await sending;
    await until(() => link.flows.length === 1);
    expect(kinds(peer).at(-1)).toBe('flow');
    expect(link.flows[0]).toMatchObject({ 'delivery-count': 5, 'link-credit': 0, drain: true });
    await connection.close();
  });
});

describe('link end (§3)', () => {
  it('KEEP §3 link end: a detach with an error in mid-send is answered, and every send is told', async () => {
    const { connection, peer, session, sender, link } = await scene({ credit: 1 });
    const left = failure(sender.send('left'));
    const queued = [failure(sender.send('waits')), failure(sender.sendWithReceipt('waits too'))];
    await frameOf(peer, 'transfer');
    mute(peer, 'detach');
    link.detach(gone);
    const unknown = await left;
    expect(unknown.code).toBe('outcome-unknown');
    expect(unknown.cause).toMatchObject({ code: 'link-detached-by-peer', condition: 'amqp:resource-deleted' });
    for (const error of await Promise.all(queued))
      expect(error).toMatchObject({ code: 'link-detached-by-peer', condition: 'amqp:resource-deleted' });
    expect((await frameOf(peer, 'detach')).fields).toEqual({ handle: 0, closed: true });
    expect(await isPending(session.closed)).toBe(true);
    await connection.close();
  });

  it('FIX §3 link end: a detach that does not close is answered, with the reason of the peer in the error', async () => {
    const { connection, peer, sender, link } = await scene();
    mute(peer, 'detach');
    link.send({ is: 'detach', handle: link.handle, closed: false, error: gone });
    expect(await sender.closed).toMatchObject({
      by: 'peer',
      error: { code: 'link-detached-by-peer', condition: 'amqp:resource-deleted', description: 'gone' },
    });
    const answer = await frameOf(peer, 'detach');
    expect(answer.fields).not.toHaveProperty('error');
    await sender.close();
    await connection.close();
  });

  it('FIX §3 link end (rabbitmq-server #2594): a close that is answered by closed=false is done', async () => {
    const { connection, peer, session, sender } = await scene();
    peer.on('detach', ({ fields }) =>
      peer.send({ is: 'detach', handle: Number(fields['handle']), closed: false }, undefined, 0),
    );
    await sender.close();
    expect(await sender.closed).toEqual({ by: 'local' });
    expect(await isPending(session.closed)).toBe(true);
    await connection.close();
  });

  it('KEEP §3 link end: a detach that crosses ours is the answer to it', async () => {
    const { connection, peer, sender, link } = await scene();
    mute(peer, 'detach');
    const closing = sender.close();
    link.detach(gone);
    await closing;
    expect(await sender.closed).toMatchObject({ by: 'local', error: { condition: 'amqp:resource-deleted' } });
    await settle();
    expect(peer.framesOf('detach')).toHaveLength(1);
    await connection.close();
  });

  it('KEEP §3 link end: flows, dispositions and transfers that cross our detach are dropped', async () => {
    const { connection, peer, session, sender, link } = await scene();
    const receiver = await session.createReceiver('q');
    const toReceiver = await PeerLink.of(peer, 1);
    mute(peer, 'detach');
    const receipt = await sender.sendWithReceipt('x');
    const closing = [sender.close(), receiver.close()];
    await frameOf(peer, 'detach', 1);
    link.flow({ 'next-incoming-id': 1, 'link-credit': 50, echo: true });
    toReceiver.transfer(0);
    link.disposition(0, { is: 'accepted' });
    for (const detach of peer.framesOf('detach')) peer.default(detach);
    await Promise.all(closing);
    expect(await receipt.outcome).toEqual({ state: 'accepted' });
    expect(peer.framesOf('end')).toEqual([]);
    expect(await isPending(session.closed)).toBe(true);
    await connection.close();
  });
});

describe('dynamic address (§3)', () => {
  it('KEEP §3 dynamic address: it is copied from the attach of the peer', async () => {
    const { connection, peer } = await connected((scripted) => {
      const target = { is: 'target', address: 'temp-1', dynamic: true };
      scripted.on('attach', (frame) => answerAttach(scripted, frame, { target }));
    });
    const sender = await connection.createSender(null, { target: { dynamic: true } });
    expect(sender.address).toBe('temp-1');
    expect((await frameOf(peer, 'attach')).fields['target']).toEqual({ is: 'target', dynamic: true });
    expect(await codes(connection.createSender('q', { target: { dynamic: true } }))).toEqual(['invalid-argument']);
    await connection.close();
  });

  it.each([
    'delete-on-close',
    'delete-on-no-links',
    'delete-on-no-messages',
    'delete-on-no-links-or-messages',
  ] as const)(
    'FIX §3 dynamic address: the lifetime policy %s and other node properties can be asked for',
    async (lifetimePolicy) => {
      const { connection, peer } = await connected();
      const dynamicNodeProperties = { 'supported-dist-modes': 'move' };
      await connection.createSender(null, { target: { dynamic: true, lifetimePolicy, dynamicNodeProperties } });
      expect((await frameOf(peer, 'attach')).fields['target']).toMatchObject({
        dynamic: true,
        'dynamic-node-properties': [
          'supported-dist-modes',
          'move',
          'lifetime-policy',
          { descriptor: `amqp:${lifetimePolicy}:list`, value: [] },
        ],
      });
      await connection.close();
    },
  );
});
