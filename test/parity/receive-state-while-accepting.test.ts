import { expect, it } from 'vitest';
import { settle } from '../client/support/scripted.ts';
import { receiving } from './support/receive-scene.ts';

it('lesson 11: a state of the sender is told also while accept() waits for its settlement (mode second)', async () => {
  const seen: string[] = [];
  const { connection, receiver, link } = await receiving({
    receiverSettleMode: 'second',
    onDeliveryState: ({ state }) => seen.push(state),
  });
  link.transfer(0);
  void (await receiver.receive()).accept().catch(() => undefined);
  await settle();
  link.disposition(0, { is: 'modified' }, { role: false, settled: false });
  await settle();
  expect(seen).toEqual(['modified']);
  await connection.close();
});
