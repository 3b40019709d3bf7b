/** The rules and their tests as a page of Markdown: one table for each group. */
import { filesOf, groups, sidesOfRule } from './conformance-rules.mjs';

const escape = (text) => text.replaceAll('|', String.raw`\|`).replaceAll('*', String.raw`\*`);

const introduction = `# Conformance

Every rule of AMQP 1.0 that we know of, in our own words, and the tests that prove it for the client and for the embedded
broker. Section numbers are those of the OASIS Standard of 2012: 1 types, 2 transport, 3 messaging, 4 transactions, 5
security. A rule is a _must_ or a _should_ of the text, or _advice_ from experience. Titles of tests carry the id in
square brackets: \`npx vitest run -t T-05\` runs those of one rule. Where a proof names no side it holds for both: client
and broker run on the same rooms.

This page is made from \`test/conformance/rules\` and the titles of all tests by \`npm run conformance\`;
\`npm run conformance:check\` fails where a rule has neither a test nor a reason.
`;

const linkTo = (path) => `[${path}](../test/${path}.test.ts)`;

/** The files that prove the rule for this side, or why none does. */
function proof(rule, known, side) {
  const files = filesOf(known, rule.id, side);
  return files.length > 0 ? files.map(linkTo).join(', ') : escape(rule.absent?.[side] ?? '**nothing**');
}

function row(rule, known) {
  const { id, level, section, rule: sentence } = rule;
  const proofs = sidesOfRule(rule).map((side) => [side, proof(rule, known, side)]);
  const [[, first], [, second] = []] = proofs;
  const text = first === second ? first : proofs.map(([side, what]) => `${side}: ${what}`).join('<br>');
  return `| ${[id, level, section, escape(sentence), text].join(' | ')} |`;
}

function part({ name, title }, all, known) {
  const rules = all.filter(({ group }) => group === name);
  const choices = rules.filter(({ choice }) => choice !== undefined);
  return [
    `## ${title}\n`,
    '| id | level | § | rule | proof, or why there is none |',
    '| --- | --- | --- | --- | --- |',
    ...rules.map((rule) => row(rule, known)),
    ...(choices.length > 0 ? ['\nWhere a peer may choose:\n'] : []),
    ...choices.map(({ id, choice }) => `- ${id}: ${escape(choice)}`),
    '',
  ].join('\n');
}

/** How many rules a side proves with tests, of those that concern it. */
function summary(rules, known, side) {
  const mine = rules.filter((rule) => sidesOfRule(rule).includes(side));
  const proven = mine.filter(({ id }) => filesOf(known, id, side).length > 0).length;
  return `- ${side}: ${proven} of ${mine.length} rules are proven by tests, ${mine.length - proven} have a reason`;
}

export function page(rules, known) {
  const summaries = ['client', 'broker'].map((side) => summary(rules, known, side));
  const parts = groups.map((group) => part(group, rules, known));
  return [introduction, `${rules.length} rules:\n`, ...summaries, '', ...parts].join('\n');
}
