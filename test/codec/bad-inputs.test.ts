import { describe, expect, it } from 'vitest';
import { Described, Reader, blockOf, decode, encode, skipValue } from '../../src/codec/index.ts';
import { bounded } from '../bad-inputs/support/bounds.ts';
import file from '../data/bad-inputs.json' with { type: 'json' };
import { hex, toHex } from './support/hex.ts';

const cases = file.cases
  .filter(({ id }) => id.startsWith('BD-'))
  .map(({ id, name, expected, hex: text }) => ({ id, name, expected, text: text ?? '' }));
const rejected = cases.filter(({ expected }) => expected.startsWith('decode-error'));
const accepted = cases.filter(({ expected }) => expected.startsWith('accept'));

describe('bad inputs', () => {
  it('has an expectation for each', () => {
    expect(rejected.length + accepted.length).toBe(cases.length);
    expect(cases.length).toBeGreaterThan(40);
    for (const { text } of cases) expect(text).not.toBe('');
  });

  it.each(rejected)('[$id] rejects: $name', async ({ text }) => {
    const bytes = hex(text);
    await bounded(bytes.length, () => {
      for (const typed of [false, true])
        expect(() => decode(bytes, { typed })).toThrow(expect.objectContaining({ code: 'decode-error' }));
    });
  });

  it.each(accepted)('[$id] accepts: $name', ({ text }) => {
    expect(toHex(encode(decode(hex(text), { typed: true })))).toBe(text);
  });

  it('[T-04] knows exactly the 39 format codes and 0x00', () => {
    const known: number[] = [];
    for (let code = 0; code < 256; code++) {
      const reader = new Reader(blockOf(new Uint8Array(64).fill(0x40).fill(code, 0, 1).fill(0, 1, 5)));
      try {
        skipValue(reader, { maxDepth: 1 });
        known.push(code);
      } catch (error) {
        if (code === 0) expect(String(error)).toContain('nests deeper than 1');
        else expect(String(error)).toContain(`found the format code 0x${code.toString(16).padStart(2, '0')}`);
      }
      if (!known.includes(code) && code !== 0) expect(() => decode(Uint8Array.of(code, 0, 0))).toThrow('format code');
    }
    expect(known).toHaveLength(39);
  });

  it('[T-49] nests as deep as the limit says and no deeper', () => {
    const nests = [
      ['c0020145', 2], // a list in a list
      ['c103024540', 2], // as a key of a map
      ['c103024045', 2], // as a value of a map
      ['e0020145', 2], // in an array
      ['004540', 2], // as a descriptor
      ['004045', 2], // described
      ['e00401004540', 3], // as the descriptor of the items of an array
    ] as const;
    for (const [text, depth] of nests) {
      expect(decode(hex(text), { maxDepth: depth })).toBeDefined();
      expect(() => decode(hex(text), { maxDepth: depth - 1 })).toThrow('nests deeper than');
    }
  });

  it('[T-49] rejects 60,000 nested values of each kind without a stack overflow', () => {
    for (const text of ['d0000fffff00000001', 'd1000fffff0000000240', 'f0000fffff00000001', '0040', '00']) {
      const bytes = hex(text.repeat(60_000));
      expect(() => decode(bytes, { maxDepth: 1024 })).toThrow(expect.objectContaining({ code: 'decode-error' }));
    }
  });

  it('[T-49] bounds items without octets over the whole value', () => {
    const nulls = 'f0000000050000800040'; // 32,768 of them
    expect(decode(hex(`d00000001800000002${nulls.repeat(2)}`))).toHaveLength(2);
    expect(() => decode(hex(`d00000002200000003${nulls.repeat(3)}`))).toThrow('above the limit');
    expect(() => decode(hex('e0020240'), { maxElements: 1 })).toThrow('an array of 2 items is above the limit');
    expect(decode(hex('e0020140'), { maxElements: 1 })).toHaveProperty('length', 1);
    // Items that have octets are bounded by those.
    expect(decode(hex('e0050352010203'), { maxElements: 0 })).toHaveLength(3);
  });

  it('[T-49] bounds the octets of one value', () => {
    expect(decode(hex('a10161'), { maxSize: 1 })).toBe('a');
    for (const text of ['a1026161', 'a3026161', 'a0026161', 'c0020140', 'c103024040', 'e0020140'])
      expect(() => decode(hex(text), { maxSize: 1 })).toThrow('above the limit of 1');
  });

  it('rejects octets after the value', () => {
    expect(() => decode(hex('4040'))).toThrow('1 octets follow the value, at octet 1');
  });

  it('[T-38] keeps a described value whose descriptor it does not know', () => {
    expect(decode(hex('00a30161a10162'))).toStrictEqual(new Described(expect.objectContaining({ value: 'a' }), 'b'));
  });
});
