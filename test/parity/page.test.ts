import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the check of the parity pages; `problems` are the lines that it prints. */
function check(...options: string[]): { status: number | null; problems: readonly string[] } {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/parity.mjs', '--check', ...options], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, problems: stderr.split('\n').filter((line) => line !== '') };
}

/** A copy of the data in which a text was replaced, wherever it is. */
function changed(file: string, changes: readonly (readonly [string, string])[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'amqp1-parity-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, 'docs/parity'), folder, { recursive: true });
  let text = readFileSync(join(folder, file), 'utf8');
  for (const [before, after] of changes) {
    expect(text).toContain(before);
    text = text.replaceAll(before, after);
  }
  writeFileSync(join(folder, file), text);
  return folder;
}

describe('the parity pages', () => {
  it('name everything of go-amqp, and nothing that is not in our API and tests', { timeout: 60_000 }, () => {
    expect(check()).toEqual({ status: 0, problems: [] });
  });
});

describe('the check of the parity pages', () => {
  it('finds names without a row, rows without a name, and rows that say nothing', { timeout: 60_000 }, () => {
    const folder = changed('go-amqp.json', [
      ['"names": ["Dial"]', '"names": ["Dail", "NewConn"]'],
      ['"note": "text in place of a pointer"', '"note": "planned"'],
      ['"here": ["Connection"]', '"here": []'],
    ]);
    const { status, problems } = check('--data', folder);
    expect(status).toBe(1);
    expect(problems).toEqual(
      expect.arrayContaining([
        'Dial of v1.7.0 has no row',
        'Dail is no name of v1.7.0',
        'NewConn has two rows',
        'Conn: neither a name of ours nor a reason',
        'SenderOptions.SettlementMode: a promise is no row',
      ]),
    );
  });

  it('finds members, calls and values that our API does not have', { timeout: 60_000 }, () => {
    const folder = changed('go-amqp.json', [
      ['"Sender.send()"', '"Sender.sned()"'],
      ['"Receiver.address"', '"Receiver.address()"'],
      ["LinkOptions.senderSettleMode = 'mixed'", "LinkOptions.senderSettleMode = 'maybe'"],
      ['"SenderOptions.source.durability"', '"SenderOptions.source.dynamic"'],
      ['"connect()"', '"dial()"'],
    ]);
    const { status, problems } = check('--data', folder);
    expect(status).toBe(1);
    expect(problems.toSorted()).toEqual(
      [
        'Sender.sned()',
        'Receiver.address()',
        "LinkOptions.senderSettleMode = 'maybe'",
        'SenderOptions.source.dynamic',
        'dial()',
      ]
        .map((name) => `${name} is no name of this package`)
        .toSorted(),
    );
  });

  it('finds tests that are not there', { timeout: 60_000 }, () => {
    const folder = changed('rhea.json', [
      ['client/attach > ', 'client/atach > '],
      ['client/send > sends with credit, and does nothing without', 'client/send > sends with credit'],
      ['[BE-06] frame size 7', '[BE-06] frame size 8'],
    ]);
    const { status, problems } = check('--data', folder);
    expect(status).toBe(1);
    expect(problems).toContain('test/client/send.test.ts has no test "sends with credit"');
    expect(problems).toContain('test/bad-inputs/client.test.ts has no test "[BE-06] frame size 8"');
    expect(problems.join('\n')).toContain('there is no test file test/client/atach.test.ts');
  });
});
