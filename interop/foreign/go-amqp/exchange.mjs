/** Messages that go-amqp and our client exchange: their octets, and what each of the two reads in them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect, startBroker } from '../../amqp1.mjs';
import { sectionList } from '../../neutral.mjs';
import { FakeClock } from '../../../dist/testing/index.js';
import { afterBroker, compare } from './differences.mjs';
import { messagesFor } from './messages.mjs';

/** Without a connection: each reads what the other encodes. */
export async function encodings({ askCodec, use }) {
  const readable = messagesFor('reads');
  const read = await askCodec(readable.map(({ octets }) => ({ octets: hex(octets), message: true })));
  for (const [n, { name, sections }] of readable.entries()) {
    assert.equal(read[n].error, undefined, name);
    compare(use, 'reads', { name, found: read[n].sections, expected: sections });
  }
  const writable = messagesFor('writes');
  const written = await askCodec(writable.map(({ sections }) => ({ sections })));
  for (const [n, { name, sections }] of writable.entries()) {
    assert.equal(written[n].error, undefined, name);
    compare(use, 'writes', { name, found: sectionList(bytes(written[n].octets)), expected: sections });
  }
}

/** Through the broker. Its clock stands still, so that no time to live shrinks on the way. */
export async function messages({ account, ask, name, use }) {
  await using(account, { clock: new FakeClock() }, async (broker, connection) => {
    await goWrites({ askGo: (questions) => ask('messages-write', questions, broker), connection, name, use });
    await goReads({ askGo: (questions) => ask('messages-read', questions, broker), connection, name, use });
  });
}

async function goWrites({ askGo, connection, name, use }) {
  const sent = messagesFor('writes');
  const answers = await askGo(sent.map(({ sections }) => ({ sections })));
  const receiver = await connection.createReceiver(`${name}.messages.write`);
  for (const [n, { name: which, sections }] of sent.entries()) {
    const { octets, error } = answers[n];
    assert.equal(error, undefined, which);
    const { message, delivery } = await take(receiver);
    const found = sectionList(message.encoded);
    compare(use, 'writes', { name: which, found, expected: afterBroker(sections) });
    if (afterBroker(sections).length === sections.length) compareOctets(found, hex(message.encoded), octets, which);
    await delivery.accept();
  }
}

async function goReads({ askGo, connection, name, use }) {
  const sent = messagesFor('reads');
  const sender = await connection.createSender(`${name}.messages.read`);
  await Promise.all(sent.map(({ message }) => sender.send(message)));
  const answers = await askGo(sent.map(() => ({})));
  for (const [n, each] of sent.entries()) {
    assert.equal(answers[n].error, undefined, each.name);
    compare(use, 'reads', { name: each.name, found: answers[n].sections, expected: afterBroker(each.sections) });
  }
}

/** What came is octet for octet what go-amqp wrote; but it writes a map in another order each time. */
function compareOctets(sections, came, written, which) {
  if (sections.every(([, form]) => inOrder(form))) assert.equal(came, written, which);
  else assert.equal(came.length, written.length, which);
}

/** Whether no map within a value has more than one pair. */
function inOrder([type, payload, ...more]) {
  if (type === 'map') return payload.length < 2 && payload.flat().every(inOrder);
  if (type === 'list') return payload.every(inOrder);
  if (type === 'array') return more[0].every(inOrder);
  return type !== 'described' || [payload, ...more].every(inOrder);
}

/** From nothing to 10 MB, and on both sides of what fits into one frame and into two. */
const sizes = [0, 1, 8, 500, 1000, 65_400, 65_450, 65_500, 65_535, 65_536, 65_537, 131_000, 131_072, 1e6, 4e6, 1e7];

/** Bodies of many sizes, also in frames as small as can be (§2.7.1: 512 octets; go-amqp cannot ask for fewer than 513). */
export async function exchangeSizes({ account, ask, name }) {
  await exchangeOf(sizes, { account, ask, name });
  const small = [0, 1, 400, 430, 440, 450, 500, 511, 512, 513, 1000, 10_000];
  await exchangeOf(small, { account, ask, name, frame: 513, options: { maxFrameSize: 512 } });
}

async function exchangeOf(chosen, { account, ask, name, frame, options }) {
  const questions = chosen.map((size) => ({ size }));
  await using(account, options, async (broker, connection) => {
    const written = await ask('sizes-write', questions, broker, { frame });
    const receiver = await connection.createReceiver(`${name}.sizes.write`, { credit: 4 });
    for (const [n, size] of chosen.entries()) {
      const { message, delivery } = await take(receiver);
      assert.equal(digest(message.bytes()), digest(body(size)), `${size} octets`);
      assert.equal(message.encoded.length, written[n].length, `${size} octets`);
      assert.equal(digest(message.encoded), written[n].digest, `${size} octets`);
      await delivery.accept();
    }
    const sender = await connection.createSender(`${name}.sizes.read`);
    await Promise.all(chosen.map((size) => sender.send(body(size))));
    const read = await ask('sizes-read', questions, broker, { frame });
    for (const [n, size] of chosen.entries())
      assert.deepEqual(
        [read[n].length, read[n].digest],
        [size, digest(body(size))],
        `${size} octets: ${read[n].error}`,
      );
  });
}

async function take(receiver) {
  const delivery = await receiver.receive({ timeout: 5000 });
  return { delivery, message: delivery.message };
}

/** Has something done with a broker of its own, and a connection of our client to it. */
async function using({ user, password }, options, work) {
  const broker = await startBroker({ users: { [user]: password }, ...options });
  try {
    await work(broker, await connect(broker.url, { user, password }));
  } finally {
    await broker.close();
  }
}

const hex = (octets) => Buffer.from(octets).toString('hex');
const bytes = (text) => new Uint8Array(Buffer.from(text, 'hex'));
const digest = (octets) => createHash('sha256').update(octets).digest('hex');
const body = (size) => new Uint8Array(Buffer.alloc(size, 'The quick brown fox. '));
