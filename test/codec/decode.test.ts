import { describe, expect, it } from 'vitest';
import {
  AmqpArray,
  AmqpMap,
  AmqpSymbol,
  Char,
  Decimal,
  Described,
  Timestamp,
  Typed,
  Uuid,
  decode,
  encode,
  int,
  long,
  uint,
  ulong,
  symbol,
} from '../../src/codec/index.ts';
import { hex, toHex } from './support/hex.ts';

describe('the value table', () => {
  it.each([
    ['40', null],
    ['41', true],
    ['5601', true],
    ['5600', false],
    ['50ff', 255],
    ['60ffff', 65535],
    ['43', 0],
    ['52ff', 255],
    ['70ffffffff', 4294967295],
    ['44', 0n],
    ['53ff', 255n],
    ['80ffffffffffffffff', 2n ** 64n - 1n],
    ['51ff', -1],
    ['61fffe', -2],
    ['54ff', -1],
    ['71fffffffe', -2],
    ['55ff', -1n],
    ['818000000000000000', -(2n ** 63n)],
    ['723f000000', 0.5],
    ['828000000000000000', -0],
    ['730001f600', new Char(0x1f600)],
    ['830000000000000001', new Date(1)],
    ['83001eb208c2dc0000', new Date(8.64e15)],
    ['83ffe14df73d240000', new Date(-8.64e15)],
    ['83001eb208c2dc0001', new Timestamp(8_640_000_000_000_001n)],
    ['83ffe14df73d23ffff', new Timestamp(-8_640_000_000_000_001n)],
    ['98000102030405060708090a0b0c0d0e0f', Uuid.parse('00010203-0405-0607-0809-0a0b0c0d0e0f')],
    ['7432800001', Decimal.parse('1', 32)],
    ['a00101', new Uint8Array([1])],
    ['a302787a', new AmqpSymbol('xz')],
    ['a104efbbbf78', '\ufeffx'],
    ['b10000000178', 'x'],
    ['45', []],
    ['c00100', []],
    ['d00000000400000000', []],
  ])('[T-07][T-10][T-14] reads %s', (text, expected) => {
    expect(decode(hex(text))).toStrictEqual(expected);
  });

  it('[T-28] reads an array with its type', () => {
    expect(decode(hex('e0050352010203'))).toStrictEqual(new AmqpArray('uint', [1, 2, 3]));
    expect(decode(hex('e00200a3'))).toStrictEqual(new AmqpArray('symbol', []));
    expect(decode(hex('e0020340'))).toStrictEqual(new AmqpArray('null', [null, null, null]));
  });

  it.each([
    ['e0020141', 'boolean', [true]],
    ['e0020142', 'boolean', [false]],
    ['e0020143', 'uint', [0]],
    ['e0020144', 'ulong', [0n]],
    ['e0020145', 'list', [[]]],
    ['e00402530102', 'ulong', [1n, 2n]],
    ['e003015402', 'int', [2]],
    ['e0030155ff', 'long', [-1n]],
  ] as const)('reads an array of any constructor: %s', (text, type, items) => {
    expect(decode(hex(text))).toStrictEqual(new AmqpArray<unknown>(type, items));
  });

  it('[T-29] reads the descriptors of an array, also several', () => {
    const array = new AmqpArray('uint', [7], symbol('a'), null);
    expect(decode(encode(array))).toStrictEqual(array);
    expect(toHex(encode(array))).toBe('e00c0100a3016100407000000007');
  });

  it('gives typed numbers when asked', () => {
    expect(decode(hex('c00a03435301c00402500140'), { typed: true })).toStrictEqual([
      uint(0),
      ulong(1),
      [new Typed('ubyte', 1), null],
    ]);
  });

  it('copies binary data', () => {
    const bytes = Buffer.from('a00101', 'hex');
    const value = decode(bytes);
    bytes.fill(0);
    expect(value).toStrictEqual(new Uint8Array([1]));
  });

  it('reads a part of a larger buffer', () => {
    expect(decode(hex('ffa10161ff').subarray(1, 4))).toBe('a');
  });

  it('refuses what are no octets, and options that it does not know', () => {
    const text: unknown = 'a10161';
    expect(() => Reflect.apply(decode, undefined, [text])).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
    expect(() => Reflect.apply(decode, undefined, [hex('40'), { depth: 3 }])).toThrow(
      'decode options.depth is not an option',
    );
    expect(() => Reflect.apply(decode, undefined, [hex('40'), { typed: 'yes' }])).toThrow(
      'decode options.typed must be',
    );
    for (const maxElements of [-1, 1.5, 2 ** 32])
      expect(() => decode(hex('40'), { maxElements })).toThrow('maxElements');
    for (const maxSize of [-1, 0.5, Number.NaN])
      expect(() => decode(hex('40'), { maxSize })).toThrow('decode options.maxSize');
    expect(decode(hex('40'), { maxSize: Infinity, maxElements: 0, maxDepth: 1 })).toBeNull();
  });
});

