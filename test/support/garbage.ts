import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Has all garbage collected, once all that is ready has run. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('garbage cannot be collected here');
  await new Promise<void>((resolve) => setImmediate(resolve));
  collect();
}
