/**
 * Checks that the documentation of the public API is complete: docstrings, units, errors, and examples that compile.
 *
 * Prints each fault with its place and fails if there is one. Needs a build, for the examples compile against `dist`.
 * A room's name as argument (`codec`) shows only the faults below `src/codec`.
 */
import { whatCanThrow } from './may-throw.mjs';
import { readApi } from './model.mjs';
import { errorCodes, faultsOf } from './rules.mjs';
import { compileSnippets } from './snippets.mjs';

const [room = ''] = process.argv.slice(2);
const { items, faults: ofModel, program } = await readApi();
const codes = errorCodes(items);
if (items.length < 100 || codes.size < 10)
  throw new Error('the public API was not found: the check would prove nothing');
const functions = new Set(items.filter(({ kind }) => kind === 'function').map(({ name }) => name.split('.').at(-1)));
const knowledge = { codes, functions, thrown: whatCanThrow(program) };
const snippets = compileSnippets();

const all = [...items.flatMap((item) => faultsOf(item, knowledge)), ...ofModel, ...snippets.faults];
const faults = all
  .filter(({ file }) => room === '' || file.startsWith(`src/${room}/`))
  .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
for (const { file, line, rule, what } of faults) console.log(`${file}:${line}  ${rule}: ${what}`);
console.log(`${items.length} public items, ${snippets.count} examples, ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
