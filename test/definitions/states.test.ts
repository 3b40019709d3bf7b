import { describe, expect, it } from 'vitest';
import { Described, symbol } from '../../src/codec/index.ts';
import {
  accepted,
  readDeliveryState,
  readOutcome,
  released,
  writeDeliveryState,
  type DeliveryState,
} from '../../src/definitions/index.ts';
import { list, readerOf, written } from './support/bytes.ts';

const states: [string, DeliveryState | Described, string][] = [
  ['accepted', accepted, '00532445'],
  ['released', released, '00532645'],
  ['rejected', { type: 'rejected', error: undefined }, '00532545'],
  ['received', { type: 'received', sectionNumber: 0, sectionOffset: 0n }, `005323${list('43', '44')}`],
  ['declared', { type: 'declared', txnId: Uint8Array.of(1) }, `005333${list('a00101')}`],
  [
    'modified',
    { type: 'modified', deliveryFailed: true, undeliverableHere: undefined, messageAnnotations: undefined },
    `005327${list('41')}`,
  ],
  [
    'transactional accepted',
    { type: 'transactional-state', txnId: Uint8Array.of(1), outcome: { type: 'accepted' } },
    `005334${list('a00101', '00532445')}`,
  ],
  ['an unknown one', new Described(symbol('x'), []), '00a3017845'],
];

describe('delivery states', () => {
  it.each(states)('[D-13] reads and writes %s', (_, state, octets) => {
    const reader = readerOf(octets);
    expect(readDeliveryState(reader)).toStrictEqual(state);
    expect(reader.remaining).toBe(0);
    expect(written((writer) => writeDeliveryState(writer, state))).toBe(octets);
  });

  it('gives one frozen object for accepted', () => {
    expect(readDeliveryState(readerOf('00532445'))).toBe(accepted);
    expect(readDeliveryState(readerOf('005324c00100'))).toStrictEqual(accepted);
    expect(Object.isFrozen(accepted) && Object.isFrozen(released)).toBe(true);
  });

  it('reads outcomes, and takes a state that is none as it is', () => {
    expect(readOutcome(readerOf('00532645'))).toStrictEqual(released);
    expect(readOutcome(readerOf(`005323${list('43', '44')}`))).toBeInstanceOf(Described);
  });

  it.each(['45', '', '005324', '00532441', '005323c00100', `005323${list('43')}`])('[D-13] refuses %j', (octets) => {
    expect(() => readDeliveryState(readerOf(octets))).toThrow(expect.objectContaining({ code: 'decode-error' }));
  });
});
