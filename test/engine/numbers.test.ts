import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberPool } from '../../src/engine/number-pool.ts';
import { serialAdd, serialDifference, serialDistance } from '../../src/engine/serial-number.ts';

const uint = fc.integer({ min: 0, max: 0xffff_ffff });

describe('serial numbers', () => {
  it('[S-07] wrap around at 2^32', () => {
    expect(serialAdd(0xffff_ffff, 1)).toBe(0);
    expect(serialAdd(0xffff_fffe, 5)).toBe(3);
    expect(serialDistance(0xffff_ffff, 0)).toBe(1);
    expect(serialDistance(0, 0xffff_ffff)).toBe(0xffff_ffff);
    expect(serialDifference(0xffff_ffff, 0)).toBe(1);
    expect(serialDifference(0, 0xffff_ffff)).toBe(-1);
    expect(serialDifference(0, 0x8000_0000)).toBe(-0x8000_0000);
  });

  it('[S-07] come back from where they were added', () => {
    fc.assert(
      fc.property(uint, uint, (number, count) => {
        const sum = serialAdd(number, count);
        expect(sum).toBeGreaterThanOrEqual(0);
        expect(sum).toBeLessThanOrEqual(0xffff_ffff);
        expect(serialDistance(number, sum)).toBe(count);
        expect(serialDifference(number, sum)).toBe(count | 0);
      }),
    );
  });
});

describe('the pool of numbers', () => {
  it('[S-03] gives out the lowest that is free', () => {
    const pool = new NumberPool();
    expect([pool.take(9), pool.take(9), pool.take(9)]).toEqual([0, 1, 2]);
    pool.release(1);
    pool.release(0);
    expect(pool.count).toBe(1);
    expect([pool.take(9), pool.take(9), pool.take(9)]).toEqual([0, 1, 3]);
  });

  it('[C-04] gives out none above the limit', () => {
    const pool = new NumberPool();
    expect([pool.take(1), pool.take(1), pool.take(1)]).toEqual([0, 1, undefined]);
    expect(pool.count).toBe(2);
    pool.release(1);
    expect(pool.take(1)).toBe(1);
  });

  it('[S-03] agrees with a set', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 12 })), (steps) => {
        const pool = new NumberPool();
        const out = new Set<number>();
        for (const step of steps) {
          if (out.delete(step)) pool.release(step);
          else {
            const number = pool.take(9);
            const free = Array.from({ length: 10 }, (_, index) => index).find((index) => !out.has(index));
            expect(number).toBe(free);
            if (number !== undefined) out.add(number);
          }
          expect(pool.count).toBe(out.size);
        }
      }),
    );
  });
});
