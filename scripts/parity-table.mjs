/** The rows of docs/parity as tables of Markdown. */

const escape = (text) => text.replaceAll('|', String.raw`\|`);
const code = (text) => `\`${escape(text)}\``;

/** A reference as a reader writes it: `Sender.send()`, or option and value as `settled: true`. */
function displayed(reference) {
  const [path, value] = reference.split(' = ');
  const words = path.replace(/^amqp1\/\w+#/, '');
  return code(value === undefined ? words : `${words}: ${value}`);
}

/** A test is named `room/file > title`; the file is `test/room/file.test.ts`. */
export function testOf(text) {
  const [path = '', ...title] = text.split(' > ');
  return { path, file: `test/${path}.test.ts`, title: title.join(' > ') };
}

function testCell(tests) {
  const cells = tests.map((text) => {
    const { path, file, title } = testOf(text);
    return `[${path}](../${file}): ${escape(title)}`;
  });
  return cells.join('; ');
}

/** Several tests may be named; most rows need one. */
export const testsOf = ({ test }) => (test === undefined ? [] : [test].flat());

function row(entry, hasReferences) {
  const names = entry.names.map((name) => (hasReferences ? code(name) : escape(name))).join(', ');
  const here = (entry.here ?? []).map(displayed).join(', ');
  const note = escape(entry.note ?? '');
  const cells = hasReferences ? [names, here === '' ? 'not needed' : here, note] : [names, note];
  return `| ${[...cells, testCell(testsOf(entry))].join(' | ')} |`;
}

/** One section as a table. A section of `symptoms` says what happens there and here, without names of ours. */
export function table({ kind, rows }, peer) {
  const hasReferences = kind !== 'symptoms';
  const heads = hasReferences ? [peer, 'here', 'what to know', 'test'] : [`with ${peer}`, 'here', 'test'];
  const lines = rows.map((entry) => row(entry, hasReferences));
  return [`| ${heads.join(' | ')} |`, `|${heads.map(() => ' --- |').join('')}`, ...lines].join('\n');
}

/** Puts each section between its marks in the page; what is between other marks of a page is an error of the page. */
export function fill(page, { peer, sections }) {
  let filled = page;
  for (const section of sections) {
    const marks = new RegExp(`(<!-- parity: ${section.id} -->)[^]*?(<!-- /parity -->)`);
    if (!marks.test(filled)) throw new Error(`the page has no place for the section ${section.id}`);
    filled = filled.replace(marks, (_, begin, end) => `${begin}\n\n${table(section, peer)}\n\n${end}`);
  }
  return filled;
}
