import assert from 'node:assert/strict';

/** 10,000 messages are sent while they are received; each comes once. */
export async function bulk(run) {
  const connection = await run.connect();
  await roundTrip(connection, await run.queue('bulk'), 10_000);
  await connection.close();
}

/** Sends `count` messages, receives and accepts each once, and checks what they say. */
export async function roundTrip(connection, address, count) {
  const [sender, receiver] = await Promise.all([
    connection.createSender(address),
    connection.createReceiver(address, { credit: 200 }),
  ]);
  const sends = Array.from({ length: count }, (_, n) =>
    sender.send({ body: `message ${n}`, properties: { messageId: BigInt(n) } }),
  );
  const seen = new Set();
  const receiving = (async () => {
    for await (const delivery of receiver) {
      const { properties } = delivery.message;
      assert.equal(delivery.message.text(), `message ${properties.messageId}`);
      assert.ok(!seen.has(properties.messageId), `message ${properties.messageId} came twice`);
      seen.add(properties.messageId);
      await delivery.accept();
      if (seen.size === count) return;
    }
  })();
  await Promise.all([...sends, receiving]);
  await Promise.all([sender.close(), receiver.close()]);
}
