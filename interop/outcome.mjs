/** What became of one scenario: `{ state: 'pass' | 'capability' | 'FAIL', ms, rows, error }`. */

const LIMIT = 60_000;

/** Runs `work` within a minute. A capability row that was met is told; one that was not is a failure. */
export async function outcomeOf(work, use) {
  const started = performance.now();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT} ms`)), LIMIT);
  });
  try {
    await Promise.race([work(), late]);
    if (use.leftOver.length > 0) throw new Error(`capability rows that were not met: ${use.leftOver.join(', ')}`);
    return { state: use.met.length > 0 ? 'capability' : 'pass', ms: performance.now() - started, rows: use.met };
  } catch (error) {
    return { state: 'FAIL', ms: performance.now() - started, rows: use.met, error };
  } finally {
    clearTimeout(timer);
  }
}
