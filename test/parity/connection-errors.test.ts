import { describe, expect, it } from 'vitest';
import {
  AmqpError,
  connect,
  ConnectionError,
  DeliveryError,
  ErrorCondition,
  errorTable,
  LinkError,
  SessionError,
} from '../../src/client/index.ts';
import { ScriptedPeer, type CompositeValue } from '../../src/testing/index.ts';
import {
  connected,
  connectTo,
  failure,
  frameOf,
  mute,
  PeerLink,
  settle,
  wireError,
} from '../client/support/scripted.ts';
import { codes, expectAlive, symbolMap } from './support/send-scene.ts';

/** A connection, a session and a sender; the peer says nothing to messages. */
async function scene() {
  const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer', 'detach', 'end', 'close'));
  const session = await connection.createSession();
  const sender = await session.createSender('q');
  await settle();
  return { connection, peer, session, sender, link: await PeerLink.of(peer) };
}

describe('error conditions and delivery states (§1.7)', () => {
  it('row ErrCond: all conditions of the protocol have a name', () => {
    const core =
      'decode-error frame-size-too-small illegal-state internal-error invalid-field not-allowed not-found not-implemented precondition-failed resource-deleted resource-limit-exceeded resource-locked unauthorized-access';
    const layers =
      'connection:forced connection:redirect connection:framing-error session:errant-link session:handle-in-use session:unattached-handle session:window-violation link:detach-forced link:redirect link:message-size-exceeded link:stolen link:transfer-limit-exceeded';
    const names = `${core} ${layers}`.split(' ').map((name) => `amqp:${name}`);
    expect(names).toHaveLength(25);
    expect(Object.values(ErrorCondition)).toEqual(expect.arrayContaining(names));
  });

  it('row DeliveryState: each state is data with all its fields', async () => {
    const { connection, link, peer, sender } = await scene();
    const annotations = symbolMap({ 'x-why': 'full' });
    const states: CompositeValue[] = [
      { is: 'accepted' },
      { is: 'rejected', error: wireError('amqp:not-allowed', 'no') },
      { is: 'released' },
      { is: 'modified', 'delivery-failed': true, 'undeliverable-here': true, 'message-annotations': annotations },
    ];
    const receipts = await Promise.all(states.map(() => sender.sendWithReceipt('x')));
    await frameOf(peer, 'transfer', 3);
    for (const [id, state] of states.entries()) link.disposition(id, state);
    expect(await Promise.all(receipts.map(({ outcome }) => outcome))).toMatchObject([
      { state: 'accepted' },
      { state: 'rejected', error: { condition: 'amqp:not-allowed', description: 'no' } },
      { state: 'released' },
      { state: 'modified', deliveryFailed: true, undeliverableHere: true, messageAnnotations: { 'x-why': 'full' } },
    ]);
    peer.end();
    await connection.closed;
  });

  it('row StateReceived: carries section-number and section-offset, exactly', async () => {
    const seen: unknown[] = [];
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q', { onDeliveryState: (state) => seen.push(state) });
    const receipt = await sender.sendWithReceipt('x');
    await frameOf(peer, 'transfer');
    const state = { is: 'received', 'section-number': 3, 'section-offset': 0xffff_ffff_ffff_ffffn };
    (await PeerLink.of(peer)).disposition(0, state, { settled: false });
    await settle();
    expect(seen).toEqual([{ state: 'received', sectionNumber: 3, sectionOffset: 0xffff_ffff_ffff_ffffn }]);
    await connection.close();
    expect((await receipt.outcome).state).toBe('unknown');
  });
});

