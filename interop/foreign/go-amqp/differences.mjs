/** What go-amqp does to the sections of a message, by the names of the rows in ../../capabilities.mjs. */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { withoutOrder } from '../../neutral.mjs';

const header = 0x70;
const deliveryAnnotations = 0x71;
const messageAnnotations = 0x72;
const properties = 0x73;
const applicationProperties = 0x74;
const footer = 0x78;

/** What a header says that does not say anything (§3.2.1). */
const defaults = [['boolean', false], ['ubyte', '4'], ['null'], ['boolean', false], ['uint', '0']];

/** Sections whose keys are no values. */
const keyed = new Set([deliveryAnnotations, messageAnnotations, applicationProperties, footer]);

function withDefaults([type, fields]) {
  return [type, defaults.map((otherwise, at) => ((fields[at] ?? ['null'])[0] === 'null' ? otherwise : fields[at]))];
}

function symbolsAsStrings(form) {
  const [type, payload, ...more] = form;
  if (type === 'symbol') return ['string', payload];
  if (type === 'list') return [type, payload.map(symbolsAsStrings)];
  if (type === 'map') return [type, payload.map((pair) => pair.map(symbolsAsStrings))];
  if (type === 'described') return [type, symbolsAsStrings(payload), ...more.map(symbolsAsStrings)];
  return form;
}

const inValues = ([code, form]) =>
  keyed.has(code)
    ? [code, ['map', form[1].map(([key, value]) => [key, symbolsAsStrings(value)])]]
    : [code, code === header || code === properties ? form : symbolsAsStrings(form)];

function withoutEmptyUserId([code, form]) {
  if (code !== properties) return [code, form];
  return [
    code,
    ['list', form[1].map((field, at) => (at === 1 && isDeepStrictEqual(field, ['binary', '']) ? ['null'] : field))],
  ];
}

/** Differences that do not show which way they came about: both sides are compared without them. */
const insignificant = {
  'maps have no order': ([code, form]) => [code, withoutOrder(form)],
  'header fields have their defaults': ([code, form]) => [code, code === header ? withDefaults(form) : form],
};

/** What becomes of a section that go-amqp reads, or writes. */
const changes = {
  reads: { 'symbols are strings': inValues },
  writes: { 'an empty user-id is left out': withoutEmptyUserId },
};

/** Delivery annotations are for one hop (§3.2.2): a broker does not hand them on. */
export const afterBroker = (sections) => sections.filter(([code]) => code !== deliveryAnnotations);

/** Asserts that go-amqp found or wrote these sections, apart from the rows; tells the run which of those were met. */
export function compare(use, way, { name, found, expected }) {
  const changed = (sections, [row, change]) => {
    const after = sections.map(change);
    if (!isDeepStrictEqual(after, sections)) assert.ok(use.meets(row), `${row} is no row of capabilities.mjs`);
    return after;
  };
  const plain = (sections) => Object.entries(insignificant).reduce(changed, sections);
  assert.deepEqual(plain(found), plain(Object.entries(changes[way]).reduce(changed, expected)), name);
}
