import assert from 'node:assert/strict';

/** SASL: PLAIN with the right and a wrong password, and ANONYMOUS. */
export async function plain(run) {
  const { peer } = run;
  if (run.meets('anonymous only')) {
    await assert.rejects(run.connect(peer.wrongUrl), { code: 'mechanism-unavailable' });
  } else {
    const connection = await run.connect(peer.url);
    assert.ok(connection.remoteContainerId);
    await connection.close();
    assert.deepEqual(await connection.closed, { by: 'local' });
    await assert.rejects(run.connect(peer.wrongUrl), { code: 'authentication-failed' });
  }
  const connection = await run.connect(peer.anonymousUrl);
  await connection.close();
}
