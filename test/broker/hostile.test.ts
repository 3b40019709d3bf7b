import { describe, expect, it } from 'vitest';
import { Described, symbol } from '../../src/codec/index.ts';
import {
  ErrorCondition,
  type AttachInit,
  type DeliveryState,
  type Outcome,
  type PerformativeInit,
} from '../../src/definitions/index.ts';
import { encodeMessageBytes } from '../../src/message/index.ts';
import { RawClient } from './support/raw-client.ts';
import { client, settle, start, take } from './support/setup.ts';

const receiverAttach = (fields: Partial<Omit<AttachInit, 'type'>> = {}): PerformativeInit => ({
  type: 'attach',
  name: 'r',
  handle: 0,
  role: true,
  source: { type: 'source', address: 'orders' },
  target: { type: 'target' },
  ...fields,
});

const senderAttach = (fields: Partial<Omit<AttachInit, 'type'>> = {}): PerformativeInit => ({
  type: 'attach',
  name: 's',
  handle: 1,
  role: false,
  source: { type: 'source' },
  target: { type: 'target', address: 'orders' },
  initialDeliveryCount: 0,
  ...fields,
});

const tag = Uint8Array.of(1);

describe('[L-11] an attach that cannot be granted', () => {
  it.each<[string, PerformativeInit, string]>([
    ['a source without address', receiverAttach({ source: { type: 'source' } }), ErrorCondition.invalidField],
    ['no source', receiverAttach({ source: undefined }), ErrorCondition.notImplemented],
    ['no target', senderAttach({ target: undefined }), ErrorCondition.notImplemented],
    ['a coordinator', senderAttach({ target: { type: 'coordinator' } }), ErrorCondition.notImplemented],
    [
      'an address that is no string',
      receiverAttach({ source: { type: 'source', address: 5 } }),
      ErrorCondition.invalidField,
    ],
    [
      '[N-11] [BY-38] a filter that is not described',
      receiverAttach({ source: { type: 'source', address: 'orders', filter: { f: 'x' } } }),
      ErrorCondition.invalidField,
    ],
    [
      '[BY-40] a dynamic source with an address',
      receiverAttach({ source: { type: 'source', address: 'orders', dynamic: true } }),
      ErrorCondition.invalidField,
    ],
    [
      'a dynamic target with an address',
      senderAttach({ target: { type: 'target', address: 'orders', dynamic: true } }),
      ErrorCondition.invalidField,
    ],
  ])('%s', async (_what, attach, condition) => {
    const raw = await RawClient.begin(await start());
    raw.send(attach);
    await settle();
    const [answer] = raw.all('attach');
    expect(answer?.role === true ? answer.target : answer?.source).toBeUndefined();
    expect(raw.all('detach')).toMatchObject([{ closed: true, error: { condition } }]);
    raw.send({ type: 'detach', handle: raw.all('detach')[0]?.handle ?? 0, closed: true });
    raw.send({ type: 'close' });
    await settle();
    expect(raw.types.at(-1)).toBe('close');
    expect(raw.all('close')[0]?.error).toBeUndefined();
  });

  it('[L-09] [L-31] [N-03] [N-11] grants null filters, and tells that nothing is kept', async () => {
    const raw = await RawClient.begin(await start());
    const filter = { f: null, g: new Described(symbol('x:y'), 'z') };
    const target = { type: 'target', address: 'mine', capabilities: ['x:y'] } as const;
    raw.send(
      receiverAttach({ source: { type: 'source', address: 'orders', durable: 2, timeout: 60, filter }, target }),
    );
    await settle();
    const [answer] = raw.all('attach');
    expect(answer?.source).toMatchObject({
      address: 'orders',
      durable: 0,
      expiryPolicy: 'link-detach',
      timeout: 0,
      filter: undefined,
    });
    // The other terminus is what the client says it is.
    expect(answer?.target).toMatchObject(target);
  });

  it('[N-05] [N-07] tells how long a dynamic node lives', async () => {
    const raw = await RawClient.begin(await start());
    raw.send(receiverAttach({ source: { type: 'source', dynamic: true } }));
    await settle();
    const source = raw.all('attach')[0]?.source;
    expect(source).toMatchObject({ dynamic: true, address: 'dynamic/raw/r/1' });
    expect(source !== undefined && 'type' in source && source.dynamicNodeProperties).toMatchObject({
      'lifetime-policy': { value: [] },
    });
  });
});

