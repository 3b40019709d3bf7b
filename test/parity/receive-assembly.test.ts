import { describe, expect, it } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { connect, encodeMessage } from '../../src/client/index.ts';
import { isPending, PeerLink, settle, until } from '../client/support/scripted.ts';
import { grants, receiving, taken, told } from './support/receive-scene.ts';

const octets = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, index) => index);
const piece = (link: PeerLink, payload: Uint8Array, fields: Readonly<Record<string, boolean | number>>): void =>
  link.send({ is: 'transfer', handle: link.handle, ...fields }, payload);

describe('reassembly (§3)', () => {
  it('KEEP §3 reassembly: pieces without id, tag and format belong to the delivery that has begun', async () => {
    const { connection, receiver, link } = await receiving();
    const whole = encodeMessage(octets(300));
    link.transfer(0, whole.slice(0, 100), { more: true });
    piece(link, whole.slice(100, 200), { more: true });
    const waiting = receiver.receive();
    expect(await isPending(waiting)).toBe(true);
    piece(link, whole.slice(200), {});
    const { message, tag } = await waiting;
    expect(message.bytes()).toEqual(octets(300));
    expect([...tag]).toEqual([0, 0]);
    await connection.close();
  });

  it.each<[string, Readonly<Record<string, number>>]>([
    ['delivery-id', { 'delivery-id': 1 }],
    ['message-format', { 'message-format': 7 }],
  ])('KEEP §3 reassembly: a piece with another %s fails the link', async (_name, fields) => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0, octets(3), { more: true });
    piece(link, octets(3), fields);
    expect((await receiver.closed).error).toMatchObject({ condition: 'amqp:invalid-field' });
    await connection.close();
  });

  it.each(['delivery-id', 'delivery-tag'])('KEEP §3 reassembly: a delivery must begin with a %s', async (field) => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0, 'x', { [field]: null });
    expect((await receiver.closed).error).toMatchObject({ condition: 'amqp:invalid-field' });
    await connection.close();
  });

  it('FIX §3 reassembly (Azure/go-amqp #33): one without message-format is of format 0, also where it came settled', async () => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0, 'x', { 'message-format': null, settled: true });
    const { message } = await receiver.receive();
    expect([message.messageFormat, message.text()]).toEqual([0, 'x']);
    await connection.close();
  });

  it('KEEP §3 reassembly: one piece that says settled settles the delivery', async () => {
    const { connection, peer, receiver, link } = await receiving();
    const whole = encodeMessage(octets(30));
    link.transfer(0, whole.slice(0, 10), { more: true });
    piece(link, whole.slice(10, 20), { more: true, settled: true });
    piece(link, whole.slice(20), {});
    const delivery = await receiver.receive();
    expect(delivery.settled).toBe(true);
    await delivery.accept();
    await settle();
    expect(told(peer)).toEqual([]);
    await connection.close();
  });

  it('KEEP §3 reassembly: an aborted delivery is dropped; it used credit, which comes back', async () => {
    const { connection, peer, receiver, link } = await receiving({ credit: 1 });
    link.transfer(0, octets(10), { more: true });
    piece(link, octets(10), { more: true });
    piece(link, new Uint8Array(0), { aborted: true });
    await settle();
    expect(receiver.stats()).toMatchObject({ credit: 1, prefetched: 0, unsettled: 0 });
    expect(grants(link).at(-1)).toEqual([1, 1]);
    link.transfer(1);
    expect((await receiver.receive()).message.text()).toBe('m1');
    expect(told(peer)).toEqual([]);
    await connection.close();
  });

  it('KEEP §3 reassembly: deliveries of several links of one session come in pieces at a time', async () => {
    const { connection, peer } = await receiving();
    const session = await connection.createSession();
    const receivers = [await session.createReceiver('a'), await session.createReceiver('b')];
    const links = [await PeerLink.of(peer, 1), await PeerLink.of(peer, 2)];
    const whole = encodeMessage(octets(50));
    links.forEach((link, id) => link.transfer(id, whole.slice(0, 20), { more: true }));
    for (const link of links) piece(link, whole.slice(20, 40), { more: true });
    for (const link of links) piece(link, whole.slice(40), {});
    for (const receiver of receivers)
      expect((await receiver.receive({ timeout: 1000 })).message.bytes()).toEqual(octets(50));
    await connection.close();
  });

  it('KEEP §3 reassembly: a message larger than frame and window of ours arrives from a real peer', async () => {
    await using broker = await startBroker();
    const connection = await connect(broker.url, { maxFrameSize: 512 });
    const session = await connection.createSession({ incomingWindow: 4 });
    const receiver = await session.createReceiver('large');
    const sender = await session.createSender('large');
    const large = octets(100_000);
    const sending = sender.send(large);
    const delivery = await receiver.receive({ timeout: 5000 });
    expect(delivery.message.bytes()).toEqual(large);
    await delivery.accept();
    await sending;
    await connection.close();
  });

  it('KEEP §3 reassembly: however the stream is cut, the message is the same', async () => {
    const { connection, peer, receiver, link } = await receiving();
    peer.chunkSize = 3;
    const whole = encodeMessage(octets(200));
    link.transfer(0, whole.slice(0, 77), { more: true });
    piece(link, whole.slice(77), {});
    expect((await receiver.receive()).message.bytes()).toEqual(octets(200));
    await connection.close();
  });
});

