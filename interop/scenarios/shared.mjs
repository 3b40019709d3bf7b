import assert from 'node:assert/strict';

const COUNT = 20;

/** A shared subscription: two receivers, in connections of their own, divide its messages between them. */
export async function sharedSubscription(run) {
  const { address, target, source } = run.peer.topic(`interop-shared-${process.pid}`);
  const capabilities = [...(source?.capabilities ?? []), 'shared', 'global'];
  const connections = await Promise.all([run.connect(), run.connect(), run.connect()]);
  const receivers = [];
  for (const [n, connection] of connections.slice(0, 2).entries())
    receivers.push(
      // What is before the bar is the name of the subscription.
      await connection.createReceiver(address, { name: `news|${n}`, source: { capabilities }, credit: 1 }),
    );
  const sender = await connections[2].createSender(address, { target });
  for (let n = 0; n < COUNT; n++) await sender.send({ body: n });
  const taken = await Promise.all(receivers.map(all));
  assert.ok(taken.every(({ length }) => length > 0));
  const numbers = taken.flat().toSorted((a, b) => a - b);
  assert.deepEqual(
    numbers,
    Array.from({ length: COUNT }, (_, n) => n),
  );
  await Promise.all(connections.map((connection) => connection.close()));
}

/** Accepts what comes until nothing more does. */
async function all(receiver) {
  const numbers = [];
  for (;;) {
    const delivery = await receiver.receive({ timeout: 500 }).catch(ignoreTimeout);
    if (delivery === undefined) return numbers;
    numbers.push(delivery.message.value);
    await delivery.accept();
  }
}

function ignoreTimeout(error) {
  if (error.code !== 'timeout') throw error;
}
