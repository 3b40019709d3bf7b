import { describe, expect, it } from 'vitest';
import type { ScriptedPeer, WireFrame } from '../../src/testing/index.ts';
import { connected, failure, frameOf, isPending, mute, settle } from '../client/support/scripted.ts';
import { answerAttach, clocked, expectAlive, kinds } from './support/send-scene.ts';

/** Keeps the frames of some kinds back, to be answered later in the order in which they came. */
function delaying(peer: ScriptedPeer, ...which: readonly string[]): () => void {
  const kept: WireFrame[] = [];
  for (const is of which) peer.on(is, (frame) => kept.push(frame));
  return () => {
    for (const is of which) peer.on(is, (frame) => peer.default(frame));
    for (const frame of kept.splice(0)) peer.default(frame);
  };
}

/** Calls that are aborted while the peer is silent. */
const calls = [
  ['createSender', (connection, signal) => connection.createSender('q', { signal })],
  ['createReceiver', (connection, signal) => connection.createReceiver('q', { signal })],
] as const satisfies readonly (readonly [
  string,
  (connection: Awaited<ReturnType<typeof connected>>['connection'], signal: AbortSignal) => Promise<unknown>,
])[];

describe('abandon (§3)', () => {
  it('FIX §3 abandon: a cancelled begin is ended at once, not by the next call', async () => {
    const { connection, peer } = await connected();
    const answer = delaying(peer, 'begin', 'end');
    const abort = new AbortController();
    const failed = failure(connection.createSession({ signal: abort.signal }));
    await frameOf(peer, 'begin');
    abort.abort();
    expect((await failed).code).toBe('aborted');
    await frameOf(peer, 'end');
    answer();
    await expectAlive(connection);
    expect(kinds(peer).filter((is) => is === 'close')).toEqual([]);
    await connection.close();
  });

  it.each(calls)('FIX §3 abandon: a cancelled attach is detached at once (%s)', async (_name, create) => {
    const { connection, peer } = await connected();
    const answer = delaying(peer, 'attach', 'detach');
    const abort = new AbortController();
    const failed = failure(create(connection, abort.signal));
    const attach = await frameOf(peer, 'attach');
    abort.abort();
    expect((await failed).code).toBe('aborted');
    expect((await frameOf(peer, 'detach')).fields).toEqual({ handle: attach.fields['handle'], closed: true });
    answer();
    await frameOf(peer, 'end');
    await expectAlive(connection);
    await connection.close();
  });

  it('FIX §3 abandon: credit that comes late for a cancelled sender does no harm', async () => {
    const { connection, peer } = await connected();
    const answer = delaying(peer, 'attach', 'detach');
    const session = await connection.createSession();
    const abort = new AbortController();
    const failed = failure(session.createSender('q', { signal: abort.signal }));
    await frameOf(peer, 'attach');
    abort.abort();
    await failed;
    answer();
    await settle();
    const next = await session.createSender('q');
    expect(await next.send('x')).toBeUndefined();
    await connection.close();
  });

  it('FIX §3 abandon: messages that come late for a cancelled receiver are not held by it', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'attach', 'detach'));
    const session = await connection.createSession();
    const abort = new AbortController();
    const failed = failure(session.createReceiver('q', { signal: abort.signal }));
    const attach = await frameOf(peer, 'attach');
    abort.abort();
    await failed;
    const detach = await frameOf(peer, 'detach');
    answerAttach(peer, attach);
    expect(peer.framesOf('flow')).toEqual([]);
    peer.default(detach);
    peer.on('attach', (frame) => peer.default(frame)).on('detach', (frame) => peer.default(frame));
    await settle();
    const receiver = await session.createReceiver('q');
    expect([receiver.tryReceive(), peer.framesOf('detach').length]).toEqual([undefined, 1]);
    await connection.close();
  });

  it('lesson 8 (Azure/go-amqp #277): a thousand cancelled sessions leave the connection as it was', async () => {
    const { connection, peer } = await connected();
    for (let round = 0; round < 1000; round++) {
      const abort = new AbortController();
      const failed = failure(connection.createSession({ signal: abort.signal }));
      abort.abort();
      expect((await failed).code).toBe('aborted');
    }
    await settle();
    expect([peer.framesOf('begin').length, peer.framesOf('end').length]).toEqual([1000, 1000]);
    await expectAlive(connection);
    await connection.close();
    expect(await connection.closed).toEqual({ by: 'local' });
  });

  it('lesson 8 (azure-sdk-for-go PR #20527): cancelled attaches free their handles, and the session lives', async () => {
    const { connection, peer } = await connected();
    const session = await connection.createSession({ maxLinks: 1 });
    for (let round = 0; round < 100; round++) {
      const abort = new AbortController();
      const failed = failure(session.createSender('q', { signal: abort.signal, name: 'same' }));
      abort.abort();
      expect((await failed).code).toBe('aborted');
      await frameOf(peer, 'detach', round);
      await settle(1);
    }
    const sender = await session.createSender('q', { name: 'same' });
    expect(await sender.send('x')).toBeUndefined();
    await connection.close();
  });

  it('lesson 8 (azure-sdk-for-net #59309): a cancelled close leaves no zombie link', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'detach'));
    const receiver = await connection.createReceiver('q');
    const abort = new AbortController();
    const failed = failure(receiver.close({ signal: abort.signal }));
    const detach = await frameOf(peer, 'detach');
    abort.abort();
    expect((await failed).code).toBe('aborted');
    expect(detach.fields).toMatchObject({ closed: true });
    expect(await isPending(receiver.closed)).toBe(true);
    peer.default(detach);
    expect(await receiver.closed).toEqual({ by: 'local' });
    await connection.close();
  });

  it('lesson 8 (Azure/go-amqp #164): a close whose signal was aborted before rejects, but the closing goes on', async () => {
    const { connection, peer, clock } = await clocked();
    const session = await connection.createSession();
    const sender = await session.createSender('q');
    expect((await failure(sender.close({ signal: AbortSignal.abort() }))).code).toBe('aborted');
    expect((await failure(session.close({ signal: AbortSignal.abort() }))).code).toBe('aborted');
    await settle();
    expect(kinds(peer).filter((is) => is === 'detach' || is === 'end')).toEqual(['detach', 'end']);
    await sender.close();
    await session.close();
    await connection.close();
    expect(clock.pending).toBe(0);
  });
});
