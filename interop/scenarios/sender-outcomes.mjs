import assert from 'node:assert/strict';

/** Every outcome that a broker tells a sender: as a resolved or rejected promise, and as a receipt. */
export async function senderOutcomes(run) {
  const connection = await run.connect();
  const sender = await connection.createSender(await run.queue('sender-outcomes'));
  await sender.send('accepted');
  const receipt = await sender.sendWithReceipt('accepted');
  assert.deepEqual(await receipt.outcome, { state: 'accepted' });
  await sender.send('settled', { settled: true });
  await sender.close();
  if (!run.meets('accepts everything')) {
    if (!run.meets('accepts what goes nowhere')) {
      const state = run.meets('rejects what goes nowhere') ? 'rejected' : 'released';
      await refused(connection, run.peer.unroutable, state);
    }
    const full = await run.queue('full', { 'x-max-length': 1, 'x-overflow': 'reject-publish' });
    if (run.meets('crashes when a queue rejects')) await crashes(connection, full);
    else await refused(connection, full, 'rejected', run.meets('gives no credit after a refusal'));
  }
  await connection.close();
}

/** Sends until the peer tells another outcome than accepted: a full queue takes the first messages. */
async function refused(connection, address, state, onlyOnce = false) {
  const sender = await connection.createSender(address);
  const outcomes = [];
  while (outcomes.at(-1) !== state && outcomes.length < 20) {
    const receipt = await sender.sendWithReceipt('refused');
    outcomes.push((await receipt.outcome).state);
  }
  assert.equal(outcomes.at(-1), state);
  if (onlyOnce) {
    await assert.rejects(sender.send('waits', { timeout: 500 }), { code: 'timeout' });
    assert.equal(sender.stats().credit, 0);
  } else await assert.rejects(sender.send('refused'), ({ code, outcome }) => code === state && outcome.state === state);
  await sender.close();
}

/** The peer answers no more; it ends the transport some seconds later, and every send learns of it. */
async function crashes(connection, address) {
  const sender = await connection.createSender(address);
  const sends = Array.from({ length: 20 }, () => sender.send('refused'));
  const outcomes = await Promise.allSettled(sends);
  assert.equal(outcomes.at(-1).reason.code, 'outcome-unknown');
  assert.equal((await connection.closed).by, 'transport');
}
