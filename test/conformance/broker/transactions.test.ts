import { describe, expect, it } from 'vitest';
import { RawClient } from '../../broker/support/raw-client.ts';
import { client, settle, start } from '../../broker/support/setup.ts';

const txnId = Uint8Array.of(1);
const windows = { incomingWindow: 9, nextOutgoingId: 0, outgoingWindow: 9 } as const;
const attach = { type: 'attach', name: 'l', handle: 0, role: true, source: { address: 'q' }, target: {} } as const;

/** A client that is attached to a queue with one message. */
async function consumer() {
  const broker = await start();
  const raw = await RawClient.begin(broker);
  await (await (await client(broker)).createSender('q')).send('x');
  raw.send(attach);
  await settle();
  return { broker, raw };
}

describe('a broker without transactions', () => {
  it('[Q-01] refuses a coordinator, whatever is wished of it', async () => {
    const raw = await RawClient.begin(await start());
    const capabilities = ['amqp:local-transactions'];
    const target = { type: 'coordinator', capabilities } as const;
    raw.send({ ...attach, role: false, source: {}, target, initialDeliveryCount: 0 });
    await settle();
    expect(raw.types).toEqual(['open', 'begin', 'attach', 'detach']);
    expect(raw.all('attach')[0]?.target).toBeUndefined();
    expect(raw.all('detach')).toMatchObject([{ closed: true, error: { condition: 'amqp:not-implemented' } }]);
  });

  it('[Q-06] ends the link whose outcome names a transaction, and keeps the message', async () => {
    const { broker, raw } = await consumer();
    raw.send({ type: 'flow', ...windows, handle: 0, linkCredit: 1 });
    await settle();
    expect(broker.depth('q')).toBe(0);
    const state = { type: 'transactional-state', txnId, outcome: { type: 'accepted' } } as const;
    raw.send({ type: 'disposition', role: true, first: 0, settled: true, state });
    await settle();
    expect(raw.all('detach')).toMatchObject([{ closed: true, error: { condition: 'amqp:transaction:unknown-id' } }]);
    expect(raw.all('disposition')).toEqual([]);
    expect(broker.depth('q')).toBe(1);
  });

  it('[Q-13] ends the link that acquires for a transaction, and sends it nothing', async () => {
    const { broker, raw } = await consumer();
    raw.send({ type: 'flow', ...windows, handle: 0, linkCredit: 1, properties: { 'txn-id': txnId } });
    await settle();
    expect(raw.all('detach')).toMatchObject([{ closed: true, error: { condition: 'amqp:not-implemented' } }]);
    expect(raw.all('transfer')).toEqual([]);
    expect(broker.depth('q')).toBe(1);
  });

  it('[Q-13] sends as usual where the properties of a flow name no transaction', async () => {
    const { raw } = await consumer();
    raw.send({ type: 'flow', ...windows, handle: 0, linkCredit: 1, properties: { 'txn-id': null, 'x:other': 1 } });
    await settle();
    expect(raw.types.slice(2)).toEqual(['attach', 'transfer']);
  });
});
