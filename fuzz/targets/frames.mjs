/** The bodies of frames, made field by field: reading, writing, printing; generic and straight-line codecs agree. */
import { blockOf, Reader, Writer } from '../../dist/codec/index.js';
import * as definitions from '../../dist/definitions/index.js';
import { Choices } from '../support/choices.mjs';
import { frameOf } from '../support/frames.mjs';
import { check, outcome, same, stable } from '../support/oracle.mjs';
import { Peer } from '../support/plausible.mjs';
import { performatives, saslFrames } from '../support/tables.mjs';
import { target } from '../support/target.mjs';

const { readPerformative, writePerformative, readSaslFrame, writeSaslFrame, formatFrame } = definitions;
const straight = {
  flow: [definitions.FlowFields, definitions.readFlow, definitions.writeFlow],
  disposition: [definitions.DispositionFields, definitions.readDisposition, definitions.writeDisposition],
  transfer: [definitions.TransferFields, definitions.readTransfer, definitions.writeTransfer],
};
const kinds = [
  { tables: performatives, read: readPerformative, write: writePerformative },
  { tables: saslFrames, read: readSaslFrame, write: writeSaslFrame },
];

function written(write) {
  const writer = new Writer();
  write(writer);
  return writer.finish();
}

/** What was read is written and read again as the same. A number within a field of any value may change its type. */
function rewritten({ read, write }, value) {
  const once = outcome(() => written((writer) => write(writer, value)), 'encode-error');
  check(once.error === undefined, `what was read cannot be written: ${once.error?.message}`);
  stable(once.value, (octets) => written((writer) => write(writer, read(new Reader(blockOf(octets))))));
}

/** The codec of a frame that passes often takes the same, and says the same of it. */
function agrees(body, generic) {
  const reader = new Reader(blockOf(body));
  const code = outcome(() => definitions.readDescriptorCode(reader), 'decode-error').value;
  const table = performatives.find((each) => each.code === code);
  const own = straight[table?.type];
  if (own === undefined) return;
  const [Fields, read, write] = own;
  const fields = new Fields();
  const { error } = outcome(() => read(reader, fields), 'decode-error');
  same(error?.message, generic.error?.message, `two codecs do not agree on a ${table.type}`);
  if (error !== undefined) return;
  same(reader.remaining, generic.remaining, 'two codecs do not agree where the payload begins');
  for (const { key, type } of table.fields)
    if (key in fields && key !== 'deliveryTag' && type !== 'composite' && type !== 'fields')
      same(fields[key], generic.value[key], `two codecs do not agree on ${table.type}.${key}`);
  if (table.type === 'transfer') {
    const { deliveryTagStart, deliveryTagEnd } = fields;
    const tag = deliveryTagStart < 0 ? undefined : body.slice(deliveryTagStart, deliveryTagEnd);
    same(tag, generic.value.deliveryTag, 'two codecs do not agree on a delivery-tag');
    return;
  }
  const octets = written((writer) => write(writer, fields));
  same(readPerformative(new Reader(blockOf(octets))), generic.value, `a straight-line ${table.type} reads otherwise`);
}

function checkBody(body, kind) {
  check(!/\p{Cc}/u.test(formatFrame('<-', 0, kinds.indexOf(kind), body)), 'a frame is printed on several lines');
  const reader = new Reader(blockOf(body));
  const generic = { ...outcome(() => kind.read(reader), 'decode-error'), remaining: reader.remaining };
  if (kind.tables === performatives) agrees(body, generic);
  if (generic.error === undefined) rewritten(kind, generic.value);
}

export const fuzz = target((bytes) => {
  const choices = new Choices(bytes);
  const kind = choices.one(kinds);
  // The octets as they are, or choices of which a frame is made.
  if (choices.octet() % 4 === 3) checkBody(choices.rest(), kind);
  else checkBody(frameOf(choices, choices.one(kind.tables), new Peer(true)).subarray(8), kind);
});
