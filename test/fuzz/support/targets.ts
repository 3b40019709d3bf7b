import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

/** How long one target may take with all its inputs on a busy machine, in ms. */
export const PATIENCE = 120_000;

/** A target of the fuzzer with its corpus. */
export interface Target {
  readonly name: string;
  /** Throws where the oracle is broken. */
  readonly fuzz: (octets: Uint8Array) => void;
  readonly inputs: readonly Uint8Array[];
}

const folder = join(import.meta.dirname, '../../../fuzz');

/** A module of the fuzzer, which is no TypeScript: it runs where nothing is compiled. */
async function load(name: string): Promise<Readonly<Record<string, unknown>>> {
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(join(folder, name)).href);
  return module;
}

function isFunction(value: unknown): value is (argument?: unknown) => unknown {
  return typeof value === 'function';
}

/** One target. */
export async function readTarget(name: string): Promise<Target> {
  const [{ fuzz }, { readCorpus }] = await Promise.all([load(`targets/${name}.mjs`), load('corpus.mjs')]);
  if (!isFunction(fuzz) || !isFunction(readCorpus)) throw new Error(`${name} is no target`);
  const inputs = readCorpus(name);
  if (!Array.isArray(inputs)) throw new Error(`${name} has no corpus`);
  return { name, fuzz, inputs };
}

/** All targets. */
export async function readTargets(): Promise<Target[]> {
  const { targets } = await load('corpus.mjs');
  if (!Array.isArray(targets)) throw new Error('the targets are not known');
  return Promise.all(targets.map((name) => readTarget(String(name))));
}
