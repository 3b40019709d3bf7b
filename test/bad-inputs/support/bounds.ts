import { expect } from 'vitest';

const MIB = 1_048_576;

function held(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/**
 * Runs what takes bad input in, and checks that its cost is bounded by the size of the input. The factors are far above
 * what is needed and far below what an announced count or size would cost. Time is that of the processor, so that other
 * work of the machine does not count.
 */
export async function bounded<T>(inputSize: number, run: () => T | Promise<T>): Promise<T> {
  const before = held();
  const began = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1000).toBeLessThan(1000 + inputSize / 10_000);
  expect(held() - before).toBeLessThan(16 * MIB + 4 * inputSize);
  return result;
}
