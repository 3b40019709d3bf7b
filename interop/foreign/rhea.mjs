/**
 * rhea as a foreign client of a broker: `node rhea.mjs SETUP SCENARIO...`
 *
 * SETUP is `{ port, tlsPort, user, password, ca, prefix }` as JSON; the prefix begins the names of the queues. It runs
 * the scenarios named and prints one line `{ scenario, ok, detail }` for each. What the queue of values-read holds and
 * what becomes of that of values-write is up to ../foreign-run.mjs.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import rhea from 'rhea';
import { isSimple, values } from '../neutral.mjs';
import { whatBecomes, whatBecomesOfBody } from '../exceptions.mjs';
import { build } from './rhea-values.mjs';
import { Inbox, close, open, send, settle } from './rhea-link.mjs';

const { port, tlsPort, user, password, ca, prefix } = JSON.parse(process.argv[2]);
const account = { port, username: user, password };
const { accepted, rejected, released, modified } = rhea.message;

async function withConnection(work) {
  const connection = await open(account);
  await work(connection);
  await close(connection);
}

async function plain() {
  await close(await open(account));
  await assert.rejects(open({ ...account, password: 'wrong' }), /auth/i);
}

async function tls() {
  const secure = { ...account, port: tlsPort, transport: 'tls', servername: 'localhost' };
  await assert.rejects(open(secure), /certificate|verify/);
  const connection = await open({ ...secure, ca: readFileSync(ca) });
  await roundTrip(connection, `${prefix}.tls`, 100);
  await close(connection);
}

/** Sends `count` messages while they are received, and checks that each came once. */
async function roundTrip(connection, address, count) {
  const seen = new Set();
  const inbox = await Inbox.open(connection, address, 1000);
  const receiving = (async () => {
    for (let n = 1; n <= count; n++) {
      const { message, delivery } = await inbox.next();
      assert.equal(message.body, `message ${message.message_id}`);
      seen.add(message.message_id);
      delivery.accept();
      if (n % 500 === 0) inbox.addCredit(500);
    }
  })();
  const messages = Array.from({ length: count }, (_, n) => ({ message_id: n, body: `message ${n}` }));
  const [told] = await Promise.all([send(connection, address, messages), receiving]);
  assert.deepEqual(new Set(told), new Set(['accepted']));
  assert.equal(seen.size, count);
  await assertEmpty(inbox);
}

async function assertEmpty(inbox) {
  assert.deepEqual((await inbox.drained()).length, 0);
  await inbox.close();
}

async function outcomes() {
  await withConnection(async (connection) => {
    const address = `${prefix}.outcomes`;
    const names = ['accept', 'reject', 'release', 'fail', 'elsewhere'];
    await send(
      connection,
      address,
      names.map((subject) => ({ subject, body: subject })),
    );
    const inbox = await Inbox.open(connection, address, 20);
    const first = [];
    for (const _ of names) first.push(await inbox.next());
    assert.deepEqual(
      first.map(({ message }) => message.subject),
      names,
    );
    const states = [
      accepted(),
      rejected({ error: { condition: 'amqp:not-allowed', description: 'no' } }),
      released(),
      modified({ delivery_failed: true, message_annotations: { 'x-opt-seen': 'yes' } }),
      modified({ undeliverable_here: true }),
    ];
    for (const [n, { delivery }] of first.entries()) await settle(delivery, states[n]);
    const again = [await inbox.next(), await inbox.next()];
    const [back, failed] = again.toSorted((a, b) => (a.message.subject < b.message.subject ? 1 : -1));
    assert.equal(back.message.subject, 'release');
    assert.equal(failed.message.subject, 'fail');
    assert.equal(failed.message.delivery_count, 1);
    assert.equal(failed.message.message_annotations['x-opt-seen'], 'yes');
    for (const { delivery } of again) await settle(delivery, accepted());
    await assertEmpty(inbox);
    await takeOne(connection, address, 'elsewhere');
    await takeOne(connection, `${address}.dead`, 'reject');
  });
}

