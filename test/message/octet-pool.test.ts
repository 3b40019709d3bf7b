import { describe, expect, it } from 'vitest';
import { octetsOf } from '../../src/message/octet-pool.ts';

const source = Uint8Array.from({ length: 20_000 }, (_, index) => index % 251);

describe('octets of a message', () => {
  it('are right, whatever their sizes, and stay so', () => {
    const copies = Array.from({ length: 300 }, (_, n) => {
      const start = (n * 37) % 9000;
      const end = start + ((n * 97) % 5000);
      return { start, end, copy: octetsOf(source, start, end) };
    });
    for (const { start, end, copy } of copies) expect(copy).toEqual(source.slice(start, end));
  });

  it('do not change each other or their source while they are few', () => {
    const [one, two] = [octetsOf(source, 0, 100), octetsOf(source, 0, 100)];
    one.fill(255);
    expect(two).toEqual(source.slice(0, 100));
    expect(source[0]).toBe(0);
  });

  it('are copied also after the memory of another was transferred', () => {
    const one = octetsOf(source, 0, 100);
    if (one.buffer instanceof ArrayBuffer) structuredClone(0, { transfer: [one.buffer] });
    expect(one).toHaveLength(0);
    expect(octetsOf(source, 0, 100)).toEqual(source.slice(0, 100));
  });

  it('are copied to shared memory while they are few, and stay where they are when they are many', () => {
    expect(octetsOf(source, 0, 100).buffer.byteLength).toBe(16_384);
    expect(octetsOf(source, 0, 5000).buffer).toBe(source.buffer);
  });
});
