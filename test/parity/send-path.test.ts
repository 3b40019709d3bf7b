import { describe, expect, it } from 'vitest';
import { decodeMessage, ErrorCondition } from '../../src/client/index.ts';
import type { ScriptedPeer } from '../../src/testing/index.ts';
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
import { answerAttach, beginningWith, clocked, codes, openingWith } from './support/send-scene.ts';
import { HeldTransport } from './support/send-held.ts';

const outgoing = { 'next-outgoing-id': 0, 'outgoing-window': 99 };
/** A peer that takes frames of 512 octets, as many as the window says, and says nothing to them. */
function narrow(peer: ScriptedPeer, window: number): void {
  openingWith(peer, { 'max-frame-size': 512 });
  beginningWith(peer, { 'incoming-window': window });
  peer.on('attach', (frame) => {
    answerAttach(peer, frame);
    const handle = Number(frame.fields['handle']);
    const flow = { ...outgoing, 'next-incoming-id': 0, 'incoming-window': window, handle, 'delivery-count': 0 };
    peer.send({ is: 'flow', ...flow, 'link-credit': 1000 }, undefined, frame.channel);
  });
  mute(peer, 'transfer');
}

describe('send path (§3)', () => {
  it('KEEP §3 send path: a counter makes the delivery-tags, unless the caller names one', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    await sender.send('a');
    await sender.send('b', { deliveryTag: Uint8Array.of(1, 2) });
    await sender.send('c');
    const tags = peer.framesOf('transfer').map(({ fields }) => fields['delivery-tag']);
    expect(tags).toEqual([Uint8Array.of(0, 0, 0, 0), Uint8Array.of(1, 2), Uint8Array.of(0, 0, 0, 1)]);
    expect(await codes(sender.send('d', { deliveryTag: new Uint8Array(33) }))).toEqual(['invalid-argument']);
    await connection.close();
  });

  it('KEEP §3 send path: id, tag and message-format are in the first transfer only', async () => {
    const { connection, peer } = await connected((scripted) => narrow(scripted, 99));
    const sender = await connection.createSender('q');
    await sender.sendWithReceipt(new Uint8Array(1200), { messageFormat: 7 });
    const last = await frameOf(peer, 'transfer', 2);
    expect(peer.framesOf('transfer')[0]?.fields).toMatchObject({
      'delivery-id': 0,
      'delivery-tag': Uint8Array.of(0, 0, 0, 0),
      'message-format': 7,
      more: true,
    });
    expect(Object.keys(last.fields).filter((field) => last.fields[field] !== false)).toEqual(['handle']);
    await connection.close();
  });

  it('FIX §3 send path: a long header still makes no frame larger than the peer takes', async () => {
    const scene = new HeldTransport();
    narrow(scene.peer, 1000);
    const connection = await scene.connect();
    const sender = await connection.createSender('q');
    // A delivery-id above 255 takes more octets.
    await Promise.all(Array.from({ length: 260 }, () => sender.send('x', { settled: true })));
    await frameOf(scene.peer, 'transfer', 259);
    const before = scene.frameSizes().length;
    const body = new Uint8Array(2000).map((_, index) => index);
    await sender.sendWithReceipt(body, { deliveryTag: new Uint8Array(32).fill(9), messageFormat: 0x8001_3700 });
    await frameOf(scene.peer, 'transfer', 264);
    const sizes = scene.frameSizes().slice(before);
    expect(sizes.slice(0, -1)).toEqual([512, 512, 512, 512]);
    expect(sizes.at(-1)).toBeLessThanOrEqual(512);
    const parts = scene.peer.framesOf('transfer').slice(260);
    expect(decodeMessage(Buffer.concat(parts.map(({ payload }) => payload))).bytes()).toEqual(body);
    await connection.close();
  });

  it('FIX §3 send path: each send that waits for credit has its own deadline', async () => {
    const { connection, peer, clock } = await clocked((scripted) => {
      scripted.credit = 0;
    });
    const sender = await connection.createSender('q');
    const sends = [300, 100, 200].map((timeout) => failure(sender.send(`${timeout}`, { timeout })));
    const last = sender.send('last');
    const done: number[] = [];
    sends.forEach((send, index) => void send.then(() => done.push(index)));
    for (const _ of sends) {
      clock.advance(100);
      await settle();
    }
    expect(done).toEqual([1, 2, 0]);
    (await PeerLink.of(peer)).flow({ 'link-credit': 9 });
    expect(await last).toBeUndefined();
    expect(peer.framesOf('transfer').map(({ payload }) => decodeMessage(payload).text())).toEqual(['last']);
    await connection.close();
  });

  it('FIX §3 send path: many senders that wait for credit do not hold each other up', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.credit = 0;
    });
    const session = await connection.createSession();
    const senders = await Promise.all(Array.from({ length: 50 }, () => session.createSender('q')));
    const sends = senders.map((sender, index) => sender.send(`${index}`));
    (await PeerLink.of(peer, 33)).flow({ 'link-credit': 1 });
    expect(await sends[33]).toBeUndefined();
    expect(peer.framesOf('transfer')).toHaveLength(1);
    const others = Promise.race(sends.filter((_, index) => index !== 33));
    expect(await isPending(others)).toBe(true);
    others.catch(() => undefined);
    for (const send of sends) send.catch(() => undefined);
    await connection.close();
  });

  it('FIX §3 send path: a send in several frames ends at its deadline while the window is shut', async () => {
    const { connection, peer } = await connected((scripted) => narrow(scripted, 1));
    const sender = await connection.createSender('q');
    const abort = new AbortController();
    const failed = failure(sender.send(new Uint8Array(2000), { signal: abort.signal }));
    await frameOf(peer, 'transfer');
    abort.abort();
    expect((await failed).code).toBe('aborted');
    await connection.close();
  });

  it('FIX §3 send path: one that is aborted between its frames is aborted on the wire before the next begins', async () => {
    const { connection, peer } = await connected((scripted) => narrow(scripted, 1));
    const sender = await connection.createSender('q');
    const abort = new AbortController();
    const failed = failure(sender.send(new Uint8Array(2000), { signal: abort.signal }));
    const next = sender.sendWithReceipt('next');
    await frameOf(peer, 'transfer');
    abort.abort();
    expect((await failed).code).toBe('aborted');
    (await PeerLink.of(peer)).send({ is: 'flow', ...outgoing, 'next-incoming-id': 1, 'incoming-window': 9 });
    await next;
    await frameOf(peer, 'transfer', 2);
    expect(peer.framesOf('transfer').map(({ fields }) => [fields['delivery-id'], fields['aborted'] === true])).toEqual([
      [0, false],
      [undefined, true],
      [1, false],
    ]);
    await connection.close();
  });

  it('FIX §3 send path: an empty message is sent, not waited for', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    expect(await sender.send({})).toBeUndefined();
    expect(await sender.send('')).toBeUndefined();
    expect(await sender.send(new Uint8Array(0))).toBeUndefined();
    expect(peer.framesOf('transfer').every(({ payload }) => payload.length > 0)).toBe(true);
    await connection.close();
  });

  it('KEEP §3 send path: the limits of the peer are told by its own error, and the link lives', async () => {
    const { connection } = await connected((scripted) => {
      const error = wireError(ErrorCondition.resourceLimitExceeded);
      scripted.on('transfer', ({ channel, fields }) => {
        const first = Number(fields['delivery-id']);
        const state = first === 0 ? { is: 'rejected', error } : { is: 'accepted' };
        scripted.send({ is: 'disposition', role: true, first, settled: true, state }, undefined, channel);
      });
    });
    const sender = await connection.createSender('q');
    expect((await failure(sender.send('x'))).condition).toBe('amqp:resource-limit-exceeded');
    expect(await sender.send('y')).toBeUndefined();
    await connection.close();
  });

  it('lesson 7 (Azure/go-amqp #135): delivery-ids are sequential over all links of a session', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.credit = 0;
    });
    const session = await connection.createSession();
    const senders = await Promise.all(Array.from({ length: 10 }, () => session.createSender('q')));
    const sends = senders.flatMap((sender) => [sender.send('1'), sender.send('2'), sender.send('3')]);
    // Credit comes link by link, in another order and in two portions.
    for (const most of [1, 3]) {
      for (const index of [7, 2, 9, 0, 5, 1, 8, 3, 6, 4])
        (await PeerLink.of(peer, index)).flow({ 'link-credit': most });
    }
    await Promise.all(sends);
    const ids = peer.framesOf('transfer').map(({ fields }) => fields['delivery-id']);
    expect(ids).toEqual(Array.from({ length: 30 }, (_, id) => id));
    await connection.close();
  });
});
