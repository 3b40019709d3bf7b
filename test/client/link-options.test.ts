import { describe, expect, it } from 'vitest';
import { errorTable } from '../../src/errors/index.ts';
import { connected, failure, frameOf, untyped } from './support/scripted.ts';

const shared: [Record<string, unknown>, string][] = [
  [{ signal: 1 }, 'signal must be an AbortSignal'],
  [{ timeout: -1 }, 'timeout'],
  [{ timeout: NaN }, 'timeout'],
  [{ name: '' }, 'name must be a string that is not empty'],
  [{ senderSettleMode: 'first' }, 'senderSettleMode must be one of "unsettled", "settled", "mixed"'],
  [{ receiverSettleMode: 1 }, 'receiverSettleMode must be one of "first", "second"'],
  [{ properties: 1 }, 'properties must be an object'],
  [{ offeredCapabilities: 'a' }, 'offeredCapabilities must be a list of strings'],
  [{ desiredCapabilities: [1] }, 'desiredCapabilities'],
  [{ onFlowProperties: 'x' }, 'onFlowProperties must be a function'],
  [{ creditt: 1 }, 'creditt is not an option'],
];

describe('sender options', () => {
  it.each<[Record<string, unknown>, string]>([
    ...shared,
    [{ target: 1 }, 'target must be an object'],
    [{ target: { durability: 2 } }, 'target.durability must be one of'],
    [{ target: { expiryPolicy: 'x' } }, 'target.expiryPolicy'],
    [{ target: { expiryTimeout: -1 } }, 'target.expiryTimeout'],
    [{ target: { dynamic: 'yes' } }, 'target.dynamic must be true or false'],
    [{ target: { dynamicNodeProperties: 1 } }, 'target.dynamicNodeProperties'],
    [{ target: { capabilities: 'queue' } }, 'target.capabilities'],
    [{ target: { address: 'q' } }, 'target.address is not an option'],
    [{ source: { address: 1 } }, 'source.address must be a string'],
    [{ source: { dynamic: true } }, 'source.dynamic is not an option'],
    [{ target: { lifetimePolicy: 'for ever' } }, 'target.lifetimePolicy must be one of'],
    [{ closeOnRejected: 1 }, 'closeOnRejected must be true or false'],
    [{ onDeliveryState: {} }, 'onDeliveryState must be a function'],
    [{ credit: 1 }, 'credit is not an option'],
  ])('refuse %o with the path of what is wrong', async (options, path) => {
    const { connection } = await connected();
    const error = await failure(connection.createSender('q', options));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain(`sender options.${path}`);
    await connection.close();
  });

  it('refuse an address besides a dynamic target, and one that is no text', async () => {
    const { connection, peer } = await connected();
    expect((await failure(connection.createSender('q', { target: { dynamic: true } }))).code).toBe('invalid-argument');
    expect((await failure(connection.createSender(untyped<string>(7)))).code).toBe('invalid-argument');
    await connection.close();
    // Nothing is asked of the peer for what is wrong here.
    expect(peer.framesOf('begin')).toEqual([]);
  });
});

describe('the name of a link that is given none', () => {
  it('tells the address, as far as it is printable, and is no other', async () => {
    const { connection } = await connected();
    const names: string[] = [];
    for (const address of ['orders', 'orders', 'größe', 'x'.repeat(1000), '', null])
      names.push((await connection.createSender(address)).name, (await connection.createReceiver(address)).name);
    const addresses = names.map((name) => name.replace(/[\da-f-]{36}$/, ''));
    expect(addresses.filter((_, index) => index % 2 === 0)).toEqual(addresses.filter((_, index) => index % 2 === 1));
    expect(new Set(addresses)).toEqual(new Set(['orders:', 'gr__e:', `${'x'.repeat(64)}:`, '']));
    expect(new Set(names).size).toBe(12);
    await connection.close();
  });
});

describe('sender options of both ends', () => {
  it('[N-03] [N-07] become fields of the attach; what is left out is left out', async () => {
    const { connection, peer } = await connected();
    await connection.createSender('q', {
      source: {
        address: 'me',
        durability: 'configuration',
        expiryPolicy: 'never',
        expiryTimeout: 1,
        capabilities: ['c'],
      },
      properties: { a: 1 },
    });
    await connection.createSender(null, {
      target: { dynamic: true, lifetimePolicy: 'delete-on-no-links', dynamicNodeProperties: { extra: true } },
    });
    const { fields } = await frameOf(peer, 'attach');
    expect(Object.keys(fields)).not.toContain('snd-settle-mode');
    expect(Object.keys(fields)).not.toContain('rcv-settle-mode');
    expect(fields).toMatchObject({
      source: { address: 'me', durable: 1, 'expiry-policy': 'never', timeout: 1 },
      target: { is: 'target', address: 'q' },
    });
    expect(Object.keys(Object(fields['target']))).toEqual(['is', 'address']);
    const { target } = (await frameOf(peer, 'attach', 1)).fields;
    expect(target).toEqual({
      is: 'target',
      dynamic: true,
      'dynamic-node-properties': [
        'extra',
        true,
        'lifetime-policy',
        { descriptor: 'amqp:delete-on-no-links:list', value: [] },
      ],
    });
    await connection.close();
  });
});

