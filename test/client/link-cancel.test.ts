import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Connection, WaitOptions } from '../../src/client/index.ts';
import { FakeClock, type WireFrame } from '../../src/testing/index.ts';
import { connected, failure, frameOf, isPending, mute, settle } from './support/scripted.ts';
import { released, resources } from './support/servers.ts';

type Create = (connection: Connection, options: WaitOptions) => Promise<unknown>;
const links: [string, Create][] = [
  ['createSender', (connection, options) => connection.createSender('q', options)],
  ['createReceiver', (connection, options) => connection.createReceiver('q', options)],
];
const all: [string, Create][] = [
  ['createSession', (connection, options) => connection.createSession(options)],
  ...links,
];

afterEach(() => {
  vi.useRealTimers();
});

describe('a call that is given up before it has begun', () => {
  it.each(all)('leaves no trace at the peer (%s)', async (_name, create) => {
    const { connection, peer } = await connected();
    expect((await failure(create(connection, { signal: AbortSignal.abort() }))).code).toBe('aborted');
    await connection.close();
    expect(peer.framesOf('begin')).toEqual([]);
  });
});

describe('a session whose begin is not answered', () => {
  it.each(all)('times out (%s)', async (_name, create) => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'begin', 'attach', 'detach'));
    const before = resources();
    const error = await failure(create(connection, { timeout: 20 }));
    expect(error.code).toBe('timeout');
    expect(error.message).toContain('20 ms');
    await released(before);
    await frameOf(peer, 'begin');
  });

  it.each(all)('can be aborted, and the late answer is followed by no harm (%s)', async (_name, create) => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'begin', 'attach', 'detach', 'end'));
    const abort = new AbortController();
    const failed = failure(create(connection, { signal: abort.signal }));
    const begin = await frameOf(peer, 'begin');
    abort.abort();
    expect((await failed).code).toBe('aborted');
    await settle();
    peer.default(begin);
    for (const attach of peer.framesOf('attach')) peer.default(attach);
    for (const detach of peer.framesOf('detach')) peer.default(detach);
    peer.default(await frameOf(peer, 'end'));
    await settle();
    expect(await isPending(connection.closed)).toBe(true);
    // The connection is as good as before.
    peer.on('begin', (frame) => peer.default(frame)).on('end', (frame) => peer.default(frame));
    const session = await connection.createSession();
    await session.close();
    await connection.close();
    expect(await connection.closed).toEqual({ by: 'local' });
  });

  it('times out after 30 s by default, also where the timeout is given as undefined', async () => {
    const { connection } = await connected((scripted) => mute(scripted, 'begin', 'attach', 'detach', 'end'), {
      idleTimeout: 0,
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const failed = all.map(([, create]) => failure(create(connection, { timeout: undefined })));
    await vi.advanceTimersByTimeAsync(29_999);
    expect(await Promise.race([...failed, Promise.resolve('none')])).toBe('none');
    await vi.advanceTimersByTimeAsync(2);
    expect((await Promise.all(failed)).map(({ code }) => code)).toEqual(['timeout', 'timeout', 'timeout']);
  });
});

