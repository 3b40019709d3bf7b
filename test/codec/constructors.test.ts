import { describe, expect, it } from 'vitest';
import {
  AmqpArray,
  AmqpMap,
  AmqpSymbol,
  Char,
  Described,
  Reader,
  blockOf,
  byte,
  decode,
  encode,
  short,
  skipValue,
  ubyte,
  ushort,
  symbol,
} from '../../src/codec/index.ts';
import { hex, toHex } from './support/hex.ts';

const decodeError = expect.objectContaining({ code: 'decode-error' });

/** By the high half of a format code, what follows it: 3 octets of data, or 2 items of one octet each. */
const layouts: Readonly<Record<number, string>> = {
  4: '',
  5: '01',
  6: '0001',
  7: '00000041',
  8: '0000000000000001',
  9: '00000000000000000000000000000001',
  0xa: '03 616263',
  0xb: '00000003 616263',
  0xc: '03 02 4041',
  0xd: '00000006 00000002 4041',
  0xe: '04 02 50 0102',
  0xf: '00000007 00000002 50 0102',
};

/** All format codes of primitive types. */
const codes =
  '40 41 42 43 44 45 50 51 52 53 54 55 56 60 61 70 71 72 73 74 80 81 82 83 84 94 98 a0 a1 a3 b0 b1 b3 c0 c1 d0 d1 e0 f0'.split(
    ' ',
  );

describe('the high half of a format code', () => {
  it.each(codes)('[T-02] says how many octets follow: 0x%s', (code) => {
    const octets = hex(`${code}${layouts[Number(`0x${code}`) >> 4]}`);
    const reader = new Reader(blockOf(new Uint8Array([...octets, 0x40, 0x40])));
    skipValue(reader);
    expect(reader.position).toBe(octets.length);
    expect(decode(octets)).toBeDefined();
    if (octets.length > 1) expect(() => decode(octets.slice(0, -1))).toThrow(decodeError);
    expect(() => decode(new Uint8Array([...octets, 0x40]))).toThrow(decodeError);
  });
});

describe('numbers of several octets', () => {
  it.each([
    ['600102', 0x0102],
    ['7001020304', 0x0102_0304],
    ['800102030405060708', 0x0102_0304_0506_0708n],
    ['610102', 0x0102],
    ['7101020304', 0x0102_0304],
    ['810102030405060708', 0x0102_0304_0506_0708n],
    ['7240490000', 3.140625],
    ['8240091eb851eb851f', 3.14],
    ['830000000000000102', new Date(0x0102)],
  ])('[T-03] have the highest octet first: %s', (octets, value) => {
    expect(decode(hex(octets))).toStrictEqual(value);
    expect(toHex(encode(decode(hex(octets), { typed: true })))).toBe(octets);
  });

  it('[T-03] so have sizes and counts', () => {
    const text = 'x'.repeat(0x0102);
    expect(toHex(encode(text)).slice(0, 10)).toBe('b100000102');
    expect(decode(hex(`b100000102${'78'.repeat(0x0102)}`))).toBe(text);
    const list = Array.from({ length: 0x0102 }, () => null);
    expect(toHex(encode(list)).slice(0, 18)).toBe('d00000010600000102');
    expect(decode(hex(`d00000010600000102${'40'.repeat(0x0102)}`))).toStrictEqual(list);
  });
});

describe('small numbers', () => {
  it.each([
    ['5000', ubyte(0)],
    ['600000', ushort(0)],
    ['5100', byte(0)],
    ['610000', short(0)],
    ['50ff', ubyte(255)],
    ['6000ff', ushort(255)],
    ['51ff', byte(-1)],
    ['61ffff', short(-1)],
  ])('[T-08] of 8 and 16 bits have their full width: %s', (octets, value) => {
    expect(toHex(encode(value))).toBe(octets);
    expect(decode(hex(octets), { typed: true })).toStrictEqual(value);
  });
});