describe('receiver options', () => {
  it.each<[Record<string, unknown>, string]>([
    ...shared,
    [{ source: null }, 'source must be an object'],
    [{ source: { bogus: 1 } }, 'source.bogus is not an option'],
    [{ target: { address: 1 } }, 'target.address'],
    [{ credit: 0 }, 'credit must be a whole number from 1 to 2147483647, or "manual"'],
    [{ credit: 2 ** 31 }, 'credit'],
    [{ credit: 'auto' }, 'credit'],
    [{ maxMessageSize: -1 }, 'maxMessageSize'],
    [{ distributionMode: 'browse' }, 'distributionMode must be one of "move", "copy"'],
    [{ selector: 1 }, 'selector must be a string'],
    [{ filters: 'x' }, 'filters must be an object'],
    [{ filters: { x: 'a = 1' } }, 'filters.x'],
    [{ filters: { x: { descriptor: 7, value: 1 } } }, 'filters.x'],
    [{ filters: { x: { value: 1 } } }, 'filters.x.descriptor is missing'],
    [{ stalledAfter: -1 }, 'stalledAfter'],
    [{ allowMissingFilters: 1 }, 'allowMissingFilters'],
    [{ onDeliveryState: 1 }, 'onDeliveryState must be a function'],
  ])('refuse %o with the path of what is wrong', async (options, path) => {
    const { connection } = await connected();
    const error = await failure(connection.createReceiver('q', options));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain(`receiver options.${path}`);
    await connection.close();
  });

  it('say where a descriptor is that is no symbol', async () => {
    const { connection } = await connected();
    const filters = { mine: { descriptor: 'größe', value: 1 } };
    const error = await failure(connection.createReceiver('q', { filters }));
    expect(error.code).toBe('encode-error');
    expect(error.message).toContain('receiver options.filters.mine.descriptor: the symbol "größe" is not ASCII');
    expect(error.message.split(errorTable['encode-error'].advice)).toHaveLength(2);
    await connection.close();
  });

  it('[N-03] [N-09] become fields of the attach', async () => {
    const { connection, peer } = await connected();
    await connection.createReceiver('q', {
      name: 'my-link',
      credit: 2 ** 31 - 1,
      maxMessageSize: 1000,
      distributionMode: 'copy',
      target: { address: 'me' },
      senderSettleMode: 'settled',
      receiverSettleMode: 'second',
      source: {
        durability: 'unsettled-state',
        expiryPolicy: 'never',
        expiryTimeout: 2 ** 31 - 1,
        capabilities: ['queue'],
      },
    });
    const { fields } = await frameOf(peer, 'attach');
    expect(fields).toMatchObject({
      name: 'my-link',
      role: true,
      'snd-settle-mode': 1,
      'rcv-settle-mode': 1,
      'max-message-size': 1000n,
      source: { address: 'q', durable: 2, 'expiry-policy': 'never', timeout: 2147484, 'distribution-mode': 'copy' },
      target: { address: 'me' },
    });
    expect((await frameOf(peer, 'flow')).fields['link-credit']).toBe(2 ** 31 - 1);
    await connection.close();
  });
});

describe('session options', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ incomingWindow: 0 }, 'session options.incomingWindow must be a whole number from 1'],
    [{ outgoingWindow: 0 }, 'session options.outgoingWindow'],
    [{ maxLinks: 0 }, 'session options.maxLinks'],
    [{ maxLinks: 65_537 }, 'session options.maxLinks'],
    [{ properties: 1 }, 'session options.properties'],
    [{ bogus: 1 }, 'session options.bogus is not an option'],
  ])('refuse %o with the path of what is wrong', async (options, path) => {
    const { connection } = await connected();
    const error = await failure(connection.createSession(options));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain(path);
    await connection.close();
  });

  it('become fields of the begin, and limit the links', async () => {
    const { connection, peer } = await connected();
    const session = await connection.createSession({ incomingWindow: 7, outgoingWindow: 9, maxLinks: 1 });
    const windows = { 'incoming-window': 7, 'outgoing-window': 9 };
    expect((await frameOf(peer, 'begin')).fields).toMatchObject({ ...windows, 'handle-max': 0 });
    await session.createReceiver('q');
    expect((await frameOf(peer, 'flow')).fields).toMatchObject(windows);
    expect((await failure(session.createSender('q'))).code).toBe('handles-exhausted');
    await connection.close();
  });
});

describe('the time that a call may take', () => {
  it('may be without end wherever it can be given', async () => {
    const { connection } = await connected();
    const session = await connection.createSession({ timeout: Infinity });
    const sender = await session.createSender('q', { timeout: Infinity });
    await sender.send('x', { timeout: Infinity });
    await sender.close({ timeout: Infinity });
    await session.close({ timeout: Infinity });
    await connection.close({ timeout: Infinity });
    expect(await connection.closed).toEqual({ by: 'local' });
  });

  it('is refused where it is no duration', async () => {
    const { connection } = await connected();
    const sender = await connection.createSender('q');
    const receiver = await connection.createReceiver('q');
    const wrong = { timeout: -1 };
    for (const call of [
      () => sender.send('x', wrong),
      () => sender.sendWithReceipt('x', wrong),
      () => receiver.receive(wrong),
      () => receiver.close(wrong),
      () => sender.close({ timeout: NaN }),
      () => connection.close(wrong),
    ]) {
      expect((await failure(call())).code).toBe('invalid-argument');
    }
    expect((await failure(receiver.receive({ signal: untyped<AbortSignal>({}) }))).code).toBe('invalid-argument');
    await connection.close();
  });
});
