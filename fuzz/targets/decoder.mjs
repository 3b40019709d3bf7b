/** The decoder of values, against the encoder, and against the independent codec that the scripted peer has. */
import {
  AmqpArray,
  AmqpMap,
  AmqpSymbol,
  Char,
  Decimal,
  Described,
  Timestamp,
  Typed,
  Uuid,
} from '../../dist/codec/index.js';
import { blockOf, decode, encode, Reader, skipValue } from '../../dist/codec/index.js';
import { WireReader } from '../../dist/testing/index.js';
import { check, outcome, same, sameOctets, stable } from '../support/oracle.mjs';
import { target } from '../support/target.mjs';

const ARRAY8 = 0xe0;
const ARRAY32 = 0xf0;
const tight = { maxDepth: 3, maxElements: 4, maxSize: 40 };

/** A value that was read with types, as the independent codec reads it. */
function wireOf(value) {
  if (value === null) return { type: 'null' };
  if (typeof value === 'boolean') return { type: 'boolean', value };
  if (typeof value === 'string') return { type: 'string', value };
  if (value instanceof Typed) return { type: value.type, value: value.value };
  if (value instanceof AmqpSymbol) return { type: 'symbol', value: value.value };
  if (value instanceof Char) return { type: 'char', value: value.codePoint };
  if (value instanceof Date) return { type: 'timestamp', value: BigInt(value.getTime()) };
  if (value instanceof Timestamp) return { type: 'timestamp', value: value.milliseconds };
  if (value instanceof Uint8Array) return { type: 'binary', value };
  if (value instanceof Uuid || value instanceof Decimal) return { type: 'opaque', value: value.bytes };
  if (Array.isArray(value)) return { type: 'list', value: value.map(wireOf) };
  if (value instanceof Described)
    return { type: 'described', descriptor: wireOf(value.descriptor), value: wireOf(value.value) };
  if (value instanceof AmqpArray)
    return { type: 'array', value: value.items.map((item) => wireOf(describe(value, item))) };
  check(value instanceof AmqpMap, `the decoder gave ${String(value)}`);
  // A key is plain where the plain value means the type that it had.
  return { type: 'map', value: [...value].flatMap(([key, member]) => [wireOf(typedKey(key)), wireOf(member)]) };
}

const describe = (array, item) =>
  array.descriptors.reduceRight((inner, descriptor) => new Described(descriptor, inner), item);

/** What the decoder reads with types is written in the same types. */
function typedKey(key) {
  return typeof key === 'number' || typeof key === 'bigint' ? decode(encode(key), { typed: true }) : key;
}

/** The other faces of a value: its keys find what they stand for, its text says what it is, and JSON takes it. */
function checkFaces(value) {
  if (value instanceof AmqpMap) {
    for (const [key, member] of value) {
      check(value.has(key) && Object.is(value.get(key), member), 'a key of a map does not find its value');
      checkFaces(member);
    }
  } else if (value instanceof Described) checkFaces(value.value);
  else if (Array.isArray(value)) for (const item of value) checkFaces(item);
  else if (value instanceof Decimal) {
    const text = value.toString();
    if (!text.includes('NaN'))
      same(Decimal.parse(text, value.bits).toString(), text, 'a decimal is not what its text says');
  }
}

export const fuzz = target((bytes) => {
  const plain = outcome(() => decode(bytes), 'decode-error');
  const typed = outcome(() => decode(bytes, { typed: true }), 'decode-error');
  const limited = outcome(() => decode(bytes, tight), 'decode-error');
  const skipped = outcome(() => {
    const reader = new Reader(blockOf(bytes));
    skipValue(reader);
    return reader.remaining;
  }, 'decode-error');
  same(plain.error?.message, typed.error?.message, 'numbers with their types change what can be read');
  if (plain.error !== undefined) {
    check(limited.error !== undefined, 'limits make readable what is not');
    return;
  }
  // Skipping counts all descriptors against the depth, where reading counts those that enclose each other.
  if (skipped.error?.message.includes('nests deeper') !== true)
    same(skipped.value, 0, 'what can be read cannot be skipped');
  same(wireOf(typed.value), new WireReader(bytes).read(), 'the independent codec reads something else');
  checkFaces(plain.value);
  const json = JSON.stringify(plain.value, (_, item) => (typeof item === 'bigint' ? `${item}` : item));
  check(typeof json === 'string', 'a value has no JSON');
  // The smallest encoding of the same value: it reads as the same, and is its own smallest encoding.
  const octets = encode(typed.value);
  // An array may have items without octets, as of the format code of true (§1.2.4), where ours take one.
  const narrow = octets.length <= bytes.length || bytes.includes(ARRAY8) || bytes.includes(ARRAY32);
  check(narrow, 'the smallest encoding is larger than another');
  same(wireOf(decode(octets, { typed: true })), wireOf(typed.value), 'what was written reads as something else');
  sameOctets(encode(decode(octets, { typed: true })), octets, 'what was read again is written otherwise');
  // Without types a number may change its type, and nothing else.
  const again = encode(plain.value);
  stable(again, (written) => encode(decode(written)));
  if (limited.error === undefined) sameOctets(encode(limited.value), again, 'limits change a value');
});
