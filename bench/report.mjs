/** The tables that a run prints, in Markdown. */
import { warmUp } from './clients/meter.mjs';

const micros = (value) => value.toFixed(2);
const thousands = (value) => `${Math.round(value / 1000)} k`;
const percent = (value) => `${Math.round(value * 100)} %`;
const times = (value) => `${value.toFixed(2)}×`;
const cell = ({ median, min, max }, format) => `${format(median)} (${format(min)} – ${format(max)})`;

function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Prints settings, results and ratios; every figure is a median with least and greatest in brackets. */
export function printTables({ runs, count, environment }, { rows, ratios }) {
  const { node, rhea, cpu, cores, system, loadBefore, commit = 'unknown' } = environment;
  console.log(`
${runs} runs of ${count} messages of 100 bytes after ${warmUp(count)} for warm-up. Median (least – greatest).
Node ${node}, rhea ${rhea}, commit ${commit}; ${cpu}, ${cores} cores, ${system}, load ${loadBefore.toFixed(2)} before.
`);
  const head = ['scenario', 'client', 'client CPU µs/message', 'messages/s', 'peer CPU µs/message', 'peer busy'];
  const results = rows.map((row) => [
    row.scenario,
    row.client,
    cell(row.cpuMicrosPerMessage, micros),
    cell(row.messagesPerSecond, thousands),
    cell(row.peerCpuMicrosPerMessage, micros),
    cell(row.peerBusy, percent),
  ]);
  console.log(table(head, results));
  if (ratios.length === 0) return;
  const comparisons = ratios.map((row) => [
    `amqp1 ${row.scenario}`,
    row.other,
    cell(row.lessCpu, times),
    cell(row.moreMessages, times),
  ]);
  console.log(`\n${table(['this', 'against', 'client CPU: other / this', 'messages/s: this / other'], comparisons)}`);
}
