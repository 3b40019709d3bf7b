/**
 * Fuzzes. See README.md.
 * Usage: node fuzz/run.mjs [--seconds N] [--target a,b] [--seed N] | --replay FILE --target a | --minimize [--target a,b]
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fewest } from './minimize.mjs';
import { gather, readCorpus, spread, targets, writeCorpus } from './corpus.mjs';

const here = import.meta.dirname;
const work = join(here, '.work');
/** Seconds that one input may take before that is a finding, and the memory that all may take together, in MB. */
const LIMITS = ['-timeout=60', '-rss_limit_mb=2500', '-max_len=4096'];

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    target: { type: 'string', default: targets.join(',') },
    seed: { type: 'string', default: '0' },
    replay: { type: 'string' },
    minimize: { type: 'boolean', default: false },
  },
});
const chosen = options.target.split(',');
const unknown = chosen.filter((name) => !targets.includes(name));
if (unknown.length > 0) throw new Error(`--target: nothing is called ${unknown.join(', ')}`);

/** Makes ready what is not in the repository: the fuzzer, and a Node that can load it. */
function prepare() {
  mkdirSync(work, { recursive: true });
  const fuzzer = join(here, 'node_modules/@jazzer.js/core');
  if (!existsSync(fuzzer)) must('npm', ['ci', '--no-fund', '--no-audit', '--prefer-offline']);
  must(join(here, 'node.sh'), []);
}

function must(command, parameters) {
  const { status, error } = spawnSync(command, parameters, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} failed`);
}

/** Runs the fuzzer on folders: what it finds goes into the first one. */
function jazzer(name, folders, ...flags) {
  const target = join(here, 'targets', `${name}.mjs`);
  const own = [target, ...folders, '-i', '/dist/', '--sync', '--timeout', '60000'];
  const fuzzers = [...LIMITS, ...flags, `-artifact_prefix=${join(work, name)}/`];
  const parameters = [join(here, 'node_modules/@jazzer.js/core/dist/cli.js'), ...own, '--', ...fuzzers];
  // A file and no pipe: Node makes pipes non-blocking, and the fuzzer drops what it cannot write at once.
  const file = join(work, name, 'log');
  const log = openSync(file, 'w');
  const { status } = spawnSync(join(work, 'node'), parameters, { cwd: work, stdio: ['ignore', log, log] });
  closeSync(log);
  return { status, log: readFileSync(file, 'utf8') };
}

const last = (log, pattern) => [...log.matchAll(pattern)].at(-1)?.[1] ?? '?';

/** Fuzzes one target; says whether nothing was found. */
function fuzz(name, seconds) {
  const seeds = join(work, name, 'seeds');
  const found = join(work, name, 'found');
  mkdirSync(found, { recursive: true });
  spread(readCorpus(name), seeds);
  const flags = [`-max_total_time=${seconds}`, `-seed=${options.seed}`];
  const { status, log } = jazzer(name, [found, seeds], ...flags);
  const finished = /^Done \d+ runs/m.test(log);
  const failed = status !== 0 || !finished;
  const runs = last(log, /^Done (\d+) runs/gm);
  const edges = last(log, /\bcov: (\d+)/g);
  console.log(`${failed ? 'FAILED' : 'ok    '} ${name}: ${runs} runs, ${edges} edges, corpus ${gather(seeds).length}`);
  if (!failed) return true;
  console.log(log.split('\n').slice(-60).join('\n'));
  console.log(`Replay: npm run fuzz -- --target ${name} --replay FILE, where FILE is the test unit above`);
  return false;
}

/** Makes the corpus of a target anew: the fewest inputs, of all that were found, which reach all that these reach. */
async function minimize(name) {
  const { fuzz: target } = await import(`./targets/${name}.mjs`);
  const all = [...readCorpus(name), ...gather(join(work, name, 'found'))];
  const least = fewest(target, all);
  writeCorpus(name, least);
  console.log(`${name}: ${all.length} inputs, ${least.length} are enough`);
}

async function replay(name, file) {
  const target = await import(`./targets/${name}.mjs`);
  target.fuzz(readFileSync(file));
  console.log('nothing is wrong with it');
}

if (options.replay !== undefined) await replay(chosen[0], options.replay);
else if (options.minimize) for (const name of chosen) await minimize(name);
else {
  prepare();
  const seconds = Math.ceil(Number(options.seconds) / chosen.length);
  if (!(seconds > 0)) throw new Error('--seconds takes a number above 0');
  const good = chosen.map((name) => fuzz(name, seconds));
  if (good.includes(false)) process.exitCode = 1;
}