describe('errors (§1.8)', () => {
  it('row Error: a rejection carries condition, description and info, and the link stays usable', async () => {
    const { link, peer, sender } = await scene();
    const failed = failure(sender.send('x'));
    await frameOf(peer, 'transfer');
    const error = { is: 'error', condition: 'x:own', description: 'why', info: symbolMap({ k: 'v' }) };
    link.disposition(0, { is: 'rejected', error });
    const rejected = await failed;
    expect(rejected).toBeInstanceOf(DeliveryError);
    expect(rejected).toMatchObject({ code: 'rejected', condition: 'x:own', description: 'why', info: { k: 'v' } });
    const next = sender.send('y');
    await frameOf(peer, 'transfer', 1);
    link.disposition(1, { is: 'accepted' });
    expect(await next).toBeUndefined();
    peer.end();
  });

  it('row LinkError: the end of a link; a new link on the same session mends it', async () => {
    const { link, peer, session, sender } = await scene();
    link.detach(wireError('amqp:link:detach-forced'));
    const { error } = await sender.closed;
    expect(error).toBeInstanceOf(LinkError);
    expect(error).toMatchObject({ scope: 'link', condition: 'amqp:link:detach-forced', retryable: true });
    expect(await failure(sender.send('x'))).toBe(error);
    expect((await session.createSender('q')).stats().pending).toBe(0);
    peer.end();
  });

  it('row SessionError: the end of a session reaches its links; a new session mends it', async () => {
    const { connection, link, peer, session, sender } = await scene();
    link.send({ is: 'end', error: wireError('amqp:session:errant-link') });
    const { error } = await session.closed;
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toMatchObject({ scope: 'session', condition: 'amqp:session:errant-link' });
    expect((await sender.closed).error).toBe(error);
    await frameOf(peer, 'end');
    for (const is of ['transfer', 'detach', 'end', 'close']) peer.on(is, (frame) => peer.default(frame));
    await expectAlive(connection);
    peer.end();
  });

  it('row ConnError: the end of a connection reaches its sessions and links', async () => {
    const { connection, peer, session, sender } = await scene();
    peer.send({ is: 'close', error: wireError('amqp:connection:forced') });
    const { error } = await connection.closed;
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ scope: 'connection', condition: 'amqp:connection:forced', retryable: true });
    expect([(await session.closed).error, (await sender.closed).error]).toEqual([error, error]);
  });

  it('row LinkError, SessionError, ConnError: our own close is no error of the peer', async () => {
    const { connection } = await connected();
    const session = await connection.createSession();
    const sender = await session.createSender('q');
    await sender.close();
    const closed = await failure(sender.send('x'));
    expect([closed.code, closed.condition]).toEqual(['link-closed', undefined]);
    await session.close();
    expect(await codes(session.createSender('q'))).toEqual(['session-ended']);
    await connection.close();
    expect(await codes(connection.createSession())).toEqual(['connection-closed']);
  });

  it('row ctx.Err: an aborted call is told from one that timed out, and from what the peer says', async () => {
    const { peer, sender } = await scene();
    const abort = new AbortController();
    const aborted = failure(sender.send('x', { signal: abort.signal }));
    abort.abort();
    expect(await aborted).toMatchObject({ code: 'aborted', scope: 'local', condition: undefined });
    expect(await failure(sender.send('x', { timeout: 0 }))).toMatchObject({ code: 'timeout', scope: 'local' });
    peer.end();
  });

  it('FIX §1.8 errors of connect have a type, a code and a scope', async () => {
    const peer = new ScriptedPeer();
    peer.on('sasl-init', () => peer.send({ is: 'sasl-outcome', code: 1 }));
    const failed = await failure(connectTo(peer));
    expect(failed).toBeInstanceOf(ConnectionError);
    expect(failed).toMatchObject({ code: 'authentication-failed', scope: 'connection', retryable: false });
    peer.end();
    const url = 'amqp://127.0.0.1:1';
    expect(await failure(connect(url))).toMatchObject({ code: 'connection-refused', scope: 'connection' });
  });

  it('FIX §1.8 the cause can be reached: a broken socket is behind each error that it made', async () => {
    const { connection, peer, sender } = await scene();
    const sending = failure(sender.send('x'));
    await frameOf(peer, 'transfer');
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    peer.end(cause);
    const unknown = await sending;
    const lost = unknown.cause;
    expect(lost).toBeInstanceOf(ConnectionError);
    expect(AmqpError.is(lost) && lost.cause).toBe(cause);
    expect((await connection.closed).error?.cause).toBe(cause);
  });

  it('FIX §1.8 every error says whether the same call may succeed later', async () => {
    for (const row of Object.values(errorTable)) expect(typeof row.retryable).toBe('boolean');
    const { link, peer, sender } = await scene();
    const sends = ['released', 'rejected'].map(() => failure(sender.send('x')));
    await frameOf(peer, 'transfer', 1);
    link.disposition(0, { is: 'released' });
    link.disposition(1, { is: 'rejected' });
    expect((await Promise.all(sends)).map(({ retryable }) => retryable)).toEqual([true, false]);
    peer.end();
  });
});
