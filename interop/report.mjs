/** Prints the table of results: a column for each peer, a row for each scenario. */

const SKIPPED = '-';

/** Tells one result while the run goes on. */
export function tellResult({ peer, scenario, state, ms, rows, error }) {
  const named = rows.length > 0 ? `: ${rows.map(([row]) => row).join('; ')}` : '';
  console.log(`  ${state.padEnd(10)} ${peer} ${scenario} (${Math.round(ms)} ms)${named}`);
  if (error) console.log(indent(error.stack ?? String(error)));
}

const indent = (text) => text.replaceAll(/^/gm, '      ');

/** Prints the whole table, and the reasons of the capability rows below it. */
export function tellAll(results, skipped) {
  const peers = [...new Set([...results.map(({ peer }) => peer), ...skipped.keys()])];
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))];
  const notes = [];
  const cell = (peer, scenario) => {
    if (skipped.has(peer)) return 'skipped';
    const result = results.find((one) => one.peer === peer && one.scenario === scenario);
    if (result === undefined) return SKIPPED;
    const marks = byReason(result.rows).map(([reason, names]) => {
      notes.push(`[${notes.length + 1}] ${peer}, ${scenario}: ${names.join('; ')}: ${reason}`);
      return `[${notes.length}]`;
    });
    return [result.state, ...compact(marks)].join(' ');
  };
  const table = [
    ['', ...peers],
    ...scenarios.map((scenario) => [scenario, ...peers.map((peer) => cell(peer, scenario))]),
  ];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  console.log('');
  for (const row of table)
    console.log(
      row
        .map((text, column) => text.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  if (notes.length > 0) console.log(`\nCapability rows:\n${notes.join('\n')}`);
  for (const [peer, reason] of skipped) console.log(`\nSKIPPED ${peer}: ${reason}`);
}

/** Rows of one reason are told together. */
function byReason(rows) {
  const names = new Map();
  for (const [row, reason] of rows) names.set(reason, [...(names.get(reason) ?? []), row]);
  return [...names];
}

/** `[3] [4] [5]` as `[3]-[5]`. */
function compact(marks) {
  return marks.length > 2 ? [`${marks[0]}-${marks.at(-1)}`] : marks;
}
