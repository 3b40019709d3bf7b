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
  byte,
  char,
  double,
  encode,
  float,
  int,
  long,
  short,
  symbol,
  timestamp,
  ubyte,
  uint,
  ulong,
  ushort,
  uuid,
} from '../../src/codec/index.ts';
import { hex, toHex } from './support/hex.ts';

const encodeError: unknown = expect.objectContaining({ code: 'encode-error' });

describe('typed numbers', () => {
  it.each([
    [ubyte, 0, 255],
    [ushort, 0, 65_535],
    [uint, 0, 4_294_967_295],
    [byte, -128, 127],
    [short, -32_768, 32_767],
    [int, -2_147_483_648, 2_147_483_647],
  ])('%o holds %d to %d', (make, least, most) => {
    expect(make(least).value).toBe(least);
    expect(make(most).value).toBe(most);
    for (const wrong of [least - 1, most + 1, 0.5, -0, Number.NaN]) expect(() => make(wrong)).toThrow(encodeError);
  });

  it.each([
    [ulong, 0n, 2n ** 64n - 1n],
    [long, -(2n ** 63n), 2n ** 63n - 1n],
  ])('[T-10] %o holds 64 bits', (make, least, most) => {
    expect(make(least).value).toBe(least);
    expect(make(most).value).toBe(most);
    expect(make(5).value).toBe(5n);
    for (const wrong of [least - 1n, most + 1n, 0.5, 2 ** 53, Number.NaN])
      expect(() => make(wrong)).toThrow(encodeError);
  });

  it('rounds a float to 32 bits, and refuses what is beyond them', () => {
    expect(float(0.1).value).toBe(Math.fround(0.1));
    expect(float(Infinity).value).toBe(Infinity);
    expect(float(Number.NaN).value).toBeNaN();
    expect(() => float(1e39)).toThrow('1e+39 is not a float');
    expect(() => new Typed('float', 0.1)).toThrow('0.1 is not a float');
  });

  it('have the type of value that their type asks for', () => {
    expect(() => new Typed('ulong', 1)).toThrow('1 is not a ulong');
    expect(() => new Typed('uint', 1n)).toThrow('1 is not a uint');
    expect(() => new Typed('double', 1n)).toThrow('1 is not a double');
    expect(() => new Typed('float', 1n)).toThrow('1 is not a float');
    expect(double(0.1).value).toBe(0.1);
  });

  it('are text and JSON', () => {
    expect([String(ulong(2n ** 64n - 1n)), String(uint(1))]).toStrictEqual(['18446744073709551615', '1']);
    expect(JSON.stringify([ulong(2n ** 64n - 1n), uint(1)])).toBe('["18446744073709551615",1]');
  });
});

describe('symbols, chars, uuids, timestamps', () => {
  it('[T-19] a symbol is ASCII', () => {
    expect(String(symbol('a'))).toBe('a');
    expect(JSON.stringify(symbol('a'))).toBe('"a"');
    expect(() => new AmqpSymbol('aé')).toThrow('the symbol "aé" is not ASCII at position 1');
  });

  it('[T-13] a char is one character', () => {
    expect(char('😀').codePoint).toBe(0x1f600);
    expect(String(char(0x1f600))).toBe('😀');
    expect(JSON.stringify(char('a'))).toBe('"a"');
    for (const wrong of ['', 'ab', '\ud800', -1, 0.5, 0xd800, 0xdfff, 0x110000, 2 ** 32])
      expect(() => char(wrong)).toThrow(encodeError);
    for (const right of [0, 0xd7ff, 0xe000, 0x10ffff, 0x1d800]) expect(new Char(right).codePoint).toBe(right);
  });

  it('[T-15] a uuid is text and 16 octets', () => {
    const text = 'f275ea5e-0c57-4ad7-b11a-b20c563d3b71';
    const id = uuid(text.toUpperCase());
    expect(toHex(id.bytes)).toBe('f275ea5e0c574ad7b11ab20c563d3b71');
    expect(String(uuid(id.bytes))).toBe(text);
    expect(JSON.stringify(id)).toBe(`"${text}"`);
    for (const wrong of ['f275ea5e0c574ad7b11ab20c563d3b71', `0${text}`, `${text}0`, `${text}\n`, `{${text}}`, ''])
      expect(() => Uuid.parse(wrong)).toThrow('is not a uuid');
    expect(() => uuid(new Uint8Array(15))).toThrow('a uuid has 16 octets, not 15');
  });

  it('copies the octets that it is made of', () => {
    const bytes = new Uint8Array(16);
    const made = [new Uuid(bytes), new Decimal(bytes)];
    bytes.fill(1);
    for (const { bytes: kept } of made) expect(kept[0]).toBe(0);
  });

  it('[T-14] a timestamp has 64 bits', () => {
    expect(timestamp(new Date(5)).milliseconds).toBe(5n);
    expect(timestamp(-5).milliseconds).toBe(-5n);
    expect(String(timestamp(2n ** 63n - 1n))).toBe('9223372036854775807');
    expect(JSON.stringify(timestamp(1))).toBe('"1"');
    expect(() => new Timestamp(2n ** 63n)).toThrow('9223372036854775808 is not a timestamp');
    for (const wrong of [0.5, 2 ** 53, new Date(Number.NaN)]) expect(() => timestamp(wrong)).toThrow(encodeError);
  });
});

