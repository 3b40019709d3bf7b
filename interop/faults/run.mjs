/**
 * Faults during load: `npm run interop:faults [-- SITE...] [--only TEXT]`. For each fault, senders and receivers work
 * without a pause; the fault is done and undone; then the ledger of both sides must agree. See ../README.md.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { script } from '../peers.mjs';
import { prepare } from '../setup.mjs';
import { faultsOf, outage } from './faults.mjs';
import { Load } from './load.mjs';
import { Memory } from './memory.mjs';
import { Proxy } from './proxy.mjs';
import { sites } from './sites.mjs';
import { header, row } from './table.mjs';

/** How long the load runs before a fault, and after everything is as it was, in ms. */
const BEFORE = 1500;
const AFTER = 1500;
/** How long it may take until each sender sends again once the broker can be reached, in ms. */
const RECOVERY = 2000;
const PATIENCE = 15_000;
const PASSWORD = 'tester-pass';

const { values: options, positionals } = parseArgs({
  options: { only: { type: 'string', default: '' } },
  allowPositionals: true,
});
const chosen = positionals.length > 0 ? positionals : Object.keys(sites);

/** One fault under load: its figures, and what is wrong with them. */
async function play(site, address, { fault, load: kind }) {
  const credentials = { password: PASSWORD };
  const proxies = await Promise.all(site.nodes.map((node) => Proxy.before(node.port)));
  const url = ({ port }) => `amqp://tester:${encodeURIComponent(credentials.password)}@127.0.0.1:${port}`;
  const load = await Load.start({ hosts: () => proxies.map(url), address, ...kind });
  await delay(BEFORE);
  const rate = load.ledger.acceptedCount / (BEFORE / 1000);
  const memory = new Memory();
  let marked = false;
  const healed = () => {
    marked = true;
    load.mark();
  };
  await fault({ site, proxies, credentials, healed });
  const growth = memory.stop();
  if (!marked) load.mark();
  const recovered = await load.recovery(PATIENCE);
  await delay(AFTER);
  const recoveries = await load.stop();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  if (credentials.password !== PASSWORD) await site.nodes[0].changePassword(PASSWORD);
  const { figures, faults } = load.ledger.account();
  if (recovered > RECOVERY) faults.push(`it took ${Math.round(recovered)} ms until each sender sent again`);
  if (kind.resend && figures.unknown > 0) faults.push('an outcome is unknown though all was to be sent again');
  if (kind.flood) faults.push(...growth.faults);
  return { figures: { rate, recovered, recoveries, ...figures, heap: growth.most }, faults };
}

/** Plays what goes wrong at one site; returns how many runs passed and failed. */
async function visit(name) {
  const site = sites[name];
  const tally = { passed: 0, failed: 0 };
  await site.start();
  try {
    const runs = [...faultsOf(site), ...(name === chosen[0] ? [outage] : [])];
    for (const run of runs.filter((each) => each.name.includes(options.only))) {
      const address = await site.queue();
      const { figures, faults } = await play(site, address, run);
      tally[faults.length === 0 ? 'passed' : 'failed']++;
      console.log(row(name, run.name, figures, faults.length === 0));
      for (const each of faults) console.log(`FAILED: ${each}`);
    }
  } finally {
    await site.stop();
  }
  return tally;
}

const unknown = chosen.filter((name) => !(name in sites));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; there are ${Object.keys(sites).join(', ')}`);
  process.exit(2);
}
const missing = await prepare([...new Set(chosen.map((name) => sites[name].needs))]);
await script('certs.sh');
let [passed, failed, skipped] = [0, 0, 0];
console.log(header);
for (const name of chosen) {
  const reason = missing.get(sites[name].needs);
  if (reason === undefined) {
    const tally = await visit(name);
    passed += tally.passed;
    failed += tally.failed;
  } else {
    skipped++;
    console.log(`SKIPPED ${name}: ${reason}`);
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed + (process.env.CI ? skipped : 0) > 0 ? 1 : 0;
