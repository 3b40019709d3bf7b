import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AmqpError } from '../../src/errors/index.ts';
import {
  AmqpArray,
  AmqpMap,
  Decimal,
  Described,
  Reader,
  Uuid,
  blockOf,
  byte,
  char,
  decode,
  double,
  encode,
  float,
  int,
  long,
  short,
  skipValue,
  symbol,
  ubyte,
  uint,
  ulong,
  ushort,
  type AmqpType,
} from '../../src/codec/index.ts';
import { toDate } from '../../src/codec/values/timestamp.ts';
import { toHex } from './support/hex.ts';
import { shapeOf } from './support/notation.ts';

const string = fc.string({ unit: 'grapheme', maxLength: 40 });
const symbols = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

/** Values as decode gives them with types. */
const scalars: Partial<Record<AmqpType, fc.Arbitrary<unknown>>> = {
  null: fc.constant(null),
  boolean: fc.boolean(),
  ubyte: fc.integer({ min: 0, max: 255 }).map(ubyte),
  ushort: fc.integer({ min: 0, max: 65_535 }).map(ushort),
  uint: fc.integer({ min: 0, max: 4_294_967_295 }).map(uint),
  ulong: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(ulong),
  byte: fc.integer({ min: -128, max: 127 }).map(byte),
  short: fc.integer({ min: -32_768, max: 32_767 }).map(short),
  int: fc.integer().map(int),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(long),
  float: fc.float().map(float),
  double: fc.double().map(double),
  decimal32: octets(4).map((bytes) => new Decimal(bytes)),
  decimal64: octets(8).map((bytes) => new Decimal(bytes)),
  decimal128: octets(16).map((bytes) => new Decimal(bytes)),
  char: fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff })).map(char),
  timestamp: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(toDate),
  uuid: octets(16).map((bytes) => new Uuid(bytes)),
  binary: fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
  string,
  symbol: symbols.map(symbol),
};

const scalarArrays = Object.keys(scalars).map((name) => {
  const items: fc.Arbitrary<unknown> = new Map<string, fc.Arbitrary<unknown>>(Object.entries(scalars)).get(name) ?? fc.constant(null); // prettier-ignore
  return fc.array(items, { maxLength: 6 }).map((values): unknown => Reflect.construct(AmqpArray, [name, values]));
});

const { value } = fc.letrec((tie) => {
  const list = fc.array(tie('value'), { maxLength: 5 });
  const map = fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 5 }).map((entries) => new AmqpMap(entries));
  return {
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      fc.oneof(...Object.values(scalars)),
      fc.oneof(...scalarArrays),
      list,
      map,
      fc.tuple(tie('value'), tie('value')).map(([descriptor, described]) => new Described(descriptor, described)),
      fc.array(list, { maxLength: 3 }).map((items) => new AmqpArray('list', items)),
      fc.array(map, { maxLength: 3 }).map((items) => new AmqpArray('map', items, symbol('x'))),
      fc.array(fc.oneof(...scalarArrays), { maxLength: 3 }).map((items) => new AmqpArray('array', items)),
    ),
  };
});

/** What decoding gives: a value, or the error that octets which are not valid deserve. */
function outcome(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { typed: true });
  } catch (error) {
    expect(error).toBeInstanceOf(AmqpError);
    expect(error).toHaveProperty('code', 'decode-error');
    return error;
  }
}

/** Counts as equal whatever has the same bits. */
function bits(item: unknown): string {
  return toHex(encode(item));
}

describe('any value', () => {
  it('[T-10][T-11][T-12] is read as it was written, with its types', () => {
    fc.assert(
      fc.property(value, (written) => {
        const bytes = encode(written);
        const read = decode(bytes, { typed: true });
        expect(shapeOf(read)).toStrictEqual(shapeOf(written));
        expect(bits(read)).toBe(toHex(bytes));
      }),
      { numRuns: 400 },
    );
  });

  it('is read without types, and written again as a value that is read alike', () => {
    fc.assert(
      fc.property(value, (written) => {
        // The double 2^40 is a plain number then, which is written as a long; that is where it ends.
        const read = decode(encode(decode(encode(written))));
        expect(shapeOf(decode(encode(read)))).toStrictEqual(shapeOf(read));
      }),
      { numRuns: 200 },
    );
  });

  it('is found in a map under its decoded self', () => {
    fc.assert(
      fc.property(value, (key) => {
        const map = new AmqpMap([[key, 'found']]);
        expect(map.get(decode(encode(key), { typed: true }))).toBe('found');
      }),
      { numRuns: 200 },
    );
  });

  it('is skipped to where its decoding ends', () => {
    fc.assert(
      fc.property(value, (written) => {
        const reader = new Reader(blockOf(encode(written)));
        skipValue(reader);
        expect(reader.remaining).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('[T-50] cut at any octet is a decode-error', () => {
    fc.assert(
      fc.property(value, (written) => {
        const bytes = encode(written);
        for (let length = 0; length < bytes.length; length++)
          expect(outcome(bytes.subarray(0, length))).toBeInstanceOf(AmqpError);
      }),
      { numRuns: 60 },
    );
  });
});

describe('any octets', () => {
  it('[T-49] are a value that can be written again, or a decode-error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const result = outcome(bytes);
        if (!(result instanceof AmqpError)) expect(encode(result)).toBeInstanceOf(Uint8Array);
      }),
      { numRuns: 3000 },
    );
  });

  it('[T-49] next to a valid value are a value that can be written again, or a decode-error', () => {
    const edit = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(value, fc.array(edit, { minLength: 1, maxLength: 4 }), (written, edits) => {
        const bytes = encode(written);
        for (const [at, octet] of edits) bytes[at % bytes.length] = octet;
        const result = outcome(bytes);
        if (!(result instanceof AmqpError)) expect(encode(result)).toBeInstanceOf(Uint8Array);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('any number', () => {
  it('is the same decimal after its text', () => {
    fc.assert(
      fc.property(fc.constantFrom(4, 8, 16).chain(octets), (bytes) => {
        const decimal = new Decimal(bytes);
        const text = String(decimal);
        if (text !== 'sNaN') expect(String(Decimal.parse(text, decimal.bits))).toBe(text);
      }),
    );
  });
});
