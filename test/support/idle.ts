/**
 * Lets everything run that is ready, and all that it makes ready: microtasks, ticks, and what waits for the end of a turn
 * of the event loop, as writes do.
 */
export async function idle(): Promise<void> {
  do await new Promise<void>((resolve) => setImmediate(resolve));
  while (process.getActiveResourcesInfo().includes('Immediate'));
}
