import { describe, expect, it } from 'vitest';
import type { Fields, SenderOptions } from '../../src/client/index.ts';
import { connected, frameOf, PeerLink, settle, until, untyped } from '../client/support/scripted.ts';
import { answerAttach, codes, symbolMap } from './support/send-scene.ts';

const outcomes = ['amqp:accepted:list', 'amqp:rejected:list', 'amqp:released:list', 'amqp:modified:list'];

/** The attach that these options make. */
async function attachOf(address: string | null, options: SenderOptions = {}) {
  const { connection, peer } = await connected();
  const sender = await connection.createSender(address, options);
  await connection.close();
  return { sender, fields: (await frameOf(peer, 'attach')).fields };
}

describe('SendOptions (§1.4)', () => {
  it('row SendOptions.Settled: false by default; true only where the link is not unsettled', async () => {
    const { connection, peer } = await connected();
    const mixed = await connection.createSender('q');
    await mixed.send('x');
    await mixed.send('x', { settled: true });
    await settle();
    expect(peer.framesOf('transfer').map(({ fields }) => fields['settled'])).toEqual([false, true]);
    const unsettled = await connection.createSender('q', { senderSettleMode: 'unsettled' });
    expect(await codes(unsettled.send('x', { settled: true }))).toEqual(['invalid-argument']);
    await connection.close();
  });
});

describe('SenderOptions (§1.4)', () => {
  it('row SenderOptions: with none of them the attach says nothing but what it must', async () => {
    const { fields, sender } = await attachOf('q');
    expect(fields).toEqual({
      name: sender.name,
      handle: 0,
      role: false,
      source: { is: 'source', outcomes },
      target: { is: 'target', address: 'q' },
      'initial-delivery-count': 0,
    });
    expect(sender.name).toMatch(/^q:[\da-f-]{36}$/);
  });

  it('row SenderOptions.SourceAddress, Capabilities, Durability, ExpiryPolicy, ExpiryTimeout: are of the source', async () => {
    const { fields } = await attachOf('q', {
      source: {
        address: 'me',
        capabilities: ['c'],
        durability: 'unsettled-state',
        expiryPolicy: 'never',
        expiryTimeout: 5000,
      },
    });
    expect(fields['source']).toEqual({
      is: 'source',
      address: 'me',
      durable: 2,
      'expiry-policy': 'never',
      timeout: 5,
      outcomes,
      capabilities: ['c'],
    });
  });

  it('row SenderOptions.Target…: are of the target', async () => {
    const { fields } = await attachOf('q', {
      target: {
        capabilities: ['queue', 'shared'],
        durability: 'configuration',
        expiryPolicy: 'link-detach',
        expiryTimeout: 1,
      },
    });
    expect(fields['target']).toEqual({
      is: 'target',
      address: 'q',
      durable: 1,
      'expiry-policy': 'link-detach',
      timeout: 1,
      capabilities: ['queue', 'shared'],
    });
  });

  it('row Durability: none, configuration and unsettled-state are 0, 1 and 2', async () => {
    const values = ['none', 'configuration', 'unsettled-state'] as const;
    const sent = await Promise.all(values.map((durability) => attachOf('q', { target: { durability } })));
    expect(sent.map(({ fields }) => fields['target'])).toMatchObject([
      { address: 'q' },
      { durable: 1 },
      { durable: 2 },
    ]);
  });

  it.each(['link-detach', 'session-end', 'connection-close', 'never'] as const)(
    'row ExpiryPolicy: %s can be asked for; session-end is the default, which the attach leaves out',
    async (expiryPolicy) => {
      const { fields } = await attachOf('q', { target: { expiryPolicy } });
      const told = expiryPolicy === 'session-end' ? {} : { 'expiry-policy': expiryPolicy };
      expect(fields['target']).toEqual({ is: 'target', address: 'q', ...told });
    },
  );

  it('FIX §1.4 SenderOptions.Target…: are checked like those of the source', async () => {
    const { connection, peer } = await connected();
    const wrong = [
      { durability: 3 },
      { expiryPolicy: 'soon' },
      { expiryTimeout: -1 },
      { capabilities: 'queue' },
      { durable: 1 },
    ];
    for (const end of wrong) {
      const target = untyped<SenderOptions>({ target: end });
      const source = untyped<SenderOptions>({ source: end });
      expect(await codes(connection.createSender('q', target), connection.createSender('q', source))).toEqual([
        'invalid-argument',
        'invalid-argument',
      ]);
    }
    expect(peer.framesOf('begin')).toEqual([]);
    await connection.close();
  });

  it('row SenderOptions.Name, Properties, DesiredCapabilities: are in the attach', async () => {
    const { fields } = await attachOf('q', {
      name: 'n',
      properties: { k: 'v' },
      desiredCapabilities: ['d'],
      offeredCapabilities: ['o'],
    });
    expect(fields).toMatchObject({
      name: 'n',
      properties: ['k', 'v'],
      'desired-capabilities': ['d'],
      'offered-capabilities': ['o'],
    });
  });

  it('row SenderOptions.SettlementMode: mixed by default, which the attach leaves out', async () => {
    const modes = ['unsettled', 'settled', 'mixed'] as const;
    const sent = await Promise.all(modes.map((senderSettleMode) => attachOf('q', { senderSettleMode })));
    expect(sent.map(({ fields }) => fields['snd-settle-mode'])).toEqual([0, 1, undefined]);
    expect(sent.map(({ sender }) => sender.senderSettleMode)).toEqual([...modes]);
    expect((await attachOf('q')).sender.senderSettleMode).toBe('mixed');
  });

  it('row SenderOptions.RequestedReceiverSettleMode: that of the peer by default', async () => {
    const asked = await attachOf('q', { receiverSettleMode: 'second' });
    expect([asked.fields['rcv-settle-mode'], asked.sender.receiverSettleMode]).toEqual([1, 'second']);
    const { connection } = await connected((scripted) => {
      scripted.on('attach', (frame) => answerAttach(scripted, frame, { 'rcv-settle-mode': 1 }));
    });
    expect((await connection.createSender('q')).receiverSettleMode).toBe('second');
    await connection.close();
  });

  it('row SenderOptions.OnLinkStateProperties: is told the properties of each flow', async () => {
    const seen: Fields[] = [];
    const { connection, peer } = await connected();
    await connection.createSender('q', { onFlowProperties: (properties) => seen.push({ ...properties }) });
    const link = await PeerLink.of(peer);
    link.flow({ 'link-credit': 1, properties: symbolMap({ a: '1' }) });
    link.flow({ 'link-credit': 2, properties: symbolMap({ a: '2' }) });
    await until(() => seen.length === 2);
    expect(seen).toEqual([{ a: '1' }, { a: '2' }]);
    await connection.close();
  });

  it('FIX §1.4 SenderOptions.OnDeliveryStateChanged: is told the delivery-tag too', async () => {
    const seen: unknown[] = [];
    const { connection } = await connected();
    const sender = await connection.createSender('q', { onDeliveryState: (state, tag) => seen.push([state, tag]) });
    await sender.send('x', { deliveryTag: Uint8Array.of(5) });
    await until(() => seen.length === 1);
    expect(seen).toEqual([[{ state: 'accepted' }, Uint8Array.of(5)]]);
    await connection.close();
  });
});
