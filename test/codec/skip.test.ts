import { describe, expect, it } from 'vitest';
import { Reader, blockOf, skipValue } from '../../src/codec/index.ts';
import { hex } from './support/hex.ts';

function readerOf(bytes: Uint8Array): Reader {
  return new Reader(blockOf(bytes));
}

describe('skipValue', () => {
  it('skips a large list without a look at its items', () => {
    const bytes = new Uint8Array(1024 * 1024);
    bytes.set(hex('d0 000ffff0 ffffffff'));
    const reader = readerOf(bytes);
    skipValue(reader);
    expect(reader.position).toBe(5 + 0xffff0);
  });

  it('skips descriptors that are described themselves', () => {
    const reader = readerOf(hex('00 00 a30161 a30162 00 40 5201 41'));
    skipValue(reader);
    expect(reader.remaining).toBe(1);
  });

  it.each(['00', '0040'])('[T-49] rejects 60,000 nested described values (%s)', (text) => {
    expect(() => skipValue(readerOf(hex(text.repeat(60_000))))).toThrow('a value nests deeper than 32');
  });

  it('takes the depth from its limits', () => {
    const bytes = hex(`${'0040'.repeat(100)}40`);
    const reader = readerOf(bytes);
    skipValue(reader, { maxDepth: 100 });
    expect(reader.remaining).toBe(0);
    expect(() => skipValue(readerOf(bytes), { maxDepth: 99 })).toThrow('nests deeper than 99');
  });

  it.each(['', '00', '0053', '7000', 'a1', 'a105', 'b00000', 'c0ff', '4f', 'c2'])('[T-50] rejects %s', (text) => {
    expect(() => skipValue(readerOf(hex(text)))).toThrow(expect.objectContaining({ code: 'decode-error' }));
  });
});