describe('described values', () => {
  it('are JSON, with bigints as text', () => {
    expect(JSON.stringify(new Described(36n, [1n, [2n], 'a']))).toBe('{"descriptor":"36","value":["1",["2"],"a"]}');
  });
});

describe('AmqpMap', () => {
  it('[T-26] keeps order, also when a value is replaced', () => {
    const map = new AmqpMap<unknown, number>([
      ['b', 1],
      ['a', 2],
    ]);
    expect(map.set('b', 3).size).toBe(2);
    expect([...map]).toStrictEqual([
      ['b', 3],
      ['a', 2],
    ]);
    expect([...map.entries()]).toStrictEqual([...map]);
    expect([...map.keys()]).toStrictEqual(['b', 'a']);
    expect([...map.values()]).toStrictEqual([3, 2]);
    expect([map.has('b'), map.delete('b'), map.delete('b'), map.has('b'), map.get('b')]).toStrictEqual([
      true,
      true,
      false,
      false,
      undefined,
    ]);
    expect(JSON.stringify(map.set(1n, 5))).toBe('[["a",2],["1",5]]');
    expect(new AmqpMap().size).toBe(0);
  });

  const decimal = Decimal.parse('1', 32);
  const keys: readonly unknown[] = [
    null,
    true,
    false,
    'true',
    1,
    -0,
    0,
    2 ** 31,
    2 ** 40,
    2n ** 63n,
    1.5,
    Number.NaN,
    float(1.5),
    double(1),
    ubyte(1),
    short(1),
    uint(1),
    1n,
    ulong(1),
    '1',
    symbol('1'),
    char('1'),
    char('2'),
    new Uint8Array([1]),
    new Date(1),
    uuid('f275ea5e-0c57-4ad7-b11a-b20c563d3b71'),
    uuid('f275ea5e-0c57-4ad7-b11a-b20c563d3b72'),
    decimal,
    Decimal.parse('1', 64),
    Decimal.parse('1.0', 32),
    [],
    [1, 2],
    [[1, 2]],
    [[1], 2],
    ['a,8:string:b'],
    ['a', 'b'],
    [uint(1), 2],
    new AmqpMap([[1, 2]]),
    new AmqpMap([[2, 1]]),
    new Described('a', 'b'),
    new Described(['a', 'b'], []),
    new AmqpArray('uint', [1]),
    new AmqpArray('int', [1]),
    new AmqpArray('float', [-0]),
    new AmqpArray('float', [0]),
    new AmqpArray('uint', [1], 'a'),
    new AmqpArray('string', ['1']),
    new AmqpArray('boolean', [true]),
    new AmqpArray('list', [[1]]),
    new AmqpArray('list', [['1']]),
    new AmqpArray('list', [[1, 2]]),
    new AmqpArray('list', [['1,2']]),
  ];

  it('[T-25][T-27] tells keys apart by type and value', () => {
    const map = new AmqpMap(keys.map((key, index) => [key, index] as const));
    expect(map.size).toBe(keys.length);
    keys.forEach((key, index) => expect(map.get(key)).toBe(index));
  });

  it.each<[unknown, unknown]>([
    [1, int(1)],
    [2 ** 40, long(2 ** 40)],
    [1n, long(1)],
    [2n ** 63n, ulong(2n ** 63n)],
    [1.5, double(1.5)],
    [-0, double(-0)],
    [new Date(1), timestamp(1)],
    [new Uint8Array([1]), Buffer.from([1])],
    [new AmqpArray('uint', [1]), new AmqpArray('uint', [uint(1)])],
    [new AmqpArray('ulong', [1n]), new AmqpArray('ulong', [1])],
    [new AmqpArray('symbol', ['a']), new AmqpArray('symbol', [symbol('a')])],
    [[1, [2]], [int(1), [int(2)]]], // prettier-ignore
  ])('takes %s and %s for one key', (first, second) => {
    expect(new AmqpMap([[first, 'x']]).get(second)).toBe('x');
    expect(toHex(encode(new AmqpMap([[first, 'x']])))).toBe(toHex(encode(new AmqpMap([[second, 'x']]))));
  });

  it('refuses a key that AMQP cannot hold', () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    for (const key of [undefined, () => 1, Symbol('s'), {}, new Map(), [undefined], cyclic])
      expect(() => new AmqpMap([[key, 1]])).toThrow(encodeError);
  });
});

