/**
 * A guard rail for every build: the cost of a message as a ratio to a loop written by hand, in the same process and at
 * the same time. It fails on a ratio, never on a time, so that a slow machine does not matter. The best of several
 * short rounds is taken, reference and subject in turn, so that what else runs does not matter either.
 */
import { byHand, byLibrary } from './guard/codec.mjs';
import { enginePair } from './guard/engine-pair.mjs';

const ROUNDS = 9;
const WARM_MESSAGES = 40_000;
const MESSAGES = 20_000;

/**
 * How many times the reference each may cost: two to three times what it costs today. Lower a limit after an improvement;
 * raise one only with a reason that outweighs the loss.
 */
const SUBJECTS = [
  { name: 'codec: a typical message and its transfer, encoded, decoded and read', make: byLibrary, limit: 10 },
  { name: 'engine: a message sent, received and accepted between two engines', make: enginePair, limit: 1.5 },
];

/** Nanoseconds for each message. */
function timeOf(work, messages) {
  const began = performance.now();
  for (let index = 0; index < messages; index++) work(index);
  return ((performance.now() - began) * 1e6) / messages;
}

const reference = byHand();
const subjects = SUBJECTS.map((subject) => ({ ...subject, work: subject.make(), best: Infinity }));
timeOf(reference, WARM_MESSAGES);
for (const { work } of subjects) timeOf(work, WARM_MESSAGES);
let best = Infinity;
for (let round = 0; round < ROUNDS; round++) {
  best = Math.min(best, timeOf(reference, MESSAGES));
  for (const subject of subjects) subject.best = Math.min(subject.best, timeOf(subject.work, MESSAGES));
}
console.log(`reference: ${best.toFixed(0)} ns`);
for (const { name, limit, best: own } of subjects) {
  const ratio = own / best;
  const verdict = ratio > limit ? `FAILED, more than ${limit}` : `good, up to ${limit}`;
  console.log(`${name}: ${own.toFixed(0)} ns, ${ratio.toFixed(2)} times the reference (${verdict})`);
  if (ratio > limit) process.exitCode = 1;
}
