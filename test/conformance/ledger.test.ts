import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The eleven rules of the group `header`, with what differs from a plain rule. */
function rules(changes: Readonly<Record<string, object>> = {}): object[] {
  return Array.from({ length: 11 }, (_, index) => {
    const id = `H-${String(index + 1).padStart(2, '0')}`;
    const absent = { client: 'It has no such thing.', broker: 'Nor has this.' };
    return { id, level: 'must', section: '2.2', rule: 'A rule.', absent, ...changes[id] };
  });
}

/** Checks invented rules against invented titles of tests, given as `folder/file > title`. */
function check(group: readonly object[], tests: readonly string[]): { status: number | null; problems: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'amqp1-conformance-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'rules/header.json'), JSON.stringify(group));
  const titles = tests.map((text) => {
    const [path = '', name = ''] = text.split(' > ');
    return { name, file: join(root, `test/${path}.test.ts`) };
  });
  writeFileSync(join(folder, 'titles.json'), JSON.stringify(titles));
  const options = ['--check', '--group', 'header', '--rules', join(folder, 'rules')];
  const { status, stderr } = spawnSync(
    process.execPath,
    ['scripts/conformance.mjs', ...options, '--titles', join(folder, 'titles.json')],
    { cwd: root, encoding: 'utf8' },
  );
  return { status, problems: stderr.split('\n').filter((line) => line !== '') };
}

describe('the check of the conformance page', () => {
  it('is content when each side of a rule has a test or a reason', { timeout: 60_000 }, () => {
    const proven = { 'H-01': { absent: undefined }, 'H-02': { absent: undefined }, 'H-03': { absent: undefined } };
    const oneSided = { 'H-04': { sides: ['broker'], absent: undefined } };
    const tests = [
      'engine/a > [H-01] shared',
      'client/b > [H-02, H-03] two',
      'conformance/broker/c > [H-02] one',
      "broker/d > ['H-03'] of a table",
      'broker/d > [H-04] for the broker only',
      'codec/e > [BE-01] a bad input, [L-17] a group that is not looked at, [1] no id',
    ];
    expect(check(rules({ ...proven, ...oneSided }), tests)).toEqual({ status: 0, problems: [] });
  });

  it('names rules without test or reason, stale reasons and ids that nothing has', { timeout: 60_000 }, () => {
    const missing = { 'H-01': { absent: { client: 'No.' } }, 'H-02': { absent: undefined } };
    const tests = [
      'parity/a > [H-02] for the client',
      'broker/b > [H-03] beside a reason',
      'testing/c > [H-04] proves nothing for either side',
      'engine/d > [H-12] no rule',
      'engine/d > [BE-99] no bad input',
    ];
    const { status, problems } = check(rules(missing), tests);
    expect(status).toBe(1);
    expect(problems).toEqual([
      'H-01: neither a test nor a reason for the broker',
      'H-02: neither a test nor a reason for the broker',
      'H-03: the reason for the broker is stale: see broker/b',
      'engine/d: no rule or bad input is H-12: "[H-12] no rule"',
      'engine/d: no rule or bad input is BE-99: "[BE-99] no bad input"',
    ]);
  });

  it('names rules that are lacking, doubled, of another group or not whole', { timeout: 60_000 }, () => {
    const [first = {}, ...others] = rules({
      'H-05': { level: 'perhaps' },
      'H-06': { absent: { client: ' ', broker: 'It is planned.' } },
      'H-07': { sides: ['client'] },
      'H-11': { id: 'S-11' },
    });
    const { status, problems } = check([first, first, ...others], []);
    expect(status).toBe(1);
    expect(problems).toEqual([
      'header has 12 rules, not 11',
      'S-11 is no rule of header',
      'H-01 is there twice',
      'H-05: level, section or rule is missing',
      'H-06: an empty reason',
      'H-06: a promise is no reason',
      'H-07: a reason for the broker, which the rule does not concern',
    ]);
  });
});
