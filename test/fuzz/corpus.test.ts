import { describe, expect, it } from 'vitest';
import { PATIENCE, readTargets, type Target } from './support/targets.ts';

const targets: readonly Target[] = await readTargets();

describe('the corpus of the fuzzer', () => {
  it.each(targets)(
    'for $name breaks no oracle',
    ({ fuzz, inputs }) => {
      expect(inputs.length).toBeGreaterThan(0);
      const faults = inputs.flatMap((input) => {
        try {
          fuzz(input);
          return [];
        } catch (error) {
          return [`${Buffer.from(input).toString('base64')}: ${String(error)}`];
        }
      });
      expect(faults).toEqual([]);
    },
    PATIENCE,
  );

  it('is small', () => {
    const size = targets.flatMap(({ inputs }) => inputs).reduce((sum, input) => sum + input.length, 0);
    expect(size).toBeLessThan(200_000);
  });
});