describe('dispositions (§3)', () => {
  it('FIX §3 dispositions: neighbours with one outcome leave as one range', async () => {
    const { connection, peer, receiver, link } = await receiving();
    for (let id = 0; id < 20; id++) link.transfer(id);
    await settle();
    const deliveries = taken(receiver, 20);
    await Promise.all(deliveries.slice(0, 15).map((delivery) => delivery.accept()));
    await Promise.all(deliveries.slice(15).map((delivery) => delivery.release()));
    await settle();
    expect(told(peer)).toEqual([
      [0, 14, 'accepted', true],
      [15, 19, 'released', true],
    ]);
    await connection.close();
  });

  it('FIX §3 dispositions: gaps and other outcomes begin a new range, in the order of the calls', async () => {
    const { connection, peer, receiver, link } = await receiving();
    for (let id = 0; id < 6; id++) link.transfer(id);
    await settle();
    const deliveries = taken(receiver, 6);
    const [third] = deliveries.splice(2, 1);
    const [last] = deliveries.splice(4, 1);
    await Promise.all(deliveries.map((delivery) => delivery.accept()));
    await third?.reject({ condition: 'x:bad' });
    await last?.accept();
    await settle();
    expect(told(peer)).toEqual([
      [0, 1, 'accepted', true],
      [3, 4, 'accepted', true],
      [2, 2, 'rejected', true],
      [5, 5, 'accepted', true],
    ]);
    await connection.close();
  });

  it('FIX §3 dispositions, lesson 5 (fe2o3-amqp #292): mode second does not wait on a batch', async () => {
    const { connection, peer, receiver, link, clock } = await receiving({ receiverSettleMode: 'second' });
    for (let id = 0; id < 3; id++) link.transfer(id);
    const accepting = [];
    for (let id = 0; id < 3; id++) accepting.push((await receiver.receive()).accept());
    // Time stands still, so no timer can have sent them.
    await until(() => told(peer).length > 0);
    expect(told(peer)).toEqual([[0, 2, 'accepted', false]]);
    expect(clock.now()).toBe(0);
    link.disposition(0, { is: 'accepted' }, { role: false, last: 2 });
    await Promise.all(accepting);
    await connection.close();
  });
});

describe('unsettled tracking (§3)', () => {
  it('KEEP §3 unsettled tracking: a delivery knows its own link, whoever settles it', async () => {
    const { connection, peer, receiver, link } = await receiving({ credit: 1 });
    const other = await connection.createReceiver('other', { credit: 1 });
    const toOther = await PeerLink.of(peer, 1);
    link.transfer(0, 'one');
    toOther.transfer(0, 'two');
    const [one, two] = [await receiver.receive(), await other.receive()];
    await two.accept();
    await settle();
    expect([receiver.stats().unsettled, other.stats().unsettled]).toEqual([1, 0]);
    await one.release();
    await settle();
    const sent = peer.framesOf('disposition').map(({ channel, fields }) => [channel, fields['state']]);
    expect(sent).toEqual([
      [toOther.attach.channel, { is: 'accepted' }],
      [link.attach.channel, { is: 'released' }],
    ]);
    await connection.close();
  });

  it('FIX §3 unsettled tracking: what is settled, aborted or detached is forgotten', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    await (await receiver.receive()).accept();
    link.transfer(1, octets(3), { more: true });
    piece(link, octets(0), { aborted: true });
    link.disposition(0, { is: 'released' }, { role: false, last: 1 });
    await settle();
    expect(receiver.stats()).toMatchObject({ prefetched: 0, unsettled: 0 });
    link.transfer(2);
    const held = await receiver.receive();
    link.detach();
    await receiver.closed;
    link.disposition(0, { is: 'released' }, { role: false, last: 2 });
    await settle();
    expect(held.settled).toBe(false);
    expect(peer.framesOf('close')).toEqual([]);
    await connection.close();
  });
});
