import { expect, it } from 'vitest';
import { connected, failure, frameOf } from '../../client/support/scripted.ts';

it.each([{ lifetimePolicy: 'delete-on-close' }, { dynamicNodeProperties: { a: 1 } }] as const)(
  '[N-06] properties of a node are refused where no dynamic node is asked for: %j',
  async (terminus) => {
    const { connection, peer } = await connected();
    for (const attaching of [
      connection.createReceiver('q', { source: terminus }),
      connection.createSender('q', { target: terminus }),
    ]) {
      const error = await failure(attaching);
      expect(error.code).toBe('invalid-argument');
      expect(error.message).toContain('are for a node with dynamic: true');
    }
    expect(peer.framesOf('attach')).toEqual([]);
    await connection.close();
  },
);

it('[N-17] what a node is meant to be is said by the capabilities of its terminus', async () => {
  const { connection, peer } = await connected();
  await connection.createReceiver('q', { source: { capabilities: ['topic', 'shared'] } });
  await connection.createSender('q', { target: { capabilities: ['queue'] } });
  expect((await frameOf(peer, 'attach')).fields['source']).toMatchObject({ capabilities: ['topic', 'shared'] });
  const { target } = (await frameOf(peer, 'attach', 1)).fields;
  expect(target).toMatchObject({ capabilities: ['queue'] });
  await connection.close();
});
