/**
 * Writes the tables of docs/go-amqp.md and docs/rhea.md from docs/parity/*.json.
 *
 * `--check` writes nothing and fails where a name of go-amqp has no row, a row names what this package or its tests
 * do not have, or a page differs from its data. `--data FOLDER` reads the data from another folder and leaves the
 * pages alone: that is how the check is tested. Needs dist/ as `npm run build` makes it.
 *
 * For a newer go-amqp: make go-amqp-names.json anew (see list-go-names.go beside it), and mend the rows until the check
 * is content.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { unknownNames } from './parity-names.mjs';
import { fill, testOf, testsOf } from './parity-table.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: given } = parseArgs({ options: { check: { type: 'boolean' }, data: { type: 'string' } } });
const folder = given.data ?? join(root, 'docs/parity');
const read = (path) => readFileSync(path, 'utf8');
const readData = (name) => JSON.parse(read(join(folder, name)));

const pages = ['go-amqp', 'rhea'].map((name) => ({ name, data: readData(`${name}.json`) }));
const rowsOf = ({ data }) => data.sections.flatMap(({ kind, rows }) => rows.map((row) => ({ ...row, kind })));

/** Each name of the list has exactly one row, and no row has a name that is not in the list. */
function coverage(page, list) {
  const rows = rowsOf(page)
    .filter(({ kind }) => kind !== 'symptoms')
    .flatMap(({ names }) => names);
  const listed = new Set(list.names.map(({ name }) => name));
  const twice = rows.filter((name, index) => rows.indexOf(name) !== index);
  const { version } = list;
  return [
    ...[...listed].filter((name) => !rows.includes(name)).map((name) => `${name} of ${version} has no row`),
    ...rows.filter((name) => !listed.has(name)).map((name) => `${name} is no name of ${version}`),
    ...twice.map((name) => `${name} has two rows`),
  ];
}

/** A row says what there is here and which test shows it, or why nothing is needed. */
function incomplete({ names, here = [], note = '', test, kind }) {
  const isSymptom = kind === 'symptoms';
  if (here.length === 0 && note === '') return [`${names[0]}: neither a name of ours nor a reason`];
  if (test === undefined && (isSymptom || here.length > 0)) return [`${names[0]}: no test`];
  return /\b(planned|todo|not yet)\b/i.test(note) ? [`${names[0]}: a promise is no row`] : [];
}

/** The rows of the bad inputs are tests too: their titles are made of id and name. */
const badInputs = JSON.parse(read(join(root, 'test/data/bad-inputs.json'))).cases.map(
  ({ id, name }) => `[${id}] ${name}`,
);

/** The title stands in the file as a text of its own, or in the data that the file reads. */
function missingTest(text) {
  const { file, title } = testOf(text);
  if (title === '' || !existsSync(join(root, file))) return [`there is no test file ${file} for "${text}"`];
  const source = read(join(root, file));
  if (badInputs.includes(title) && /bad-inputs\.json|badInputs/.test(source)) return [];
  const quoted = [`'${title.replaceAll("'", String.raw`\'`)}'`, `"${title}"`, `\`${title}\``];
  return quoted.some((literal) => source.includes(literal)) ? [] : [`${file} has no test "${title}"`];
}

async function problems() {
  const rows = pages.flatMap(rowsOf);
  const references = [...new Set(rows.flatMap(({ here = [] }) => here))];
  const unknown = await unknownNames(root, references);
  return [
    ...coverage(pages[0], readData('go-amqp-names.json')),
    ...rows.flatMap(incomplete),
    ...rows.flatMap(testsOf).flatMap(missingTest),
    ...unknown.map((reference) => `${reference} is no name of this package`),
  ];
}

/** What a page should hold, formatted as the repository is. */
async function rendered({ name, data }) {
  const path = join(root, `docs/${name}.md`);
  const config = await resolveConfig(path);
  return { path, text: await format(fill(read(path), data), { ...config, filepath: path }) };
}

const found = await problems();
for (const page of given.data === undefined ? pages : []) {
  const { path, text } = await rendered(page);
  if (!given.check) writeFileSync(path, text);
  else if (read(path) !== text) found.push(`docs/${page.name}.md differs from its data: run node scripts/parity.mjs`);
}
for (const problem of found) console.error(problem);
const rows = pages.flatMap(rowsOf).length;
if (found.length > 0) process.exitCode = 1;
else console.log(`parity: ${rows} rows, ${readData('go-amqp-names.json').names.length} names of go-amqp`);
