import { describe, expect, it } from 'vitest';
import { encodeMessageBytes } from '../../../src/message/index.ts';
import { RawClient } from '../../broker/support/raw-client.ts';
import { settle, start } from '../../broker/support/setup.ts';

const begin = { type: 'begin', nextOutgoingId: 0, incomingWindow: 100, outgoingWindow: 100 } as const;

/** A client that takes the smallest frames there are. */
async function smallClient(): Promise<RawClient> {
  const raw = new RawClient(await start({ autoCreate: false }));
  raw.send({ type: 'open', containerId: 'raw', maxFrameSize: 512 });
  raw.send(begin);
  await settle();
  return raw;
}

const longAddress = 'ä€'.repeat(400);

describe('the description of an error', () => {
  it('[E-09] of an address that is longer than the frames of the client is cut: only the link is refused', async () => {
    const raw = await smallClient();
    raw.send({ type: 'attach', name: 'l', handle: 0, role: true, source: { address: longAddress }, target: {} });
    await settle();
    expect(raw.types).toEqual(['open', 'begin', 'attach', 'detach']);
    const description = `there is no node ${longAddress}`.slice(0, 100);
    expect(raw.all('detach')).toMatchObject([{ error: { condition: 'amqp:not-found', description } }]);
  });

  it('[E-09] of a message to such an address is cut: only the message is rejected', async () => {
    const raw = await smallClient();
    const relay = { type: 'attach', name: 'l', handle: 0, role: false, initialDeliveryCount: 0 } as const;
    raw.send({ ...relay, source: {}, target: {} });
    const transfer = { type: 'transfer', handle: 0, deliveryId: 0, deliveryTag: Uint8Array.of(1) } as const;
    await settle();
    raw.send(transfer, encodeMessageBytes({ body: 1, properties: { to: longAddress } }));
    await settle();
    expect(raw.types).toEqual(['open', 'begin', 'attach', 'flow', 'disposition']);
    const description = `there is no node ${longAddress}`.slice(0, 100);
    expect(raw.all('disposition')).toMatchObject([
      { settled: true, state: { type: 'rejected', error: { condition: 'amqp:not-found', description } } },
    ]);
  });
});
