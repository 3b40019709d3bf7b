import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

const digest = (octets) => createHash('sha256').update(octets).digest('hex');

/** What precedes the octets: the descriptor of a data section, and the code and size of its binary. */
const HEAD = 3 + 5;

/** A message of 10 MB, which takes many frames both ways. */
export async function large(run) {
  const connection = await run.connect();
  const address = await run.queue('large');
  const body = new Uint8Array(Buffer.alloc(10_000_000, 'The quick brown fox. '));
  const sender = await connection.createSender(address);
  const receiver = await connection.createReceiver(address, { credit: 1 });
  const [delivery] = await Promise.all([receiver.receive(), sender.send(body)]);
  if (run.meets('garbles messages of several frames')) assert.equal(delivery.message.size, body.length + HEAD);
  else assert.equal(digest(delivery.message.bytes()), digest(body));
  await delivery.accept();
  await connection.close();
}