describe('a client that does not keep to the rules', () => {
  it('ends its session where it takes no more handles', async () => {
    const raw = await RawClient.begin(await start(), 0);
    raw.send(receiverAttach());
    raw.send(senderAttach());
    await settle();
    expect(raw.all('end')).toMatchObject([{ error: { condition: ErrorCondition.resourceLimitExceeded } }]);
  });

  it('attaches and detaches, begins and ends, opens and closes in one breath', async () => {
    const broker = await start();
    const raw = await RawClient.begin(broker);
    raw.sendAll(receiverAttach(), { type: 'detach', handle: 0, closed: true });
    await settle();
    expect(raw.types.slice(-2)).toEqual(['attach', 'detach']);
    raw.sendAll(senderAttach(), { type: 'end' });
    await settle();
    expect(raw.types.at(-1)).toBe('end');
    const other = new RawClient(broker);
    const begin: PerformativeInit = { type: 'begin', nextOutgoingId: 0, incomingWindow: 9, outgoingWindow: 9 };
    other.sendAll({ type: 'open', containerId: 'o' }, begin, receiverAttach(), { type: 'close' });
    await settle();
    expect(other.types.at(-1)).toBe('close');
    expect(other.ended).toBe(true);
    await (await client(broker)).close();
  });

  it('[M-01] sends what is no message: that is rejected and costs nothing else', async () => {
    const broker = await start();
    const raw = await RawClient.begin(broker);
    raw.send(senderAttach());
    await settle();
    const handle = 1;
    const broken = [new Uint8Array([0, 0x53, 0x77]), new Uint8Array([1, 2, 3]), new Uint8Array([0, 0x53, 0x70, 0x41])];
    for (const [deliveryId, payload] of [...broken, encodeMessageBytes('fine')].entries())
      raw.send({ type: 'transfer', handle, deliveryId, deliveryTag: tag, messageFormat: 0 }, payload);
    await settle();
    const states = raw.all('disposition').flatMap(({ first, last, state }) => {
      const type = state !== undefined && 'type' in state ? state.type : '';
      return Array.from({ length: (last ?? first) - first + 1 }, () => type);
    });
    expect(states).toEqual(['rejected', 'rejected', 'rejected', 'accepted']);
    expect(broker.depth('orders')).toBe(1);
  });

  it('takes credit away while messages wait for its window: others get them', async () => {
    const broker = await start();
    const raw = new RawClient(broker);
    raw.send({ type: 'open', containerId: 'raw' });
    raw.send({ type: 'begin', nextOutgoingId: 0, incomingWindow: 1, outgoingWindow: 10 });
    raw.send(receiverAttach());
    const flow = { type: 'flow', incomingWindow: 1, nextOutgoingId: 0, outgoingWindow: 10, handle: 0 } as const;
    raw.send({ ...flow, nextIncomingId: 0, deliveryCount: 0, linkCredit: 5 });
    await settle();
    const connection = await client(broker);
    const sender = await connection.createSender('orders');
    for (const body of ['a', 'b', 'c']) await sender.send(body);
    expect(raw.all('transfer').length).toBe(1);
    expect(broker.depth('orders')).toBe(1);
    const receiver = await connection.createReceiver('orders');
    expect((await take(receiver, 1))[0]?.message.value).toBe('c');
    raw.send({ ...flow, incomingWindow: 0, nextIncomingId: 1, deliveryCount: 1, linkCredit: 0 });
    await settle();
    expect((await take(receiver, 1))[0]?.message.value).toBe('b');
    expect(raw.all('transfer').length).toBe(1);
  });

  it('tells outcomes without settling, and is settled by us', async () => {
    const broker = await start();
    const raw = await RawClient.begin(broker);
    const connection = await client(broker);
    await (await connection.createSender('orders')).send('x');
    raw.send(receiverAttach({ rcvSettleMode: 1 }));
    raw.send({ type: 'flow', incomingWindow: 9, nextOutgoingId: 0, outgoingWindow: 9, handle: 0, linkCredit: 1 });
    await settle();
    const received = { type: 'received', sectionNumber: 0, sectionOffset: 0n } as const;
    raw.send({ type: 'disposition', role: true, first: 0, state: received });
    await settle();
    expect(raw.all('disposition')).toEqual([]);
    raw.send({ type: 'disposition', role: true, first: 0, state: { type: 'accepted' } });
    await settle();
    expect(raw.all('disposition')).toMatchObject([{ role: false, first: 0, settled: true }]);
    raw.end();
    await settle();
    expect(broker.depth('orders')).toBe(0);
  });

  it('[Q-06] [BY-43] names a transaction that nobody began: its link ends', async () => {
    const broker = await start();
    const raw = await RawClient.begin(broker);
    raw.send(senderAttach());
    await settle();
    const state = { type: 'transactional-state', txnId: tag } as const;
    raw.send({ type: 'transfer', handle: 1, deliveryId: 0, deliveryTag: tag, state }, encodeMessageBytes('x'));
    await settle();
    const error = { condition: ErrorCondition.unknownId };
    expect(raw.all('detach')).toMatchObject([{ closed: true, error }]);
    expect(broker.depth('orders')).toBe(0);
  });

  it('[D-09] [N-15] settles without an outcome: its source says which that is', async () => {
    const broker = await start();
    const raw = await RawClient.begin(broker);
    const connection = await client(broker);
    await (await connection.createSender('orders')).send('x');
    const source = { type: 'source', address: 'orders', defaultOutcome: { type: 'accepted' } } as const;
    raw.send(receiverAttach({ source }));
    raw.send({ type: 'flow', incomingWindow: 9, nextOutgoingId: 0, outgoingWindow: 9, handle: 0, linkCredit: 1 });
    await settle();
    raw.send({ type: 'disposition', role: true, first: 0, settled: true });
    raw.send({ type: 'detach', handle: 0, closed: true });
    await settle();
    expect(raw.all('detach').length).toBe(1);
    expect(broker.depth('orders')).toBe(0);
  });
});

