/**
 * Prints what build/mutation/<room>.json holds: the score of each file as a Markdown table, or every survivor.
 * Usage: node scripts/mutation/report.mjs codec|engine [--survivors] [--timed] [--file utf8.ts]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endOf } from './ends.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    survivors: { type: 'boolean', default: false },
    timed: { type: 'boolean', default: false },
    file: { type: 'string', default: '' },
  },
});
const [room = 'codec'] = positionals;
const { files } = JSON.parse(readFileSync(join(import.meta.dirname, `../../build/mutation/${room}.json`), 'utf8'));
const chosen = Object.entries(files)
  .filter(([path]) => path.startsWith(`src/${room}/`) && path.endsWith(values.file))
  .sort(([a], [b]) => (a < b ? -1 : 1));

function printMutants(end) {
  for (const [path, { source, mutants }] of chosen) {
    const lines = source.split('\n');
    for (const mutant of mutants.filter((one) => endOf(one) === end)) {
      const { start, end: last } = mutant.location;
      const line = lines[start.line - 1];
      const from = start.line === last.line ? line.slice(start.column - 1, last.column - 1) : '…';
      const mark = mutant.status === 'NoCoverage' ? ' (no test)' : '';
      const to = mutant.replacement.replaceAll(/\s+/g, ' ');
      console.log(`${path}:${start.line}:${start.column} ${mutant.mutatorName}${mark}: ${from} => ${to}`);
      console.log(`    ${line.trim()}`);
    }
  }
}

function printRow(name, mutants) {
  const count = (wanted) => mutants.filter((mutant) => endOf(mutant) === wanted).length;
  const [failed, endless, timed, survived] = ['failed', 'endless', 'timed', 'survived'].map(count);
  const all = failed + endless + timed + survived;
  const percent = (killed) => (all === 0 ? '' : ((100 * killed) / all).toFixed(1));
  const cells = [all, failed, endless, timed, survived, percent(all - survived), percent(failed + endless)];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}

if (values.survivors) printMutants('survived');
else if (values.timed) printMutants('timed');
else {
  console.log('| file | mutants | test failed | endless | by time | survived | score % | at least % |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const [path, { mutants }] of chosen)
    if (mutants.length > 0) printRow(path.slice(`src/${room}/`.length), mutants);
  printRow(
    `**${room}**`,
    chosen.flatMap(([, { mutants }]) => mutants),
  );
}