describe('keys of a map', () => {
  it('[T-25] tells keys apart by type, [T-27] whatever the type', () => {
    const map = new AmqpMap<unknown>([
      [int(1), 'int'],
      [uint(1), 'uint'],
      [long(1), 'long'],
      [ulong(1), 'ulong'],
      ['1', 'string'],
      [symbol('1'), 'symbol'],
      [null, 'null'],
      [[1, [2]], 'list'],
      [new AmqpMap([[1, 2]]), 'map'],
    ]);
    const decoded = decode(encode(map));
    expect(decoded).toBeInstanceOf(AmqpMap);
    if (!(decoded instanceof AmqpMap)) return;
    expect([...decoded.keys()].slice(0, 6)).toStrictEqual([1, uint(1), 1n, ulong(1), '1', symbol('1')]);
    for (const [key, value] of map) expect(decoded.get(key)).toBe(value);
    expect(decoded.get(1)).toBe('int');
    expect(decoded.get(1n)).toBe('long');
    expect(toHex(encode(decoded))).toBe(toHex(encode(map)));
  });

  it('reads a key in the wide form', () => {
    expect(Object.fromEntries(decodeMap('c10902b1000000016154 01', false))).toStrictEqual({ a: 1 });
  });

  it('keeps the types of keys when typed', () => {
    expect([...new Map(decodeMap('c1050254015402', true)).keys()]).toStrictEqual([int(1)]);
  });

  it('[T-25] rejects equal keys in different encodings', () => {
    expect(() => decode(hex('c10604 43 40 5200 40'))).toThrow('a map has two equal keys');
    expect(() => decode(hex('c10604 41 40 5601 40'))).toThrow('two equal keys');
  });

  it('never touches a prototype', () => {
    const map = new Map(decodeMap(toHex(encode(JSON.parse('{"__proto__": 1, "constructor": 2}'))), false));
    expect(map.get('__proto__')).toBe(1);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  function decodeMap(text: string, typed: boolean): AmqpMap {
    const map = decode(hex(text), { typed });
    return map instanceof AmqpMap ? map : new AmqpMap();
  }
});

describe('described values', () => {
  it('[T-01] reads a descriptor that is described itself', () => {
    expect(decode(hex('0000a30161a301625201'))).toStrictEqual(
      new Described(new Described(symbol('a'), symbol('b')), 1),
    );
  });

  it('[T-36] reads a numeric descriptor', () => {
    expect(decode(hex('00800000468c0000000440'))).toStrictEqual(new Described(0x468c_0000_0004n, null));
  });
});

describe('sizes and counts', () => {
  it.each([
    ['[T-21] items end before the size', 'c0050154014040'],
    ['[T-21] items end after the size', 'c00302540141'],
    ['a count without octets', 'd0000000040000000140'],
    ['[T-24] a map of three items', 'c10403404140'],
    ['[T-28] slack after an array', 'e0040140 4040'],
    ['an array whose descriptor is cut', 'e0020000'],
    ['an array of an unknown type', 'e0020046'],
    ['[T-13] a surrogate', '730000d800'],
    ['[T-19] a symbol that is not ASCII', 'a30180'],
    ['[T-17] overlong UTF-8', 'a102c080'],
    ['[T-17] UTF-8 above 10FFFF', 'a104f4908080'],
    ['[T-17] cut UTF-8 in a long string', `a11e${'61'.repeat(28)}e282`],
  ])('rejects %s', (_, text) => {
    expect(() => decode(hex(text))).toThrow(expect.objectContaining({ code: 'decode-error' }));
  });
});