const granting = { type: 'flow', incomingWindow: 9, nextOutgoingId: 0, outgoingWindow: 9, handle: 0 } as const;

describe('the outcomes of a source', () => {
  /** A client that got one message, and tells this state of it. */
  async function telling(outcomes: string[], state: DeliveryState, settled: boolean) {
    const broker = await start();
    const raw = await RawClient.begin(broker);
    await (await (await client(broker)).createSender('orders')).send('x');
    raw.send(receiverAttach({ source: { type: 'source', address: 'orders', outcomes } }));
    raw.send({ ...granting, linkCredit: 1 });
    await settle();
    raw.send({ type: 'disposition', role: true, first: 0, settled, state });
    await settle();
    return { broker, raw };
  }

  it.each([true, false])('[D-18] are the only ones that may be told (settled: %s)', async (settled) => {
    const { broker, raw } = await telling(['amqp:accepted:list'], { type: 'rejected', error: undefined }, settled);
    expect(raw.all('detach')).toMatchObject([{ closed: true, error: { condition: ErrorCondition.notAllowed } }]);
    expect(raw.all('end')).toEqual([]);
    expect(broker.depth('orders')).toBe(1);
  });

  it.each([[['amqp:released:list', 'amqp:rejected:list']], [[]]])('[D-18] may be told: one of %j', async (outcomes) => {
    const { broker, raw } = await telling(outcomes, { type: 'rejected', error: undefined }, true);
    expect(raw.all('detach')).toEqual([]);
    expect(broker.depth('orders')).toBe(0);
  });
});

describe('a client that goes without a word about its messages', () => {
  /** The delivery-counts in the queue, after a client with this default outcome has gone. */
  async function countsAfter(defaultOutcome: Outcome | undefined): Promise<unknown[]> {
    const broker = await start();
    const connection = await client(broker);
    const sender = await connection.createSender('orders');
    const raw = new RawClient(broker);
    raw.send({ type: 'open', containerId: 'raw' });
    raw.send({ type: 'begin', nextOutgoingId: 0, incomingWindow: 1, outgoingWindow: 9 });
    raw.send(receiverAttach({ source: { type: 'source', address: 'orders', defaultOutcome } }));
    raw.send({ ...granting, incomingWindow: 1, nextIncomingId: 0, linkCredit: 2 });
    await settle();
    for (const body of ['got', 'on its way']) await sender.send(body);
    expect(raw.all('transfer').length).toBe(1);
    expect(broker.depth('orders')).toBe(0);
    raw.end();
    await settle();
    const left = await take(await connection.createReceiver('orders'), broker.depth('orders'));
    return left.map(({ message }) => [message.value, message.header.deliveryCount]);
  }

  it('[D-20] has told its default outcome, for what it got', async () => {
    const failed = { type: 'modified', deliveryFailed: true } as const;
    expect(await countsAfter({ ...failed, undeliverableHere: undefined, messageAnnotations: undefined })).toEqual([
      ['got', 1],
      ['on its way', 0],
    ]);
    expect(await countsAfter({ type: 'accepted' })).toEqual([['on its way', 0]]);
  });

  it('[D-20] has released them, where its source names no default outcome', async () => {
    expect(await countsAfter(undefined)).toEqual([
      ['got', 0],
      ['on its way', 0],
    ]);
  });
});

describe('a message in a format of its own', () => {
  it('[X-16] goes through a queue as it came', async () => {
    const broker = await start();
    const raw = await RawClient.begin(broker);
    raw.send(senderAttach());
    await settle();
    const payload = Uint8Array.of(0xde, 0xad);
    raw.send(
      { type: 'transfer', handle: 1, deliveryId: 0, deliveryTag: tag, messageFormat: 0x8001_3700, settled: true },
      payload,
    );
    const [delivery] = await take(await (await client(broker)).createReceiver('orders'), 1);
    expect(delivery?.message.messageFormat).toBe(0x8001_3700);
    expect(delivery?.message.bytes()).toEqual(payload);
  });
});
