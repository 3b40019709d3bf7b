/** Makes the octets of values of choices, right ones and a few that are not. */
import {
  char,
  double,
  encode,
  float,
  symbol,
  timestamp,
  ubyte,
  uint,
  ulong,
  ushort,
  uuid,
} from '../../dist/codec/index.js';

const UUID = '00112233-4455-6677-8899-aabbccddeeff';

/** Values of every kind. */
export const samples = [
  [null, true, 'text', symbol('symbol'), symbol(''), Uint8Array.of(1), 7, uint(7), ulong(7), 1n, double(0.5)],
  [ubyte(1), ushort(1), timestamp(0), [], [symbol('x')], { k: 1 }, new Map([[symbol('k'), 'v']])],
  [false, '', -1, 2 ** 40, -0, Number.NaN, float(1.5), char('x'), uuid(UUID), timestamp(2n ** 63n - 1n)],
  ['__proto__', symbol('__proto__'), 'é€😀', new Uint8Array(0), ulong(2n ** 64n - 1n), uint(0), 2 ** 53],
]
  .flat()
  .map((value) => encode(value));

/** Octets that are no value, or none that may stand there. */
export const broken = [
  ['', 'ff', '00', '005380', 'a1ff61', 'a102c328', 'a301ff', 'd0ffffffffffffffff', 'f0000000090000000141', 'e00201a3'],
  ['a3ff41', '5602', '730000d800', '70000000', 'c10301a16b', 'c103034040', 'e0035d4141'],
]
  .flat()
  .map((text) => new Uint8Array(Buffer.from(text, 'hex')));

export const concat = (parts) => new Uint8Array(Buffer.concat(parts));

/** A compound (§1.2.3): its format code is the small one. */
export function compound(code, items, body, wide) {
  if (!wide && body.length < 255 && items < 256) return concat([Uint8Array.of(code, body.length + 1, items), body]);
  const head = new DataView(new ArrayBuffer(9));
  head.setUint8(0, code + 0x10);
  head.setUint32(1, body.length + 4);
  head.setUint32(5, items);
  return concat([new Uint8Array(head.buffer), body]);
}

function several(choices, depth) {
  return Array.from({ length: choices.octet() % 8 }, () => valueOf(choices, depth + 1));
}

/** The octets of a map with keys of one kind, and rarely with equal keys. */
export function mapOf(choices, keyOf, depth = 0) {
  const values = several(choices, depth);
  const form = choices.octet() % 8;
  const items = values.flatMap((octets, index) => [encode(keyOf(form === 6 ? 'key' : `key ${index}`)), octets]);
  return compound(0xc1, items.length, concat(items), form === 7);
}

/** An array of what is left of some values without their format code, where that is the same (§1.2.4). */
function arrayOf(choices) {
  const first = choices.one(samples);
  const items = Array.from({ length: choices.octet() % 5 }, () => first.subarray(1));
  return compound(0xe0, items.length, concat([first.subarray(0, 1), ...items]), choices.octet() % 2 === 1);
}

/** The octets of a value, well formed unless a choice is above 0xf0. */
export function valueOf(choices, depth = 0) {
  const choice = choices.octet();
  if (choice >= 0xf0) return choices.one(broken);
  if (choice < 0x80 || depth > 8) return samples[choice % samples.length];
  if (choice < 0x90) return encode(choices.take(choices.octet()));
  if (choice < 0xa0) return encode(Buffer.from(choices.take(choices.octet())).toString());
  if (choice < 0xb0) return mapOf(choices, choice % 2 ? (key) => key : symbol, depth);
  if (choice < 0xc0) return arrayOf(choices);
  if (choice < 0xd0) return concat([Uint8Array.of(0), valueOf(choices, depth + 1), valueOf(choices, depth + 1)]);
  const items = several(choices, depth);
  return compound(0xc0, items.length, concat(items), choice % 2 === 1);
}
