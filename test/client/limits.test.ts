import { describe, expect, it } from 'vitest';
import { AmqpArray, encodeMessage, sequence, value, type Connection } from '../../src/client/index.ts';
import type { ScriptedPeer } from '../../src/testing/index.ts';
import { connected, failure, frameOf, PeerLink, settle, thrown, until, untyped } from './support/scripted.ts';

/** Octets of an encoded message whose body has so many octets, up to 255. */
const encodedSize = (body: number): number => encodeMessage({ body: new Uint8Array(body) }).length;

/** A peer without credit of its own, and the octets of three messages as limit of what may wait. */
const threeMayWait = (): Promise<{ peer: ScriptedPeer; connection: Connection }> =>
  connected(
    (peer) => {
      peer.credit = 0;
    },
    { maxQueuedSize: 3 * encodedSize(100) },
  );

const hundred = { body: new Uint8Array(100) };

describe('what may wait to be sent', () => {
  it('is bounded in octets over all senders of a connection', async () => {
    const { connection, peer } = await threeMayWait();
    const one = await connection.createSender('one');
    const other = await connection.createSender('other');
    const first = one.send(hundred);
    const abort = new AbortController();
    const second = failure(other.send(hundred, { signal: abort.signal }));
    const third = failure(other.send(hundred));
    const error = await failure(one.send(hundred));
    expect(error.code).toBe('send-queue-full');
    expect(error.retryable).toBe(true);
    expect(error.message).toContain(`messages of ${3 * encodedSize(100)} octets wait`);
    expect(one.stats()).toMatchObject({ queued: 1, pending: 1 });
    // What is taken back, sent or dropped makes room.
    abort.abort();
    expect((await second).code).toBe('aborted');
    const fourth = one.send(hundred);
    expect((await failure(one.send(hundred))).code).toBe('send-queue-full');
    (await PeerLink.of(peer, 0)).flow({ 'link-credit': 1 });
    await first;
    const fifth = one.send(hundred);
    expect((await failure(one.send(hundred))).code).toBe('send-queue-full');
    await other.close();
    expect((await third).code).toBe('link-closed');
    const sixth = one.send(hundred);
    (await PeerLink.of(peer, 0)).flow({ 'delivery-count': 1, 'link-credit': 10 });
    await Promise.all([fourth, fifth, sixth]);
    await connection.close();
  });

  it('may be one message that is larger than the limit', async () => {
    const { connection, peer } = await threeMayWait();
    const sender = await connection.createSender('q');
    const large = sender.send({ body: new Uint8Array(1000) });
    expect((await failure(sender.send(hundred))).code).toBe('send-queue-full');
    (await PeerLink.of(peer)).flow({ 'link-credit': 10 });
    await large;
    await sender.send(hundred);
    await connection.close();
  });

  it('counts what is left of a message that has begun to leave, and forgets it when that is aborted', async () => {
    const { connection, peer } = await connected(
      (scripted) => {
        scripted.on('open', () => scripted.send({ is: 'open', 'container-id': 'small', 'max-frame-size': 512 }));
      },
      { maxQueuedSize: 5000 },
    );
    const sender = await connection.createSender('q');
    await until(() => sender.stats().credit > 0);
    (await PeerLink.of(peer)).flow({ 'link-credit': 10, 'incoming-window': 1 });
    await settle();
    const abort = new AbortController();
    const large = failure(sender.send({ body: new Uint8Array(4900) }, { signal: abort.signal }));
    await until(() => peer.framesOf('transfer').length === 1);
    expect((await failure(sender.send({ body: new Uint8Array(600) }))).code).toBe('send-queue-full');
    abort.abort();
    expect((await large).code).toBe('aborted');
    const rest = failure(sender.send({ body: new Uint8Array(4900) }));
    await settle();
    expect(sender.stats().queued).toBeGreaterThan(0);
    await connection.close();
    expect((await rest).code).toBe('connection-closed');
  });

  it('is bounded in sends without an outcome for each sender', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.on('transfer', () => undefined);
    });
    const sender = await connection.createSender('q', { maxPending: 2 });
    await until(() => sender.stats().credit > 0);
    const first = sender.send('a');
    const second = sender.sendWithReceipt('b');
    const error = await failure(sender.send('c'));
    expect(error.code).toBe('send-queue-full');
    expect(error.message).toContain('2 sends to q have no outcome yet');
    expect(sender.trySend('c')).toBeUndefined();
    await settle();
    expect(peer.framesOf('transfer')).toHaveLength(2);
    (await PeerLink.of(peer)).disposition(0, { is: 'accepted' }, { last: 1 });
    await first;
    expect(await (await second).outcome).toEqual({ state: 'accepted' });
    expect(sender.trySend('c')).toBeDefined();
    await connection.close();
  });

  it.each([0, -1, 1.5, '7'])('does not take %s for a limit', async (limit) => {
    const { connection } = await connected();
    const error = await failure(connection.createSender('q', untyped({ maxPending: limit })));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain('sender options.maxPending');
    await connection.close();
    for (const option of ['maxQueuedSize', 'maxIncompleteSize', 'maxBuffered']) {
      const refused = await failure(connected(() => undefined, untyped({ [option]: limit })));
      expect(refused.message).toContain(`connect options.${option}`);
    }
  });
});

