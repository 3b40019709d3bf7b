import { describe, expect, it } from 'vitest';
import {
  AmqpMap,
  Reader,
  Writer,
  blockOf,
  decode,
  readFields,
  readMap,
  readStringFields,
  readSymbolArray,
  symbol,
  ubyte,
  ulong,
  writeFields,
  writeStringFields,
  writeSymbolArray,
} from '../../src/codec/index.ts';
import { hex, toHex } from './support/hex.ts';

function readerOf(text: string): Reader {
  return new Reader(blockOf(hex(text)));
}

function written(write: (writer: Writer) => void): string {
  const writer = new Writer(1);
  write(writer);
  return toHex(writer.finish());
}

describe('fields', () => {
  it('reads symbol keys into a record without a prototype', () => {
    const fields = readFields(readerOf('c11304a30161 5401 a3095f5f70726f746f5f5f 5402'));
    expect(Object.getPrototypeOf(fields)).toBeNull();
    expect(Object.entries(fields)).toStrictEqual([
      ['a', 1],
      ['__proto__', 2],
    ]);
  });

  it('writes what it reads', () => {
    const text = 'c10b04a301625401a301615302';
    const fields = { b: 1, a: ulong(2) };
    expect(written((writer) => writeFields(writer, fields))).toBe(text);
    expect(written((writer) => writeFields(writer, {}))).toBe('c10100');
  });

  it('refuses keys that are no symbols, and what is no map', () => {
    for (const text of ['c10402a10040', 'c103025201', 'c1040240 40', '45', '40', 'd0'])
      expect(() => readFields(readerOf(text))).toThrow(expect.objectContaining({ code: 'decode-error' }));
    expect(() => readFields(readerOf('c10502a1016140'))).toThrow('expected symbol, found the format code 0xa1');
    expect(() => readStringFields(readerOf('c10502a3016140'))).toThrow('expected string, found the format code 0xa3');
    for (const read of [readFields, readStringFields, readMap]) {
      expect(() => read(readerOf('45'))).toThrow('expected map, found the format code 0x45');
      // A list of what a map would hold is none.
      expect(() => read(readerOf('d00000000900000002a301615401'))).toThrow('expected map, found the format code 0xd0');
    }
  });

  it('reads and writes string keys', () => {
    const fields = readStringFields(readerOf('d1000000 10 00000002 a10161 c00702 c00100 c00100'));
    expect(fields).toStrictEqual(Object.assign(Object.create(null), { a: [[], []] }));
    expect(written((writer) => writeStringFields(writer, { a: [[], []] }))).toBe('c10902a10161c003024545');
    expect({ ...readStringFields(readerOf('c10902b10000000161 5401')) }).toStrictEqual({ a: 1 });
    const named = readStringFields(
      readerOf('c10602a101615401'),
      undefined,
      (key, value) => `${key} is ${String(value)}`,
    );
    expect({ ...named }).toStrictEqual({ a: 'a is 1' });
    expect(() => written((writer) => writeStringFields(writer, { a: [undefined] }, 'p'))).toThrow('p.a[0]: undefined');
  });

  it('reads numbers with their type where it is told to', () => {
    const octets = 'c10602a301615005';
    expect({ ...readFields(readerOf(octets), { typed: true }) }).toEqual({ a: ubyte(5) });
    expect({ ...readFields(readerOf(octets)) }).toEqual({ a: 5 });
  });

  it('[T-21][T-24][T-25] refuses maps that are not valid', () => {
    for (const [text, message] of [
      ['c10904a3016140a3016140', 'a map has the key "a" twice'],
      ['c10401a3016140', 'a map has 1 items, which is odd'],
      ['c10602a301614040', '1 octets are left over after the items'],
      ['c1ff02a3016140', '255 octets are announced'],
    ] as const)
      expect(() => readFields(readerOf(text))).toThrow(message);
    expect(() => readFields(readerOf('c10502a3016145'), { maxDepth: 1 })).toThrow('nests deeper than 1');
  });

  it('names what cannot be written', () => {
    expect(() => written((writer) => writeFields(writer, { 'x-a': undefined }, 'properties'))).toThrow(
      'properties["x-a"]: undefined is not an AMQP value',
    );
    expect(() => written((writer) => writeFields(writer, { é: 1 }))).toThrow(
      'fields["é"]: the symbol "é" is not ASCII',
    );
  });

  it('reads a map in both widths', () => {
    const expected = new AmqpMap([[symbol('a'), 1]]);
    expect(readMap(readerOf('c10602a301615401'))).toStrictEqual(expected);
    expect(readMap(readerOf('d10000000900000002a301615401'))).toStrictEqual(expected);
  });
});

describe('fields of several symbols', () => {
  it.each([
    ['[T-44] null', '40', []],
    ['[T-44] one bare symbol', 'a30161', ['a']],
    ['[T-44] an array', 'e00602a301610162', ['a', 'b']],
    ['an array of sym32', 'e00701b30000000161', ['a']],
    ['[T-44] an empty array', 'e00200a3', []],
    ['[T-47] a list', 'c00702a30161a30162', ['a', 'b']],
    ['[T-47] an empty list', '45', []],
  ])('reads %s', (_, text, expected) => {
    expect(readSymbolArray(readerOf(text))).toStrictEqual(expected);
  });

  it.each(['a10161', 'c00401a10161', 'e00401a10161', 'c10100', '4f', 'e0050100a3'])('refuses %s', (text) => {
    expect(() => readSymbolArray(readerOf(text))).toThrow(expect.objectContaining({ code: 'decode-error' }));
  });

  it('[T-46] writes an array, also for one or none', () => {
    expect(written((writer) => writeSymbolArray(writer, []))).toBe('e00200a3');
    expect(written((writer) => writeSymbolArray(writer, ['a']))).toBe('e00401a30161');
    expect(written((writer) => writeSymbolArray(writer, ['a', 'x'.repeat(256)])).slice(0, 20)).toBe(
      'f00000010e00000002b3',
    );
    expect(() => written((writer) => writeSymbolArray(writer, ['a', 'é']))).toThrow('symbols[1]: the symbol "é"');
  });

  it('[T-46] writes what anyone reads as an array', () => {
    const array = decode(hex(written((writer) => writeSymbolArray(writer, ['a', 'b']))));
    expect(array).toHaveProperty('items', [symbol('a'), symbol('b')]);
  });
});
