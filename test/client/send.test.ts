import { describe, expect, it } from 'vitest';
import { decodeMessage, DeliveryError, json, type SendOptions } from '../../src/client/index.ts';
import type { CompositeValue, FieldValue } from '../../src/testing/index.ts';
import {
  connected,
  failure,
  frameOf,
  isPending,
  mute,
  PeerLink,
  settle,
  thrown,
  untyped,
  wireError,
} from './support/scripted.ts';

/** A peer that settles each transfer with a state. */
const settling = (state: CompositeValue | null) =>
  connected((peer) =>
    peer.on('transfer', ({ channel, fields }) => {
      const first = Number(fields['delivery-id']);
      peer.send({ is: 'disposition', role: true, first, settled: true, state }, undefined, channel);
    }),
  );

describe('send', () => {
  it('resolves with nothing when the peer has accepted the message', async () => {
    const { connection } = await settling({ is: 'accepted' });
    const sender = await connection.createSender('q');
    expect(await sender.send(json({ a: 1 }))).toBeUndefined();
    expect(sender.stats()).toMatchObject({ pending: 0, queued: 0, waitingFor: 'nothing' });
    await connection.close();
  });

  it('rejects a rejected message with what the peer says', async () => {
    const info: FieldValue = {
      type: 'map',
      value: [
        { type: 'symbol', value: 'k' },
        { type: 'string', value: 'v' },
      ],
    };
    const error: CompositeValue = { is: 'error', condition: 'amqp:decode-error', description: 'bad', info };
    const { connection } = await settling({ is: 'rejected', error });
    const sender = await connection.createSender('orders');
    const failed = await failure(sender.send('x'));
    expect(failed).toBeInstanceOf(DeliveryError);
    expect(failed).toMatchObject({
      code: 'rejected',
      condition: 'amqp:decode-error',
      description: 'bad',
      info: { k: 'v' },
    });
    expect(failed).toMatchObject({ outcome: { state: 'rejected', error: { condition: 'amqp:decode-error' } } });
    expect(failed.message).toContain('orders');
    await connection.close();
  });

  it('rejects a rejected message also where the peer does not say why', async () => {
    const { connection } = await settling({ is: 'rejected' });
    const failed = await failure((await connection.createSender('q')).send('x'));
    expect(failed).toMatchObject({ code: 'rejected', outcome: { state: 'rejected', error: undefined } });
    await connection.close();
  });

  it('rejects a released message: it was not taken', async () => {
    const { connection } = await settling({ is: 'released' });
    const failed = await failure((await connection.createSender('q')).send('x'));
    expect(failed).toMatchObject({ code: 'released', retryable: true, outcome: { state: 'released' } });
    await connection.close();
  });

  it('rejects a modified message with how it was modified', async () => {
    const annotations: FieldValue = {
      type: 'map',
      value: [
        { type: 'symbol', value: 'x-why' },
        { type: 'string', value: 'full' },
      ],
    };
    const { connection } = await settling({
      is: 'modified',
      'delivery-failed': true,
      'message-annotations': annotations,
    });
    const failed = await failure((await connection.createSender('q')).send('x'));
    expect(failed).toMatchObject({
      code: 'modified',
      outcome: {
        state: 'modified',
        deliveryFailed: true,
        undeliverableHere: false,
        messageAnnotations: { 'x-why': 'full' },
      },
    });
    await connection.close();
  });

  it('[D-09] [§2.6.12] rejects with outcome-unknown where the peer settles without an outcome', async () => {
    const { connection } = await settling(null);
    const failed = await failure((await connection.createSender('q')).send('x'));
    expect(failed).toMatchObject({ code: 'outcome-unknown', scope: 'delivery' });
    await connection.close();
  });

  it('takes a state that is no outcome as none, and waits on', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    const sending = sender.send('x');
    await frameOf(peer, 'transfer');
    const link = await PeerLink.of(peer);
    const progress: FieldValue = {
      type: 'described',
      descriptor: { type: 'ulong', value: 0x23n },
      value: {
        type: 'list',
        value: [
          { type: 'uint', value: 0 },
          { type: 'ulong', value: 0n },
        ],
      },
    };
    link.disposition(0, null, { state: progress, settled: false });
    expect(await isPending(sending)).toBe(true);
    link.disposition(0, { is: 'accepted' });
    await sending;
    await connection.close();
  });

  it('[§2.8.3] settles after a receiver that settles second', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q', { receiverSettleMode: 'second' });
    const sending = sender.send('x');
    await frameOf(peer, 'transfer');
    (await PeerLink.of(peer)).disposition(0, { is: 'accepted' }, { settled: false });
    await sending;
    expect((await frameOf(peer, 'disposition')).fields).toMatchObject({ role: false, first: 0, settled: true });
    await connection.close();
  });

  it('[X-09] [§2.6.12] resolves once handed over where it is sent settled', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const mixed = await connection.createSender('q');
    await mixed.send('x', { settled: true });
    const settled = await connection.createSender('q', { senderSettleMode: 'settled' });
    await settled.send('y');
    expect((await frameOf(peer, 'transfer', 1)).fields['settled']).toBe(true);
    expect(peer.framesOf('transfer')[0]?.fields['settled']).toBe(true);
    expect([mixed.stats().pending, settled.stats().pending]).toEqual([0, 0]);
    const unsettled = await connection.createSender('q', { senderSettleMode: 'unsettled' });
    expect((await failure(unsettled.send('z', { settled: true }))).code).toBe('invalid-argument');
    await connection.close();
  });

  it('copies the delivery-tag, also that of a Buffer', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    const deliveryTag = Buffer.of(1, 2, 3);
    const receipt = await sender.sendWithReceipt('x', { deliveryTag });
    deliveryTag.fill(0);
    expect(receipt.deliveryTag).toEqual(Uint8Array.of(1, 2, 3));
    expect((await frameOf(peer, 'transfer')).fields['delivery-tag']).toEqual(Uint8Array.of(1, 2, 3));
    await connection.close();
  });

  it('[§2.6.12] sends the delivery-tag and the message-format that are given', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    await sender.send('x', { deliveryTag: Uint8Array.of(1, 2, 3), messageFormat: 0xffff_ffff });
    const { fields } = await frameOf(peer, 'transfer');
    expect(fields).toMatchObject({ 'delivery-tag': Uint8Array.of(1, 2, 3), 'message-format': 0xffff_ffff });
    await connection.close();
  });

  it.each<[string, SendOptions]>([
    ['a delivery-tag of 33 octets', { deliveryTag: new Uint8Array(33) }],
    ['a delivery-tag that is no Uint8Array', { deliveryTag: untyped<Uint8Array>('abc') }],
    ['a negative message-format', { messageFormat: -1 }],
    ['a message-format above 32 bits', { messageFormat: 2 ** 32 }],
    ['a message-format with a fraction', { messageFormat: 0.5 }],
  ])('refuses %s, and sends on', async (_what, options) => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    expect((await failure(sender.send('x', options))).code).toBe('invalid-argument');
    expect((await failure(sender.sendWithReceipt('x', options))).code).toBe('invalid-argument');
    expect(thrown(() => sender.trySend('x', options)).code).toBe('invalid-argument');
    await sender.send('good');
    expect(peer.framesOf('transfer')).toHaveLength(1);
    expect(sender.stats()).toMatchObject({ credit: 99, pending: 0 });
    await connection.close();
  });

  it('refuses what AMQP cannot hold, and sends on', async () => {
    const { connection } = await connected();
    const sender = await connection.createSender('q');
    expect((await failure(sender.send({ body: untyped<string>(() => 1) }))).code).toBe('encode-error');
    expect(thrown(() => sender.trySend({ body: untyped<string>(Symbol('x')) })).code).toBe('encode-error');
    await sender.send('good');
    expect(sender.stats()).toMatchObject({ credit: 99, pending: 0 });
    await connection.close();
  });

  it('[§2.7.3] refuses a message that is larger than the peer takes, and sends on', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.on('attach', ({ channel, fields }) => {
        scripted.send(
          {
            is: 'attach',
            name: String(fields['name']),
            handle: 0,
            role: true,
            source: { is: 'source' },
            target: { is: 'target' },
            'max-message-size': 20,
          },
          undefined,
          channel,
        );
        scripted.send(
          {
            is: 'flow',
            'next-incoming-id': 0,
            'incoming-window': 9,
            'next-outgoing-id': 0,
            'outgoing-window': 9,
            handle: 0,
            'delivery-count': 0,
            'link-credit': 9,
          },
          undefined,
          channel,
        );
      });
    });
    const sender = await connection.createSender('q');
    await settle();
    const error = await failure(sender.send('x'.repeat(20)));
    expect(error).toMatchObject({ code: 'message-too-large', scope: 'delivery' });
    expect(thrown(() => sender.trySend('x'.repeat(20))).code).toBe('message-too-large');
    await sender.send('x'.repeat(15));
    expect(peer.framesOf('transfer')[0]?.payload).toHaveLength(20);
    await connection.close();
  });
});

