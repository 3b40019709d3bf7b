/**
 * The interop run: `npm run interop [PEER...]`. Starts the peers, runs the scenarios, prints the table, stops the peers.
 * The exit code is 1 if a scenario fails or, with CI set in the environment, if a peer is missing. See README.md.
 */
import { runClient } from './client-run.mjs';
import { runDissector } from './dissector.mjs';
import { clients, runForeign } from './foreign-run.mjs';
import { peers, script } from './peers.mjs';
import { tellAll, tellResult } from './report.mjs';
import { prepare } from './setup.mjs';

const all = [...Object.keys(peers), ...Object.keys(clients), 'tshark'];
const chosen = process.argv.length > 2 ? process.argv.slice(2) : all;

/** What takes part in the run, tshark apart; some have to be started. */
const parts = { ...peers, ...clients };
const results = [];
const skipped = new Map();

function resultsOf(name) {
  if (name in peers) return runClient(name, peers[name]);
  if (name in clients) return runForeign(name);
  return runDissector();
}

/** Starts the brokers, and makes the programs, that can be; the others are skipped. */
async function start(names) {
  await script('certs.sh');
  const starting = names.map(async (name) => {
    try {
      await parts[name].start();
    } catch (error) {
      skipped.set(name, error.message);
    }
  });
  await Promise.all(starting);
}

async function stop(names) {
  await Promise.all(names.map((name) => parts[name].stop?.()));
}

async function runAll() {
  for (const [name, reason] of await prepare(chosen)) skipped.set(name, reason);
  const started = chosen.filter((name) => parts[name]?.start && !skipped.has(name));
  const interrupted = () => void stop(started).finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    console.log(`starting ${started.join(', ')}`);
    await start(started);
    for (const name of chosen.filter((one) => !skipped.has(one)))
      for await (const result of resultsOf(name)) {
        tellResult(result);
        results.push(result);
      }
  } finally {
    await stop(started);
  }
}

const unknown = chosen.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(2);
}
await runAll();
tellAll(results, skipped);
const failed = results.filter(({ state }) => state === 'FAIL').length;
const missing = process.env.CI ? skipped.size : 0;
console.log(`\n${results.length - failed} passed, ${failed} failed, ${skipped.size} peers skipped`);
process.exit(failed + missing > 0 ? 1 : 0);
