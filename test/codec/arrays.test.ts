import { describe, expect, it } from 'vitest';
import {
  AmqpArray,
  AmqpMap,
  Char,
  Decimal,
  Timestamp,
  Uuid,
  decode,
  encode,
  long,
  symbol,
  uint,
  ulong,
  type AmqpType,
} from '../../src/codec/index.ts';
import { toHex } from './support/hex.ts';

const decimal = Decimal.parse('1', 64);

describe('arrays', () => {
  it.each<[AmqpType, readonly unknown[], string]>([
    ['null', [null, null], 'e0020240'],
    ['boolean', [true, false], 'e00402560100'],
    ['uint', [uint(1), 2], 'e00a02700000000100000002'],
    // Not the nearest number of 32 bits.
    ['uint', [16_777_217], 'e006017001000001'],
    ['double', [0.1], 'e00a01823fb999999999999a'],
    ['ulong', [1, 2n, ulong(3)], 'e01a0380000000000000000100000000000000020000000000000003'],
    ['long', [long(-1)], 'e00a0181ffffffffffffffff'],
    ['long', [-1], 'e00a0181ffffffffffffffff'],
    ['float', [0.5], 'e00601723f000000'],
    ['float', [0.1, Infinity], 'e00a02723dcccccd7f800000'],
    ['char', [new Char(65)], 'e006017300000041'],
    ['timestamp', [new Date(1), new Timestamp(2n)], 'e012028300000000000000010000000000000002'],
    ['symbol', ['a', symbol('b')], 'e00602a301610162'],
    ['binary', [Buffer.from('a')], 'e00401a00161'],
    ['list', [[], [1]], 'e00802c0010003015401'],
    ['map', [{}, new Map([[1, 2]])], 'e00a02c10100050254015402'],
    ['array', [new AmqpArray('null', []), new AmqpArray('uint', [], symbol('a'))], 'e00c02e0020040060000a3016170'],
  ])('[T-34] writes an array of %s in full width', (type, items, expected) => {
    expect(toHex(encode(new AmqpArray(type, items)))).toBe(expected);
  });

  it.each<[AmqpType, unknown[]]>([
    ['string', ['a', 'é'.repeat(128)]],
    ['symbol', [symbol('a'), symbol('b'.repeat(256))]],
    ['binary', [new Uint8Array(1), new Uint8Array(256)]],
    ['list', [[], [new Uint8Array(300)]]],
    ['list', [[], Array.from({ length: 255 }, () => null)]],
    ['map', [new AmqpMap(), new AmqpMap([['k', 'x'.repeat(255)]])]],
    [
      'array',
      [
        new AmqpArray('null', []),
        new AmqpArray(
          'null',
          Array.from({ length: 256 }, () => null),
        ),
      ],
    ],
  ])('[T-31] gives all items of %s the wide form when one needs it', (type, items) => {
    const array = new AmqpArray(type, items);
    const bytes = encode(array);
    expect(decode(bytes)).toStrictEqual(array);
    expect(bytes[0]).toBe(bytes.length > 257 ? 0xf0 : 0xe0);
    const widths = { string: 0xb1, symbol: 0xb3, binary: 0xb0, list: 0xd0, map: 0xd1, array: 0xf0 };
    expect(new Map<unknown, unknown>(Object.entries(widths)).get(type)).toBe(bytes[bytes[0] === 0xf0 ? 9 : 3]);
  });

  it.each<[AmqpType, unknown, string]>([
    ['null', 1, 'an item of an array of null is of another type'],
    ['boolean', 1, 'an array of boolean'],
    ['uint', -1, '-1 is not a uint'],
    ['uint', -0, '-0 is not a uint'],
    ['uint', 1n, '1 is not a uint'],
    ['uint', '1', 'an array of uint'],
    ['uint', ulong(1), 'an array of uint'],
    ['ulong', 1.5, '1.5 is not a ulong'],
    ['ulong', 2 ** 53, '9007199254740992 is not a ulong'],
    ['float', 1e300, '1e+300 is not a float'],
    ['float', 1n, '1 is not a float'],
    ['double', 1n, '1 is not a double'],
    ['decimal32', decimal, 'an array of decimal32'],
    ['decimal64', 1, 'an array of decimal64'],
    ['decimal64', Decimal.parse('1', 32), 'an array of decimal64'],
    ['decimal64', Decimal.parse('1', 128), 'an array of decimal64'],
    ['uuid', decimal, 'an array of uuid'],
    ['decimal128', decimal, 'an array of decimal128'],
    ['char', 65, 'an array of char'],
    ['timestamp', 1, 'an array of timestamp'],
    ['timestamp', new Date(Number.NaN), 'NaN is not a timestamp'],
    ['uuid', '', 'an array of uuid'],
    ['string', symbol('a'), 'an array of string'],
    ['string', '\ud800', 'lone surrogate'],
    ['symbol', 1, 'an array of symbol'],
    ['symbol', 'é', 'is not ASCII'],
    ['binary', 'a', 'an array of binary'],
    ['list', {}, 'an array of list'],
    ['map', null, 'an array of map'],
    ['map', 1, 'an array of map'],
    ['map', [], 'an object of class Array is not'],
    ['array', [], 'an array of array'],
  ])('[T-33] refuses an item that is not a %s: %s', (type, item, message) => {
    const array = new AmqpArray(type, type === 'null' ? [null, item] : [item]);
    expect(() => encode([array])).toThrow(message);
    expect(() => encode([array])).toThrow(/^value\[0\]\[[01]\]: /);
  });

  it('writes items whose width needs their class', () => {
    for (const array of [
      new AmqpArray('decimal32', [Decimal.parse('1.5', 32)]),
      new AmqpArray('decimal64', [decimal]),
      new AmqpArray('decimal128', [Decimal.parse('1.5', 128)]),
      new AmqpArray('uuid', [new Uuid(new Uint8Array(16))]),
      new AmqpArray('float', [Number.NaN, -0, Infinity]),
      new AmqpArray('string', ['']),
    ])
      expect(decode(encode(array))).toStrictEqual(array);
  });

  it('bounds the depth of what is in an array', () => {
    const array = new AmqpArray('list', [[]], symbol('a'));
    expect(encode(array, { maxDepth: 3 })).toBeInstanceOf(Uint8Array);
    expect(() => encode(array, { maxDepth: 2 })).toThrow('value[0]: it nests deeper than 2');
    expect(() => encode(array, { maxDepth: 1 })).toThrow('value: it nests deeper than 1');
  });

  it('refuses a type that is not there', () => {
    expect(() => Reflect.construct(AmqpArray, ['decimal', []])).toThrow('decimal is not the name of an AMQP type');
  });

  it('gives its items, its length and its descriptor', () => {
    const array = new AmqpArray('ulong', [1n, 2n], symbol('a'), symbol('b'));
    expect([...array]).toStrictEqual([1n, 2n]);
    expect(array).toHaveLength(2);
    expect(array.descriptor).toStrictEqual(symbol('a'));
    expect(new AmqpArray('null', []).descriptor).toBeUndefined();
    expect(JSON.stringify(array)).toBe('["1","2"]');
  });
});
