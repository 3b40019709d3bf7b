/**
 * What foreign codecs do to values of values.json, by the name of the value: `instead` is what becomes of it, null if
 * the codec cannot write or read it at all. `bodies` are those that change both ways when they are the body of a
 * message. `compared` makes of a value what is compared.
 */
import assert from 'node:assert/strict';
import { exceptions as goAmqp } from './foreign/go-amqp/exceptions.mjs';
import { values } from './neutral.mjs';

const unsafe = 'it holds 64-bit integers from 2^53 on as doubles, up to 2^53 + 2^32';
const typeless = 'it wants the items of an array bare, and an array has no bare form';
const oneDescriptor = 'it keeps one descriptor of a value';
const inSection = 'it keeps one descriptor of a value, and that is the one of the section';
const unsafeNumber = '9007199254740992';

const string = ['string', 'x'];

const exceptions = {
  rhea: {
    reads: {
      'ulong 9007199254740993': { reason: unsafe, instead: ['ulong', unsafeNumber] },
      'long 9007199254740993': { reason: unsafe, instead: ['long', unsafeNumber] },
      'array of long': {
        reason: unsafe,
        instead: ['array', 'long', ['-1', unsafeNumber].map((item) => ['long', item])],
      },
      'timestamp beyond Date': { reason: 'it makes a Date, which ends before', instead: ['timestamp', 'NaN'] },
      'described twice': { reason: oneDescriptor, instead: ['described', ['symbol', 'outer'], ['int', '1']] },
    },
    writes: {
      'array of arrays': { reason: typeless, instead: null },
      'described twice': { reason: oneDescriptor, instead: ['described', ['symbol', 'outer'], ['int', '1']] },
    },
    bodies: {
      'described by a ulong': { reason: inSection, instead: string },
      'described by a symbol': { reason: inSection, instead: ['list', [string, ['int', '1']]] },
      'described twice': { reason: inSection, instead: ['int', '1'] },
    },
  },
  'python-proton': { reads: {}, writes: {}, bodies: {} },
  'go-amqp': goAmqp,
};

/** The reasons of the listed values by their names. Every one must be in values.json. */
export function reasons(client, ...ways) {
  const listed = ways.flatMap((way) => Object.entries(exceptions[client][way]));
  for (const [name] of listed)
    assert.ok(
      values.some((known) => known.name === name),
      `${name} is listed and no value`,
    );
  return Object.fromEntries(listed.map(([name, { reason }]) => [name, reason]));
}

/** What becomes of a value that a client reads or writes; null if it cannot. */
export function whatBecomes(client, way, { name, value }) {
  return (exceptions[client][way][name] ?? { instead: value }).instead;
}

/** A value that a client wrote or read, as it is compared with what becomes of it. */
export function asCompared(client, way, { name }, value) {
  const { compared = (found) => found } = exceptions[client][way][name] ?? {};
  return compared(value);
}

/** What becomes of it as the body of a message. */
export function whatBecomesOfBody(client, way, which) {
  return which.name in exceptions[client].bodies
    ? whatBecomes(client, 'bodies', which)
    : whatBecomes(client, way, which);
}
