/** What every target checks with: a fault is a plain Error, which no target takes for an answer. */
import { isDeepStrictEqual, inspect } from 'node:util';
import { AmqpError } from '../../dist/client/index.js';

const show = (value) => inspect(value, { depth: 6, breakLength: 160, maxArrayLength: 60 });

/** Fails unless something holds. */
export function check(holds, what) {
  if (!holds) throw new Error(what);
}

/** Fails unless two values are the same, down to the sign of zero. */
export function same(actual, expected, what) {
  if (!isDeepStrictEqual(actual, expected))
    throw new Error(`${what}\n  is        ${show(actual)}\n  should be ${show(expected)}`);
}

/** Fails unless two runs of octets are the same. */
export function sameOctets(actual, expected, what) {
  const difference = Buffer.compare(actual, expected);
  if (difference === 0) return;
  const hex = (octets) => Buffer.from(octets).toString('hex');
  throw new Error(`${what}\n  is        ${hex(actual)}\n  should be ${hex(expected)}`);
}

/** What a call gives: a value or an error of ours with one of the codes. Everything else comes out as a fault. */
export function outcome(call, ...codes) {
  try {
    return { value: call() };
  } catch (error) {
    if (!AmqpError.is(error)) throw new Error(`not an error of ours: ${show(error)}`, { cause: error });
    if (!codes.includes(error.code)) throw new Error(`the code ${error.code}: ${error.message}`, { cause: error });
    return { error };
  }
}

/**
 * Fails unless octets stay the same when they are read and written again. A number without its type may change once: one
 * beyond 32 bits comes back as a bigint, which as a descriptor is a ulong.
 */
export function stable(octets, rewrite) {
  const once = rewrite(octets);
  const difference = Buffer.compare(once, octets);
  if (difference !== 0) sameOctets(rewrite(once), once, 'what was read again is written otherwise');
}
