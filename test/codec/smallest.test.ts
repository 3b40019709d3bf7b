import { describe, expect, it } from 'vitest';
import { AmqpArray, decode, encode, formatCode as code } from '../../src/codec/index.ts';
import { toHex } from './support/hex.ts';

const nulls = (count: number): null[] => Array.from({ length: count }, () => null);

/** The format code of the items of an array, in the narrow form of the array or in the wide. */
function itemCode(bytes: Uint8Array): number | undefined {
  return bytes[bytes[0] === code.array32 ? 9 : 3];
}

describe('the smallest encoding of an array', () => {
  it('counts up to 255 items in one octet', () => {
    expect(toHex(encode(new AmqpArray('null', nulls(255))))).toBe('e002ff40');
    expect(toHex(encode(new AmqpArray('null', nulls(256))))).toBe('f0000000050000010040');
  });

  it.each([
    ['string', (size: number) => 'x'.repeat(size), 255, code.str8, code.str32],
    ['symbol', (size: number) => 'x'.repeat(size), 255, code.sym8, code.sym32],
    ['binary', (size: number) => new Uint8Array(size), 255, code.vbin8, code.vbin32],
    // The count takes one of the 255 octets, and the item two before its own.
    ['list', (size: number) => [new Uint8Array(size)], 252, code.list8, code.list32],
    ['map', (size: number) => new Map([[null, new Uint8Array(size)]]), 251, code.map8, code.map32],
    ['array', (size: number) => new AmqpArray('null', nulls(size)), 255, code.array8, code.array32],
  ] as const)(
    'keeps items of %s narrow as long as a size and a count of one octet do',
    (type, item, most, narrow, wide) => {
      for (const [size, expected] of [
        [most, narrow],
        [most + 1, wide],
      ] as const) {
        const array = new AmqpArray(type, [item(0), item(size), item(1)]);
        const bytes = encode(array);
        expect(itemCode(bytes)).toBe(expected);
        expect(decode(bytes)).toHaveLength(3);
        expect(toHex(encode(decode(bytes)))).toBe(toHex(bytes));
      }
    },
  );
});
