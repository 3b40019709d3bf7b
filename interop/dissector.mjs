/** Wireshark's dissector as an independent reader of what our client and our broker write. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect, startBroker } from './amqp1.mjs';
import { capabilities } from './capabilities.mjs';
import { CapabilityUse } from './capability-use.mjs';
import { outcomeOf } from './outcome.mjs';
import { Recorder, SERVER_PORT } from './recorder.mjs';
import { messages } from './scenarios/values.mjs';

const run = promisify(execFile);
const account = { user: 'tester', password: 'tester-pass' };
const outcomes = ['accept', 'release', 'reject', 'modify'];

/** Performatives by descriptor code: tshark tells them by the same numbers. */
const TRANSFER = 0x14;

/** Values that hold a binary of no octets. */
const emptyBinaries = new Set(['binary empty', 'array of binary']);
const holdsEmptyBinary = ({ properties }) => emptyBinaries.has(properties.subject);

/** Yields the results of the dissector. */
export async function* runDissector() {
  const use = new CapabilityUse(capabilities.tshark.frames);
  yield { peer: 'tshark', scenario: 'frames', ...(await outcomeOf(() => dissect(use), use)) };
}

async function dissect(use) {
  const readable = messages().filter((message) => !holdsEmptyBinary(message));
  await record(
    (url) => exchange(url, readable),
    async (recorder, capture) => {
      assert.equal(await malformed(capture), '');
      const found = await fields(capture);
      for (const fromClient of [true, false]) compare(recorder, found, fromClient, readable);
    },
  );
  if (use.meets('an empty binary is malformed'))
    for (const message of messages().filter(holdsEmptyBinary)) await assertMalformed(message);
  if (use.meets('a part of a message is malformed')) await assertMalformed(new Uint8Array(300_000));
}

async function assertMalformed(message) {
  await record(
    (url) => exchange(url, [message]),
    async (_, capture) => assert.match(await malformed(capture), /transfer.*(Malformed Packet|Dissector bug)/),
  );
}

/** Has something done through a relay to a broker, and hands on what was recorded, also as a capture. */
async function record(work, then) {
  const broker = await startBroker({ users: { [account.user]: account.password } });
  const recorder = await Recorder.start(broker.port);
  const folder = mkdtempSync(join(tmpdir(), 'amqp1-'));
  try {
    await work(`amqp://localhost:${recorder.port}`);
    const capture = join(folder, 'session.pcap');
    recorder.write(capture);
    await then(recorder, capture);
  } finally {
    recorder.close();
    await broker.close();
    rmSync(folder, { recursive: true });
  }
}

/** Sends and receives messages, and tells every outcome. */
async function exchange(url, sent) {
  const connection = await connect(url, { ...account, containerId: 'dissected' });
  const sender = await connection.createSender('values');
  const receiver = await connection.createReceiver('values', { credit: 'manual' });
  await Promise.all(sent.map((message) => sender.send(message)));
  receiver.issueCredit(1000);
  await receiver.drainCredit();
  for (let n = 0; n < sent.length; n++) {
    const outcome = outcomes[n % outcomes.length];
    await receiver.tryReceive()[outcome](...(outcome === 'reject' ? [{ condition: 'amqp:not-allowed' }] : []));
  }
  await receiver.close();
  await connection.close();
}

/** What tshark prints of a capture: the display filter tells which packets. */
async function tshark(capture, filter, ...more) {
  const reading = ['-r', capture, '-d', `tcp.port==${SERVER_PORT},amqp`, '-Y', filter];
  return (await run('tshark', [...reading, ...more], { maxBuffer: 1e8 })).stdout;
}

const malformed = (capture) => tshark(capture, '_ws.malformed');

/** What tshark finds in each AMQP packet: lists of what the packet has of each field. */
async function fields(capture) {
  const names = {
    port: 'tcp.srcport',
    performatives: 'amqp.performative',
    sasl: 'amqp.sasl.method',
    containerIds: 'amqp.performative.arguments.containerId',
    deliveryIds: 'amqp.performative.arguments.deliveryId',
    subjects: 'amqp.message.subject',
  };
  const columns = Object.values(names).flatMap((name) => ['-e', name]);
  const lines = (await tshark(capture, 'amqp', '-T', 'fields', ...columns)).split('\n').filter(Boolean);
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(Object.keys(names).map((key, n) => [key, (cells[n] ?? '').split(',').filter(Boolean)]));
  });
}

/** Compares what tshark found in one direction with what was written. */
function compare(recorder, found, fromClient, sent) {
  const port = String(SERVER_PORT);
  const mine = found.filter((packet) => (packet.port[0] === port) !== fromClient);
  const all = (key) => mine.flatMap((packet) => packet[key]);
  const written = frames(recorder.octets(fromClient));
  const codes = (sasl) => written.filter((frame) => frame.sasl === sasl).map(({ code }) => code);
  assert.deepEqual(all('performatives').map(Number), codes(false));
  assert.deepEqual(all('sasl').map(Number), codes(true));
  assert.equal(all('containerIds').length, 1);
  assert.equal(codes(false).filter((code) => code === TRANSFER).length, sent.length);
  assert.deepEqual(
    all('deliveryIds').map(Number),
    sent.map((_, n) => n),
  );
  assert.deepEqual(
    all('subjects'),
    sent.map(({ properties }) => properties.subject),
  );
}

/** The frames of a stream, read as little as can be: `{ sasl, code }`. Empty frames and protocol headers are left out. */
function frames(octets) {
  const found = [];
  let at = 0;
  while (at < octets.length) {
    if (octets.subarray(at, at + 4).toString() === 'AMQP') {
      at += 8;
      continue;
    }
    const size = octets.readUInt32BE(at);
    const body = at + octets[at + 4] * 4;
    if (body < at + size) {
      assert.equal(octets.readUInt16BE(body), 0x0053, 'a described value with a small ulong');
      found.push({ sasl: octets[at + 5] === 1, code: octets[body + 2] });
    }
    at += size;
  }
  return found;
}
