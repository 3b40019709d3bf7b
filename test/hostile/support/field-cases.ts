import type { CompositeTable, FieldSpec } from '../../../src/definitions/index.ts';
import { writeWire, type Wire } from '../../../src/testing/index.ts';
import { descriptorOf, fieldOctets, listOf, numberFor, octetsOf, type Frame } from './frame.ts';
import { anything, harmless, unreadable, type Expectation, type Misbehaviour, type Step } from './misbehaviour.ts';

const symbol = (value: string): Wire => ({ type: 'symbol', value });
const arrayOf = (...value: readonly Wire[]): Wire => ({ type: 'array', value });
const mapOf = (...value: readonly Wire[]): Wire => ({ type: 'map', value });
const text: Wire = { type: 'string', value: 'x' };
/** An array8 of symbols without any. */
const noSymbols = [0xe0, 2, 0, 0xa3];

/** A value of each type that the codec for tests writes (§1.6). */
const samples: readonly Wire[] = [
  { type: 'boolean', value: true },
  { type: 'ubyte', value: 1 },
  { type: 'ushort', value: 1 },
  { type: 'uint', value: 1 },
  { type: 'ulong', value: 1n },
  { type: 'byte', value: 1 },
  { type: 'short', value: 1 },
  { type: 'int', value: 1 },
  { type: 'long', value: 1n },
  { type: 'float', value: 1 },
  { type: 'double', value: 1 },
  { type: 'char', value: 0x78 },
  { type: 'timestamp', value: 1n },
  { type: 'binary', value: Uint8Array.of(1) },
  text,
  symbol('x'),
  { type: 'list', value: [symbol('x')] },
  mapOf(symbol('x'), text),
  arrayOf(symbol('x')),
  arrayOf(text),
  { type: 'described', descriptor: symbol('x:y'), value: text },
];

const greatest: Readonly<Record<string, number>> = { ubyte: 0xff, ushort: 0xffff, uint: 0xffff_ffff };

/** Fields that say something to the application and nothing to the protocol: any value is as good as none. */
const FREE = /^(?:outgoing-locales|incoming-locales|offered-capabilities|desired-capabilities|properties)$/;

interface FieldCase {
  readonly name: string;
  readonly octets: readonly number[];
  readonly expected: Expectation;
}

const fieldCase = (name: string, value: Wire, expected: Expectation): FieldCase => ({
  name,
  octets: writeWire(value),
  expected,
});

/** Whether a sample may stand in a field, as far as the definition tells. */
function isTaken(field: FieldSpec, sample: Wire): boolean {
  const { type } = sample;
  if (field.multiple === true) {
    // A list is none of the forms of §1.3.4, but some peers send it, and what it means is plain.
    return type === 'symbol' || type === 'list' || (type === 'array' && sample.value[0]?.type === 'symbol');
  }
  switch (field.type) {
    case 'any':
      return true;
    case 'composite':
      // An archetype takes every described value (§1.4); where one type is named, it must be that.
      return type === 'described' && field.requires !== undefined;
    case 'fields':
    case 'map':
      return type === 'map';
    default:
      return type === field.type;
  }
}

/**
 * A value of every type in the place of the field. What cannot be read is refused before the step matters, so that is
 * tried thoroughly once for each kind of frame.
 */
function typeCases(step: Step, field: FieldSpec, thorough: boolean): FieldCase[] {
  const meant = FREE.test(field.name) ? harmless : anything;
  const wrong = samples.filter((sample) => !isTaken(field, sample));
  return samples.flatMap((sample) => {
    const taken = isTaken(field, sample);
    if (!thorough && !taken && sample !== wrong[field.name.length % wrong.length]) return [];
    const of = sample.type === 'array' ? ` of ${sample.value[0]?.type ?? ''}` : '';
    return [fieldCase(`a ${sample.type}${of}`, sample, taken ? meant : unreadable(step))];
  });
}

/** The ends of the range of a number, and what lies beyond the values that the definition lists. */
function numberCases(step: Step, field: FieldSpec): FieldCase[] {
  const choices = 'choices' in field ? field.choices?.map(Number) : undefined;
  const highest = field.type === 'ulong' ? 2 ** 63 : greatest[field.type];
  if (highest === undefined) return [];
  const numbers = [0, highest, ...(choices === undefined ? [] : [Math.max(...choices) + 1])];
  return numbers.map((number) => {
    const listed = choices === undefined || choices.includes(number);
    return fieldCase(`${number}`, numberFor(field.type, number), listed ? anything : unreadable(step));
  });
}

/** Values of the right type that say something else. */
function valueCases(step: Step, field: FieldSpec): FieldCase[] {
  const closed = 'choices' in field ? unreadable(step) : anything;
  switch (field.type) {
    case 'boolean':
      return [fieldCase('false', { type: 'boolean', value: false }, anything)];
    case 'symbol':
      return field.multiple === true ? [] : [fieldCase('an unknown symbol', symbol('no:such:thing'), closed)];
    case 'string':
      return [fieldCase('no text', { type: 'string', value: '' }, anything)];
    case 'binary':
      return [
        fieldCase('no octets', { type: 'binary', value: new Uint8Array(0) }, anything),
        fieldCase('many octets', { type: 'binary', value: new Uint8Array(400) }, anything),
      ];
    case 'fields':
      // §2.8.13: the keys are symbols.
      return [
        fieldCase('a map by string', mapOf(text, text), unreadable(step)),
        fieldCase('half a pair', mapOf(symbol('x')), unreadable(step)),
      ];
    case 'map':
      return [fieldCase('half a pair', mapOf(symbol('x')), unreadable(step))];
    default:
      return numberCases(step, field);
  }
}

