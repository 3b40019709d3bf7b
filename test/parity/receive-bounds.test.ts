import { describe, expect, it } from 'vitest';
import { hex } from '../codec/support/hex.ts';
import {
  connected,
  failure,
  frameOf,
  isPending,
  mute,
  PeerLink,
  settle,
  thrown,
  until,
} from '../client/support/scripted.ts';
import { receiving, taken, told } from './support/receive-scene.ts';
import { expectAlive } from './support/send-scene.ts';

const LAST_ID = 0xffff_ffff;
const bySender = { role: false };

describe('messages that would harm a decoder (§2.2)', () => {
  it('FIX §2.2 recursion depth: a million zeros as a value are an error of that message only', async () => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0, hex('005377'), { more: true });
    for (let part = 0; part < 20; part++)
      link.send({ is: 'transfer', handle: link.handle, more: part < 19 }, new Uint8Array(50_000));
    const { message } = await receiver.receive();
    expect(message.size).toBe(1_000_003);
    expect(thrown(() => message.value).code).toBe('decode-error');
    link.transfer(1);
    expect((await receiver.receive()).message.text()).toBe('m1');
    await connection.close();
  });

  it.each([
    ['binary', 'c10702 a00101 a10178'],
    ['a list', 'c10502 45 a10178'],
    ['a map', 'c10702 c10100 a10178'],
    ['a described list', 'c10802 005301 45 a10178'],
  ])('FIX §2.2 unhashable keys: %s as an annotation key is an error of that message only', async (_name, map) => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0, hex(`005372 ${map} 005377a10178`));
    link.transfer(1);
    const { message } = await receiver.receive();
    expect(thrown(() => message.messageAnnotations)).toMatchObject({
      code: 'decode-error',
      message: expect.stringContaining('neither a symbol nor a ulong'),
    });
    expect(message.text()).toBe('x');
    expect((await receiver.receive()).message.text()).toBe('m1');
    await connection.close();
  });

  it('FIX §2.2 any decode error in a body: is told where the body is used; link and session live', async () => {
    const { connection, receiver, link, peer } = await receiving();
    link.transfer(0, hex('005373c00401a10169 005377a105aa'));
    const broken = await receiver.receive();
    expect(thrown(() => broken.message.text()).code).toBe('decode-error');
    await broken.reject({ condition: 'amqp:decode-error' });
    await settle();
    expect(told(peer)).toEqual([[0, 0, 'rejected', true]]);
    expect(peer.framesOf('detach')).toEqual([]);
    await connection.close();
  });
});

describe('flows and dispositions that would harm a sender (§2.2)', () => {
  it('FIX §2.2 flow with a handle but no link-credit, to a sender: is taken for a credit of 0', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    const link = await PeerLink.of(peer);
    await sender.send('x');
    link.flow({ 'next-incoming-id': 1, 'delivery-count': 1 });
    await settle();
    expect(await isPending(sender.closed)).toBe(true);
    link.flow({ 'next-incoming-id': 1, 'delivery-count': 1, 'link-credit': 5 });
    await sender.send('y');
    await connection.close();
  });

  it('FIX §2.2 disposition last 0xFFFFFFFF: settles what is meant and costs nothing', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    const link = await PeerLink.of(peer);
    const sends = [sender.send('a'), sender.send('b')];
    await frameOf(peer, 'transfer', 1);
    link.disposition(LAST_ID - 5, { is: 'accepted' }, { last: LAST_ID });
    expect(await isPending(Promise.race(sends))).toBe(true);
    link.disposition(0, { is: 'accepted' }, { last: 0x7fff_fffe });
    await Promise.all(sends);
    await sender.close();
    await connection.close();
  });

  it('FIX §2.2 disposition last 0xFFFFFFFF: one over all numbers hangs nothing; it runs backwards, which is refused [BE-51]', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    const link = await PeerLink.of(peer);
    const sending = failure(sender.send('a'));
    await frameOf(peer, 'transfer');
    link.disposition(0, { is: 'accepted' }, { last: LAST_ID });
    expect((await sending).code).toBe('outcome-unknown');
    expect((await frameOf(peer, 'close')).fields['error']).toMatchObject({ condition: 'amqp:not-allowed' });
    expect((await connection.closed).by).toBe('local');
  });
});

describe('numbers and limits that a receiver meets (§2.2)', () => {
  it('FIX §2.2 wrapped ranges: ids that pass 2^32 settle, both ways', async () => {
    const { connection, peer, receiver, link } = await receiving();
    const ids = [LAST_ID - 1, LAST_ID, 0, 1];
    for (const id of ids) link.transfer(id);
    await settle();
    const deliveries = taken(receiver, 4);
    link.disposition(LAST_ID, { is: 'released' }, { ...bySender, last: 0 });
    await settle();
    expect(deliveries.map(({ settled }) => settled)).toEqual([false, true, true, false]);
    for (const id of [2, 3]) link.transfer(id);
    await settle();
    for (const delivery of [...deliveries, ...taken(receiver, 2)]) await delivery.accept();
    await settle();
    expect(told(peer)).toEqual([
      [LAST_ID - 1, LAST_ID - 1, 'accepted', true],
      [1, 3, 'accepted', true],
    ]);
    await connection.close();
  });

  it('FIX §2.2 wrapped ranges: our own disposition may begin before 2^32 and end behind it', async () => {
    const { connection, peer, receiver, link } = await receiving();
    for (const id of [LAST_ID - 1, LAST_ID, 0, 1]) link.transfer(id);
    await settle();
    for (const delivery of taken(receiver, 4)) await delivery.accept();
    await settle();
    expect(told(peer)).toEqual([[LAST_ID - 1, 1, 'accepted', true]]);
    expect(receiver.stats().unsettled).toBe(0);
    await connection.close();
  });

  it('FIX §2.2 receive more than credit: the link is detached with transfer-limit-exceeded', async () => {
    const { connection, receiver, link, peer } = await receiving({ credit: 2 });
    for (let id = 0; id < 3; id++) link.transfer(id);
    expect((await receiver.closed).error).toMatchObject({ condition: 'amqp:link:transfer-limit-exceeded' });
    expect((await frameOf(peer, 'detach')).fields).toMatchObject({
      closed: true,
      error: { condition: 'amqp:link:transfer-limit-exceeded' },
    });
    await expectAlive(connection);
    await connection.close();
  });

  it('FIX §2.2 receive more than window: the session is ended with window-violation', async () => {
    const { connection, peer } = await connected();
    const session = await connection.createSession({ incomingWindow: 2 });
    await session.createReceiver('q');
    const link = await PeerLink.of(peer);
    // Without a pause, so that the window could not be opened meanwhile.
    link.transfer(0, new Uint8Array(3), { more: true });
    for (let count = 0; count < 2; count++)
      link.send({ is: 'transfer', handle: link.handle, more: true }, new Uint8Array(3));
    expect((await session.closed).error).toMatchObject({ condition: 'amqp:session:window-violation' });
    await until(() => peer.framesOf('end').length === 1);
    await expectAlive(connection);
    await connection.close();
  });
});
