import assert from 'node:assert/strict';

/** A selector: the broker grants it, and sends what it lets pass. */
export async function selector(run) {
  const connection = await run.connect();
  const address = await run.queue('selector');
  const sender = await connection.createSender(address);
  for (const color of ['red', 'blue', 'red']) await sender.send({ body: color, applicationProperties: { color } });
  const blue = await connection.createReceiver(address, { selector: "color = 'blue'" });
  assert.deepEqual(await all(blue), ['blue']);
  await blue.close();
  assert.deepEqual(await all(await connection.createReceiver(address)), ['red', 'red']);
  await connection.close();
}

/** Accepts what comes until nothing more does. */
async function all(receiver) {
  const texts = [];
  for (;;) {
    const delivery = await receiver.receive({ timeout: 500 }).catch(ignoreTimeout);
    if (delivery === undefined) return texts;
    texts.push(delivery.message.text());
    await delivery.accept();
  }
}

function ignoreTimeout(error) {
  if (error.code !== 'timeout') throw error;
}
