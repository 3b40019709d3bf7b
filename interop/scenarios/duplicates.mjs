import assert from 'node:assert/strict';

/** Artemis accepts a message with an id that it has seen, and drops it: what is sent again after an outage comes once. */
export async function duplicates(run) {
  const connection = await run.connect();
  const address = await run.queue('duplicates');
  const sender = await connection.createSender(address);
  for (const id of ['a', 'b', 'a', 'b', 'c'])
    await sender.send({ body: id, applicationProperties: { _AMQ_DUPL_ID: `${address} ${id}` } });
  const receiver = await connection.createReceiver(address, { credit: 'manual' });
  receiver.issueCredit(10);
  await receiver.drainCredit();
  for (const id of ['a', 'b', 'c']) {
    const delivery = await receiver.receive({ timeout: 5000 });
    assert.equal(delivery.message.text(), id);
    await delivery.accept();
  }
  assert.equal(receiver.tryReceive(), undefined);
  await connection.close();
}
