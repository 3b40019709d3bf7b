/**
 * Runs each scenario for long and fails where memory, handles or listeners grow. See README.md.
 * Usage: node --expose-gc soak/run.mjs [--minutes N] [--scenarios a,b]
 */
import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { alive } from '../clients/node/memory.mjs';
import { cancelled } from './cancelled.mjs';
import { connections, sockets } from './connections.mjs';
import { links } from './links.mjs';
import { stalled } from './stalled.mjs';
import { wrap } from './wrap.mjs';

const scenarios = { wrap, connections, sockets, links, stalled, cancelled };
const SAMPLES = 12;
/** The part of a run that warms up: compiled code and caches are not growth. */
const WARM = 3;
/** What may be more alive at the end than after warming up, in octets: noise of the collector. */
const TOLERANCE = 1_500_000;

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    scenarios: { type: 'string', default: Object.keys(scenarios).join(',') },
  },
});

/** What is alive, when all that has ended has come to rest. */
async function sample(signal) {
  for (let round = 0; round < 20; round++) await turn();
  return {
    memory: alive().heap,
    resources: process.getActiveResourcesInfo().length,
    listeners: getEventListeners(signal, 'abort').length,
  };
}

/** Repeats a scenario until it has done its share and the time is over; gives what was alive meanwhile. */
async function soak(scenario, milliseconds) {
  const { signal } = new AbortController();
  const running = await scenario(signal);
  const samples = [];
  const began = performance.now();
  let done = 0;
  for (let index = 0; index < SAMPLES; index++) {
    const until = began + (milliseconds * (index + 1)) / SAMPLES;
    const share = (running.least * (index + 1)) / SAMPLES;
    while (performance.now() < until || done < share) done += await running.step();
    samples.push(await sample(signal));
  }
  await running.end();
  return { done, what: running.what, seconds: (performance.now() - began) / 1000, samples };
}

/** Why a run has failed; empty where all is flat. */
function faultsOf({ samples }) {
  const settled = samples.slice(WARM);
  const [first] = settled;
  const last = settled.at(-1);
  const faults = [];
  // A leak grows all the time: the least of the last three samples shows it, one sample may show garbage.
  const end = Math.min(...settled.slice(-3).map(({ memory }) => memory));
  if (end - first.memory > TOLERANCE) faults.push(`memory grew by ${Math.round((end - first.memory) / 1000)} kB`);
  if (last.resources > first.resources) faults.push(`handles grew from ${first.resources} to ${last.resources}`);
  if (last.listeners > first.listeners) faults.push(`listeners grew from ${first.listeners} to ${last.listeners}`);
  return faults;
}

const names = options.scenarios.split(',');
const unknown = names.filter((name) => !(name in scenarios));
if (unknown.length > 0) throw new Error(`--scenarios: nothing is called ${unknown.join(', ')}`);
const milliseconds = (Number(options.minutes) * 60_000) / names.length;
if (!(milliseconds > 0)) throw new Error('--minutes takes a number above 0');

for (const name of names) {
  const result = await soak(scenarios[name], milliseconds);
  const faults = faultsOf(result);
  const memory = result.samples.map((one) => (one.memory / 1e6).toFixed(1)).join(' ');
  const { resources, listeners } = result.samples.at(-1);
  console.log(`${name}: ${result.done} ${result.what} in ${result.seconds.toFixed(0)} s`);
  console.log(`  alive, in MB: ${memory}; handles ${resources}; listeners ${listeners}`);
  for (const fault of faults) console.log(`  FAULT: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
