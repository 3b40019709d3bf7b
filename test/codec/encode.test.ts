import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  AmqpArray,
  AmqpMap,
  Described,
  Timestamp,
  Writer,
  double,
  encode,
  encodeValue,
  float,
  symbol,
  uint,
  ulong,
} from '../../src/codec/index.ts';
import { toHex } from './support/hex.ts';

describe('plain values', () => {
  it.each([
    [null, '40'],
    [true, '41'],
    [false, '42'],
    ['', 'a100'],
    ['a', 'a10161'],
    [0, '5400'],
    [127, '547f'],
    [128, '7100000080'],
    [-128, '5480'],
    [-129, '71ffffff7f'],
    [2 ** 31 - 1, '717fffffff'],
    [-(2 ** 31), '7180000000'],
    [2 ** 31, '7080000000'],
    [2 ** 32 - 1, '70ffffffff'],
    [2 ** 32, '810000000100000000'],
    [-(2 ** 31) - 1, '81ffffffff7fffffff'],
    [Number.MAX_SAFE_INTEGER, '81001fffffffffffff'],
    [2 ** 53, '824340000000000000'],
    [1.5, '823ff8000000000000'],
    [-0, '828000000000000000'],
    [Number.NaN, '827ff8000000000000'],
    [Infinity, '827ff0000000000000'],
    [1n, '5501'],
    [-1n, '55ff'],
    [2n ** 63n - 1n, '817fffffffffffffff'],
    [2n ** 63n, '808000000000000000'],
    [2n ** 64n - 1n, '80ffffffffffffffff'],
    [new Date(1), '830000000000000001'],
    [new Uint8Array([1]), 'a00101'],
    [Buffer.from('a'), 'a00161'],
    [[], '45'],
    [[null, [1]], 'c0070240c003015401'],
    [{}, 'c10100'],
    [{ a: 1 }, 'c10602a101615401'],
    [Object.assign(Object.create(null), { a: 1 }), 'c10602a101615401'],
    [new Map<unknown, unknown>([[uint(1), null]]), 'c10402520140'],
    [new AmqpMap([[null, null]]), 'c103024040'],
    [new Described(symbol('a'), 1), '00a301615401'],
    [new Timestamp(-1n), '83ffffffffffffffff'],
  ])('[T-06] writes %s as %s', (value, expected) => {
    expect(toHex(encode(value))).toBe(expected);
  });

  it('[T-16] counts octets, not characters', () => {
    expect(toHex(encode('€'.repeat(85))).slice(0, 4)).toBe('a1ff');
    expect(toHex(encode('€'.repeat(86))).slice(0, 10)).toBe('b100000102');
  });

  it('[T-26] keeps the order of a map', () => {
    expect(toHex(encode({ b: 1, a: 2 }))).toBe(toHex(encode(new Map([['b', 1], ['a', 2]])))); // prettier-ignore
    expect(toHex(encode({ b: 1, a: 2 }))).not.toBe(toHex(encode({ a: 2, b: 1 })));
  });
});

describe('an object of another realm', () => {
  it('is a map too', () => {
    const value: unknown = runInNewContext('({ a: 1 })');
    expect(value).not.toBeInstanceOf(Object);
    expect(toHex(encode(value))).toBe('c10602a101615401');
  });
});

