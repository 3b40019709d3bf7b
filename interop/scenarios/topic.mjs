import assert from 'node:assert/strict';

/** A topic: every receiver gets a copy, and a durable subscription keeps what came while its receiver was away. */
export async function topic(run) {
  const { address, source, target } = run.peer.topic(`interop-topic-${process.pid}`);
  const options = { containerId: 'interop-subscriber' };
  const durable = {
    name: 'subscription',
    source: { ...source, durability: 'unsettled-state', expiryPolicy: 'never' },
  };
  const first = await run.connect(run.peer.url, options);
  const receivers = await Promise.all([
    first.createReceiver(address, { source }),
    first.createReceiver(address, { source }),
    first.createReceiver(address, durable),
  ]);
  const publishing = await run.connect();
  const sender = await publishing.createSender(address, { target });
  await sender.send('one');
  for (const receiver of receivers) assert.equal(await next(receiver), 'one');
  await receivers[2].detach();
  await first.close();
  await sender.send('two');
  const second = await run.connect(run.peer.url, options);
  const again = await second.createReceiver(address, durable);
  assert.equal(await next(again), 'two');
  await again.close();
  await Promise.all([second.close(), publishing.close()]);
}

async function next(receiver) {
  const delivery = await receiver.receive({ timeout: 5000 });
  await delivery.accept();
  return delivery.message.text();
}
