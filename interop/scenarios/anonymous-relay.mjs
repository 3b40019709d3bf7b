import assert from 'node:assert/strict';

/** A sender without an address: each message names its own in `to`. */
export async function anonymousRelay(run) {
  const connection = await run.connect();
  const addresses = [await run.queue('relay-a'), await run.queue('relay-b')];
  const receivers = await Promise.all(addresses.map((address) => connection.createReceiver(address)));
  const sender = await connection.createSender(null);
  await Promise.all(addresses.map((to) => sender.send({ body: `to ${to}`, properties: { to } })));
  for (const [n, receiver] of receivers.entries()) {
    const delivery = await receiver.receive({ timeout: 5000 });
    assert.equal(delivery.message.text(), `to ${addresses[n]}`);
    await delivery.accept();
    assert.equal(receiver.tryReceive(), undefined);
  }
  await connection.close();
}
