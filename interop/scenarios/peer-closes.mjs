import assert from 'node:assert/strict';

/** The peer closes the connection: waiting calls reject with its reason, and `closed` tells who it was. */
export async function peerCloses(run) {
  const connection = await run.connect();
  const receiver = await connection.createReceiver(await run.queue('peer-closes'));
  const waiting = assert.rejects(receiver.receive(), { name: /^(Connection|Session)Error$/ });
  await Promise.all([waiting, run.peer.closeConnections()]);
  if (run.meets('ends only the sessions')) return connection.close();
  const { by, error } = await connection.closed;
  assert.equal(by, run.meets('dies without a close') ? 'transport' : 'peer');
  assert.ok(error);
  return undefined;
}
