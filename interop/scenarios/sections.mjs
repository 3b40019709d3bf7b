import assert from 'node:assert/strict';
import { Uuid } from '../../dist/codec/index.js';

const utf8 = (text) => new Uint8Array(Buffer.from(text));
const moment = new Date(1_700_000_000_123);

const full = {
  header: { durable: true, priority: 6, ttl: 600_000 },
  messageAnnotations: { 'x-opt-text': 'text', 'x-opt-number': 4n },
  properties: {
    messageId: 'id',
    userId: utf8('tester'),
    to: 'to',
    subject: 'subject',
    replyTo: 'reply-to',
    correlationId: Uuid.parse('f275ea5e-0c57-4ad7-b11a-b20c563d3b71'),
    contentType: 'text/plain',
    contentEncoding: 'identity',
    absoluteExpiryTime: new Date(4_000_000_000_000),
    creationTime: moment,
    groupId: 'group',
    groupSequence: 4_294_967_295,
    replyToGroupId: 'reply-to-group',
  },
  applicationProperties: { text: 'a', yes: true, nothing: null },
  body: 'body',
};

/** Every section of a message, and every kind of body. */
export async function sections(run) {
  const connection = await run.connect();
  const address = await run.queue('sections');
  const sender = await connection.createSender(address);
  const receiver = await connection.createReceiver(address);
  const roundTrip = async (message) => {
    await sender.send(message);
    const delivery = await receiver.receive({ timeout: 10_000 });
    await delivery.accept();
    return delivery.message;
  };
  checkFull(run, await roundTrip(full));
  checkBody(await roundTrip(utf8('octets')), { kind: 'data', data: [utf8('octets')] });
  const parts = [utf8('one'), utf8('two'), utf8('three')];
  const kept = run.meets('data sections reversed') ? parts.toReversed() : parts;
  checkBody(await roundTrip({ body: { kind: 'data', data: parts } }), { kind: 'data', data: kept });
  checkBody(await roundTrip({ body: { kind: 'sequence', sequence: [[1, 'two', null]] } }), {
    kind: 'sequence',
    sequence: [[1, 'two', null]],
  });
  if (!run.meets('no footer')) {
    const { footer } = await roundTrip({ body: 'x', footer: { 'x-opt-sum': utf8('sum') } });
    assert.deepEqual({ ...footer }, { 'x-opt-sum': utf8('sum') });
  }
  if (!run.meets('no delivery annotations')) {
    const message = await roundTrip({ body: 'x', deliveryAnnotations: { 'x-opt-hop': 1 } });
    assert.equal(message.text(), 'x');
  }
  await connection.close();
}

function checkBody(message, expected) {
  assert.deepEqual(message.body, expected);
}

function checkFull(run, message) {
  const { header, properties, messageAnnotations, applicationProperties } = message;
  assert.equal(message.text(), 'body');
  assert.equal(header.durable, true);
  assert.equal(header.priority, 6);
  for (const [name, sent] of Object.entries(full.properties)) {
    if (run.meets(`changes ${name}`)) continue;
    assert.deepEqual(properties[name], sent, name);
  }
  assert.deepEqual({ ...applicationProperties }, full.applicationProperties);
  for (const [name, sent] of Object.entries(full.messageAnnotations)) assert.equal(messageAnnotations[name], sent);
}
