import { describe, expect, it } from 'vitest';
import { Scene } from './support/scene.ts';

/** How many seeds `npm test` runs; `SEEDS=1000` runs 0 to 999, `SEEDS=5000-5999` those. */
const FEW = '20';

function seeds(): number[] {
  const [first = 0, last] = (process.env['SEEDS'] ?? FEW).split('-').map(Number);
  const [from, to] = last === undefined ? [0, first - 1] : [first, last];
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('simulated programs, broker and network', () => {
  it('replays a seed exactly', async () => {
    const [once, again] = [await Scene.play(1), await Scene.play(1)];
    expect(once.steps).toBeGreaterThan(1000);
    expect(once).toEqual(again);
  });

  it.each(seeds())('seed %i breaks no rule', { timeout: 60_000 }, async (seed) => {
    const { faults, steps } = await Scene.play(seed);
    expect(faults).toEqual([]);
    expect(steps).toBeGreaterThan(0);
  });
});