describe('what may have come in part', () => {
  it('[BY-11] is bounded over all receivers of a connection: the session of the one too many is ended', async () => {
    const { connection, peer } = await connected(() => undefined, { maxIncompleteSize: 1000 });
    const first = await connection.createReceiver('first');
    const second = await connection.createReceiver('second');
    const third = await connection.createReceiver('third');
    const [one, two, three] = [await PeerLink.of(peer, 0), await PeerLink.of(peer, 1), await PeerLink.of(peer, 2)];
    const part = new Uint8Array(400);
    for (const link of [one, two, three]) link.transfer(0, part, { more: true });
    const { by, error } = await third.closed;
    expect(by).toBe('local');
    expect(error).toMatchObject({ code: 'session-failed', condition: 'amqp:resource-limit-exceeded' });
    expect(error?.message).toContain('incomplete messages hold 800 octets, and the limit is 1000');
    await frameOf(peer, 'end');
    // The others go on, and what is complete or aborted counts no more.
    one.send({ is: 'transfer', handle: one.handle, aborted: true });
    two.send({ is: 'transfer', handle: two.handle }, encodeMessage('end'));
    expect((await second.receive()).message.size).toBe(400 + encodeMessage('end').length);
    one.transfer(1, new Uint8Array(1000), { more: true });
    await settle();
    two.transfer(1, 'whole');
    expect((await second.receive()).message.text()).toBe('whole');
    await first.close();
    two.transfer(2, new Uint8Array(1000), { more: true });
    two.send({ is: 'transfer', handle: two.handle });
    expect((await second.receive()).message.size).toBe(1000);
    await connection.close();
  });
});

describe('what is decoded of a message', () => {
  it('[T-49] is bounded by the limits of the receiver, and the delivery can be settled all the same', async () => {
    const { connection, peer } = await connected();
    const receiver = await connection.createReceiver('q', { limits: { maxDepth: 2, maxElements: 3, maxSize: 50 } });
    const link = await PeerLink.of(peer);
    const nulls = new AmqpArray('null', [null, null, null, null]);
    const bodies = [
      { body: value([[[1]]]) },
      { body: value(nulls) },
      { body: value('x'.repeat(51)) },
      { body: sequence([nulls]) },
      { body: value(1), messageAnnotations: { 'x-opt-deep': [[[1]]] } },
      { body: value(1), applicationProperties: { long: 'x'.repeat(51) } },
    ];
    for (const [id, body] of bodies.entries()) link.transfer(id, body);
    for (const _ of bodies) {
      const delivery = await receiver.receive();
      const { message } = delivery;
      const error = thrown(() => [message.body, message.messageAnnotations, message.applicationProperties]);
      expect(error.code).toBe('decode-error');
      await delivery.reject();
    }
    link.transfer(bodies.length, { body: value([['fits']]) });
    expect((await receiver.receive()).message.value).toEqual([['fits']]);
    await until(() => peer.framesOf('disposition').length > 0);
    await connection.close();
  });

  it.each([{ maxDepth: 0 }, { maxDepth: 1025 }, { maxElements: -1 }, { maxSize: 1.5 }, { deep: 1 }])(
    'is not bounded by %o',
    async (limits) => {
      const { connection } = await connected();
      const error = await failure(connection.createReceiver('q', untyped({ limits })));
      expect(error.code).toBe('invalid-argument');
      expect(error.message).toContain('receiver options.limits');
      await connection.close();
    },
  );
});
