import { describe, expect, it } from 'vitest';
import { AmqpArray, decode, encode, symbol } from '../../src/codec/index.ts';
import { WireReader, writeFrame, writeWire, type Wire } from '../../src/testing/index.ts';

const bytesOf = (wire: Wire): Uint8Array => Uint8Array.from(writeWire(wire));
const uint = (value: number): Wire => ({ type: 'uint', value });
const truth = (value: boolean): Wire => ({ type: 'boolean', value });
const described = (value: Wire): Wire => ({ type: 'described', descriptor: { type: 'ulong', value: 5n }, value });

describe('the codec for tests', () => {
  it('reads a byte order mark as the character that it is', () => {
    const wire: Wire = { type: 'string', value: '\ufeffx' };
    expect(new WireReader(bytesOf(wire)).read()).toEqual(wire);
  });

  it.each<[string, Wire, unknown]>([
    ['a byte', { type: 'byte', value: -3 }, -3],
    ['a short', { type: 'short', value: -300 }, -300],
    ['a float', { type: 'float', value: 0.5 }, 0.5],
    ['a list', { type: 'list', value: [uint(1), { type: 'null' }] }, [1, null]],
    ['an array', { type: 'array', value: [uint(1), uint(2)] }, new AmqpArray('uint', [1, 2])],
    ['an empty array', { type: 'array', value: [] }, new AmqpArray('null', [])],
    [
      'an array of booleans',
      { type: 'array', value: [truth(true), truth(false)] },
      new AmqpArray('boolean', [true, false]),
    ],
    [
      'an array of symbols',
      { type: 'array', value: [{ type: 'symbol', value: 'a' }] },
      new AmqpArray('symbol', [symbol('a')]),
    ],
    [
      'an array of described values',
      { type: 'array', value: [described(uint(1)), described(uint(2))] },
      new AmqpArray('uint', [1, 2], 5n),
    ],
    [
      'an array of described booleans',
      { type: 'array', value: [described(truth(true)), described(truth(false))] },
      new AmqpArray('boolean', [true, false], 5n),
    ],
    [
      'an array of arrays',
      {
        type: 'array',
        value: [
          { type: 'array', value: [truth(false)] },
          { type: 'array', value: [] },
        ],
      },
      new AmqpArray('array', [new AmqpArray('boolean', [false]), new AmqpArray('null', [])]),
    ],
    [
      'an array of lists',
      {
        type: 'array',
        value: [
          { type: 'list', value: [] },
          { type: 'list', value: [truth(true)] },
        ],
      },
      new AmqpArray('list', [[], [true]]),
    ],
  ])('writes %s as the codec under test reads it', (_what, wire, value) => {
    expect(decode(bytesOf(wire))).toEqual(value);
    expect(new WireReader(bytesOf(wire)).read()).toEqual(wire);
  });

  it.each<[string, number[]]>([
    ['a string', [0xa1, 2, 0x41]],
    ['a binary', [0xb0, 0, 0, 0, 2, 0x41]],
    ['a uuid', [0x98, 1, 2]],
    ['a uint', [0x70, 0]],
    ['a list', [0xc0, 3, 2, 0x40]],
  ])('refuses octets that end within %s', (_what, octets) => {
    expect(() => new WireReader(Uint8Array.from(octets)).read()).toThrow(RangeError);
  });

  it('refuses the name of a composite that no table has', () => {
    expect(() => writeFrame({ is: 'opne' })).toThrow(RangeError);
  });

  it('writes a char', () => {
    expect(writeWire({ type: 'char', value: 0x1f600 })).toEqual([0x73, 0, 1, 0xf6, 0]);
  });

  it('reads arrays of described values that the codec under test writes', () => {
    const octets = encode(new AmqpArray('string', ['a', 'b'], symbol('outer'), symbol('inner')));
    const text = (value: string): Wire => ({
      type: 'described',
      descriptor: { type: 'symbol', value: 'outer' },
      value: { type: 'described', descriptor: { type: 'symbol', value: 'inner' }, value: { type: 'string', value } },
    });
    expect(new WireReader(octets).read()).toEqual({ type: 'array', value: [text('a'), text('b')] });
  });
});
