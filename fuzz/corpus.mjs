/** The corpus: a text file for each target, with one input in base64 on each line. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'corpus');
const fileOf = (target) => join(folder, `${target}.txt`);

/** The names of the targets. */
export const targets = readdirSync(join(import.meta.dirname, 'targets'))
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => name.slice(0, -'.mjs'.length));

/** The inputs of a target. */
export function readCorpus(target) {
  if (!existsSync(fileOf(target))) return [];
  const lines = readFileSync(fileOf(target), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => new Uint8Array(Buffer.from(line, 'base64')));
}

/** Replaces the inputs of a target: the short ones first, so that the file changes little. */
export function writeCorpus(target, inputs) {
  const sorted = [...inputs].sort((a, b) => a.length - b.length || Buffer.compare(a, b));
  writeFileSync(fileOf(target), sorted.map((input) => `${Buffer.from(input).toString('base64')}\n`).join(''));
}

/** Writes inputs into a new folder, one file each. */
export function spread(inputs, into) {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  for (const [index, input] of inputs.entries()) writeFileSync(join(into, `${index}`), input);
}

/** The inputs in a folder; none where there is none. */
export function gather(from) {
  return existsSync(from) ? readdirSync(from).map((name) => new Uint8Array(readFileSync(join(from, name)))) : [];
}
