// What the tests import as `vitest` while mutants run: it only notes the tests, and the runner calls them.
// A run of vitest itself costs seconds for each mutant; a call of the test's function costs a millisecond.
import { format } from 'node:util';
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  chai,
  setState,
} from '@vitest/expect';

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

// vitest keeps inline snapshots in the test's source; here they are compared but for their indentation.
chai.use(({ Assertion }) => {
  Assertion.addMethod('toMatchInlineSnapshot', function compare(snapshot) {
    const lines = (text) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.trim());
    chai.expect(lines(`"${this._obj}"`)).toEqual(lines(snapshot));
  });
});

export const expect = Object.assign(
  (value, message) => chai.expect(value, message),
  chai.expect,
  globalThis[ASYMMETRIC_MATCHERS_OBJECT],
);
setState({ assertionCalls: 0, isExpectingAssertions: false }, expect);

let tests = [];
let file = '';
let titles = [];
const ids = new Set();

/** Marks whose tests the next calls of `it` are. */
export function enter(name) {
  file = name;
}

/** Gives the tests that were noted since the last call. */
export function takeTests() {
  const taken = tests;
  tests = [];
  ids.clear();
  return taken;
}

export function describe(title, body) {
  titles.push(title);
  try {
    body();
  } finally {
    titles.pop();
  }
}

function note(title, body) {
  const name = [...titles, title].join(' ');
  let id = `${file}#${name}`;
  for (let count = 2; ids.has(id); count++) id = `${file}#${name} (${count})`;
  ids.add(id);
  tests.push({ id, name, file, body });
}

const bodyOf = (first, second) => (typeof first === 'function' ? first : second);

export const it = Object.assign((title, first, second) => note(title, bodyOf(first, second)), {
  each: (rows) => (title, first, second) => {
    const body = bodyOf(first, second);
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      note(format(title, ...values), () => body(...values));
    }
  },
});
