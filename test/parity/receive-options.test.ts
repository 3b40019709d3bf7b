import { describe, expect, it } from 'vitest';
import type { DeliveryState, Fields, ReceiverOptions } from '../../src/client/index.ts';
import type { CompositeValue, FieldValue } from '../../src/testing/index.ts';
import {
  connected,
  failure,
  frameOf,
  PeerLink,
  settle,
  until,
  untyped,
  wireError,
} from '../client/support/scripted.ts';
import { grants, receiving } from './support/receive-scene.ts';
import { answerAttach, codes, symbolMap } from './support/send-scene.ts';

/** The four outcomes that a source is told it may get (§3.5.3). */
const outcomes = ['amqp:accepted:list', 'amqp:rejected:list', 'amqp:released:list', 'amqp:modified:list'];

/** The attach that these options make. */
async function attachOf(options: ReceiverOptions = {}) {
  const { connection, peer } = await connected();
  const address = options.source?.dynamic === true ? null : 'q';
  const receiver = await connection.createReceiver(address, { allowMissingFilters: true, ...options });
  await connection.close();
  return { receiver, fields: (await frameOf(peer, 'attach')).fields };
}

describe('ReceiverOptions on the wire (§1.5)', () => {
  it('row ReceiverOptions: with none of them the attach says what it must, and which outcomes there are', async () => {
    const { fields, receiver } = await attachOf();
    expect(fields).toEqual({
      name: receiver.name,
      handle: 0,
      role: true,
      source: { is: 'source', address: 'q', outcomes },
      target: { is: 'target' },
    });
    expect(receiver.name).toMatch(/^q:[\da-f-]{36}$/);
  });

  it('row ReceiverOptions.TargetAddress, Capabilities, Durability, Expiry…: are of the target', async () => {
    const { fields } = await attachOf({
      target: {
        address: 'me',
        capabilities: ['c'],
        durability: 'unsettled-state',
        expiryPolicy: 'never',
        expiryTimeout: 5000,
      },
    });
    const expected = { durable: 2, 'expiry-policy': 'never', timeout: 5, capabilities: ['c'] };
    expect(fields['target']).toEqual({ is: 'target', address: 'me', ...expected });
  });

  it('row ReceiverOptions.Source…: are of the source', async () => {
    const { fields } = await attachOf({
      source: {
        capabilities: ['queue'],
        durability: 'configuration',
        expiryPolicy: 'connection-close',
        expiryTimeout: 1000,
      },
      distributionMode: 'copy',
    });
    const expected = { durable: 1, 'expiry-policy': 'connection-close', timeout: 1, capabilities: ['queue'] };
    expect(fields['source']).toEqual({
      is: 'source',
      address: 'q',
      'distribution-mode': 'copy',
      outcomes,
      ...expected,
    });
  });

  it('row SourceDistributionMode: move and copy can be asked for; neither by default', async () => {
    for (const distributionMode of ['move', 'copy'] as const)
      expect((await attachOf({ distributionMode })).fields['source']).toMatchObject({
        'distribution-mode': distributionMode,
      });
    expect((await attachOf()).fields['source']).not.toHaveProperty('distribution-mode');
  });

  it('row ReceiverOptions.Durability, ExpiryPolicy, SourceDistributionMode: are checked at both ends', async () => {
    const { connection, peer } = await connected();
    const wrong = [{ durability: 3 }, { expiryPolicy: 'soon' }, { expiryTimeout: -1 }, { capabilities: 'queue' }];
    for (const end of wrong) {
      const source = untyped<ReceiverOptions>({ source: end });
      const target = untyped<ReceiverOptions>({ target: end });
      expect(await codes(connection.createReceiver('q', source), connection.createReceiver('q', target))).toEqual([
        'invalid-argument',
        'invalid-argument',
      ]);
    }
    const mode = untyped<ReceiverOptions>({ distributionMode: 'steal' });
    expect(await codes(connection.createReceiver('q', mode))).toEqual(['invalid-argument']);
    expect(peer.framesOf('begin')).toEqual([]);
    await connection.close();
  });

  it('row ReceiverOptions.Name, Properties, DesiredCapabilities: are in the attach', async () => {
    const { fields } = await attachOf({ name: 'n', properties: { k: 'v' }, desiredCapabilities: ['d'] });
    expect(fields).toMatchObject({ name: 'n', properties: ['k', 'v'], 'desired-capabilities': ['d'] });
  });

  it('row ReceiverOptions.SettlementMode: first by default, which the attach leaves out', async () => {
    const modes = ['first', 'second'] as const;
    const sent = await Promise.all(modes.map((receiverSettleMode) => attachOf({ receiverSettleMode })));
    expect(sent.map(({ fields }) => fields['rcv-settle-mode'])).toEqual([undefined, 1]);
    expect(sent.map(({ receiver }) => receiver.receiverSettleMode)).toEqual([...modes]);
    expect((await attachOf()).receiver.receiverSettleMode).toBe('first');
  });

  it('row ReceiverOptions.RequestedSenderSettleMode: that of the peer by default', async () => {
    const modes = ['unsettled', 'settled', 'mixed'] as const;
    const sent = await Promise.all(modes.map((senderSettleMode) => attachOf({ senderSettleMode })));
    expect(sent.map(({ fields }) => fields['snd-settle-mode'])).toEqual([0, 1, undefined]);
    const { connection } = await connected((peer) => {
      peer.on('attach', (frame) => answerAttach(peer, frame, { 'snd-settle-mode': 1 }));
    });
    expect((await connection.createReceiver('q')).senderSettleMode).toBe('settled');
    const refused = await failure(connection.createReceiver('q', { senderSettleMode: 'unsettled' }));
    expect(refused.code).toBe('link-refused');
    await connection.close();
  });

  it('row ReceiverOptions.Credit: 100 by default; none until issueCredit() with manual; 0 is refused', async () => {
    const automatic = await receiving();
    expect(grants(automatic.link)).toEqual([[0, 100]]);
    await automatic.connection.close();
    const { connection, link } = await receiving({ credit: 'manual' });
    await settle();
    expect(grants(link)).toEqual([]);
    expect(await codes(connection.createReceiver('q', { credit: 0 }))).toEqual(['invalid-argument']);
    await connection.close();
  });
});

