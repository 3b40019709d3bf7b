/**
 * Makes a target: a function of octets that throws only where the oracle is broken, and that finds it broken too where
 * an input costs more than it may.
 */
import { getHeapStatistics } from 'node:v8';

/**
 * What a run may cost whatever its input, in ms and octets, and for each octet. The proportion is generous: what grows
 * faster shows. The base is for what limits allow a few octets, as an array of 65,536 items that take none (§1.2.4),
 * which is decoded, written and compared here in code that counts its branches.
 */
const BOUNDS = { time: { base: 1500, perOctet: 0.05 }, memory: { base: 16_000_000, perOctet: 4000 } };
/** A machine that is busy, or a collector that runs, makes a run dear once, not five times. */
const ATTEMPTS = 5;

/** Milliseconds of processor time. */
export function time() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Octets in use. What a collection gives back in between makes the growth too small, never too large. */
function memory() {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

/** Runs a function on octets of which there are `size`; the least that several attempts cost must be within bounds. */
export function bounded(size, run, { time: times, memory: memories } = BOUNDS) {
  const most = { time: times.base + times.perOctet * size, memory: memories.base + memories.perOctet * size };
  let least = { time: Infinity, memory: Infinity };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const began = { time: time(), memory: memory() };
    run();
    least = {
      time: Math.min(least.time, time() - began.time),
      memory: Math.min(least.memory, memory() - began.memory),
    };
    if (least.time <= most.time && least.memory <= most.memory) return;
  }
  throw new Error(
    `${size} octets cost ${least.time.toFixed(0)} ms and ${least.memory} octets of memory; ` +
      `${most.time.toFixed(0)} and ${most.memory} are the bounds`,
  );
}

/** A target. The octets are copied: a fuzzer gives a Buffer over memory of its own. */
export const target = (run) => (octets) => {
  const bytes = new Uint8Array(octets);
  bounded(bytes.length, () => run(bytes));
};
