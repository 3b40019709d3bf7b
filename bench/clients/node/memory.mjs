/** What the operating system and the engine say about the memory of this process. */
import { readFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** A line of /proc/self/status in octets: VmRSS is the memory that is resident, VmHWM its peak. */
function status(name) {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error(`the system does not tell ${name}`);
  return Number(kibibytes) * 1024;
}

/** Collects all garbage; the process runs with --expose-gc. */
export function collect() {
  globalThis.gc();
  globalThis.gc();
}

/** The peak of resident memory above what it was at `start()`, in sizes of the message that caused it. */
export class PeakMemory {
  #before = 0;

  start() {
    collect();
    this.#before = status('VmRSS');
  }

  figures(size) {
    return { peakOverSize: (status('VmHWM') - this.#before) / size };
  }
}

/** What is alive, after a collection: objects, buffers outside of the heap, and all that is resident. */
export function alive() {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed + external, resident: status('VmRSS') };
}

/**
 * The octets that `work` allocates: what the heap and the buffers outside of it grow by while nothing is collected.
 * The young generation has to be large enough for all of it; a run in which a collection happened is refused.
 */
export async function allocated(work) {
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  collect();
  await delay(20);
  observer.observe({ entryTypes: ['gc'] });
  const before = process.memoryUsage();
  await work();
  const after = process.memoryUsage();
  await delay(20);
  observer.disconnect();
  if (collections > 0) throw new Error(`${collections} collections while allocations were counted`);
  return after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers);
}
