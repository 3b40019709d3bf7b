/**
 * Runs every example, one after the other, each on an embedded broker of its own. Fails if one of them fails. An
 * example that needs a broker of another kind ends with the exit status 75 and says what to set: it is skipped.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** As examples/support/elsewhere.ts has it. */
const SKIPPED = 75;
const folder = join(import.meta.dirname, '../build/examples');
const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
const counts = { passed: 0, skipped: 0, FAILED: 0 };
for (const name of names) {
  const startedAt = performance.now();
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [join(folder, name)], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const result = status === 0 ? 'passed' : status === SKIPPED ? 'skipped' : 'FAILED';
  counts[result]++;
  console.log(`${result.padEnd(7)} ${name}  ${Math.round(performance.now() - startedAt)} ms`);
  if (result === 'skipped') console.log(`        ${stdout.trim().replace(/^skipped: /, '')}`);
  if (result === 'FAILED') console.log(`${stdout}${stderr}(exit ${status ?? signal})`);
}
console.log(`${counts.passed} examples passed, ${counts.FAILED} failed, ${counts.skipped} skipped`);
if (counts.FAILED > 0 || counts.passed === 0) process.exitCode = 1;