describe('sendWithReceipt', () => {
  it('resolves when the message is handed over; the outcome follows as data', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    const receipts = await Promise.all(['a', 'b', 'c', 'd'].map((each) => sender.sendWithReceipt(each)));
    expect(receipts.map(({ deliveryTag }) => Buffer.from(deliveryTag).toString('hex'))).toEqual([
      '00000000',
      '00000001',
      '00000002',
      '00000003',
    ]);
    expect(sender.stats()).toMatchObject({ pending: 4, queued: 0, waitingFor: 'outcome' });
    await frameOf(peer, 'transfer', 3);
    const link = await PeerLink.of(peer);
    link.disposition(0, { is: 'accepted' });
    link.disposition(1, { is: 'rejected', error: wireError('amqp:not-allowed') });
    link.disposition(2, { is: 'released' });
    const first = await Promise.all(receipts.slice(0, 3).map(({ outcome }) => outcome));
    expect(first).toMatchObject([
      { state: 'accepted' },
      { state: 'rejected', error: { condition: 'amqp:not-allowed' } },
      { state: 'released' },
    ]);
    await connection.close();
    expect(await receipts[3]?.outcome).toMatchObject({ state: 'unknown', error: { code: 'outcome-unknown' } });
  });

  it('knows the outcome at once of what is sent settled', async () => {
    const { connection } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    const receipt = await sender.sendWithReceipt('x', { settled: true, deliveryTag: Uint8Array.of(9) });
    expect(receipt.deliveryTag).toEqual(Uint8Array.of(9));
    expect(await receipt.outcome).toEqual({ state: 'accepted' });
    await connection.close();
  });
});

