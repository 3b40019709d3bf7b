/** Our client as the sender to a foreign receiver that tells every outcome, which no broker does. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connect } from './amqp1.mjs';
import { modified, rejected } from './foreign/told-outcomes.mjs';

/** Starts the receiver, and checks what send() and a receipt say of each outcome. */
export async function toldOutcomes([command, ...options]) {
  const child = spawn(command, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const connection = await connect(`amqp://localhost:${JSON.parse(line).port}`);
    const sender = await connection.createSender('any');
    await sender.send('accepted');
    await check(sender, 'rejected', ({ condition, description }) => {
      assert.deepEqual({ condition, description }, rejected);
    });
    await check(sender, 'released', () => undefined);
    await check(sender, 'modified', ({ outcome }) => {
      const { deliveryFailed, undeliverableHere, messageAnnotations } = outcome;
      assert.deepEqual({ deliveryFailed, undeliverableHere, messageAnnotations: { ...messageAnnotations } }, modified);
    });
    await connection.close();
  } finally {
    child.kill();
  }
}

async function check(sender, state, more) {
  const error = await sender.send(state).then(
    () => assert.fail(`${state} was taken for accepted`),
    (reason) => reason,
  );
  assert.equal(error.code, state);
  assert.equal(error.outcome.state, state);
  more(error);
  const receipt = await sender.sendWithReceipt(state);
  assert.deepEqual(await receipt.outcome, error.outcome);
}
