import { describe, expect, it } from 'vitest';
import { decode } from '../../src/codec/index.ts';
import type { Wire } from '../../src/testing/index.ts';
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
import { messageOf, readValue, receiving } from './support/receive-scene.ts';
import { answerAttach, codes, expectAlive } from './support/send-scene.ts';

const octets = (text: string): Wire => ({ type: 'binary', value: hex(text) });
/** A described list, as composites are written. */
const composite = (code: bigint, ...fields: readonly Wire[]): Wire => ({
  type: 'described',
  descriptor: { type: 'ulong', value: code },
  value: { type: 'list', value: fields },
});

describe('composites on the wire (§2.1)', () => {
  it('FIX §2.1 address: one that is not a string leaves the connection alive', async () => {
    const { connection } = await connected((peer) => {
      const source = { is: 'source', address: { type: 'ulong' as const, value: 7n } };
      peer.on('attach', (frame) => {
        if (frame.fields['role'] === true) answerAttach(peer, frame, { source });
        else peer.default(frame);
      });
    });
    const receiver = await connection.createReceiver('q');
    expect(receiver.address).toBe('');
    await expectAlive(connection);
    await connection.close();
  });

  it('FIX §2.1 address: a coordinator as target leaves the connection alive', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.on('attach', (frame) => answerAttach(scripted, frame, { target: { is: String(0x30) } }));
    });
    const sender = await connection.createSender('q');
    expect(sender.address).toBe('');
    peer.on('attach', (frame) => peer.default(frame));
    await expectAlive(connection);
    await connection.close();
  });

  it('FIX §2.1 unsettled map: its keys are binary, its values delivery states', async () => {
    const unsettled: Wire = {
      type: 'map',
      value: [octets('ff00'), composite(0x24n), octets(''), { type: 'null' }],
    };
    const { connection } = await connected((peer) => {
      peer.on('attach', (frame) => {
        if (frame.fields['role'] === true) answerAttach(peer, frame, { unsettled, 'incomplete-unsettled': true });
        else peer.default(frame);
      });
    });
    const receiver = await connection.createReceiver('q');
    expect(await isPending(receiver.closed)).toBe(true);
    await expectAlive(connection);
    await connection.close();
  });

  it('FIX §2.1 performatives: symbolic descriptors are understood', async () => {
    const { connection, peer, receiver } = await receiving();
    const name = Buffer.from('amqp:transfer:list').toString('hex');
    // handle 0, delivery-id 0, delivery-tag 01, message-format 0, and the value "x".
    const body = `00a312${name} c0070443 43a00101 43 005377a10178`.replaceAll(' ', '');
    const channel = (await PeerLink.of(peer)).attach.channel.toString(16).padStart(4, '0');
    peer.sendRaw(hex(`${(body.length / 2 + 8).toString(16).padStart(8, '0')}0200${channel}${body}`));
    expect((await receiver.receive()).message.text()).toBe('x');
    await connection.close();
  });

  it('FIX §2.1 sections: symbolic descriptors are understood', () => {
    const name = Buffer.from('amqp:amqp-value:*').toString('hex');
    expect(messageOf('00a311', name, 'a10178').text()).toBe('x');
  });

  it('FIX §2.1 sections: all 64 bits of a descriptor count', () => {
    expect(messageOf('00800000000000000077a10178').text()).toBe('x');
    expect(thrown(() => messageOf('00800000000000000177a10178').body).code).toBe('decode-error');
  });

  it('row composite: nulls at the end may be left out; defaults apply; a field too many is an error', () => {
    const defaults = { durable: false, priority: 4, ttl: undefined, firstAcquirer: false, deliveryCount: 0 };
    for (const list of ['45', 'c00100', 'c0060540404040 40', 'd00000000400000000'])
      expect(messageOf('005370', list.replace(' ', '')).header).toMatchObject(defaults);
    expect(thrown(() => messageOf('005370c00706404040404041').header).code).toBe('decode-error');
  });

  it('row composite: a mandatory field that is missing ends what it belongs to', async () => {
    const { connection, peer } = await connected();
    peer.send({ is: 'begin', 'remote-channel': 7 });
    expect((await connection.closed).by).toBe('local');
    expect((await frameOf(peer, 'close')).fields['error']).toMatchObject({ condition: 'amqp:decode-error' });
  });

  it('row multiple symbols: one or an array is read; an array is written', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.on('attach', (frame) =>
        answerAttach(scripted, frame, { 'offered-capabilities': { type: 'symbol', value: 'one' } }),
      );
    });
    const sender = await connection.createSender('q', { desiredCapabilities: ['only'] });
    expect(sender.offeredCapabilities).toEqual(['one']);
    expect((await frameOf(peer, 'attach')).fields['desired-capabilities']).toEqual(['only']);
    await connection.close();
  });

  it.each([
    ['43', 0],
    ['5207', 7],
    ['70ffffffff', 4_294_967_295],
  ])('row milliseconds: 0x%s is %s', (uint, ttl) => {
    const size = (3 + uint.length / 2).toString(16).padStart(2, '0');
    expect(messageOf(`005370c0${size}034040${uint}`).header.ttl).toBe(ttl);
  });
});

