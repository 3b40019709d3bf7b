/** What repeats may cost in proportion: parts of an input, many times and four times as many times. */
import { decode } from '../../dist/codec/index.js';
import { decodeMessage } from '../../dist/client/index.js';
import { performatives } from '../support/tables.mjs';
import { Choices } from '../support/choices.mjs';
import { time } from '../support/target.mjs';
import { frameOf } from '../support/frames.mjs';
import { check, outcome } from '../support/oracle.mjs';
import { Scene } from '../support/scene.mjs';
import { compound, concat, valueOf } from '../support/values.mjs';

const TIMES = 4;
/** Octets of the shorter run. */
const SIZE = 10_000;
/** By how much more than in proportion time may grow, and what is not measured well, in ms. */
const TOLERANCE = { factor: 3, least: 20 };
const ATTEMPTS = 5;
const MOST_PARTS = 6;

const repeat = (octets, times) => concat(Array.from({ length: times }, () => octets));

/** A list, or a map, of one value again and again. */
function values(choices, code) {
  const octets = valueOf(choices);
  const pair = code === 0xc1;
  return (size) => {
    const count = Math.ceil(size / Math.max(1, octets.length));
    const items = Array.from({ length: count }, (_, index) => (pair ? concat([keyOf(index), octets]) : octets));
    const whole = compound(code, pair ? count * 2 : count, concat(items), true);
    return () => outcome(() => decode(whole, { maxElements: 1_000_000 }), 'decode-error');
  };
}

/** The uint of a number. */
const keyOf = (index) => Uint8Array.of(0x70, index >>> 24, index >>> 16, index >>> 8, index);

/** A body of one section again and again. */
function sections(choices) {
  const section = concat([Uint8Array.of(0x00, 0x53, 0x75 + (choices.octet() % 2)), valueOf(choices)]);
  return (size) => {
    const message = repeat(section, Math.ceil(size / section.length));
    return () => {
      outcome(() => decodeMessage(message).body, 'decode-error');
      outcome(() => decodeMessage(message).bytes(), 'decode-error', 'illegal-state');
    };
  };
}

/** The same frames again and again, in one read or octet by octet. */
function frames(choices, role) {
  const setting = choices.octet() & 0x0c;
  const whole = choices.octet() % 2 === 0;
  const script = choices.rest();
  return (size) => () => {
    const scene = new Scene(role, new Choices(Uint8Array.of(setting, 0)), (octets, _, receive) =>
      deliver(octets, whole, receive),
    );
    scene.repeat(size, (peer) => partsOf(new Choices(script), peer));
  };
}

function deliver(octets, whole, receive) {
  if (whole) receive(octets);
  else for (let at = 0; at < octets.length; at++) receive(octets.subarray(at, at + 1));
}

function partsOf(choices, peer) {
  const parts = [];
  do {
    parts.push(frameOf(choices, choices.one(performatives), peer));
  } while (!choices.over && parts.length < MOST_PARTS);
  return concat(parts);
}

const kinds = [
  (choices) => values(choices, 0xc0),
  (choices) => values(choices, 0xc1),
  sections,
  (choices) => frames(choices, 'client'),
  (choices) => frames(choices, 'server'),
];

function spent(run) {
  const began = time();
  run();
  return time() - began;
}

export function fuzz(octets) {
  const choices = new Choices(new Uint8Array(octets));
  const sized = choices.one(kinds)(choices);
  const [short, long] = [sized(SIZE), sized(SIZE * TIMES)];
  let [once, more] = [Infinity, Infinity];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    once = Math.min(once, spent(short));
    more = Math.min(more, spent(long));
    if (more <= once * TIMES * TOLERANCE.factor + TOLERANCE.least) return;
  }
  check(false, `${TIMES} times the octets cost ${more.toFixed(0)} ms, where one part cost ${once.toFixed(0)} ms`);
}
