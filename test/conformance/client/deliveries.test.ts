import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../src/testing/index.ts';
import { connected, failure, frameOf, PeerLink, settle, thrown } from '../../client/support/scripted.ts';
import { receiving, told } from '../../parity/support/receive-scene.ts';
import { answerAttach } from '../../parity/support/send-scene.ts';

describe('outcomes', () => {
  it('[D-18] [N-15] are asked for, all four; the one that the program chooses is told, though the source lists fewer', async () => {
    const outcomes: FieldValue = { type: 'symbol', value: 'amqp:accepted:list' };
    const { connection, peer, receiver, link } = await receiving({}, (scripted) => {
      scripted.on('attach', (frame) =>
        answerAttach(scripted, frame, { source: { is: 'source', address: 'q', outcomes } }),
      );
    });
    expect((await frameOf(peer, 'attach')).fields['source']).toMatchObject({
      outcomes: ['amqp:accepted:list', 'amqp:rejected:list', 'amqp:released:list', 'amqp:modified:list'],
    });
    link.transfer(0);
    await (await receiver.receive()).release();
    await settle();
    expect(told(peer)).toEqual([[0, 0, 'released', true]]);
    await connection.close();
  });

  it('[D-10] [BY-17] of an unknown type cost the sender its link: the session and its other links live', async () => {
    const { connection, peer } = await connected((scripted) => scripted.on('transfer', () => undefined));
    const session = await connection.createSession();
    const sender = await session.createSender('q');
    const other = await session.createSender('r');
    const link = await PeerLink.of(peer);
    const sending = failure(sender.send('x'));
    await frameOf(peer, 'transfer');
    link.disposition(0, { is: String(0x99) });
    expect(await sending).toMatchObject({ code: 'outcome-unknown', cause: { condition: 'amqp:invalid-field' } });
    expect((await frameOf(peer, 'detach')).fields['error']).toMatchObject({ condition: 'amqp:invalid-field' });
    expect(await sender.closed).toMatchObject({ by: 'local', error: { code: 'link-failed' } });
    const still = other.send('y');
    await frameOf(peer, 'transfer', 1);
    link.disposition(1, { is: 'accepted' });
    expect(await still).toBeUndefined();
    await connection.close();
  });
});

describe('a message in a format of its own', () => {
  it('[X-17] is left to the program, which may reject it: the next one is received', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0, Uint8Array.of(0xff), { 'message-format': 7 });
    link.transfer(1);
    const foreign = await receiver.receive();
    expect(thrown(() => foreign.message.body).code).toBe('illegal-state');
    await foreign.reject({ condition: 'amqp:not-implemented', description: 'message-format 7' });
    expect((await receiver.receive()).message.text()).toBe('m1');
    await settle();
    expect(told(peer)).toEqual([[0, 0, 'rejected', true]]);
    await connection.close();
  });
});

describe('deliveries that the sender resumes', () => {
  it('[X-15] reach nobody, and their credit comes back', async () => {
    const { connection, receiver, link } = await receiving({ credit: 2 });
    for (const id of [0, 1]) link.transfer(id, 'old', { resume: true });
    await settle();
    expect(receiver.tryReceive()).toBeUndefined();
    expect(receiver.stats()).toMatchObject({ credit: 2, prefetched: 0, unsettled: 0 });
    link.transfer(2, 'new');
    expect((await receiver.receive()).message.text()).toBe('new');
    await connection.close();
  });
});
