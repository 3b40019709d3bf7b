import { expect, it } from 'vitest';
import { settle } from '../client/support/scripted.ts';
import { receiving } from './support/receive-scene.ts';

it('FIX §3 drain: a sender that answers with link-credit 0 but leaves its delivery-count ends the drain', async () => {
  const { connection, receiver, link } = await receiving({ credit: 'manual' });
  receiver.issueCredit(5);
  let drained = false;
  receiver.drainCredit().then(
    () => (drained = true),
    () => undefined,
  );
  await settle();
  link.flow({ 'delivery-count': 0, 'link-credit': 0, drain: true });
  await settle();
  expect(drained).toBe(true);
  await connection.close();
});
