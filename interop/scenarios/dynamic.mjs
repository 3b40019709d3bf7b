import assert from 'node:assert/strict';

/** A node that the broker makes for one receiver (§3.5.3): what is sent to its address arrives. */
export async function dynamicNode(run) {
  const connection = await run.connect();
  const receiver = await connection.createReceiver(undefined, { source: { dynamic: true } });
  assert.ok(receiver.address);
  const sender = await connection.createSender(receiver.address);
  await sender.send('for you');
  const delivery = await receiver.receive({ timeout: 5000 });
  assert.equal(delivery.message.text(), 'for you');
  await delivery.accept();
  await connection.close();
}
