import assert from 'node:assert/strict';

const names = ['accept', 'reject', 'release', 'fail', 'elsewhere'];

/** Every outcome that a receiver can tell, and what the broker makes of it. */
export async function receiverOutcomes(run) {
  const connection = await run.connect();
  const address = await run.queue('outcomes', run.peer.countingQueue);
  const sender = await connection.createSender(address);
  const told = run.meets('modified ends the session') ? names.slice(0, 3) : names;
  await Promise.all(told.map((name) => sender.send({ body: name })));
  const receiver = await connection.createReceiver(address);
  const first = [];
  for (const name of told) {
    const delivery = await receiver.receive({ timeout: 5000 });
    assert.equal(delivery.message.text(), name);
    first.push(delivery);
  }
  const tell = {
    accept: (delivery) => delivery.accept(),
    reject: (delivery) => delivery.reject({ condition: 'amqp:not-allowed', description: 'no' }),
    release: (delivery) => delivery.release(),
    fail: (delivery) => delivery.modify({ deliveryFailed: true }),
    elsewhere: (delivery) => delivery.modify({ undeliverableHere: true }),
  };
  for (const [n, delivery] of first.entries()) await tell[told[n]](delivery);
  await again(run, receiver, told);
  await connection.close();
  if (told.length < names.length) await modifiedEnds(run, address);
}

/** What comes again: what was released and, where the broker knows it, what failed. */
async function again(run, receiver, told) {
  const expected = run.meets('drops what is given back')
    ? []
    : ['release', 'fail'].filter((name) => told.includes(name));
  if (run.meets('sends again what was rejected')) expected.push('reject');
  const found = [];
  while (found.length < expected.length) {
    const delivery = await receiver.receive({ timeout: 5000 });
    const { message } = delivery;
    found.push(message.text());
    if (message.text() === 'fail') assert.equal(message.header.deliveryCount, 1);
    await delivery.accept();
  }
  assert.deepEqual(new Set(found), new Set(expected));
  await assert.rejects(receiver.receive({ timeout: 200 }), { code: 'timeout' });
}

async function modifiedEnds(run, address) {
  const connection = await run.connect();
  const sender = await connection.createSender(address);
  await sender.send('modified');
  const receiver = await connection.createReceiver(address);
  const delivery = await receiver.receive({ timeout: 5000 });
  await delivery.modify({ deliveryFailed: true });
  await assert.rejects(receiver.receive({ timeout: 5000 }), { scope: 'session' });
  await connection.close();
}
