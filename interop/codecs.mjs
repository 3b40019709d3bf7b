/** Compares our codec with a foreign one, value for value and both ways, without a connection in between. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { decode, encode } from '../dist/codec/index.js';
import { asCompared, whatBecomes } from './exceptions.mjs';
import { build, neutral, values } from './neutral.mjs';

/** Runs a program that answers each line of JSON by another. */
export async function ask([command, ...options], questions) {
  const child = spawn(command, options, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  const answers = (await text(child.stdout)).trim().split('\n');
  assert.equal(answers.length, questions.length, `${command} answers every line`);
  return answers.map((answer) => JSON.parse(answer));
}

/** The foreign codec reads every value that we write, but for the listed ones. */
export async function readsOurs(client, program) {
  const octets = ({ value }) => Buffer.from(encode(build(value))).toString('hex');
  const answers = await ask(
    program,
    values.map((which) => ({ octets: octets(which) })),
  );
  for (const [n, which] of values.entries()) {
    const { value, error } = answers[n];
    const found = asCompared(client, 'reads', which, value);
    assert.deepEqual(found, whatBecomes(client, 'reads', which), `${which.name}: ${error}`);
  }
}

/** We read every value that the foreign codec writes, but for the listed ones. */
export async function writesForUs(client, program) {
  const answers = await ask(
    program,
    values.map(({ value }) => ({ value })),
  );
  for (const [n, which] of values.entries()) {
    const { octets, error } = answers[n];
    const expected = whatBecomes(client, 'writes', which);
    assert.equal(octets === undefined, expected === null, `${which.name}: ${error}`);
    if (expected === null) continue;
    const found = neutral(decode(Buffer.from(octets, 'hex'), { typed: true }));
    assert.deepEqual(asCompared(client, 'writes', which, found), expected, which.name);
  }
}
