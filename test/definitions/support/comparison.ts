/** What the straight-line codecs are compared with the generic machine by. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Reader, Writer } from '../../../src/codec/index.ts';
import { AmqpError } from '../../../src/errors/index.ts';
import { list, readerOf, written } from './bytes.ts';

/** The octets that are written, or the words of the error. */
export function outcomeOf(write: (writer: Writer) => void): string {
  try {
    // A small writer has to grow on the way.
    return written(write);
  } catch (error) {
    expect(error).toBeInstanceOf(AmqpError);
    return String(error);
  }
}

/** Items of a list that often are what the field at their place wants. */
const items = fc.oneof(
  { weight: 3, arbitrary: fc.constant('40') },
  { weight: 6, arbitrary: fc.constantFrom('41', '42', '5600', '43', '5207', '7000000100', '5000', '5001', '5002') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'a00101',
      'b00000000101',
      '00532445',
      '005324c00100',
      `005323${list('43', '44')}`,
      '00a3017840',
      'c10100',
      'c10402a3016140',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('a10161', '5602', '0053', '45', '00532441', 'ff', 'c1020140') },
);

/** Lists for a table: sensible ones, sensible ones with one item changed, any, and broken ones. */
export function listsOf(good: readonly (readonly string[])[]): fc.Arbitrary<string> {
  const sensible = fc
    .tuple(fc.tuple(...good.map((choices) => fc.constantFrom(...choices))), fc.nat(good.length))
    .map(([chosen, count]) => chosen.slice(0, count));
  const changed = fc
    .tuple(sensible, fc.nat(12), items)
    .map(([chosen, place, item]) => chosen.map((old, index) => (index === place ? item : old)));
  const whole = fc.oneof(sensible, changed, fc.array(items, { maxLength: 14 })).map((chosen) => list(...chosen));
  const broken = fc.tuple(whole, fc.nat(4), fc.nat(255)).map(([octets, place, octet]) => {
    const bytes = Buffer.from(octets, 'hex');
    bytes[place % bytes.length] = octet;
    return bytes.toString('hex');
  });
  const cut = fc
    .tuple(whole, fc.nat(20))
    .map(([octets, count]) => octets.slice(0, Math.max(0, octets.length - count * 2)));
  return fc.oneof({ weight: 4, arbitrary: whole }, broken, cut, fc.constantFrom('45', 'd00000000400000000', '41'));
}

/** What is read and where the reading ends, or the words of the error. */
export function readingOf<T>(
  octets: string,
  read: (reader: Reader) => T,
): { value: T; position: number; end: number } | string {
  // More octets follow, as a payload does.
  const reader = readerOf(`${octets}4141`);
  try {
    return { value: read(reader), position: reader.position, end: reader.end };
  } catch (error) {
    expect(error).toMatchObject({ code: 'decode-error' });
    return String(error);
  }
}
