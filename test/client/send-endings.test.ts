import { describe, expect, it } from 'vitest';
import type { Connection, Sender } from '../../src/client/index.ts';
import type { ScriptedPeer } from '../../src/testing/index.ts';
import { connected, failure, frameOf, isPending, mute, PeerLink, thrown, wireError } from './support/scripted.ts';

interface Scene {
  readonly connection: Connection;
  readonly peer: ScriptedPeer;
  readonly sender: Sender;
  readonly link: PeerLink;
}

const gone = wireError('amqp:resource-deleted', 'gone');

/** How a link ends, and the code of what had not left. */
const endings: [string, string, (scene: Scene) => void][] = [
  ['the peer detaches', 'link-detached-by-peer', ({ link }) => link.detach(gone)],
  ['the peer detaches without an error', 'link-detached-by-peer', ({ link }) => link.detach()],
  ['the peer ends the session', 'session-ended-by-peer', ({ link }) => link.send({ is: 'end', error: gone })],
  [
    'the peer closes the connection',
    'connection-closed-by-peer',
    ({ peer }) => peer.send({ is: 'close', error: gone }),
  ],
  ['the transport breaks', 'connection-lost', ({ peer }) => peer.end(new Error('cut'))],
  ['this program closes the sender', 'link-closed', ({ sender }) => void sender.close()],
  ['this program closes the connection', 'connection-closed', ({ connection }) => void connection.close()],
  ['the peer breaks a rule', 'session-failed', ({ link }) => link.send({ is: 'detach', handle: 77, closed: true })],
];

describe('a sender in mid-send', () => {
  it.each(endings)('leaves no send unsettled where %s', async (_how, code, end) => {
    const { connection, peer } = await connected((scripted) => {
      scripted.credit = 2;
      mute(scripted, 'transfer');
    });
    const session = await connection.createSession();
    const sender = await session.createSender('q');
    const left = [sender.send('a'), sender.sendWithReceipt('b')] as const;
    const queued = [sender.send('c'), sender.sendWithReceipt('d', { timeout: 10_000 })];
    for (const promise of [...left, ...queued]) promise.catch(() => undefined);
    await frameOf(peer, 'transfer', 1);
    mute(peer, 'end');
    if (!code.startsWith('session-ended')) peer.on('end', (frame) => peer.default(frame));
    end({ connection, peer, sender, link: await PeerLink.of(peer) });

    const error = await failure(left[0]);
    expect(error).toMatchObject({ code: 'outcome-unknown', scope: 'delivery' });
    expect(error.cause).toMatchObject({ code });
    const receipt = await left[1];
    expect(await receipt.outcome).toMatchObject({ state: 'unknown', error: { code: 'outcome-unknown' } });
    for (const promise of queued) expect((await failure(promise)).code).toBe(code);
    expect(sender.stats()).toMatchObject({ pending: 0, queued: 0, waitingFor: 'nothing' });
    await sender.closed;
    expect((await failure(sender.send('late'))).code).toBe(code);
    expect((await failure(sender.sendWithReceipt('late'))).code).toBe(code);
    expect(thrown(() => sender.trySend('late')).code).toBe(code);
  });

  it('still learns the outcomes that come before the answer to its close', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer', 'detach'));
    const sender = await connection.createSender('q');
    const sending = sender.send('a');
    await frameOf(peer, 'transfer');
    const closing = sender.close();
    const detach = await frameOf(peer, 'detach');
    expect(await isPending(sending)).toBe(true);
    (await PeerLink.of(peer)).disposition(0, { is: 'accepted' });
    peer.default(detach);
    await sending;
    await closing;
    expect((await failure(sender.send('late'))).code).toBe('link-closed');
    await connection.close();
  });

  it('sends nothing after the end of its session or connection is asked for', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'end'));
    const session = await connection.createSession();
    const sender = await session.createSender('q');
    const receiver = await session.createReceiver('q');
    await sender.send('before');
    const closing = session.close();
    const after = [sender.send('after'), sender.close(), receiver.close()];
    for (const promise of after) promise.catch(() => undefined);
    const end = await frameOf(peer, 'end');
    const { length } = peer.frames;
    expect(await isPending(closing)).toBe(true);
    expect(peer.frames.slice(peer.frames.indexOf(end) + 1)).toEqual([]);
    expect(peer.frames).toHaveLength(length);
    peer.default(end);
    await closing;
    await Promise.allSettled(after);

    const other = await connection.createSender('q');
    const last = [connection.close(), other.send('after'), other.close()];
    await Promise.allSettled(last);
    expect(peer.frames.at(-1)?.is).toBe('close');
    expect(peer.framesOf('transfer')).toHaveLength(1);
  });

  it('finishes what is under way before a close that is awaited after it', async () => {
    const { connection } = await connected();
    const sender = await connection.createSender('q');
    const sends = Array.from({ length: 50 }, (_, index) => sender.send(`${index}`));
    await Promise.all(sends);
    await sender.close();
    await connection.close();
    expect(sender.stats()).toMatchObject({ pending: 0 });
  });
});

describe('a message that the peer decides on before it is complete', () => {
  it('gives its receipt, and the outcome', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.on('open', () => scripted.send({ is: 'open', 'container-id': 'p', 'max-frame-size': 512 }));
      scripted.on('begin', ({ channel }) => {
        const begin = { is: 'begin', 'remote-channel': channel, 'next-outgoing-id': 0, 'outgoing-window': 9 };
        scripted.send({ ...begin, 'incoming-window': 1 }, undefined, channel);
      });
      mute(scripted, 'transfer');
    });
    const sender = await connection.createSender('q');
    const link = await PeerLink.of(peer);
    link.flow({ 'link-credit': 1, 'incoming-window': 1 });
    const sending = sender.sendWithReceipt(new Uint8Array(2000));
    await frameOf(peer, 'transfer');
    link.disposition(0, { is: 'rejected', error: wireError('x:early') });
    const receipt = await sending;
    expect(await receipt.outcome).toMatchObject({ state: 'rejected', error: { condition: 'x:early' } });
    await connection.close();
  });
});

describe('a sender whose session or connection is closing', () => {
  it.each([
    ['session', 'session-ended'],
    ['connection', 'connection-closed'],
  ] as const)('refuses a send: %s', async (level, code) => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'end', 'close'));
    const session = await connection.createSession();
    const sender = await session.createSender('q');
    void { session, connection }[level].close().catch(() => undefined);
    expect((await failure(sender.send('late'))).code).toBe(code);
    expect((await failure(sender.sendWithReceipt('late'))).code).toBe(code);
    expect(thrown(() => sender.trySend('late')).code).toBe(code);
    expect((await failure(session.createSender('late'))).code).toBe(code);
    expect(peer.framesOf('transfer')).toEqual([]);
    expect(sender.stats().pending).toBe(0);
  });
});
