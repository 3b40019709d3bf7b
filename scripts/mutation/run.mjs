/**
 * Changes the sources of a room, one small change at a time, and looks whether a test fails. See README.md.
 * Usage: node scripts/mutation/run.mjs codec|engine [--files utf8.ts,writer.ts] [--concurrency 2] [--again] [--force]
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { endOf } from './ends.mjs';

/**
 * The folders of tests that answer for each room. Left out are utf8-host, which loads the codec anew without `Buffer`
 * and takes vitest itself for that, and tables, which runs the generator from the root of the repository.
 */
const ROOMS = {
  codec: { tests: ['codec', 'definitions'], without: ['utf8-host.test.ts', 'tables.test.ts'] },
  engine: { tests: ['engine'], without: [] },
};

/** Milliseconds that a mutant may take, besides three times the time of its tests. `--again` gives more. */
const TIME_LIMIT = 6000;
const TIME_LIMIT_AGAIN = 30_000;

const root = join(import.meta.dirname, '../..');
const scratch = join(root, 'build/mutation');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: 'string' },
    concurrency: { type: 'string', default: '1' },
    again: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
  },
});
const [name] = positionals;
const room = ROOMS[name];
if (room === undefined) {
  console.error(
    `usage: npm run mutation -- ${Object.keys(ROOMS).join('|')} [--files a.ts,b.ts] [--concurrency 1] [--again] [--force]`,
  );
  process.exit(2);
}

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Copies the runner beside its dependencies, and installs those where they are missing or of another version. */
function install() {
  mkdirSync(scratch, { recursive: true });
  const wanted = readFileSync(join(import.meta.dirname, 'package.json'), 'utf8');
  const at = join(scratch, 'package.json');
  const installed = existsSync(join(scratch, 'node_modules')) && readFileSync(at, 'utf8') === wanted;
  writeFileSync(at, wanted);
  for (const file of ['runner.mjs', 'suite.mjs', 'ends.mjs', 'options.json'])
    copyFileSync(join(import.meta.dirname, file), join(scratch, file));
  if (!installed) run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], scratch);
}

/** Forgets the results that only the clock gave, so that they are found anew. */
function forgetTimed(incrementalFile) {
  if (!existsSync(incrementalFile)) return;
  const report = JSON.parse(readFileSync(incrementalFile, 'utf8'));
  for (const file of Object.values(report.files))
    file.mutants = file.mutants.filter((mutant) => endOf(mutant) !== 'timed');
  writeFileSync(incrementalFile, JSON.stringify(report));
}

const testFiles = room.tests.flatMap((folder) =>
  readdirSync(join(root, 'test', folder))
    .filter((file) => file.endsWith('.test.ts') && !room.without.includes(file))
    .map((file) => `test/${folder}/${file}`),
);

const mutate =
  values.files === undefined ? [`src/${name}/**/*.ts`] : values.files.split(',').map((file) => `src/${name}/${file}`);

const incrementalFile = join(scratch, `${name}.json`);
if (values.again) forgetTimed(incrementalFile);

const config = {
  plugins: [join(scratch, 'runner.mjs')],
  testRunner: 'warm',
  warm: { tests: testFiles },
  mutate,
  coverageAnalysis: 'perTest',
  concurrency: Number(values.concurrency),
  // Each load of the bundle stays in the module cache: a fresh process now and then keeps the memory small.
  maxTestRunnerReuse: 300,
  testRunnerNodeArgs: ['--max-old-space-size=1500'],
  timeoutMS: values.again ? TIME_LIMIT_AGAIN : TIME_LIMIT,
  timeoutFactor: 3,
  dryRunTimeoutMinutes: 10,
  incremental: true,
  force: values.force,
  incrementalFile,
  tempDirName: relative(root, join(scratch, 'sandbox', name)),
  // Only what the tests read is copied.
  ignorePatterns: ['**', '!src/**', '!test/**', '!spec/**', '!package.json'],
  // A file that does not exist: Stryker would rewrite the project's own, which nothing here needs.
  tsconfigFile: 'tsconfig.none.json',
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { logTests: false, allowColor: false, reportTests: false },
  thresholds: { high: 95, low: 85, break: null },
};

install();
const configFile = join(scratch, `stryker.${name}.json`);
writeFileSync(configFile, JSON.stringify(config, undefined, 2));
run(process.execPath, [join(scratch, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', configFile], root);
