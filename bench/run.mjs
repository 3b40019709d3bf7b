/**
 * Runs every client against one peer and prints what each message cost. See README.md for the method.
 * Usage: node run.mjs [--runs N] [--count N] [--clients a,b] [--scenarios a,b] [--json FILE]
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { warmUp } from './clients/meter.mjs';
import { printTables } from './report.mjs';
import { summarize } from './summary.mjs';

const PLAN = [
  ['send', 'amqp1'],
  ['send', 'rhea'],
  ['send', 'straight-line'],
  ['receive', 'amqp1'],
  ['receive', 'rhea'],
  ['receive', 'straight-line'],
  ['receive-read', 'amqp1'],
  ['receive-consume', 'amqp1'],
];
const CLIENT_TIME_LIMIT = 120_000;

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    count: { type: 'string', default: '300000' },
    clients: { type: 'string' },
    scenarios: { type: 'string' },
    json: { type: 'string' },
  },
});

function positiveInteger(name) {
  const value = Number(options[name]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} takes a positive integer`);
  return value;
}

/** Starts a program; its output is read line by line as JSON. */
function start(program, ...parameters) {
  const child = fork(new URL(program, import.meta.url), parameters, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${program} ${parameters.join(' ')} ended without a result`);
    return JSON.parse(value);
  };
  return { child, next };
}

/** One client from start to end: what it printed and what the peer saw of it. */
async function run(peer, scenario, client, count) {
  const { child, next } = start(`clients/${client}.mjs`, scenario, '127.0.0.1', String(peer.port), String(count));
  const timer = setTimeout(() => child.kill('SIGKILL'), CLIENT_TIME_LIMIT);
  try {
    const exit = once(child, 'exit');
    const [result, seen] = await Promise.all([next(), peer.next()]);
    const [code, signal] = await exit;
    if (code !== 0) throw new Error(`${client} ${scenario} ended with ${signal ?? code}`);
    return { result, seen };
  } finally {
    clearTimeout(timer);
  }
}

/** Runs one client and refuses its result unless the peer saw every message and its acceptance. */
async function measure(peer, scenario, client, count) {
  const { result, seen } = await run(peer, scenario, client, count);
  if (seen.failure !== undefined) throw new Error(`${client} ${scenario}: the peer met ${seen.failure}`);
  const total = count + warmUp(count);
  // Of what it receives, the peer accepts all that is not settled: a sender must not have sent it settled.
  if (seen.transfers !== total || seen.accepted !== total) {
    throw new Error(`${client} ${scenario}: of ${total}, ${seen.transfers} transferred, ${seen.accepted} accepted`);
  }
  return {
    scenario,
    client,
    ...result,
    peerCpuMicrosPerMessage: seen.cpuMicros / total,
    peerBusy: seen.cpuMicros / seen.wallMicros,
  };
}

function environment() {
  const require = createRequire(import.meta.url);
  return {
    node: process.version,
    rhea: require('rhea/package.json').version,
    amqp1: require('../package.json').version,
    commit: commit(),
    cpu: os.cpus()[0]?.model,
    cores: os.cpus().length,
    system: `${os.type()} ${os.release()}`,
    loadBefore: os.loadavg()[0],
    date: new Date().toISOString(),
  };
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

function selectedPlan() {
  const listed = (name, value) => options[name] === undefined || options[name].split(',').includes(value);
  const plan = PLAN.filter(([scenario, client]) => listed('scenarios', scenario) && listed('clients', client));
  if (plan.length === 0) throw new Error('nothing of the plan is selected');
  return plan;
}

const runs = positiveInteger('runs');
const count = positiveInteger('count');
const plan = selectedPlan();
const settings = { runs, count, environment: environment() };
const { child, next } = start('peer.mjs');
try {
  const peer = { next, port: (await next()).port };
  // Discarded: the peer's own code is compiled by the time the first client is measured.
  for (const scenario of ['send', 'receive']) await measure(peer, scenario, 'straight-line', count);
  const results = [];
  for (let index = 0; index < runs; index++) {
    console.error(`run ${index + 1} of ${runs}`);
    const order = index % 2 === 0 ? plan : plan.toReversed();
    for (const [scenario, client] of order)
      results.push({ run: index, ...(await measure(peer, scenario, client, count)) });
  }
  const summary = summarize(results);
  printTables(settings, summary);
  if (options.json !== undefined) {
    // npm runs this script in bench/; INIT_CWD is where it was asked to.
    const file = resolve(process.env.INIT_CWD ?? '.', options.json);
    writeFileSync(file, `${JSON.stringify({ ...settings, ...summary, results }, null, 2)}\n`);
  }
} finally {
  child.kill();
}
