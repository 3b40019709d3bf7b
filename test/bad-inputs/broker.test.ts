import { describe, expect, it } from 'vitest';
import { bounded } from './support/bounds.ts';
import { badInputs, running, sizeOf } from './support/cases.ts';
import { brokerConsumers } from './tables/broker-consumers.ts';
import { brokerFrames } from './tables/broker-frames.ts';
import { brokerHandshake } from './tables/broker-handshake.ts';
import { brokerLinks } from './tables/broker-links.ts';
import { brokerValues } from './tables/broker-values.ts';

const surface = { ...brokerHandshake, ...brokerFrames, ...brokerValues, ...brokerLinks, ...brokerConsumers };

describe('the table of a hostile client', () => {
  it('has each bad input', () => {
    expect(Object.keys(surface).sort()).toEqual([...badInputs.keys()].sort());
  });
});

describe('frames of a hostile client', () => {
  for (const { id, title, expected } of running(brokerFrames)) it(title, () => bounded(sizeOf(id), () => expected(id)));
});

describe('messages of a hostile client', () => {
  for (const { id, title, expected } of running(brokerValues)) it(title, () => bounded(sizeOf(id), () => expected(id)));
});

describe('a hostile client, before the connection is open', () => {
  for (const { id, title, expected } of running(brokerHandshake))
    it(title, () => bounded(sizeOf(id), () => expected(id)));
});

describe('what a hostile client may do to sessions and links', () => {
  for (const { id, title, expected } of running({ ...brokerLinks, ...brokerConsumers }))
    it(title, () => bounded(sizeOf(id), () => expected(id)));
});