describe('a link whose attach is not answered', () => {
  it.each(links)('times out, and is detached at once (%s)', async (_name, create) => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'attach'));
    const before = resources();
    expect((await failure(create(connection, { timeout: 20 }))).code).toBe('timeout');
    expect((await frameOf(peer, 'detach')).fields).toMatchObject({ closed: true });
    await released(before);
    await connection.close();
  });

  it.each(links)('is detached where its answer comes late, and its session ends (%s)', async (_name, create) => {
    const late: WireFrame[] = [];
    const { connection, peer } = await connected((scripted) => {
      scripted.on('attach', (frame) => late.push(frame));
      mute(scripted, 'detach');
    });
    const abort = new AbortController();
    const failed = failure(create(connection, { signal: abort.signal }));
    const attach = await frameOf(peer, 'attach');
    abort.abort();
    expect((await failed).code).toBe('aborted');
    const detach = await frameOf(peer, 'detach');
    expect(detach.fields['handle']).toBe(attach.fields['handle']);
    expect(peer.framesOf('end')).toEqual([]);
    peer.default(attach);
    peer.default(detach);
    await frameOf(peer, 'end');
    await settle();
    expect(peer.framesOf('detach')).toHaveLength(1);
    await connection.close();
  });

  it.each(links)('fails with the connection that is lost meanwhile (%s)', async (_name, create) => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'attach'));
    const failed = failure(create(connection, {}));
    await frameOf(peer, 'attach');
    peer.end(new Error('cable'));
    const error = await failed;
    expect(error.code).toBe('connection-lost');
    expect(error.message).toContain('cable');
  });

  it.each(links)('fails with the connection that is closed meanwhile (%s)', async (_name, create) => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'attach'));
    const failed = failure(create(connection, {}));
    await frameOf(peer, 'attach');
    await connection.close();
    expect((await failed).code).toBe('connection-closed');
  });

  it.each(links)('fails at once on a connection that is closed (%s)', async (_name, create) => {
    const { connection } = await connected();
    await connection.close();
    expect((await failure(create(connection, {}))).code).toBe('connection-closed');
  });
});

describe('a close that is not answered', () => {
  it('of a link times out, but the link is detached once', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'detach'));
    const before = resources();
    const sender = await connection.createSender('q');
    expect((await failure(sender.close({ timeout: 20 }))).code).toBe('timeout');
    expect((await failure(sender.close({ timeout: 20 }))).code).toBe('timeout');
    expect(await isPending(sender.closed)).toBe(true);
    expect(peer.framesOf('detach')).toHaveLength(1);
    peer.default(await frameOf(peer, 'detach'));
    expect(await sender.closed).toEqual({ by: 'local' });
    await connection.close();
    await released(before);
  });

  it('of a session times out, or is aborted', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'end'));
    const session = await connection.createSession();
    expect((await failure(session.close({ timeout: 20 }))).code).toBe('timeout');
    const abort = new AbortController();
    const failed = failure(session.close({ signal: abort.signal }));
    abort.abort();
    expect((await failed).code).toBe('aborted');
    expect(peer.framesOf('end')).toHaveLength(1);
    await connection.close();
    expect(await session.closed).toEqual({ by: 'local' });
  });

  it('of a connection times out, and the transport is gone', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'close'));
    const before = resources();
    expect((await failure(connection.close({ timeout: 20 }))).code).toBe('timeout');
    expect((await connection.closed).by).toBe('local');
    await released(before);
    expect(peer.framesOf('close')).toHaveLength(1);
    await connection.close();
  });

  it('of a connection times out after closeTimeout, and ends then also for one who waits longer', async () => {
    const { connection } = await connected((scripted) => mute(scripted, 'close'), { closeTimeout: 20 });
    expect((await failure(connection.close())).code).toBe('timeout');
    await connection.close({ timeout: 5000 });
    // Whether the peer has seen what was sent before is in doubt.
    expect(await connection.closed).toMatchObject({ by: 'local', error: { code: 'connection-lost' } });
  });

  it('of a connection waits for as long as closeTimeout says', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'close'), {
      closeTimeout: 20_000,
      idleTimeout: 0,
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const closing = connection.close();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await Promise.race([connection.closed, Promise.resolve('open')])).toBe('open');
    peer.send({ is: 'close' });
    await closing;
    expect(await connection.closed).toEqual({ by: 'local' });
  });

  it('of a connection that was idle for long still waits for the answer', async () => {
    const clock = new FakeClock();
    const { connection, peer } = await connected((scripted) => mute(scripted, 'close'), { closeTimeout: 40, clock });
    clock.advance(60);
    const closing = connection.close();
    await frameOf(peer, 'close');
    clock.advance(5);
    await settle();
    expect(await isPending(connection.closed)).toBe(true);
    peer.send({ is: 'close' });
    await closing;
  });
});
