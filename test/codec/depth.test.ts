import { describe, expect, it } from 'vitest';
import { AmqpArray, AmqpMap, Described, decode, encode } from '../../src/codec/index.ts';

/** The least depth with which an encoding or decoding succeeds. */
function leastDepth(attempt: (maxDepth: number) => unknown): number {
  for (let maxDepth = 1; ; maxDepth++) {
    try {
      attempt(maxDepth);
      return maxDepth;
    } catch (error) {
      if (maxDepth === 100) throw error;
    }
  }
}

function depths(value: unknown): readonly [write: number, read: number] {
  const bytes = encode(value, { maxDepth: 1000 });
  return [leastDepth((maxDepth) => encode(value, { maxDepth })), leastDepth((maxDepth) => decode(bytes, { maxDepth }))];
}

describe('the depth of values', () => {
  it.each<[what: string, levels: number, nest: (inner: unknown) => unknown]>([
    ['item of a list', 1, (inner) => [null, inner]],
    ['value of an object', 1, (inner) => ({ k: inner })],
    ['value of a Map', 1, (inner) => new Map([['k', inner]])],
    ['value of an AmqpMap', 1, (inner) => new AmqpMap([['k', inner]])],
    ['key of a map', 1, (inner) => new AmqpMap([[inner, null]])],
    ['descriptor', 1, (inner) => new Described(inner, null)],
    ['described value', 1, (inner) => new Described('d', inner)],
    ['item of a list in an array', 2, (inner) => new AmqpArray('list', [[inner]])],
    ['value of a map in an array', 2, (inner) => new AmqpArray('map', [{ k: inner }])],
    [
      'item of a list in an array in an array',
      3,
      (inner) => new AmqpArray('array', [new AmqpArray('list', [[inner]])]),
    ],
    ['descriptor of items', 2, (inner) => new AmqpArray('null', [], inner)],
    ['second descriptor of items', 3, (inner) => new AmqpArray('null', [], 'a', inner)],
    ['item of a list in an array with two descriptors', 4, (inner) => new AmqpArray('list', [[inner]], 'a', 'b')],
  ])('[T-49] counts a %s as %d deep, to write and to read', (_, levels, nest) => {
    let value: unknown = [];
    for (let count = 1; count <= 4; count++) {
      value = nest(value);
      expect(depths(value)).toStrictEqual([count * levels + 1, count * levels + 1]);
    }
  });

  it.each<[what: string, value: unknown, depth: number]>([
    ['a scalar', 1, 1],
    ['an array of scalars', new AmqpArray('uint', [1]), 1],
    ['one descriptor of the items of an array', new AmqpArray('null', [], 'a'), 2],
    ['two descriptors of the items of an array', new AmqpArray('null', [], 'a', 'b'), 3],
    ['two descriptors of the items of an array in a list', [new AmqpArray('null', [], 'a', 'b')], 4],
    ['empty lists in an array', new AmqpArray('list', [[]]), 2],
    ['empty maps in an array', new AmqpArray('map', [{}]), 2],
    ['empty arrays in an array', new AmqpArray('array', [new AmqpArray('null', [])]), 2],
  ])('[T-49] %s: the depth is exact', (_, value, depth) => {
    expect(depths(value)).toStrictEqual([depth, depth]);
  });

  it('ends a value that holds itself with an error, whatever the way', () => {
    const list: unknown[] = [];
    const described = new Described('d', list);
    list.push(described);
    const map = new Map<string, unknown>();
    map.set('k', new AmqpArray('map', [map]));
    const array = new AmqpArray('list', [list]);
    for (const value of [list, described, map, array])
      expect(() => encode(value)).toThrow('it nests deeper than 32, or holds itself');
  });
});
