/** What the runner of the examples takes as "skipped": the example needs a broker that is not here. */
const SKIPPED = 75;

/** Ends an example that cannot run here, and says why. */
export function skip(why: string): never {
  console.log(`skipped: ${why}`);
  process.exit(SKIPPED);
}

/** A variable of the environment that an example for one kind of broker needs. */
export function needed(name: string, what: string): string {
  return process.env[name] ?? skip(`set ${name} to ${what}`);
}
