import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const page = join(import.meta.dirname, '../../docs/recovery.md');
const rows = readFileSync(page, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| a message or call') && !line.startsWith('| ---'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, call = '', , shownBy = '']) => ({ call, shownBy }));

describe('the page of recovery', () => {
  it('has a row for each thing that may become of a message', () => {
    expect(rows.length).toBeGreaterThanOrEqual(14);
  });

  it.each(rows)('names a test that exists: $call', ({ shownBy }) => {
    const [, path = '', title = ''] = /^\[[^\]]+\]\(([^)]+)\): (.+)$/.exec(shownBy) ?? [];
    expect(title).not.toBe('');
    expect(readFileSync(join(dirname(page), path), 'utf8')).toContain(`'${title}'`);
  });
});
