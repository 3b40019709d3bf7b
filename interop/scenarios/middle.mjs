import assert from 'node:assert/strict';

const COUNT = 3000;
const CREDIT = 50;

/** The connection closes while messages flow both ways: no promise is left, no message is lost, none comes twice. */
export async function middle(run) {
  const address = await run.queue('middle');
  const first = await run.connect();
  const sender = await first.createSender(address);
  const receiver = await first.createReceiver(address, { credit: CREDIT });
  const confirmed = new Set();
  const sends = Array.from({ length: COUNT }, async (_, n) => {
    await sender.send({ body: n });
    confirmed.add(n);
  });
  const settled = Promise.allSettled(sends);
  const taken = new Set();
  for await (const delivery of receiver) {
    taken.add(delivery.message.value);
    await delivery.accept();
    if (taken.size === 500) break;
  }
  await first.close();
  const outcomes = await settled;
  for (const { reason } of outcomes.filter(({ status }) => status === 'rejected'))
    assert.ok(
      ['outcome-unknown', 'link-closed', 'connection-closed'].includes(reason.code),
      `${reason.code}: ${reason}`,
    );
  await rest(run, address, confirmed, taken);
}

/** Takes what is left: each message that was confirmed and not accepted, and perhaps some that were not confirmed. */
async function rest(run, address, confirmed, taken) {
  const connection = await run.connect();
  const receiver = await connection.createReceiver(address);
  const missing = new Set([...confirmed].filter((n) => !taken.has(n)));
  const lost = run.meets('loses what is unsettled') ? CREDIT : 0;
  while (missing.size > 0) {
    const delivery = await receiver.receive({ timeout: lost > 0 ? 500 : 5000 }).catch(ignoreTimeout);
    if (delivery === undefined) break;
    const { value } = delivery.message;
    assert.ok(!taken.has(value), `${value} was accepted and came again`);
    taken.add(value);
    missing.delete(value);
    await delivery.accept();
  }
  assert.ok(missing.size <= lost, `${missing.size} messages are lost`);
  await connection.close();
}

function ignoreTimeout(error) {
  if (error.code !== 'timeout') throw error;
}
