import assert from 'node:assert/strict';

/** A virtual host that there is not: the connection is refused, and the client does not wait for anything. */
export async function refusedOpen(run) {
  const refused = run.connect(run.peer.url, { hostname: 'nowhere' });
  if (run.meets('opens with a frame size of 0')) await assert.rejects(refused, { code: 'framing-error' });
  else await assert.rejects(refused, { condition: 'amqp:not-found' });
}
