import { describe, expect, it } from 'vitest';
import { encode, encodeValue, encodeWith, type Writer } from '../../src/codec/index.ts';

describe('encodeWith', () => {
  it('gives octets of their own each time', () => {
    const first = encodeWith((writer) => encodeValue(writer, 'one'));
    const second = encodeWith((writer) => encodeValue(writer, 'two'));
    expect([...first]).toEqual([0xa1, 3, ...Buffer.from('one')]);
    expect([...second]).toEqual([0xa1, 3, ...Buffer.from('two')]);
  });

  it('can be called while it runs, as a getter of the application may', () => {
    const value = {
      before: 1,
      get inner() {
        return encode({ nested: true });
      },
      after: 2,
    };
    expect([...encode(value)]).toEqual([...encode({ before: 1, inner: encode({ nested: true }), after: 2 })]);
  });

  it('uses its memory again, unless that has grown beyond 64 KiB', () => {
    const writerOf = (octets: number): Writer => {
      const writers: Writer[] = [];
      encodeWith((writer) => {
        writer.reserve(octets);
        writers.push(writer);
      });
      return writers[0] ?? unwilling();
    };
    const first = writerOf(1);
    expect(writerOf(65_536)).toBe(first);
    expect(() => encodeWith(() => unwilling())).toThrow('unwilling');
    expect(writerOf(65_537)).toBe(first);
    expect(writerOf(1)).not.toBe(first);
  });

  it('is of use after an error, and after a value that was large', () => {
    expect(() => encodeWith(() => unwilling())).toThrow('unwilling');
    expect(encode(new Uint8Array(100_000)).length).toBe(100_005);
    expect([...encode(5)]).toEqual([0x54, 5]);
  });
});

function unwilling(): never {
  throw new Error('unwilling');
}
