import assert from 'node:assert/strict';

/** Broker-J grants 20,000 credits at once: what holds a sender back is the session window and the socket. */
export async function muchCredit(run) {
  const connection = await run.connect();
  const sender = await connection.createSender(await run.queue('much-credit'));
  await sender.send('the first');
  assert.ok(sender.stats().credit >= 19_000, `${sender.stats().credit} credits`);
  const body = new Uint8Array(10_000);
  const receipts = [];
  for (let receipt = sender.trySend(body); receipt !== undefined; receipt = sender.trySend(body))
    receipts.push(receipt);
  assert.ok(receipts.length < 5000, `${receipts.length} messages were taken at once`);
  assert.ok(sender.stats().credit > 0);
  for (const { outcome } of receipts) assert.deepEqual(await outcome, { state: 'accepted' });
  await sender.send('the last');
  await connection.close();
}
