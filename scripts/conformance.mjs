/**
 * Writes docs/conformance.md: each rule of the protocol with the tests that prove it, from test/conformance/rules and
 * the titles of all tests.
 *
 * `--check` writes nothing and fails where a rule has neither a test nor a reason, a reason or an id is stale, or the
 * page differs. `--group types,framing` looks at these groups only and leaves the page alone. `--titles FILE` takes the
 * titles from a file that `vitest list --json=FILE` wrote, instead of asking vitest;
 * `--rules FOLDER` reads other rules and leaves the page alone: that is how the check is tested.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { page } from './conformance-page.mjs';
import { groups, problemsOf, readRules, testsById } from './conformance-rules.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: given } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    group: { type: 'string' },
    titles: { type: 'string' },
    rules: { type: 'string' },
  },
});
const path = join(root, 'docs/conformance.md');
const chosen = given.group?.split(',') ?? groups.map(({ name }) => name);
const hasPage = given.group === undefined && given.rules === undefined;

/** The titles as vitest itself makes them, so that those made from tables of data are whole. */
function listTests() {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const file = join(folder, 'titles.json');
  try {
    const command = ['vitest', 'list', '--no-isolate', `--json=${file}`];
    execFileSync('npx', command, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const tests = given.titles === undefined ? listTests() : JSON.parse(readFileSync(given.titles, 'utf8'));
const badInputs = JSON.parse(readFileSync(join(root, 'test/data/bad-inputs.json'), 'utf8')).cases.map(({ id }) => id);
const { rules, problems } = readRules(given.rules ?? join(root, 'test/conformance/rules'), chosen);
const known = testsById(tests);
problems.push(...problemsOf(rules, known, badInputs, chosen));

if (hasPage) {
  const text = page(rules, known);
  if (!given.check) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== text)
    problems.push('docs/conformance.md is old: run npm run conformance');
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`conformance: ${rules.length} rules, ${tests.length} tests`);
