/**
 * Runs every client that is there through every scenario, against one peer. See README.md for the method.
 * Usage: node run.mjs [--runs N] [--count N] [--scenarios a,b] [--clients a,b] [--long] [--json FILE] [--chart FILE]
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { drawChart } from './chart.mjs';
import { findClients } from './clients.mjs';
import { describeEnvironment } from './environment.mjs';
import { measure, startPeer } from './measure.mjs';
import { printReport } from './report.mjs';
import { SCENARIOS } from './scenarios.mjs';
import { summarize } from './summary.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    count: { type: 'string', default: '1000000' },
    clients: { type: 'string' },
    scenarios: { type: 'string' },
    long: { type: 'boolean', default: false },
    json: { type: 'string' },
    chart: { type: 'string' },
  },
});

function positiveInteger(name) {
  const value = Number(options[name]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} takes a positive integer`);
  return value;
}

/** The names that an option lists; refuses those that nothing has. */
function listed(option, known) {
  if (options[option] === undefined) return undefined;
  const names = options[option].split(',');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`--${option}: nothing is called ${unknown.join(', ')}`);
  return new Set(names);
}

/** What is to be run, and what is missing for it. */
function makePlan(clients) {
  const scenarios = listed(
    'scenarios',
    SCENARIOS.flatMap(({ name, family = name }) => [name, family]),
  );
  const wanted = listed('clients', [...clients.keys()]);
  const selected = SCENARIOS.filter(
    ({ name, family, long = false }) =>
      (scenarios?.has(name) ?? (!long || options.long)) || (scenarios?.has(family) && (!long || options.long)),
  );
  const all = selected.flatMap((scenario) =>
    scenario.clients
      .filter((name) => wanted?.has(name) ?? true)
      .map((name) => ({ scenario, client: clients.get(name) })),
  );
  const missing = new Set(all.map(({ client }) => client).filter((client) => client.missing !== undefined));
  return {
    plan: all.filter(({ client }) => client.missing === undefined),
    missing: [...missing].map(({ name, missing: what }) => ({ client: name, what })),
  };
}

/** Goes through the plan `runs` times, every second time backwards; a failure is noted and the rest goes on. */
async function runPlan(plan, runs, count, clients) {
  const results = [];
  const failures = [];
  let peer = await startPeer();
  try {
    await warmPeer(peer, clients.get('straight-line'), count);
    for (let run = 0; run < runs; run++) {
      for (const { scenario, client } of run % 2 === 0 ? plan : plan.toReversed()) {
        console.error(`run ${run + 1} of ${runs}: ${scenario.name} ${client.name}`);
        try {
          const figures = await measure(peer, scenario, client, scenario.count(count));
          results.push({ run, scenario: scenario.name, client: client.name, figures });
        } catch (error) {
          failures.push({ run, scenario: scenario.name, client: client.name, error: error.message });
          // What it still says about the client that failed must not be taken for the next one's.
          peer.stop();
          peer = await startPeer();
          await warmPeer(peer, clients.get('straight-line'), count);
        }
      }
    }
  } finally {
    peer.stop();
  }
  return { results, failures };
}

/** Discarded: the peer's own code is compiled by the time the first client is measured. */
async function warmPeer(peer, client, count) {
  const both = SCENARIOS.filter(({ name }) => name === 'send' || name === 'receive');
  for (const scenario of both) await measure(peer, scenario, client, count);
}

const runs = positiveInteger('runs');
const count = positiveInteger('count');
const clients = findClients();
const { plan, missing } = makePlan(clients);
if (plan.length === 0) throw new Error('nothing of the plan is selected');
const environment = describeEnvironment([...new Set(plan.map(({ client }) => client))]);
const { results, failures } = await runPlan(plan, runs, count, clients);
const summary = summarize(results);
const settings = { runs, count, environment, missing, failures };
printReport(settings, summary);
// npm runs this script in bench/; INIT_CWD is where it was asked to.
const target = (file) => resolve(process.env.INIT_CWD ?? '.', file);
if (options.json !== undefined) {
  writeFileSync(target(options.json), `${JSON.stringify({ ...settings, summary, results }, null, 2)}\n`);
}
if (options.chart !== undefined) writeFileSync(target(options.chart), drawChart({ ...settings, summary }));
if (failures.length > 0) process.exitCode = 1;
