import { describe, expect, it } from 'vitest';
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
import { answerAttach, clocked, codes, expectAlive } from './support/send-scene.ts';

const gone = wireError('amqp:resource-deleted', 'gone');
const windows = { 'next-outgoing-id': 0, 'incoming-window': 99, 'outgoing-window': 99 };

/** A session with a sender and a receiver, and the link of the sender as the peer knows it. */
async function scene() {
  const { connection, peer } = await connected();
  const session = await connection.createSession();
  const sender = await session.createSender('q');
  const receiver = await session.createReceiver('q');
  await settle();
  return { connection, peer, session, sender, receiver, link: await PeerLink.of(peer) };
}

/** What a frame of the peer costs: the condition in our end of the session. */
async function endBy(frame: Parameters<PeerLink['send']>[0]): Promise<unknown> {
  const { connection, peer, session, link } = await scene();
  link.send(frame);
  const info = await session.closed;
  expect(info).toMatchObject({ by: 'local', error: { code: 'session-failed' } });
  expect(await isPending(connection.closed)).toBe(true);
  await expectAlive(connection);
  await connection.close();
  const { error } = (await frameOf(peer, 'end')).fields;
  return typeof error === 'object' && error !== null && 'condition' in error ? error.condition : undefined;
}

describe('remote end (§3)', () => {
  it('KEEP §3 session end: what is made in one that the peer ends right after its begin fails with its error', async () => {
    const { connection, peer } = await connected((scripted) => {
      mute(scripted, 'attach', 'end');
      scripted.on('begin', (frame) => {
        scripted.default(frame);
        scripted.send({ is: 'end', error: gone }, undefined, frame.channel);
      });
    });
    const failed = await failure(connection.createSender('q'));
    expect(failed).toMatchObject({ code: 'link-refused', condition: 'amqp:resource-deleted', description: 'gone' });
    await frameOf(peer, 'end');
    await connection.close();
  });

  it('KEEP §3 session end: one that is open is answered, and all that waits on it fails', async () => {
    const { connection, peer, session, sender, receiver, link } = await scene();
    mute(peer, 'end', 'attach', 'transfer');
    const waiting = [session.createSender('late'), receiver.receive(), sender.close()];
    const failed = codes(...waiting.slice(0, 2));
    link.send({ is: 'end', error: gone });
    expect(await failed).toEqual(['link-refused', 'session-ended-by-peer']);
    await waiting[2];
    expect((await frameOf(peer, 'end')).fields).toEqual({});
    await connection.close();
  });

  it('KEEP §3 session end: one that is ending takes an end with an error that crosses as the answer', async () => {
    const { connection, peer, session, link } = await scene();
    mute(peer, 'end');
    const closing = session.close();
    link.send({ is: 'end', error: gone });
    await closing;
    expect(await session.closed).toMatchObject({ by: 'local', error: { condition: 'amqp:resource-deleted' } });
    await settle();
    expect(peer.framesOf('end')).toHaveLength(1);
    await connection.close();
  });

  it('KEEP §3 session end: after our end nothing more is sent, and what the peer still sends is dropped', async () => {
    const { connection, peer, session, link } = await scene();
    mute(peer, 'end');
    const closing = session.close();
    await frameOf(peer, 'end');
    const count = peer.frames.length;
    link.flow({ 'link-credit': 5, echo: true });
    (await PeerLink.of(peer, 1)).transfer(0);
    link.disposition(0, { is: 'accepted' });
    link.detach();
    await settle();
    expect(peer.frames).toHaveLength(count);
    peer.default(await frameOf(peer, 'end'));
    await closing;
    expect(await session.closed).toEqual({ by: 'local' });
    await connection.close();
  });

  it('KEEP §3 session end: a close by the peer reaches sessions and links in every state', async () => {
    const { connection, peer, session, sender, receiver } = await scene();
    mute(peer, 'begin', 'attach', 'detach', 'close', 'transfer');
    const failed = codes(
      connection.createSession(),
      session.createSender('late'),
      sender.send('x'),
      receiver.receive(),
      connection.createReceiver('later'),
    );
    await frameOf(peer, 'transfer');
    const closing = receiver.close();
    peer.send({ is: 'close', error: wireError('amqp:connection:forced') });
    expect(await failed).toEqual([
      'connection-closed-by-peer',
      'connection-closed-by-peer',
      'outcome-unknown',
      'connection-closed-by-peer',
      'connection-closed-by-peer',
    ]);
    await closing;
    expect(await connection.closed).toMatchObject({ by: 'peer', error: { condition: 'amqp:connection:forced' } });
  });
});

describe('closed (§1.2, §1.3, §1.4)', () => {
  it('FIX §1.2 closed tells a clean close by the peer from our own, on every level', async () => {
    const theirs = await scene();
    mute(theirs.peer, 'detach', 'end', 'close');
    theirs.link.detach();
    expect((await theirs.sender.closed).by).toBe('peer');
    theirs.link.send({ is: 'end' });
    expect(await theirs.session.closed).toEqual({ by: 'peer' });
    theirs.peer.send({ is: 'close' });
    expect(await theirs.connection.closed).toEqual({ by: 'peer' });
    const ours = await scene();
    await ours.sender.close();
    await ours.session.close();
    await ours.connection.close();
    for (const { closed } of [ours.sender, ours.session, ours.connection])
      expect(await closed).toEqual({ by: 'local' });
  });
});