describe('ReceiverOptions.DynamicAddress (§1.5)', () => {
  it('KEEP §3 dynamic address: that of a receiver is copied from the attach of the peer', async () => {
    const { connection, peer } = await connected((scripted) => {
      const source = { is: 'source', address: 'temp-7', dynamic: true };
      scripted.on('attach', (frame) => answerAttach(scripted, frame, { source }));
    });
    const source = { dynamic: true, lifetimePolicy: 'delete-on-close' } as const;
    const receiver = await connection.createReceiver(null, { source });
    expect(receiver.address).toBe('temp-7');
    const attach = await frameOf(peer, 'attach');
    expect(attach.fields['source']).toMatchObject({
      dynamic: true,
      'dynamic-node-properties': ['lifetime-policy', { descriptor: 'amqp:delete-on-close:list', value: [] }],
    });
    expect(attach.fields['source']).not.toHaveProperty('address');
    expect(await codes(connection.createReceiver('q', { source }))).toEqual(['invalid-argument']);
    await connection.close();
  });
});

describe('ReceiverOptions.Filters (§1.5)', () => {
  const selector = 'apache.org:selector-filter:string';

  it('row ReceiverOptions.Filters: each is a described value under its name', async () => {
    const { fields } = await attachOf({
      selector: "colour = 'red'",
      filters: { 'x:offset': { descriptor: 'x:offset:list', value: 'first' }, 'x:code': { descriptor: 77n, value: 1 } },
    });
    expect(fields['source']).toMatchObject({
      filter: [
        selector,
        { descriptor: 0x468c00000004n, value: "colour = 'red'" },
        'x:offset',
        { descriptor: 'x:offset:list', value: 'first' },
        'x:code',
        { descriptor: 77n, value: 1 },
      ],
    });
  });

  /** A peer that grants the filter `one`, and no other. */
  const grantsOne = async () => {
    const filter: FieldValue = {
      type: 'map',
      value: [
        { type: 'symbol', value: 'one' },
        {
          type: 'described',
          descriptor: { type: 'symbol', value: 'one' },
          value: { type: 'string', value: 'as granted' },
        },
      ],
    };
    return connected((peer) => {
      peer.on('attach', (frame) => answerAttach(peer, frame, { source: { is: 'source', address: 'q', filter } }));
    });
  };
  const asked = (name: string) => ({ [name]: { descriptor: name, value: 'as asked' } });

  it('row Receiver.LinkSourceFilterValue: tells what the peer put in its attach', async () => {
    const { connection } = await grantsOne();
    const receiver = await connection.createReceiver('q', { filters: asked('one') });
    expect(Object.keys(receiver.filters)).toEqual(['one']);
    expect(receiver.filters['one']).toMatchObject({ value: 'as granted' });
    expect(receiver.filters['two']).toBeUndefined();
    await connection.close();
  });

  it('FIX §1.5 Filters: one that the peer does not grant fails the receiver, unless that is allowed', async () => {
    const { connection, peer } = await grantsOne();
    const filters = { ...asked('one'), ...asked('two') };
    const error = await failure(connection.createReceiver('q', { filters }));
    expect(error).toMatchObject({ code: 'link-refused', message: expect.stringContaining('two') });
    expect((await frameOf(peer, 'detach')).fields['closed']).toBe(true);
    const receiver = await connection.createReceiver('q', { filters, allowMissingFilters: true });
    expect(Object.keys(receiver.filters)).toEqual(['one']);
    await connection.close();
  });
});

