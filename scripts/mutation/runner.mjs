// A runner for Stryker that keeps the tests warm: they are bundled once, with the instrumented sources, and called in
// this process. Stryker watches over it from outside, and starts it anew after an endless loop.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PluginKind, commonTokens, declareClassPlugin } from '@stryker-mutator/api/plugin';
import { determineHitLimitReached, toMutantRunResult } from '@stryker-mutator/api/test-runner';
import * as fc from 'fast-check';
import { rolldown } from 'rolldown';
import { NOT_SETTLED } from './ends.mjs';
import { takeTests } from './suite.mjs';

const SUITE = new URL('suite.mjs', import.meta.url).href;
/** Milliseconds that a test may wait for what a mutant may never do. */
const TEST_TIMEOUT = 2000;

// The same random values for every mutant, and no search for the smallest of them that fails.
fc.configureGlobal({ seed: 1, endOnFailure: true });

/** Bundles test files, each behind a mark that says where it begins. */
async function bundle(testFiles, output) {
  const root = process.cwd();
  const marks = {
    name: 'marks',
    resolveId(source) {
      if (source === 'entry' || source.startsWith('mark:')) return `\0${source}`;
      if (source === 'vitest') return { id: SUITE, external: true };
      return undefined;
    },
    load(id) {
      if (id === '\0entry')
        return testFiles
          .map((file) => `import 'mark:${file}';\nimport ${JSON.stringify(join(root, file))};`)
          .join('\n');
      if (id.startsWith('\0mark:'))
        return { code: `import { enter } from 'vitest';\nenter('${id.slice(6)}');`, moduleSideEffects: true };
      return undefined;
    },
  };
  const build = await rolldown({
    input: 'entry',
    cwd: root,
    platform: 'node',
    // What no test reaches is a mutant too.
    treeshake: false,
    logLevel: 'silent',
    tsconfig: false,
    // One instance, so that the configuration above holds for the tests too.
    external: ['fast-check'],
    plugins: [marks],
  });
  await build.write({ file: output, format: 'esm', codeSplitting: false });
}

class WarmRunner {
  static inject = [commonTokens.options];
  #testFiles;
  #output = join(process.cwd(), `warm-${process.pid}.mjs`);
  #tests = [];
  /** Makes the address of the bundle new for each load: a module is run once for each address. */
  #generation = 0;
  #loadedUnderMutant = false;
  /** The time that each test took first: the quick ones are tried first. */
  #duration = new Map();
  /** What the instrumented sources and Stryker share: which mutant is active, which were reached, how often. */
  #world = (globalThis.__stryker__ ??= {});

  constructor(options) {
    this.#testFiles = options.warm.tests;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    await bundle(this.#testFiles, this.#output);
  }

  async dryRun() {
    await this.#load();
    const results = [];
    for (const test of this.#tests) {
      this.#world.currentTestId = test.id;
      const result = await this.#run(test);
      this.#world.currentTestId = undefined;
      results.push(result);
    }
    return { status: 'complete', tests: results, mutantCoverage: this.#world.mutantCoverage };
  }

  async mutantRun({ testFilter, activeMutant, mutantActivation, hitLimit }) {
    this.#world.hitLimit = hitLimit;
    const isStatic = mutantActivation === 'static';
    let result = await this.#tryMutant(activeMutant.id, isStatic, testFilter);
    // What modules remember, like texts that were read, may be spoilt by the mutant before this one.
    if (!isStatic && (await this.#failsWithoutMutant(result))) {
      await this.#load();
      result = await this.#tryMutant(activeMutant.id, isStatic, testFilter);
      if (await this.#failsWithoutMutant(result)) await this.#load();
    }
    return toMutantRunResult(result);
  }

  async #tryMutant(id, isStatic, testFilter) {
    this.#world.hitCount = 0;
    try {
      const failure = await this.#prepare(id, isStatic);
      const tests = failure === undefined ? await this.#runUntilOneFails(testFilter) : [failure];
      const limit = determineHitLimitReached(this.#world.hitCount, this.#world.hitLimit);
      return limit ?? { status: 'complete', tests };
    } finally {
      this.#world.activeMutant = undefined;
    }
  }

  /** Whether the test that failed also fails without the mutant. */
  async #failsWithoutMutant({ tests }) {
    const failed = tests?.find(({ status }) => status === 1);
    const test = this.#tests.find(({ id }) => id === failed?.id);
    return test !== undefined && (await this.#run(test)).status === 1;
  }

  /** Loads the sources anew where the mutant acts while they load. Gives a failure where they cannot be loaded. */
  async #prepare(id, isStatic) {
    if (isStatic) {
      this.#world.activeMutant = id;
      try {
        await this.#load();
      } catch (error) {
        return { id: 'load', name: 'load', status: 1, timeSpentMs: 0, failureMessage: String(error) };
      }
      this.#loadedUnderMutant = true;
      return undefined;
    }
    if (this.#tests.length === 0 || this.#loadedUnderMutant) await this.#load();
    this.#loadedUnderMutant = false;
    this.#world.activeMutant = id;
    return undefined;
  }

  async #load() {
    takeTests();
    await import(`${pathToFileURL(this.#output).href}?${this.#generation++}`);
    this.#tests = takeTests();
  }

  async #runUntilOneFails(testFilter) {
    const wanted = testFilter === undefined ? undefined : new Set(testFilter);
    const chosen = this.#tests.filter(({ id }) => wanted === undefined || wanted.has(id));
    chosen.sort((a, b) => (this.#duration.get(a.id) ?? 0) - (this.#duration.get(b.id) ?? 0));
    const results = [];
    for (const test of chosen) {
      const result = await this.#run(test);
      results.push(result);
      if (result.status === 1) break;
    }
    return results;
  }

  async #run({ id, name, file, body }) {
    const start = performance.now();
    const result = { id, name, fileName: file };
    try {
      const pending = body();
      if (pending instanceof Promise) await within(TEST_TIMEOUT, pending);
      const timeSpentMs = performance.now() - start;
      if (!this.#duration.has(id)) this.#duration.set(id, timeSpentMs);
      return { ...result, status: 0, timeSpentMs };
    } catch (error) {
      const failureMessage = error instanceof Error ? error.message : String(error);
      return {
        ...result,
        status: 1,
        timeSpentMs: performance.now() - start,
        failureMessage: failureMessage.slice(0, 400),
      };
    }
  }
}

async function within(milliseconds, pending) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${NOT_SETTLED} ${milliseconds} ms`)), milliseconds);
  });
  try {
    await Promise.race([pending, late]);
  } finally {
    clearTimeout(timer);
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'warm', WarmRunner)];

export const strykerValidationSchema = JSON.parse(readFileSync(new URL('options.json', import.meta.url), 'utf8'));
