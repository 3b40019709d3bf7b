/** The rules of test/conformance/rules, the tests that name them, and what is wrong with either. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Each group is a file of its own; its rules are numbered from 01 without gaps. */
export const groups = [
  { name: 'types', letter: 'T', count: 50, title: 'Types and encodings' },
  { name: 'framing', letter: 'F', count: 19, title: 'Framing' },
  { name: 'header', letter: 'H', count: 11, title: 'Protocol header and version negotiation' },
  { name: 'security', letter: 'A', count: 23, title: 'TLS and SASL' },
  { name: 'connection', letter: 'C', count: 30, title: 'Connection' },
  { name: 'session', letter: 'S', count: 30, title: 'Session' },
  { name: 'links', letter: 'L', count: 42, title: 'Links' },
  { name: 'transfer', letter: 'X', count: 24, title: 'Transfer and delivery' },
  { name: 'disposition', letter: 'D', count: 20, title: 'Disposition and settlement' },
  { name: 'resuming', letter: 'R', count: 15, title: 'Resuming links' },
  { name: 'messages', letter: 'M', count: 25, title: 'Messages' },
  { name: 'nodes', letter: 'N', count: 17, title: 'Sources, targets and nodes' },
  { name: 'transactions', letter: 'Q', count: 18, title: 'Transactions' },
  { name: 'errors', letter: 'E', count: 9, title: 'Error conditions' },
  { name: 'websocket', letter: 'W', count: 8, title: 'AMQP over WebSocket' },
  { name: 'extensions', letter: 'Z', count: 13, title: 'Extensions' },
];

const both = ['client', 'broker'];

/** Which side the tests of a folder, or of a file, prove a rule for: client and broker run on the same rooms below them. */
const sidesOfFolder = {
  codec: both,
  definitions: both,
  engine: both,
  message: both,
  sasl: both,
  io: both,
  errors: both,
  simulation: both,
  client: ['client'],
  parity: ['client'],
  'conformance/client': ['client'],
  broker: ['broker'],
  'conformance/broker': ['broker'],
  'bad-inputs/client': ['client'],
  'bad-inputs/broker': ['broker'],
  'hostile/client': ['client'],
  'hostile/broker': ['broker'],
};

const idList = /\[('?[A-Z]{1,2}-\d+'?(?:, ?'?[A-Z]{1,2}-\d+'?)*)\]/g;

/** The ids in the square brackets of a title: `[T-05]`, `[T-05, T-06]`. Vitest puts ids of tables in quotes. */
const idsOf = (title) =>
  [...title.matchAll(idList)].flatMap(([, ids]) => ids.split(',').map((id) => id.replaceAll("'", '').trim()));

function sidesOf(path) {
  const [first, second] = path.split('/');
  return sidesOfFolder[`${first}/${second}`] ?? sidesOfFolder[first] ?? [];
}

/** By id: the paths of the test files, below test/ and without their ending, and the sides that they prove it for. */
export function testsById(tests) {
  const found = new Map();
  for (const { name, file } of tests) {
    const path = file.replace(/^.*?\/?test\/(?=[^]*\.test\.ts$)/, '').replace(/\.test\.ts$/, '');
    for (const id of idsOf(name)) {
      const files = found.get(id) ?? new Map();
      found.set(id, files.set(path, { sides: sidesOf(path), title: name }));
    }
  }
  return found;
}

export const sidesOfRule = ({ sides = both }) => sides;

/** The files that prove a rule for a side. */
export function filesOf(known, id, side) {
  const files = [...(known.get(id) ?? [])];
  const paths = files.filter(([, { sides }]) => sides.includes(side)).map(([path]) => path);
  return paths.toSorted((a, b) => (a < b ? -1 : 1));
}

export function readRules(folder, chosen) {
  const rules = [];
  const problems = [];
  for (const { name, letter, count } of groups.filter((group) => chosen.includes(group.name))) {
    const file = join(folder, `${name}.json`);
    const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
    rules.push(...found.map((rule) => ({ ...rule, group: name })));
    if (found.length !== count) problems.push(`${name} has ${found.length} rules, not ${count}`);
    const strangers = found.filter(({ id }) => !id.startsWith(`${letter}-`));
    problems.push(...strangers.map(({ id }) => `${id} is no rule of ${name}`));
  }
  return { rules, problems };
}

/** A rule is a sentence with a level and a section; its reasons are for sides that it has. */
function malformed(rule) {
  const { id, level, section, rule: sentence, absent = {}, choice = 'none' } = rule;
  const isWhole = ['must', 'should', 'advice'].includes(level) && section !== undefined && sentence !== undefined;
  const reasons = [choice, ...Object.values(absent)];
  const strangers = Object.keys(absent).filter((side) => !sidesOfRule(rule).includes(side));
  return [
    ...(isWhole ? [] : [`${id}: level, section or rule is missing`]),
    ...(reasons.some((text) => text.trim() === '') ? [`${id}: an empty reason`] : []),
    ...(reasons.some((text) => /\b(planned|todo|not yet)\b/i.test(text)) ? [`${id}: a promise is no reason`] : []),
    ...strangers.map((side) => `${id}: a reason for the ${side}, which the rule does not concern`),
  ];
}

/** Each side of a rule has a test or a reason, and not both. */
function unproven(rule, known) {
  return sidesOfRule(rule).flatMap((side) => {
    const files = filesOf(known, rule.id, side);
    const isAbsent = rule.absent?.[side] !== undefined;
    if (files.length === 0 && !isAbsent) return [`${rule.id}: neither a test nor a reason for the ${side}`];
    return files.length > 0 && isAbsent ? [`${rule.id}: the reason for the ${side} is stale: see ${files[0]}`] : [];
  });
}

/** Ids in titles that nothing has. Of groups that are not looked at, nothing is known. */
function unknownIds(ids, known, badInputs, chosen) {
  const letters = groups.filter(({ name }) => !chosen.includes(name)).map(({ letter }) => letter);
  const isOther = (id) => letters.includes(id.replace(/-.*/, ''));
  const strangers = [...known].filter(([id]) => !ids.includes(id) && !badInputs.includes(id) && !isOther(id));
  return strangers.flatMap(([id, files]) =>
    [...files].map(([path, { title }]) => `${path}: no rule or bad input is ${id}: "${title}"`),
  );
}

export function problemsOf(rules, known, badInputs, chosen) {
  const ids = rules.map(({ id }) => id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [
    ...twice.map((id) => `${id} is there twice`),
    ...rules.flatMap(malformed),
    ...rules.flatMap((rule) => unproven(rule, known)),
    ...unknownIds(ids, known, badInputs, chosen),
  ];
}