describe('what AMQP cannot hold', () => {
  class Custom {
    readonly x = 1;
  }
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);

  it.each<[unknown, string]>([
    [undefined, 'value: undefined is not an AMQP value; use null or leave it out. Correct the value'],
    [() => 1, 'value: a function is not an AMQP value'],
    [Symbol('s'), 'value: a symbol is not an AMQP value'],
    [[1, undefined], 'value[1]: undefined'],
    // A hole would be read as undefined.
    [Array.from({ length: 1 }), 'value[0]: undefined'],
    [{ a: { 'b c': [undefined] } }, 'value.a["b c"][0]: undefined'],
    [new AmqpMap([[1, undefined]]), 'value[1]: undefined'],
    [new AmqpMap([['k', undefined]]), 'value.k: undefined'],
    [new Described(1, undefined), 'value.value: undefined'],
    [new Described(undefined, 1), 'value.descriptor: undefined'],
    [2n ** 64n, 'value: 18446744073709551616 is not a ulong'],
    [-(2n ** 63n) - 1n, 'value: -9223372036854775809 is not a ulong'],
    [new Date(Number.NaN), 'value: NaN is not a timestamp'],
    ['\ud800', 'value: a string holds a lone surrogate at position 0'],
    [{ '\udc00': 1 }, 'lone surrogate'],
    [new ArrayBuffer(1), 'value: an ArrayBuffer is not an AMQP value; pass new Uint8Array(buffer)'],
    [
      new Int16Array(1),
      'value: an object of class Int16Array is not an AMQP value; pass a Uint8Array, or an AmqpArray',
    ],
    [new DataView(new ArrayBuffer(1)), 'an object of class DataView is not'],
    [new Set(), 'value: an object of class Set is not an AMQP value; pass a plain object'],
    [new Custom(), 'value: an object of class Custom is not an AMQP value'],
    [new Map<unknown, unknown>([[1, 1], [new Map(), 2]]), 'value: an object of this class cannot be a map key'], // prettier-ignore
    [new Map<unknown, unknown>([[5n, 1], [2 ** 40, 1], [2n ** 40n, 2]]), 'two keys of the map are the same'], // prettier-ignore
    [cyclic, 'it nests deeper than 32, or holds itself'],
  ])('refuses %s', (value, message) => {
    expect(() => encode(value)).toThrow(message);
    expect(() => encode(value)).toThrow(expect.objectContaining({ name: 'AmqpError', code: 'encode-error' }));
  });

  it('leaves out what other encoders of JavaScript leave out: names that are symbols, and what is not enumerable', () => {
    const value = Object.defineProperty({ [Symbol('s')]: 1, a: null }, 'hidden', { value: 1 });
    expect(toHex(encode(value))).toBe('c10502a1016140');
  });

  it('refuses an object without a class that has a prototype', () => {
    const value: object = Object.create(Object.create(Object.create(null)));
    expect(() => encode(value)).toThrow('value: an object of unknown class is not an AMQP value');
  });

  it('says the advice once', () => {
    expect(() => encode('\ud800')).toThrow(/^value: [^.]*\. Correct the value, or wrap it in an AMQP type\.$/);
  });

  it('names the path that the caller gives, and leaves nothing in the writer', () => {
    const writer = new Writer();
    writer.null();
    expect(() => encodeValue(writer, ['x'.repeat(1000), undefined], 'applicationProperties')).toThrow(
      'applicationProperties[1]: undefined',
    );
    expect(toHex(writer.finish())).toBe('40');
  });

  it('passes on what a getter throws', () => {
    const failure = new Error('mine');
    const value = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw failure;
      },
    });
    expect(() => encode(value)).toThrow(failure);
  });

  it('takes another depth', () => {
    expect(toHex(encode([[1]], { maxDepth: 2 }))).toBe('c00601c003015401');
    expect(() => encode([[1]], { maxDepth: 1 })).toThrow('value[0]: it nests deeper than 1');
  });

  it('refuses options that are unknown or out of range', () => {
    expect(() => Reflect.apply(encode, undefined, [1, { depth: 1 }])).toThrow('encode options.depth is not an option');
    for (const maxDepth of [0, 1025, 1.5, Number.NaN])
      expect(() => encode(1, { maxDepth })).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});

describe('exact types', () => {
  it.each([
    [uint(0), '43'],
    [uint(255), '52ff'],
    [ulong(0), '44'],
    [ulong(255n), '53ff'],
    [float(0.5), '723f000000'],
    [double(1), '823ff0000000000000'],
  ])('writes %s as %s', (value, expected) => {
    expect(toHex(encode(value))).toBe(expected);
  });

  it('[T-17] adds no byte order mark, [T-18] and keeps one', () => {
    expect(toHex(encode('x'))).toBe('a10178');
    expect(toHex(encode('\ufeffx'))).toBe('a104efbbbf78');
  });

  it('writes an array inside a map inside a list', () => {
    expect(toHex(encode([{ a: new AmqpArray('uint', []) }]))).toBe('c00b01c10802a10161e0020070'); // prettier-ignore
  });
});