describe('text', () => {
  it('[T-13] has characters of four octets, without surrogates', () => {
    expect(decode(hex('730001f600'))).toStrictEqual(new Char(0x1f600));
    expect(decode(hex('730010ffff'))).toStrictEqual(new Char(0x10ffff));
    for (const octets of ['730000d800', '730000dfff', '7300110000', '73ffffffff'])
      expect(() => decode(hex(octets))).toThrow(decodeError);
  });

  it('[T-18] keeps a U+FEFF at its start, short or long', () => {
    expect(decode(hex('a104efbbbf78'))).toBe('\ufeffx');
    const long = `\ufeff${'é'.repeat(300)}`;
    expect(decode(encode(long))).toBe(long);
  });
});

describe('a boolean', () => {
  it('[T-09] has three encodings', () => {
    for (const [octets, value] of [
      ['41', true],
      ['42', false],
      ['5601', true],
      ['5600', false],
    ] as const) {
      // prettier-ignore
      expect(decode(hex(octets))).toBe(value);
      expect(new Reader(blockOf(hex(octets))).boolean()).toBe(value);
    }
  });

  it.each(['5602', '567f', '5680', '56ff'])('[T-09] is no other octet than 0 and 1: %s', (octets) => {
    expect(() => decode(hex(octets))).toThrow(decodeError);
    expect(() => new Reader(blockOf(hex(octets))).boolean()).toThrow(decodeError);
    expect(() => decode(hex(`e0030156${octets.slice(2)}`))).toThrow(decodeError);
  });
});

describe('what is empty', () => {
  it.each(['45', 'c00100', 'd00000000400000000'])('[T-22] is a list: %s', (octets) => {
    expect(decode(hex(octets))).toStrictEqual([]);
    expect(toHex(encode(decode(hex(octets))))).toBe('45');
  });

  it.each(['c10100', 'd10000000400000000'])('[T-23] is a map, which has no form without a size: %s', (octets) => {
    expect(decode(hex(octets))).toStrictEqual(new AmqpMap());
    expect(toHex(encode({}))).toBe('c10100');
  });

  it.each([
    ['symbol', 'e00200a3'],
    ['uint', 'e0020070'],
    ['list', 'e00200c0'],
  ] as const)('[T-32] is an array, which names its type all the same: %s', (type, octets) => {
    expect(decode(hex(octets))).toStrictEqual(new AmqpArray(type, []));
    expect(toHex(encode(new AmqpArray(type, [])))).toBe(octets);
    expect(() => decode(hex('e00100'))).toThrow(decodeError);
    expect(() => decode(hex('f00000000400000000'))).toThrow(decodeError);
  });
});

describe('an array of items without octets', () => {
  it.each([
    ['e0020340', [null, null, null]],
    ['e0020241', [true, true]],
    ['e0020142', [false]],
    ['e0020243', [0, 0]],
    ['e0020244', [0n, 0n]],
    ['e0020245', [[], []]],
    ['f0000000050000000240', [null, null]],
  ])('[T-30] has as many as its count says: %s', (octets, items) => {
    const array = decode(hex(octets));
    expect(array).toBeInstanceOf(AmqpArray);
    expect(array instanceof AmqpArray && [...array]).toStrictEqual(items);
  });

  it('[T-30] has no octets behind its constructor', () => {
    expect(() => decode(hex('e003024040'))).toThrow(decodeError);
  });
});

describe('a descriptor', () => {
  it.each([
    ['00a1016140', 'a'],
    ['00540140', 1],
    ['004040', null],
    ['00a0010140', Uint8Array.of(1)],
    ['00a3016140', new AmqpSymbol('a')],
    ['00530140', 1n],
  ])('[T-35] of whatever type is kept, and the value with it: %s', (octets, descriptor) => {
    expect(decode(hex(octets))).toStrictEqual(new Described(descriptor, null));
  });

  it('[T-35] that is neither symbol nor ulong is not that of a known type', () => {
    expect(decode(hex('00a1116578616d706c653a747970653a6c697374 45'))).toStrictEqual(
      new Described('example:type:list', []),
    );
    expect(decode(encode(new Described('a', 1)))).not.toStrictEqual(new Described(symbol('a'), 1));
  });
});
