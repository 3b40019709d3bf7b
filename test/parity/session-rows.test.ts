import { describe, expect, it } from 'vitest';
import type { Connection, Session } from '../../src/client/index.ts';
import { connected, failure, frameOf, isPending, mute, settle, wireError } from '../client/support/scripted.ts';
import { answerAttach, beginningWith, clocked, codes, expectAlive, symbolMap } from './support/send-scene.ts';

const kinds = ['createSender', 'createReceiver'] as const;

/** A session and what it was begun with. */
async function begun(options: Parameters<Connection['createSession']>[0]) {
  const { connection, peer } = await connected();
  await connection.createSession(options);
  await connection.close();
  return (await frameOf(peer, 'begin')).fields;
}

const link = (session: Session, kind: (typeof kinds)[number], name?: string): Promise<unknown> =>
  session[kind]('q', name === undefined ? {} : { name });

describe('Session (§1.3)', () => {
  it.each(kinds)('row Session.%s: waits for the attach of the peer', async (kind) => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'attach'));
    const session = await connection.createSession();
    const creating = link(session, kind);
    const attach = await frameOf(peer, 'attach');
    expect(await isPending(creating)).toBe(true);
    answerAttach(peer, attach);
    await creating;
    await connection.close();
  });

  it.each([
    ['createSender', 'target', wireError('amqp:not-found', 'no such queue'), 'amqp:not-found'],
    ['createReceiver', 'source', wireError('amqp:unauthorized-access'), 'amqp:unauthorized-access'],
    ['createSender', 'target', undefined, undefined],
    ['createReceiver', 'source', undefined, undefined],
  ] as const)('row Session.%s: a null %s is a refusal, told with the detach (%o)', async (kind, end, error, why) => {
    const { connection, peer } = await connected();
    const session = await connection.createSession();
    peer.on('attach', (frame) => answerAttach(peer, frame, { [end]: null }));
    const creating = link(session, kind);
    const attach = await frameOf(peer, 'attach');
    expect(await isPending(creating)).toBe(true);
    mute(peer, 'detach');
    peer.send({ is: 'detach', handle: 0, closed: true, error }, undefined, attach.channel);
    expect(await failure(creating)).toMatchObject({ code: 'link-refused', scope: 'link', condition: why });
    expect((await frameOf(peer, 'detach')).fields).toMatchObject({ closed: true });
    expect(await isPending(session.closed)).toBe(true);
    await connection.close();
  });

  it.each(kinds)('row Session.%s: times out after 30 s by default, and is detached', async (kind) => {
    const { connection, peer, clock } = await clocked((scripted) => mute(scripted, 'attach'), { idleTimeout: 0 });
    const session = await connection.createSession();
    const creating = link(session, kind);
    await frameOf(peer, 'attach');
    clock.advance(29_999);
    expect(await isPending(creating)).toBe(true);
    clock.advance(1);
    expect((await failure(creating)).code).toBe('timeout');
    expect((await frameOf(peer, 'detach')).fields).toMatchObject({ closed: true });
    await connection.close();
  });

  it('row Session.NewSender: the same name and role twice is refused, the other role is not', async () => {
    const { connection } = await connected();
    const session = await connection.createSession();
    await link(session, 'createSender', 'one');
    expect(await codes(link(session, 'createSender', 'one'))).toEqual(['illegal-state']);
    await link(session, 'createReceiver', 'one');
    await connection.close();
  });

  it('FIX §1.3 no free handle only throws, and the session lives', async () => {
    const { connection, peer } = await connected();
    const session = await connection.createSession({ maxLinks: 1 });
    const sender = await session.createSender('q');
    expect(await codes(link(session, 'createSender'), link(session, 'createReceiver'))).toEqual([
      'handles-exhausted',
      'handles-exhausted',
    ]);
    expect(await sender.send('x')).toBeUndefined();
    await sender.close();
    await link(session, 'createReceiver');
    expect(peer.framesOf('end')).toEqual([]);
    await connection.close();
  });

  it('row Session.NewReceiver: a settle mode that is not granted detaches the link', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.on('attach', (frame) => answerAttach(scripted, frame, { 'rcv-settle-mode': 0 }));
    });
    const session = await connection.createSession();
    expect(await codes(session.createReceiver('q', { receiverSettleMode: 'second' }))).toEqual(['link-refused']);
    expect((await frameOf(peer, 'detach')).fields).toMatchObject({ closed: true });
    expect(await isPending(session.closed)).toBe(true);
    await connection.close();
  });

  it('row Session.Close: waits for the end of the peer; aborted, it goes on, and later calls tell how it ended', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'end'));
    const session = await connection.createSession();
    const abort = new AbortController();
    const aborted = failure(session.close({ signal: abort.signal }));
    const end = await frameOf(peer, 'end');
    abort.abort();
    expect((await aborted).code).toBe('aborted');
    const again = session.close();
    expect(await isPending(again)).toBe(true);
    peer.default(end);
    await Promise.all([again, session.close()]);
    expect(await session.closed).toEqual({ by: 'local' });
    expect(peer.framesOf('end')).toHaveLength(1);
    await connection.close();
  });

  it('row Session.Close: gives up after 10 s by default', async () => {
    const { connection, peer, clock } = await clocked((scripted) => mute(scripted, 'end'), { idleTimeout: 0 });
    const session = await connection.createSession();
    const closing = failure(session.close());
    await frameOf(peer, 'end');
    clock.advance(9_999);
    expect(await isPending(closing)).toBe(true);
    clock.advance(1);
    expect((await closing).code).toBe('timeout');
    await connection.close();
  });

  it('row Session.Properties: those of the begin of the peer, with its capabilities', async () => {
    const { connection } = await connected((scripted) =>
      beginningWith(scripted, {
        properties: symbolMap({ k: 'v' }),
        'offered-capabilities': { type: 'symbol', value: 'o' },
        'desired-capabilities': { type: 'symbol', value: 'd' },
      }),
    );
    const session = await connection.createSession();
    expect({ ...session.properties }).toEqual({ k: 'v' });
    expect(session).toMatchObject({ offeredCapabilities: ['o'], desiredCapabilities: ['d'] });
    await connection.close();
  });
});

