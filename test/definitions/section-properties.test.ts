import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Described, symbol, timestamp, ulong, uuid } from '../../src/codec/index.ts';
import {
  decodeComposite,
  encodeComposite,
  header,
  properties,
  readHeaderFields,
  readPropertiesFields,
  writeHeaderFields,
  writePropertiesFields,
  type HeaderInit,
  type PropertiesInit,
} from '../../src/definitions/index.ts';
import { listsOf, outcomeOf, readingOf } from './support/comparison.ts';

const runs = { numRuns: 1000 };

/** Values of every type, so that each field meets some that it does not take, as callers without types pass. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(undefined, null) },
  { weight: 4, arbitrary: fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'é', '\u{1F600}') }) },
  fc.constantFrom<unknown>(
    '',
    'x'.repeat(300),
    '\ud800',
    true,
    false,
    0,
    4,
    255,
    256,
    -1,
    0.5,
    0xffff_ffff,
    0x1_0000_0000,
    7n,
    -7n,
    0xffff_ffff_ffff_ffffn,
    new Uint8Array(3),
    new Uint8Array(300),
    new Date(5),
    new Date(Number.NaN),
    timestamp(1n << 60n),
    ulong(7),
    uuid('00112233-4455-6677-8899-aabbccddeeff'),
    symbol('s'),
    new Described(symbol('x'), 1),
    ['a'],
    { a: undefined },
  ),
);
const fieldsOf = (keys: readonly string[]): fc.Arbitrary<object> =>
  fc.record(Object.fromEntries(keys.map((key) => [key, anything])), { requiredKeys: [] });

describe('straight-line writing of sections is the same as writing by the table', () => {
  it('header', () => {
    fc.assert(
      fc.property(fieldsOf(header.fields.map(({ key }) => key)), (fields: HeaderInit) => {
        expect(outcomeOf((writer) => writeHeaderFields(writer, fields))).toBe(
          outcomeOf((writer) => encodeComposite(writer, header, fields)),
        );
      }),
      runs,
    );
  });

  it('properties', () => {
    fc.assert(
      fc.property(fieldsOf(properties.fields.map(({ key }) => key)), (fields: PropertiesInit) => {
        expect(outcomeOf((writer) => writePropertiesFields(writer, fields))).toBe(
          outcomeOf((writer) => encodeComposite(writer, properties, fields)),
        );
      }),
      runs,
    );
  });
});

const text = ['40', 'a10161', 'b10000000161', 'a102c3a9', 'a101ff'];
const symbols = ['40', 'a30161', 'b30000000161', 'a301ff'];
const ids = ['40', 'a10161', '8000000000000000ff', '44', '5307', `98${'00'.repeat(16)}`, 'a00101', '5401', '5507'];
const times = ['40', '830000000000000005', '837fffffffffffffff'];

const lists = {
  header: listsOf([
    ['40', '41', '42', '5601'],
    ['40', '5004'],
    ['40', '43', '5207', '7000000100'],
    ['40', '41', '42'],
    ['40', '43', '5207'],
  ]),
  properties: listsOf([
    ids,
    ['40', 'a00101', 'b00000000101'],
    text,
    text,
    text,
    ids,
    symbols,
    symbols,
    times,
    times,
    text,
    ['40', '43', '5207'],
    text,
  ]),
};

describe('straight-line reading of sections is the same as reading by the table', () => {
  it('header', () => {
    fc.assert(
      fc.property(lists.header, (octets) => {
        expect(readingOf(octets, (reader) => readHeaderFields(reader))).toStrictEqual(
          readingOf(octets, (reader) => decodeComposite(reader, header)),
        );
      }),
      runs,
    );
  });

  it('properties', () => {
    fc.assert(
      fc.property(lists.properties, fc.constantFrom(undefined, { maxSize: 4 }), (octets, limits) => {
        expect(readingOf(octets, (reader) => readPropertiesFields(reader, limits))).toStrictEqual(
          readingOf(octets, (reader) => decodeComposite(reader, properties, limits)),
        );
      }),
      runs,
    );
  });
});
