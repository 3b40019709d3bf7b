import assert from 'node:assert/strict';
import { external } from '../amqp1.mjs';
import { certificates } from '../peers.mjs';
import { roundTrip } from './bulk.mjs';

/** TLS with a trusted and an unknown authority, and SASL EXTERNAL with a client certificate. */
export async function tls(run) {
  const { peer } = run;
  const { trusted, client } = certificates();
  await assert.rejects(run.connect(peer.tlsUrl), { code: 'certificate-rejected' });
  const connection = await run.connect(peer.tlsUrl, { tls: trusted });
  await roundTrip(connection, await run.queue('tls'), 100);
  await connection.close();
  if (run.meets('anonymous only')) return;
  const options = { tls: client, mechanisms: [external()] };
  if (run.meets('no EXTERNAL')) {
    await assert.rejects(run.connect(peer.externalUrl, options), { code: 'mechanism-unavailable' });
  } else {
    const certified = await run.connect(peer.externalUrl, options);
    await certified.close();
  }
}
