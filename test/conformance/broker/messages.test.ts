import { describe, expect, it } from 'vitest';
import { encodeMessageBytes } from '../../../src/message/index.ts';
import { RawClient } from '../../broker/support/raw-client.ts';
import { client, settle, start, startWithClient, take, valuesOf } from '../../broker/support/setup.ts';

const relay = { type: 'attach', name: 'l', handle: 0, role: false, target: {}, initialDeliveryCount: 0 } as const;
const lost = encodeMessageBytes({ body: 1, properties: { to: 'nowhere' } });
const tag = Uint8Array.of(7);
const transfer = { type: 'transfer', handle: 0, deliveryId: 0, deliveryTag: tag, messageFormat: 0 } as const;

describe('messages in a queue', () => {
  it('[M-06] may be durable: the broker says that its node is not, and passes them on as they are', async () => {
    const broker = await start();
    const raw = await RawClient.begin(broker);
    raw.send({ ...relay, source: {}, target: { address: 'q', durable: 2 } });
    await settle();
    expect(raw.all('attach')).toMatchObject([{ target: { address: 'q', durable: 0 } }]);
    raw.send(transfer, encodeMessageBytes({ body: 'x', header: { durable: true } }));
    await settle();
    expect(raw.all('disposition')).toMatchObject([{ settled: true, state: { type: 'accepted' } }]);
    const [delivery] = await take(await (await client(broker)).createReceiver('q'), 1);
    expect(delivery?.message.header.durable).toBe(true);
  });

  it('[M-07] keep their priority and their order', async () => {
    const [, connection] = await startWithClient();
    const sender = await connection.createSender('q');
    for (const priority of [0, 9, 4, 5]) await sender.send({ body: priority, header: { priority } });
    const deliveries = await take(await connection.createReceiver('q'), 4);
    expect(valuesOf(deliveries)).toEqual([0, 9, 4, 5]);
    expect(deliveries.map(({ message }) => message.header.priority)).toEqual([0, 9, 4, 5]);
  });
});

describe('a message that cannot be routed', () => {
  async function relaying(outcomes: readonly string[]): Promise<RawClient> {
    const raw = await RawClient.begin(await start({ autoCreate: false }));
    raw.send({ ...relay, source: { outcomes } });
    await settle();
    return raw;
  }
  const error = { condition: 'amqp:not-found', description: 'there is no node nowhere' };

  it.each([[[]], [['amqp:accepted:list', 'amqp:rejected:list']]])(
    '[Z-02] is rejected with what an attach would be refused with: outcomes %j',
    async (outcomes) => {
      const raw = await relaying(outcomes);
      raw.send(transfer, lost);
      await settle();
      expect(raw.all('disposition')).toMatchObject([{ settled: true, state: { type: 'rejected', error } }]);
      expect(raw.all('detach')).toEqual([]);
    },
  );

  it.each([
    [[], true],
    [['amqp:accepted:list'], false],
  ])('[Z-02] costs the link where it cannot be rejected: outcomes %j, settled %s', async (outcomes, settled) => {
    const raw = await relaying(outcomes);
    raw.send({ ...transfer, settled }, lost);
    await settle();
    expect(raw.all('detach')).toMatchObject([{ closed: true, error: { ...error, info: { 'delivery-tag': tag } } }]);
    expect(raw.all('disposition')).toEqual([]);
  });
});

describe('the properties of a node', () => {
  it('[N-06] are ignored where the node is not dynamic', async () => {
    const raw = await RawClient.begin(await start());
    const source = { address: 'q', dynamicNodeProperties: { 'x:mine': 1 } };
    raw.send({ type: 'attach', name: 'l', handle: 0, role: true, source, target: {} });
    await settle();
    expect(raw.all('attach')).toMatchObject([{ source: { address: 'q', dynamicNodeProperties: undefined } }]);
  });
});
