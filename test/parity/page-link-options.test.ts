import { describe, expect, it } from 'vitest';
import { connected, frameOf } from '../client/support/scripted.ts';

/** What both ends of a link can be told, and how it looks on the wire (§3.5.3, §3.5.4). */
const terminus = {
  durability: 'unsettled-state',
  expiryPolicy: 'connection-close',
  expiryTimeout: 1500,
  capabilities: ['queue'],
} as const;
const onTheWire = { durable: 2, 'expiry-policy': 'connection-close', timeout: 2, capabilities: ['queue'] };

const shared = {
  name: 'my-link',
  properties: { colour: 'red' },
  desiredCapabilities: ['d'],
  offeredCapabilities: ['o'],
};
const sharedOnTheWire = {
  name: 'my-link',
  properties: ['colour', 'red'],
  'desired-capabilities': ['d'],
  'offered-capabilities': ['o'],
};

describe('the options of a link, as the peer sees them', () => {
  it('row SenderOptions: source, target, name, properties and capabilities are in the attach', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q', {
      ...shared,
      source: { address: 'here', ...terminus },
      target: terminus,
    });
    expect(sender.name).toBe('my-link');
    expect((await frameOf(peer, 'attach')).fields).toMatchObject({
      ...sharedOnTheWire,
      role: false,
      source: { address: 'here', ...onTheWire },
      target: { address: 'q', ...onTheWire },
    });
    await connection.close();
  });

  it('row ReceiverOptions: source, target, name, properties and capabilities are in the attach', async () => {
    const { connection, peer } = await connected();
    const receiver = await connection.createReceiver('q', {
      ...shared,
      source: terminus,
      target: { address: 'here', ...terminus },
    });
    expect(receiver.name).toBe('my-link');
    expect((await frameOf(peer, 'attach')).fields).toMatchObject({
      ...sharedOnTheWire,
      role: true,
      source: { address: 'q', ...onTheWire },
      target: { address: 'here', ...onTheWire },
    });
    await connection.close();
  });
});
