/** The tables that a run prints, in Markdown: one for each scenario or family of scenarios. */
import { FIGURES } from './figures.mjs';
import { SCENARIOS } from './scenarios.mjs';

const times = (value) => `${value.toFixed(2)}×`;

/** A median, with least and greatest in brackets where there are several values. */
function cell(spread, format) {
  if (spread === undefined) return '–';
  const { median, min, max } = spread;
  return min === max ? format(median) : `${format(median)} (${format(min)} – ${format(max)})`;
}

function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Tables have a line for each client, or for each size and client of a family. */
function groups(summary, scenarios) {
  const found = new Map();
  for (const { scenario: name, rows } of summary) {
    const scenario = scenarios.find((one) => one.name === name);
    const key = scenario.family ?? name;
    const group = found.get(key) ?? { title: key, scenario, rows: [] };
    group.rows.push(...rows);
    found.set(key, group);
  }
  return [...found.values()];
}

function printGroup({ title, scenario, rows }) {
  const { figures } = scenario;
  const compared = figures.slice(0, 2);
  const head = [
    'client',
    ...figures.map((name) => FIGURES[name].label),
    ...compared.map((name) => `amqp1 better: ${FIGURES[name].label}`),
  ];
  const label = (row) => (row.scenario === title ? row.client : `${row.client}, ${row.scenario}`);
  const lines = rows.map((row) => [
    label(row),
    ...figures.map((name) => cell(row.figures[name], FIGURES[name].format)),
    ...compared.map((name) => cell(row.ratios[name], times)),
  ]);
  console.log(`\n## ${title}: ${scenario.says}\n\n${table(head, lines)}`);
}

/** Prints settings and results. */
export function printReport({ runs, count, environment, missing, failures }, summary, scenarios = SCENARIOS) {
  const { clients, node, cpu, cores, system, loadBefore, commit = 'unknown' } = environment;
  const versions = Object.entries(clients).map(([name, version]) => `${name} ${version}`);
  console.log(`${runs} runs, count ${count}. Median (least – greatest). Commit ${commit}.`);
  console.log(`Node ${node}; ${cpu}, ${cores} cores, ${system}, load ${loadBefore.toFixed(2)} before.`);
  console.log(`${versions.join('; ')}.`);
  for (const { client, what } of missing) console.log(`Missing: ${client}, ${what}`);
  for (const group of groups(summary, scenarios)) printGroup(group);
  if (failures.length === 0) return;
  console.log('\n## Failed\n');
  for (const { run, scenario, client, error } of failures) console.log(`- run ${run}: ${client} ${scenario}: ${error}`);
}
