/**
 * Runs clients through RabbitMQ 4, and tells what each of them and the broker costs. See ../README.md for the method.
 * Usage: node brokers/run.mjs [--runs N] [--count N] [--json FILE]
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findClients } from '../clients.mjs';
import { warmUp } from '../clients/node/task.mjs';
import { describeEnvironment } from '../environment.mjs';
import { runClient } from '../measure.mjs';
import { printReport } from '../report.mjs';
import { summarize } from '../summary.mjs';
import { startBroker } from './broker.mjs';
import { SCENARIOS } from './scenarios.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    count: { type: 'string', default: '100000' },
    json: { type: 'string' },
  },
});

/** One client in one scenario, and what the broker did meanwhile. */
async function measure(broker, client, scenario, count, address) {
  const offset = scenario.queueType === 'stream' ? ['first'] : [];
  const before = broker.cpuMicros();
  const began = performance.now();
  const figures = await runClient(client, scenario, [
    scenario.task,
    '127.0.0.1',
    broker.port,
    count,
    address,
    ...offset,
  ]);
  const wallMicros = (performance.now() - began) * 1000;
  const cpuMicros = broker.cpuMicros() - before;
  return {
    ...figures,
    clientBusy: (figures.cpuMicrosPerMessage * figures.messagesPerSecond) / 1e6,
    brokerCpuMicrosPerMessage: cpuMicros / (count + warmUp(scenario.task, count)),
    brokerBusy: cpuMicros / wallMicros,
  };
}

/** All scenarios of one kind of queue for one client: what it has sent it receives, so that nothing may be missing. */
async function measureQueue(broker, client, scenarios, count, note) {
  let address;
  for (const scenario of scenarios) {
    if (scenario.task !== 'receive') address = await broker.queue('bench', { 'x-queue-type': scenario.queueType });
    await note(scenario, () => measure(broker, client, scenario, scenario.count(count), address));
  }
}

async function runAll(broker, clients, runs, count) {
  const results = [];
  const failures = [];
  for (let run = 0; run < runs; run++) {
    for (const queueType of new Set(SCENARIOS.map((scenario) => scenario.queueType))) {
      const scenarios = SCENARIOS.filter((scenario) => scenario.queueType === queueType);
      for (const client of run % 2 === 0 ? clients : clients.toReversed())
        await measureQueue(broker, client, scenarios, count, async ({ name }, work) => {
          console.error(`run ${run + 1} of ${runs}: ${name} ${client.name}`);
          try {
            results.push({ run, scenario: name, client: client.name, figures: await work() });
          } catch (error) {
            failures.push({ run, scenario: name, client: client.name, error: error.message });
          }
        });
    }
  }
  return { results, failures };
}

const runs = Number(options.runs);
const count = Number(options.count);
const known = findClients();
const wanted = [...new Set(SCENARIOS.flatMap((scenario) => scenario.clients))].map((name) => known.get(name));
const clients = wanted.filter(({ missing }) => missing === undefined);
const missing = wanted.flatMap(({ name, missing: what }) => (what === undefined ? [] : [{ client: name, what }]));
const environment = describeEnvironment(clients);
const broker = await startBroker();
try {
  const { results, failures } = await runAll(broker, clients, runs, count);
  const summary = summarize(results, SCENARIOS);
  const settings = { runs, count, environment, missing, failures };
  printReport(settings, summary, SCENARIOS);
  // npm runs this script in bench/; INIT_CWD is where it was asked to.
  const target = (file) => resolve(process.env.INIT_CWD ?? '.', file);
  if (options.json !== undefined)
    writeFileSync(target(options.json), `${JSON.stringify({ ...settings, summary, results }, null, 2)}\n`);
  if (failures.length > 0) process.exitCode = 1;
} finally {
  await broker.stop();
}
