import assert from 'node:assert/strict';
import { crashingValues } from '../capabilities.mjs';
import { build, isSimple, sections, values as cases } from '../neutral.mjs';

const BODY = 0x77;
const APPLICATION_PROPERTIES = 0x74;

/** A message for each value of values.json: as its body and, if the standard lets it, as an application property. */
export function messages() {
  return cases.map(({ name, value }) => ({
    properties: { subject: name },
    body: { kind: 'value', value: build(value) },
    ...(isSimple(value) && { applicationProperties: { value: build(value) } }),
  }));
}

/** Checks that a message holds the value of its name. */
export function check(message, { name, value }) {
  assert.equal(message.properties.subject, name);
  const found = sections(message.encoded);
  assert.deepEqual(found[BODY], value, name);
  if (isSimple(value)) assert.deepEqual(found[APPLICATION_PROPERTIES], ['map', [[['string', 'value'], value]]], name);
}

/** A value that the broker cannot take ends the connection, which is an error of the send. */
async function crash(run, message) {
  const connection = await run.connect();
  const sender = await connection.createSender(
    await run.queue(`value-${message.properties.subject.replaceAll(' ', '-')}`),
  );
  await assert.rejects(sender.send(message), { code: 'outcome-unknown' }, message.properties.subject);
}

/** Values of every type go through the broker and come back with the type and bits that they had. */
export async function values(run) {
  const connection = await run.connect();
  const address = await run.queue('values');
  const sender = await connection.createSender(address);
  const receiver = await connection.createReceiver(address);
  const crashing = new Set(run.meets('crashes on some values') ? crashingValues[run.name] : []);
  const [refused, taken] = [true, false].map((which) =>
    messages().filter(({ properties }) => crashing.has(properties.subject) === which),
  );
  await Promise.all(refused.map((message) => crash(run, message)));
  await Promise.all(taken.map((message) => sender.send(message)));
  const expected = cases.filter(({ name }) => !crashing.has(name));
  const anyOrder = run.meets('changes the order');
  while (expected.length > 0) {
    const delivery = await receiver.receive({ timeout: 10_000 });
    const { subject } = delivery.message.properties;
    const [value] = expected.splice(anyOrder ? expected.findIndex(({ name }) => name === subject) : 0, 1);
    check(delivery.message, value);
    await delivery.accept();
  }
  await connection.close();
}