describe('trySend', () => {
  it('sends with credit, and does nothing without', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.credit = 1;
    });
    const sender = await connection.createSender('q');
    await settle();
    const receipt = sender.trySend('x');
    expect(await receipt?.outcome).toEqual({ state: 'accepted' });
    expect(sender.trySend('y')).toBeUndefined();
    await settle();
    expect(peer.framesOf('transfer')).toHaveLength(1);
    expect(sender.stats().pending).toBe(0);
    await connection.close();
    expect(thrown(() => sender.trySend('z')).code).toBe('connection-closed');
  });

  it('does not overtake what waits', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.credit = 0;
    });
    const sender = await connection.createSender('q');
    const waiting = sender.send('first');
    expect(sender.trySend('second')).toBeUndefined();
    (await PeerLink.of(peer)).flow({ 'link-credit': 2 });
    await waiting;
    expect(peer.framesOf('transfer')).toHaveLength(1);
    await connection.close();
  });
});

describe('what a program does while its message is encoded or waits', () => {
  it('does not change the tag: it was copied', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.credit = 0;
    });
    const sender = await connection.createSender('q');
    const tag = Uint8Array.of(1);
    const sends = [sender.send('a', { deliveryTag: tag })];
    tag[0] = 2;
    sends.push(sender.send('b', { deliveryTag: tag }));
    (await PeerLink.of(peer)).flow({ 'link-credit': 2 });
    await Promise.all(sends);
    expect(peer.framesOf('transfer').map(({ fields }) => fields['delivery-tag'])).toEqual([
      Uint8Array.of(1),
      Uint8Array.of(2),
    ]);
    await connection.close();
  });

  it('does not harm it, even where a getter sends another', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    let inner: Promise<void> | undefined;
    const outer = sender.send({
      properties: { subject: 'outer' },
      get body() {
        inner ??= sender.send('inner');
        return 'outer';
      },
    });
    await Promise.all([outer, inner]);
    const payloads = peer.framesOf('transfer').map(({ payload }) => decodeMessage(payload).text());
    expect(payloads).toEqual(['inner', 'outer']);
    await connection.close();
  });
});
