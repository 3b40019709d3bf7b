import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('a host without Buffer', () => {
  it('reads the same texts', async () => {
    vi.stubGlobal('Buffer', undefined);
    vi.resetModules();
    const { decode, encode, symbol, AmqpSymbol } = await import('../../src/codec/index.ts');
    for (const text of ['', 'short', 'a text of more than eight octets', 'größer als ASCII', 'x'.repeat(300)])
      expect(decode(encode(text))).toBe(text);
    const read = decode(encode(symbol('a-symbol-of-its-own')));
    expect(read instanceof AmqpSymbol && read.value).toBe('a-symbol-of-its-own');
  });
});
