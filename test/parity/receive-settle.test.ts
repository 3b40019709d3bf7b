import { describe, expect, it } from 'vitest';
import type { Delivery, ModifyOptions } from '../../src/client/index.ts';
import { failure, frameOf, isPending, mute, PeerLink, settle, untyped, wireError } from '../client/support/scripted.ts';
import { grants, receiving, told } from './support/receive-scene.ts';
import { codes } from './support/send-scene.ts';

const bySender = { role: false };

describe('settling in mode first (§1.5)', () => {
  it.each<[string, (delivery: Delivery) => Promise<void>, object]>([
    ['AcceptMessage', (delivery) => delivery.accept(), { is: 'accepted' }],
    [
      'RejectMessage',
      (delivery) => delivery.reject({ condition: 'x:bad', description: 'no', info: { why: 'a' } }),
      { is: 'rejected', error: { is: 'error', condition: 'x:bad', description: 'no', info: ['why', 'a'] } },
    ],
    ['RejectMessage without an error', (delivery) => delivery.reject(), { is: 'rejected' }],
    ['ReleaseMessage', (delivery) => delivery.release(), { is: 'released' }],
    ['ModifyMessage', (delivery) => delivery.modify(), { is: 'modified' }],
  ])('row Receiver.%s: tells the outcome, settled, and resolves without an answer', async (_name, act, state) => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    await act(await receiver.receive());
    expect((await frameOf(peer, 'disposition')).fields).toEqual({ role: true, first: 0, settled: true, state });
    await connection.close();
  });

  it.each<[keyof ModifyOptions, ModifyOptions, object]>([
    ['deliveryFailed', { deliveryFailed: true }, { 'delivery-failed': true }],
    ['undeliverableHere', { undeliverableHere: true }, { 'undeliverable-here': true }],
    ['messageAnnotations', { messageAnnotations: { 'x-why': 'a' } }, { 'message-annotations': ['x-why', 'a'] }],
  ])('row ModifyMessageOptions.%s: is left out by default', async (_name, options, fields) => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    await (await receiver.receive()).modify(options);
    expect((await frameOf(peer, 'disposition')).fields['state']).toEqual({ is: 'modified', ...fields });
    await connection.close();
  });

  it('row Receiver.AcceptMessage: what is settled already is left as it is, without an error', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    link.transfer(1, 'x', { settled: true });
    const [unsettled, presettled] = [await receiver.receive(), await receiver.receive()];
    expect([unsettled.settled, presettled.settled]).toEqual([false, true]);
    await unsettled.accept();
    await unsettled.reject();
    await presettled.release();
    await settle();
    expect(told(peer)).toEqual([[0, 0, 'accepted', true]]);
    await connection.close();
  });

  it.each(['first', 'second'] as const)(
    'row Receiver.RejectMessage: what cannot be written rejects, and leaves the message as it was (mode %s)',
    async (receiverSettleMode) => {
      const { connection, peer, receiver, link } = await receiving({ receiverSettleMode });
      link.transfer(0);
      const delivery = await receiver.receive();
      const wrong = [
        delivery.reject({ condition: 'é' }),
        delivery.reject({ condition: 'x:long', description: 'x'.repeat(100_000) }),
        delivery.reject(untyped('why')),
        delivery.modify({ messageAnnotations: { 'x-f': () => 1 } }),
        delivery.modify(untyped({ deliveryFaild: true })),
      ];
      expect(await codes(...wrong)).toEqual([
        'encode-error',
        'invalid-argument',
        'invalid-argument',
        'encode-error',
        'invalid-argument',
      ]);
      expect([told(peer), delivery.settled]).toEqual([[], false]);
      const releasing = delivery.release();
      await settle();
      expect(told(peer)).toEqual([[0, 0, 'released', receiverSettleMode === 'first']]);
      link.disposition(0, { is: 'released' }, bySender);
      await releasing;
      await connection.close();
    },
  );

  it('FIX §1.5 settling while the link is closing rejects at once, and does not hang', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    const delivery = await receiver.receive();
    mute(peer, 'detach');
    const closing = receiver.close();
    expect(await codes(delivery.accept(), delivery.modify())).toEqual(['link-closed', 'link-closed']);
    expect(await isPending(closing)).toBe(true);
    link.detach();
    await closing;
    await connection.close();
  });

  it('row Receiver.AcceptMessage: after the end of the link it rejects with why that ended', async () => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0);
    const delivery = await receiver.receive();
    link.detach(wireError('amqp:link:detach-forced'));
    await receiver.closed;
    expect(await failure(delivery.accept())).toMatchObject({ condition: 'amqp:link:detach-forced' });
    await connection.close();
  });
});

