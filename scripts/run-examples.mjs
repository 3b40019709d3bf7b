/** Runs every example, one after the other, each on an embedded broker of its own. Fails if one of them fails. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../build/examples');
const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
let failed = 0;
for (const name of names) {
  const startedAt = performance.now();
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [join(folder, name)], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const passed = status === 0;
  console.log(`${passed ? 'passed' : 'FAILED'}  ${name}  ${Math.round(performance.now() - startedAt)} ms`);
  if (!passed) {
    failed++;
    console.log(`${stdout}${stderr}(exit ${status ?? signal})`);
  }
}
console.log(`${names.length - failed} examples passed, ${failed} failed`);
if (failed > 0 || names.length === 0) process.exitCode = 1;