describe('transactional states (§2.1, lesson 14)', () => {
  const state = composite(0x34n, octets('aa'), composite(0x24n));

  it('FIX §2.1 delivery-state: a transactional-state to a sender stands for the outcome within', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    const link = await PeerLink.of(peer);
    const sending = sender.send('x');
    await frameOf(peer, 'transfer');
    link.send({ is: 'disposition', role: true, first: 0, settled: true, state });
    expect(await sending).toBeUndefined();
    await connection.close();
  });

  it('FIX §2.1 delivery-state: declared, or an unknown state, leaves connection and session alive', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const session = await connection.createSession();
    const sender = await session.createSender('q');
    const link = await PeerLink.of(peer);
    const outcomes = codes(sender.send('x'), sender.send('y'));
    await frameOf(peer, 'transfer', 1);
    link.send({ is: 'disposition', role: true, first: 0, settled: true, state: composite(0x33n, octets('aa')) });
    link.send({ is: 'disposition', role: true, first: 1, settled: true, state: composite(0x99n) });
    await settle();
    expect(await isPending(session.closed)).toBe(true);
    expect(await outcomes).toEqual(['outcome-unknown', 'outcome-unknown']);
    await connection.close();
  });

  it('lesson 14 (Azure/go-amqp PR #312): a transfer in a transactional-state is received like any other', async () => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0, 'x', { state });
    const delivery = await receiver.receive();
    expect(delivery.message.text()).toBe('x');
    await delivery.accept();
    expect(receiver.stats().unsettled).toBe(0);
    await connection.close();
  });

  it('lesson 14 (azure-sdk-for-go #21303): a receiver hears of a transactional-state as the outcome within', async () => {
    const seen: string[] = [];
    const { connection, link } = await receiving({ onDeliveryState: ({ state: name }) => seen.push(name) });
    link.transfer(0);
    link.send({ is: 'disposition', role: false, first: 0, settled: false, state });
    await until(() => seen.length === 1);
    expect(seen).toEqual(['accepted']);
    await connection.close();
  });
});

describe('limits of the decoder (§2.2)', () => {
  it.each([
    ['a list', 'c004015401ff'],
    ['a map', 'c10500ffffffff'],
    ['an array', 'e004015001ff'],
    ['a list32', 'd000000007000000015401ff'],
  ])('FIX §2.2 declared compound size: %s whose items do not fill it is an error', (_name, text) => {
    expect(thrown(() => readValue(text)).code).toBe('decode-error');
  });

  it.each([
    ['list', 'd000000004ffffffff'],
    ['map', 'd100000004fffffffe'],
    ['array of nulls', 'f000000005ffffffff40'],
    ['array of ints', 'f000000005ffffffff71'],
  ])('KEEP §2.2 counts: a %s that announces more than is there costs nothing', (_name, text) => {
    expect(thrown(() => readValue(text)).code).toBe('decode-error');
  });

  it('FIX §2.2 counts: an array of nothing but nulls may have 65,536 of them', () => {
    expect(readValue('f0000000050001000040')).toMatchObject({ length: 65_536 });
    expect(thrown(() => readValue('f0000000050001000140')).code).toBe('decode-error');
  });

  it('FIX §2.2 recursion depth: 32 levels are read, more only when told', () => {
    const nested = (depth: number): string => {
      let value = '40';
      for (let level = 0; level < depth; level++) {
        const size = value.length / 2 + 4;
        value = `d0${size.toString(16).padStart(8, '0')}00000001${value}`;
      }
      return value;
    };
    expect(readValue(nested(32))).toBeDefined();
    expect(thrown(() => readValue(nested(33))).code).toBe('decode-error');
    expect(decode(hex(nested(100)), { maxDepth: 100 })).toBeDefined();
  });

  it('FIX §2.2 recursion depth: what is nested too deep is not sent', async () => {
    const { connection } = await connected();
    let value: unknown = null;
    for (let level = 0; level < 33; level++) value = [value];
    const sender = await connection.createSender('q');
    expect((await failure(sender.send({ body: { kind: 'value', value } }))).code).toBe('encode-error');
    await connection.close();
  });
});
