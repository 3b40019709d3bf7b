import assert from 'node:assert/strict';

/** Drain: what is there comes, the rest of the credit is given back, and the link goes on. */
export async function drain(run) {
  const connection = await run.connect();
  const address = await run.queue('drain');
  const sender = await connection.createSender(address);
  await Promise.all(['1', '2', '3'].map((body) => sender.send(body)));
  if (run.meets('ignores drain')) await ignored(connection, address);
  else if (run.meets('drain ends the session')) await crashes(connection, address);
  else await drained(connection, address, sender);
  await connection.close();
}

async function drained(connection, address, sender) {
  const receiver = await connection.createReceiver(address, { credit: 'manual' });
  receiver.issueCredit(10);
  await receiver.drainCredit();
  assert.equal(receiver.stats().credit, 0);
  assert.deepEqual(await take(receiver), ['1', '2', '3']);
  receiver.issueCredit(10);
  await receiver.drainCredit();
  assert.equal(receiver.tryReceive(), undefined);
  receiver.issueCredit(1);
  await sender.send('4');
  const last = await receiver.receive({ timeout: 5000 });
  assert.equal(last.message.text(), '4');
  await last.accept();
}

async function take(receiver) {
  const texts = [];
  for (let delivery = receiver.tryReceive(); delivery !== undefined; delivery = receiver.tryReceive()) {
    texts.push(delivery.message.text());
    await delivery.accept();
  }
  return texts;
}

async function ignored(connection, address) {
  const receiver = await connection.createReceiver(address, { credit: 'manual' });
  receiver.issueCredit(10);
  await assert.rejects(receiver.drainCredit({ timeout: 1000 }), { code: 'timeout' });
  assert.deepEqual(await take(receiver), ['1', '2', '3']);
}

/** Credit for no more than is there is drained; more ends the session, which is an error and no hanging promise. */
async function crashes(connection, address) {
  const receiver = await connection.createReceiver(address, { credit: 'manual' });
  receiver.issueCredit(10);
  await assert.rejects(receiver.drainCredit({ timeout: 10_000 }), (error) => error.code !== 'timeout');
}