/** The default in so many words. */
function defaultCase({ type, default: value = 0 }: FieldSpec): FieldCase {
  const wire: Wire =
    typeof value === 'number'
      ? numberFor(type, value)
      : typeof value === 'boolean'
        ? { type: 'boolean', value }
        : symbol(value);
  return fieldCase(`its default, ${String(value)}`, wire, harmless);
}

/** Null, the default, and the forms of a `multiple` field (§1.3.4). */
function absentCases(step: Step, field: FieldSpec, isSet: boolean): FieldCase[] {
  const missing = field.mandatory === true ? unreadable(step) : anything;
  const cases: FieldCase[] = [];
  if (isSet) cases.push(fieldCase('null', { type: 'null' }, missing));
  else if (field.default !== undefined) cases.push(defaultCase(field));
  if (field.multiple === true) {
    cases.push({ name: 'an array of no symbols', octets: noSymbols, expected: isSet ? missing : harmless });
    const two = arrayOf(symbol('x'), symbol('y'));
    cases.push(fieldCase('an array of two', two, FREE.test(field.name) ? harmless : anything));
  }
  return cases;
}

interface Place {
  readonly table: CompositeTable;
  readonly fields: Readonly<Record<string, Wire>>;
  readonly path: string;
  /** The frame with these octets as the list of the composite at this place. */
  put(list: readonly number[]): Uint8Array;
}

/** The composite that a field holds, as a place of its own. */
function within(place: Place, index: number, field: FieldSpec): Place | undefined {
  const value = place.fields[field.name];
  if (field.type !== 'composite' || value?.type !== 'described' || value.value.type !== 'list') return undefined;
  const { descriptor } = value;
  const table = field.composites.find(({ code }) => descriptor.type === 'ulong' && descriptor.value === BigInt(code));
  if (table === undefined) return undefined;
  const items = value.value.value;
  const fields = Object.fromEntries(
    table.fields.flatMap(({ name }, at) => {
      const item = items[at];
      return item === undefined || item.type === 'null' ? [] : [[name, item]];
    }),
  );
  const put = (list: readonly number[]): Uint8Array =>
    place.put(replaced(place, index, [0x00, ...descriptorOf(table), ...list]));
  return { table, fields, path: `${place.path}${field.name}.`, put };
}

function replaced(place: Place, index: number, octets: readonly number[]): number[] {
  return listOf(fieldOctets(place).map((item, at) => (at === index ? octets : item)));
}

/** The fields from one on left out: they are null without being named. */
function cutCases(step: Step, place: Place): Misbehaviour[] {
  const { table, fields } = place;
  return table.fields.flatMap(({ name }, index) => {
    const lost = table.fields.slice(index).filter((field) => fields[field.name] !== undefined);
    if (lost.length === 0) return [];
    const expected = lost.some(({ mandatory }) => mandatory === true) ? unreadable(step) : anything;
    const octets = place.put(listOf(fieldOctets(place).slice(0, index)));
    return [{ name: `${place.path}${name} and what follows left out`, octets, expected }];
  });
}

/** The list itself is not as it should be. */
function listCases(step: Step, place: Place): Misbehaviour[] {
  const items = fieldOctets(place);
  const what = place.path === '' ? 'the list' : place.path.slice(0, -1);
  const expected = unreadable(step);
  const list = listOf(items);
  const long = list.with(4, (list[4] ?? 0) + 1);
  return [
    { name: `${what} with a null too many`, octets: place.put(listOf([...items, [0x40]])), expected: harmless },
    { name: `${what} with a field too many`, octets: place.put(listOf([...items, [0x41]])), expected },
    { name: `${what} with octets behind the last field`, octets: place.put([...long, 0x40]), expected },
    { name: `${what} as a map`, octets: place.put(list.with(0, 0xd1)), expected },
    { name: `${what} as a string`, octets: place.put(writeWire(text)), expected },
    { name: `${what} of more than there is`, octets: place.put(list.with(2, 1)), expected },
  ];
}

function casesAt(step: Step, place: Place, thorough: boolean): Misbehaviour[] {
  return place.table.fields.flatMap((field, index) => {
    const isSet = place.fields[field.name] !== undefined;
    const cases = [
      ...absentCases(step, field, isSet),
      ...typeCases(step, field, thorough),
      ...valueCases(step, field),
    ].map(({ name, octets, expected }) => ({
      name: `${place.path}${field.name}: ${name}`,
      octets: place.put(replaced(place, index, octets)),
      expected,
    }));
    const inner = within(place, index, field);
    return inner === undefined ? cases : [...cases, ...allAt(step, inner, thorough)];
  });
}

const allAt = (step: Step, place: Place, thorough: boolean): Misbehaviour[] => [
  ...listCases(step, place),
  ...cutCases(step, place),
  ...casesAt(step, place, thorough),
];

/**
 * Each field of a frame, and of the composites in it, missing, null, of another type, and at and beyond its range.
 *
 * @param thorough - try every type that a field does not take; else one
 */
export function fieldCases(step: Step, frame: Frame, thorough: boolean): Misbehaviour[] {
  const put = (list: readonly number[]): Uint8Array => octetsOf(frame, { list });
  return allAt(step, { table: frame.table, fields: frame.fields, path: '', put }, thorough);
}
