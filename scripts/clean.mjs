/** Removes everything that is built. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

for (const folder of ['dist', 'build', 'coverage']) {
  rmSync(join(import.meta.dirname, '..', folder), { recursive: true, force: true });
}