describe('protocol errors (§3)', () => {
  it('KEEP §3 protocol errors: a flow for an unknown handle ends the session with unattached-handle', async () => {
    const flow = { is: 'flow', 'next-incoming-id': 0, ...windows, handle: 9, 'delivery-count': 0, 'link-credit': 1 };
    expect(await endBy(flow)).toBe('amqp:session:unattached-handle');
  });

  it('KEEP §3 protocol errors: a transfer for an unknown handle ends the session with unattached-handle', async () => {
    const transfer = { is: 'transfer', handle: 9, 'delivery-id': 0, 'delivery-tag': Uint8Array.of(1) };
    expect(await endBy(transfer)).toBe('amqp:session:unattached-handle');
  });

  it('KEEP §3 protocol errors: a detach for an unknown handle ends the session with unattached-handle', async () => {
    expect(await endBy({ is: 'detach', handle: 9, closed: true })).toBe('amqp:session:unattached-handle');
  });

  it('KEEP §3 protocol errors: a transfer to a sender ends the session', async () => {
    const transfer = { is: 'transfer', handle: 0, 'delivery-id': 0, 'delivery-tag': Uint8Array.of(1) };
    expect(await endBy(transfer)).toBe('amqp:not-allowed');
  });

  it('FIX §3 protocol errors: an attach of the peer is refused, and the session lives', async () => {
    const { connection, peer, session } = await scene();
    const termini = { source: { is: 'source' }, target: { is: 'target' } } as const;
    mute(peer, 'attach', 'detach');
    peer.send({ is: 'attach', name: 'theirs', handle: 7, role: true, ...termini });
    expect((await frameOf(peer, 'detach')).fields['error']).toMatchObject({ condition: 'amqp:not-implemented' });
    expect(await isPending(session.closed)).toBe(true);
    await connection.close();
  });

  it('KEEP §3 protocol errors: an attach of another name is no answer: it is refused, and ours times out', async () => {
    const { connection, peer, clock } = await clocked((scripted) => mute(scripted, 'attach', 'detach'));
    const session = await connection.createSession();
    const creating = failure(session.createSender('q', { timeout: 1000 }));
    answerAttach(peer, await frameOf(peer, 'attach'), { name: 'another', handle: 3 });
    const refusal = await frameOf(peer, 'detach');
    expect(refusal.fields['error']).toMatchObject({ condition: 'amqp:not-implemented' });
    expect(await isPending(creating)).toBe(true);
    clock.advance(1000);
    expect((await creating).code).toBe('timeout');
    expect(await isPending(session.closed)).toBe(true);
    await connection.close();
  });

  it('FIX §3 protocol errors: a session of the peer is refused, and the connection lives', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'begin', 'end'));
    peer.send({ is: 'begin', ...windows }, undefined, 5);
    expect((await frameOf(peer, 'end')).fields['error']).toMatchObject({ condition: 'amqp:not-implemented' });
    peer.send({ is: 'end' }, undefined, 5);
    peer.on('begin', (frame) => peer.default(frame)).on('end', (frame) => peer.default(frame));
    await expectAlive(connection);
    await connection.close();
  });

  it('lesson also (Azure/go-amqp #182): a frame that no rule allows ends the session or more, and is not swallowed', async () => {
    const { connection, peer, link } = await scene();
    link.send({ is: 'begin', 'remote-channel': 0, ...windows });
    const { by, error } = await connection.closed;
    expect([by, error?.code]).toEqual(['local', 'protocol-error']);
    expect((await frameOf(peer, 'close')).fields).toHaveProperty('error');
  });
});

describe('close races (§3)', () => {
  it('KEEP §3 close races: a close that was aborted goes on, and later calls give how it ended', async () => {
    const { connection, peer, sender } = await scene();
    mute(peer, 'detach');
    const abort = new AbortController();
    const aborted = codes(sender.close({ signal: abort.signal }));
    const detach = await frameOf(peer, 'detach');
    abort.abort();
    expect(await aborted).toEqual(['aborted']);
    peer.default(detach);
    await Promise.all([sender.close(), sender.close()]);
    expect(await sender.closed).toEqual({ by: 'local' });
    expect(peer.framesOf('detach')).toHaveLength(1);
    await connection.close();
  });

  it('KEEP §3 close races: all levels closed at a time, from below or above, each end once', async () => {
    for (const order of ['up', 'down'] as const) {
      const { connection, peer, session, sender, receiver } = await scene();
      const all = [sender, receiver, session, connection];
      await Promise.all((order === 'up' ? all : all.toReversed()).map((each) => each.close()));
      for (const each of all) expect(await each.closed).toEqual({ by: 'local' });
      expect(peer.framesOf('close')).toHaveLength(1);
    }
  });

  it('KEEP §3 close races: what is called on a level that is closing fails at once', async () => {
    const { connection, peer, session, sender } = await scene();
    mute(peer, 'detach', 'end', 'close');
    const closing = [sender.close()];
    expect(await codes(sender.send('x'), sender.sendWithReceipt('x'))).toEqual(['link-closed', 'link-closed']);
    closing.push(session.close());
    expect(await codes(session.createSender('q'))).toEqual(['session-ended']);
    closing.push(connection.close());
    expect(await codes(connection.createSession())).toEqual(['connection-closed']);
    peer.send({ is: 'close' });
    await Promise.all(closing);
    expect(await sender.closed).toEqual({ by: 'local' });
  });

  it('KEEP §3 close races: the peer closes while we do', async () => {
    const { connection, peer } = await scene();
    mute(peer, 'close');
    const closing = connection.close();
    peer.send({ is: 'close' });
    await closing;
    expect((await connection.closed).error).toBeUndefined();
    await settle();
    expect(peer.framesOf('close')).toHaveLength(1);
  });
});