describe('ReceiverOptions.MaxMessageSize (§1.5)', () => {
  it.each([0, 64, undefined])(
    'FIX §1.5 MaxMessageSize: our limit holds against a peer that announces %s',
    async (announced) => {
      const { connection, peer, receiver, link } = await receiving({ maxMessageSize: 128 }, (scripted) => {
        const size = { 'max-message-size': announced };
        scripted.on('attach', (frame) => answerAttach(scripted, frame, { 'initial-delivery-count': 0, ...size }));
      });
      expect(link.attach.fields['max-message-size']).toBe(128n);
      link.transfer(0, new Uint8Array(128));
      expect((await receiver.receive()).message.size).toBe(128);
      link.transfer(1, new Uint8Array(4096));
      expect((await receiver.closed).error).toMatchObject({ condition: 'amqp:link:message-size-exceeded' });
      expect((await frameOf(peer, 'detach')).fields['error']).toMatchObject({
        condition: 'amqp:link:message-size-exceeded',
      });
      await connection.close();
    },
  );

  it('row ReceiverOptions.MaxMessageSize: none by default, which the attach leaves out', async () => {
    expect((await attachOf()).fields).not.toHaveProperty('max-message-size');
  });

  it('row ReceiverOptions.MaxMessageSize: counts while the pieces of a message come in', async () => {
    const { connection, receiver, link } = await receiving({ maxMessageSize: 1000 });
    link.transfer(0, new Uint8Array(600), { more: true });
    link.transfer(0, new Uint8Array(600), { more: true });
    expect((await receiver.closed).error).toMatchObject({ condition: 'amqp:link:message-size-exceeded' });
    await connection.close();
  });
});

describe('what the peer tells a receiver (§1.5)', () => {
  it('row ReceiverOptions.OnLinkStateProperties: is told the properties of each flow', async () => {
    const seen: Fields[] = [];
    const { connection, link } = await receiving({ onFlowProperties: (properties) => seen.push({ ...properties }) });
    link.flow({ properties: symbolMap({ active: 'no' }) });
    link.flow();
    link.flow({ properties: symbolMap({ active: 'yes' }) });
    await until(() => seen.length === 2);
    expect(seen).toEqual([{ active: 'no' }, { active: 'yes' }]);
    await connection.close();
  });

  it('row ReceiverOptions.OnDeliveryStateChanged: is told of a delivery that is not settled, and which', async () => {
    const seen: [DeliveryState, string][] = [];
    const { connection, receiver, link } = await receiving({
      onDeliveryState: (state, { message }) => seen.push([state, message.text()]),
    });
    link.transfer(0);
    link.transfer(1);
    await (await receiver.receive()).accept();
    link.disposition(0, { is: 'modified', 'delivery-failed': true }, { role: false, last: 1 });
    await until(() => seen.length > 0);
    await settle();
    const modified = { deliveryFailed: true, undeliverableHere: false, messageAnnotations: undefined };
    expect(seen).toEqual([[{ state: 'modified', ...modified }, 'm1']]);
    await connection.close();
  });

  it.each<[string, CompositeValue, DeliveryState]>([
    ['StateAccepted', { is: 'accepted' }, { state: 'accepted' }],
    [
      'StateRejected',
      { is: 'rejected', error: wireError('x:bad', 'no') },
      { state: 'rejected', error: { type: 'error', condition: 'x:bad', description: 'no', info: undefined } },
    ],
    ['StateReleased', { is: 'released' }, { state: 'released' }],
    [
      'StateModified',
      {
        is: 'modified',
        'delivery-failed': true,
        'undeliverable-here': true,
        'message-annotations': symbolMap({ 'x-why': 'a' }),
      },
      { state: 'modified', deliveryFailed: true, undeliverableHere: true, messageAnnotations: { 'x-why': 'a' } },
    ],
    [
      'StateReceived',
      { is: 'received', 'section-number': 2, 'section-offset': 2n ** 64n - 1n },
      { state: 'received', sectionNumber: 2, sectionOffset: 2n ** 64n - 1n },
    ],
  ])('row DeliveryState: *%s is read with all its fields', async (_name, state, expected) => {
    const seen: DeliveryState[] = [];
    const { connection, link } = await receiving({ onDeliveryState: (told) => seen.push(told) });
    link.transfer(0);
    link.disposition(0, state, { role: false, settled: false });
    await until(() => seen.length === 1);
    expect(seen).toMatchObject([expected]);
    await connection.close();
  });

  it('row ReceiverOptions: two receivers hear of their own flows only', async () => {
    const seen: string[] = [];
    const { connection, peer } = await connected();
    const session = await connection.createSession();
    for (const name of ['a', 'b']) await session.createReceiver('q', { onFlowProperties: () => seen.push(name) });
    (await PeerLink.of(peer, 1)).flow({ properties: symbolMap({ k: 'v' }) });
    await until(() => seen.length > 0);
    expect(seen).toEqual(['b']);
    await connection.close();
  });
});