async function takeOne(connection, address, subject) {
  const inbox = await Inbox.open(connection, address, 10);
  const { message, delivery } = await inbox.next();
  assert.equal(message.subject, subject);
  await settle(delivery, accepted());
  await assertEmpty(inbox);
}

async function large() {
  await withConnection(async (connection) => {
    const body = Buffer.alloc(10_000_000, 'The quick brown fox. ');
    const inbox = await Inbox.open(connection, `${prefix}.large`, 1);
    await send(connection, `${prefix}.large`, [{ body: rhea.message.data_section(body) }]);
    const { message, delivery } = await inbox.next();
    const digest = (octets) => createHash('sha256').update(octets).digest('hex');
    assert.equal(digest(message.body.content), digest(body));
    await settle(delivery, accepted());
    await inbox.close();
  });
}

async function readValues() {
  await withConnection(async (connection) => {
    const inbox = await Inbox.open(connection, `${prefix}.values.read`, values.length + 1);
    for (const which of values) {
      const { message, delivery } = await inbox.next();
      const found = message.sections();
      assert.equal(message.subject, which.name);
      assert.deepEqual(found[0x77], whatBecomesOfBody('rhea', 'reads', which), which.name);
      const property = ['map', [[['string', 'value'], whatBecomes('rhea', 'reads', which)]]];
      if (isSimple(which.value)) assert.deepEqual(found[0x74], property, which.name);
      delivery.accept();
    }
    await assertEmpty(inbox);
  });
}

async function writeValues() {
  await withConnection(async (connection) => {
    const messages = values
      .filter((which) => whatBecomes('rhea', 'writes', which) !== null)
      .map(({ name, value }) => ({
        subject: name,
        body: build(value),
        ...(isSimple(value) && { application_properties: { value: build(value) } }),
      }));
    await send(connection, `${prefix}.values.write`, messages);
  });
}

async function drain() {
  await withConnection(async (connection) => {
    await send(connection, `${prefix}.drain`, [{ body: 1 }, { body: 2 }, { body: 3 }]);
    const inbox = await Inbox.open(connection, `${prefix}.drain`, 10);
    const came = await inbox.drained();
    assert.equal(came.length, 3);
    assert.equal(inbox.credit, 0);
    for (const { delivery } of came) await settle(delivery, accepted());
    inbox.addCredit(5);
    await assertEmpty(inbox);
  });
}

/** The connection is dropped while messages flow both ways: what was not accepted comes again, nothing else. */
async function middle() {
  const address = `${prefix}.middle`;
  const count = 1000;
  const messages = Array.from({ length: count }, (_, n) => ({ message_id: n, body: n }));
  await withConnection((connection) => send(connection, address, messages));
  const first = await open(account);
  const inbox = await Inbox.open(first, address, 500);
  const taken = new Set();
  for (let n = 0; n < 200; n++) {
    const { message, delivery } = await inbox.next();
    await settle(delivery, accepted());
    taken.add(message.message_id);
  }
  await close(first);
  await withConnection(async (connection) => {
    const rest = await Inbox.open(connection, address, count);
    for (let n = 200; n < count; n++) {
      const { message, delivery } = await rest.next();
      assert.ok(!taken.has(message.message_id), `${message.message_id} was accepted and came again`);
      taken.add(message.message_id);
      delivery.accept();
    }
    assert.equal(taken.size, count);
    await assertEmpty(rest);
  });
}

const scenarios = {
  plain,
  tls,
  bulk: () => withConnection((connection) => roundTrip(connection, `${prefix}.bulk`, 10_000)),
  outcomes,
  large,
  'values-read': readValues,
  'values-write': writeValues,
  drain,
  middle,
};

for (const scenario of process.argv.slice(3)) {
  try {
    await scenarios[scenario]();
    console.log(JSON.stringify({ scenario, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ scenario, ok: false, detail: error.stack }));
  }
}
process.exit(0);
