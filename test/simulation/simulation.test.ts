import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../support/garbage.ts';
import { Scene } from './support/scene.ts';

/** What is alive, in octets, after all garbage was collected. */
async function alive(): Promise<number> {
  await collectGarbage();
  await collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function play(from: number, to: number): Promise<void> {
  for (let seed = from; seed < to; seed++) await Scene.play(seed);
}

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

  it('gives all memory back', { timeout: 60_000 }, async () => {
    await play(0, 10);
    const before = await alive();
    await play(10, 20);
    // Caches and compiled code grow a little, and more where coverage is counted.
    expect((await alive()) - before).toBeLessThan(10 * 300_000);
  });

  it.each(seeds())('seed %i breaks no rule', { timeout: 60_000 }, async (seed) => {
    const { faults, steps } = await Scene.play(seed);
    expect(faults).toEqual([]);
    expect(steps).toBeGreaterThan(0);
  });
});