describe('settling in mode second (§1.5)', () => {
  it('row Receiver.AcceptMessage: waits for the settlement of the sender, which gives back the credit', async () => {
    const { connection, peer, receiver, link } = await receiving({ receiverSettleMode: 'second', credit: 1 });
    link.transfer(0);
    const accepting = (await receiver.receive()).accept();
    await frameOf(peer, 'disposition');
    expect(await isPending(accepting)).toBe(true);
    expect([told(peer), grants(link)]).toEqual([[[0, 0, 'accepted', false]], [[0, 1]]]);
    link.disposition(0, { is: 'accepted' }, bySender);
    await accepting;
    await settle();
    expect(grants(link)).toEqual([
      [0, 1],
      [1, 1],
    ]);
    await connection.close();
  });

  it('row Receiver.AcceptMessage: a sender that settles as rejected makes it reject, with that error', async () => {
    const { connection, peer, receiver, link } = await receiving({ receiverSettleMode: 'second' });
    link.transfer(0);
    const accepting = failure((await receiver.receive()).accept());
    await frameOf(peer, 'disposition');
    link.disposition(0, { is: 'rejected', error: wireError('x:lock-lost', 'late') }, bySender);
    expect(await accepting).toMatchObject({
      code: 'outcome-differs',
      outcome: { state: 'rejected', error: { condition: 'x:lock-lost', description: 'late' } },
    });
    await connection.close();
  });

  it('row Receiver.AcceptMessage: a wait that its caller leaves still settles late, and gives back the credit', async () => {
    const { connection, peer, receiver, link } = await receiving({ receiverSettleMode: 'second', credit: 1 });
    link.transfer(0);
    const delivery = await receiver.receive();
    const given = await Promise.race([delivery.accept(), Promise.resolve('given up')]);
    expect(given).toBe('given up');
    await frameOf(peer, 'disposition');
    expect(delivery.settled).toBe(false);
    link.disposition(0, { is: 'accepted' }, bySender);
    await settle();
    expect([delivery.settled, receiver.stats().unsettled, receiver.stats().credit]).toEqual([true, 0, 1]);
    await connection.close();
  });

  it('FIX §1.5 settling while the link ends tells that the outcome is unknown, and does not hang', async () => {
    const { connection, peer, receiver, link } = await receiving({ receiverSettleMode: 'second' });
    link.transfer(0);
    const accepting = failure((await receiver.receive()).accept());
    await frameOf(peer, 'disposition');
    link.detach();
    expect((await accepting).code).toBe('outcome-unknown');
    await connection.close();
  });

  it('KEEP §3 dispositions: mode second on both sides takes the three steps of exactly-once', async () => {
    const { connection, peer, receiver, link } = await receiving({ receiverSettleMode: 'second' });
    const sender = await connection.createSender('q', { receiverSettleMode: 'second' });
    mute(peer, 'transfer');
    const sending = sender.send('out');
    const toSender = await PeerLink.of(peer, 1);
    await frameOf(peer, 'transfer');
    toSender.disposition(0, { is: 'accepted' }, { settled: false });
    await sending;
    link.transfer(0);
    const accepting = (await receiver.receive()).accept();
    await frameOf(peer, 'disposition', 1);
    link.disposition(0, { is: 'accepted' }, bySender);
    await accepting;
    expect(peer.framesOf('disposition').map(({ fields }) => [fields['role'], fields['settled'] === true])).toEqual([
      [false, true],
      [true, false],
    ]);
    await connection.close();
  });
});
