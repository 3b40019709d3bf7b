import { describe, it } from 'vitest';
import { bounded } from './support/bounds.ts';
import { badInput, running, sizeOf } from './support/cases.ts';
import { brokerFrames } from './tables/broker-frames.ts';
import { brokerValues } from './tables/broker-values.ts';

describe('frames of a hostile client', () => {
  for (const { id, title, expected } of running(brokerFrames))
    it(title, () => bounded(sizeOf(badInput(id)), () => expected(id)));
});

describe('messages of a hostile client', () => {
  for (const { id, title, expected } of running(brokerValues))
    it(title, () => bounded(sizeOf(badInput(id)), () => expected(id)));
});