describe('Decimal', () => {
  it.each([
    ['32800000', '0'],
    ['32800001', '1'],
    ['b2800001', '-1'],
    ['3200000f', '1.5'],
    ['32000096', '15.0'],
    ['7c000000', 'NaN'],
    ['fc000000', 'NaN'],
    ['7e000000', 'sNaN'],
    ['78000000', 'Infinity'],
    ['f8000000', '-Infinity'],
    ['00000001', '1E-101'],
    ['77f8967f', '9.999999E+96'],
    ['6cb8967f', '9999999'],
    ['6cb89680', '0'], // 10,000,000 has eight digits: not canonical, so zero
    ['2f800001', '0.000001'],
    ['2f000001', '1E-7'],
    ['33000001', '1E+1'],
    ['3300000f', '1.5E+2'],
    ['b2000000', '-0.0'],
    ['31c0000000000001', '1'],
    ['31a000000000000f', '1.5'],
    ['6c7386f26fc0ffff', '9999999999999999'],
    ['30400000000000000000000000000001', '1'],
    ['303e000000000000000000000000000f', '1.5'],
    ['3040314dc6448d9338c15b0a00000000', '1000000000000000000000000000000000'],
    ['5fffed09bead87c0378d8e63ffffffff', '9.999999999999999999999999999999999E+6144'],
    ['6c100000000000000000000000000000', '0'],
  ])('[T-12] %s is %s', (bits, text) => {
    const decimal = new Decimal(hex(bits));
    expect(String(decimal)).toBe(text);
    expect(JSON.stringify(decimal)).toBe(`"${text}"`);
    expect(toHex(encode(decimal)).slice(2)).toBe(bits);
    const parsed = text.startsWith('s') ? decimal : Decimal.parse(text, decimal.bits);
    expect(String(parsed)).toBe(text);
  });

  it.each([
    ['1', 32, '1'],
    ['+1', 32, '1'],
    [' 1.50 ', 32, '1.50'],
    ['.5', 64, '0.5'],
    ['5.', 64, '5'],
    ['-1e3', 64, '-1E+3'],
    ['1E+90', 32, '1E+90'],
    ['1e96', 32, '1.000000E+96'],
    ['10000000', 32, '1.000000E+7'],
    ['10e-102', 32, '1E-101'],
    ['1.0e-100', 32, '1.0E-100'],
    ['0e-999', 32, '0E-101'],
    ['-0e999999999999', 32, '-0E+90'],
    ['inf', 64, 'Infinity'],
    ['-Infinity', 128, '-Infinity'],
    ['nan', 128, 'NaN'],
    ['8388608', 32, '8388608'],
    ['123456789012345678901234567890.1234', 128, '123456789012345678901234567890.1234'],
  ] as const)('parses %s in %d bits as %s', (text, bits, expected) => {
    expect(String(Decimal.parse(text, bits))).toBe(expected);
  });

  it.each(['', '.', 'e5', '1e', '--1', '1.2.3', '0x1', 'one', 'infin'])('refuses %j, which is no number', (text) => {
    expect(() => Decimal.parse(text, 32)).toThrow('is not a decimal number');
  });

  it.each(['12345678', '1e97', '1e-102', '15e-102', '1e999999999999'])('refuses %s, which it does not hold', (text) => {
    expect(() => Decimal.parse(text, 32)).toThrow(`a decimal32 does not hold ${text} exactly`);
  });

  it('has 4, 8 or 16 octets', () => {
    expect(() => new Decimal(new Uint8Array(5))).toThrow('a decimal has 4, 8 or 16 octets, not 5');
  });
});