describe('SessionOptions (§1.3)', () => {
  it('row SessionOptions.MaxLinks: N is sent as handle-max N - 1; 65536 by default', async () => {
    expect((await begun({}))['handle-max']).toBe(65_535);
    expect((await begun({ maxLinks: 1 }))['handle-max']).toBe(0);
  });

  it('FIX §1.3 windows can be set, and have defaults', async () => {
    expect(await begun({})).toMatchObject({
      'next-outgoing-id': 0,
      'incoming-window': 2048,
      'outgoing-window': 0x7fff_ffff,
    });
    expect(await begun({ incomingWindow: 7, outgoingWindow: 8 })).toMatchObject({
      'incoming-window': 7,
      'outgoing-window': 8,
    });
  });

  it('FIX §1.3 properties and capabilities can be set, and are absent by default', async () => {
    const fields = await begun({});
    for (const field of ['properties', 'offered-capabilities', 'desired-capabilities'])
      expect(fields).not.toHaveProperty(field);
    expect(
      await begun({ properties: { k: 'v' }, offeredCapabilities: ['o'], desiredCapabilities: ['d', 'e'] }),
    ).toMatchObject({ properties: ['k', 'v'], 'offered-capabilities': ['o'], 'desired-capabilities': ['d', 'e'] });
  });

  it('row SessionOptions.MaxLinks: an attach of the peer with a handle above handle-max is a framing error', async () => {
    const { connection, peer } = await connected();
    await connection.createSession({ maxLinks: 1 });
    const termini = { source: { is: 'source' }, target: { is: 'target' } } as const;
    peer.send({ is: 'attach', name: 'theirs', handle: 5, role: false, ...termini, 'initial-delivery-count': 0 });
    await settle();
    expect((await frameOf(peer, 'close')).fields['error']).toMatchObject({
      condition: 'amqp:connection:framing-error',
    });
    expect((await connection.closed).by).toBe('local');
  });

  it('row Conn.NewSession: times out after 30 s by default, and is ended', async () => {
    const { connection, peer, clock } = await clocked((scripted) => mute(scripted, 'begin', 'end'), { idleTimeout: 0 });
    const creating = connection.createSession();
    const begin = await frameOf(peer, 'begin');
    clock.advance(29_999);
    expect(await isPending(creating)).toBe(true);
    clock.advance(1);
    expect((await failure(creating)).code).toBe('timeout');
    const end = await frameOf(peer, 'end');
    peer.default(begin);
    peer.default(end);
    peer.on('begin', (frame) => peer.default(frame)).on('end', (frame) => peer.default(frame));
    await expectAlive(connection);
    await connection.close();
  });
});
