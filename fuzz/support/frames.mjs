/** Makes frames of choices, field by field, from the definitions: right ones, and ones that differ in a few things. */
import { encode, symbol, ubyte, uint, ulong, ushort } from '../../dist/codec/index.js';
import { Choices } from './choices.mjs';
import { plausible } from './plausible.mjs';
import { broken, compound, concat, samples } from './values.mjs';

const numbers = { ubyte: [1, ubyte], ushort: [2, ushort], uint: [4, uint], ulong: [6, ulong] };
const ends = {
  ubyte: [0, 1, 0xff],
  ushort: [0, 1, 0xffff],
  uint: [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff],
  ulong: [0n, 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n],
};
const NULL = Uint8Array.of(0x40);

/** The octets of a value in the type of a field. Strings stand for symbols where symbols belong. */
function write(field, value) {
  if (value === undefined || value === null) return NULL;
  if (field.type === 'symbol' && field.multiple === true) return encode([value].flat().map((one) => symbol(one)));
  if (field.type === 'symbol') return encode(symbol(value));
  if (field.type in numbers) return encode(numbers[field.type][1](value));
  if (field.type === 'fields') return encode(new Map(Object.entries(value).map(([key, one]) => [symbol(key), one])));
  return encode(value);
}

function numberEnd(choices, field) {
  return field.type in ends ? write(field, choices.one(ends[field.type])) : choices.one(samples);
}

function random(choices, field) {
  if (field.type in numbers) return write(field, choices.number(numbers[field.type][0]));
  if (field.type === 'boolean') return write(field, choices.octet() % 2 === 0);
  const octets = choices.take(choices.octet() % 64);
  if (field.type === 'binary') return encode(octets);
  const text = Buffer.from(octets).toString('latin1');
  if (field.type === 'string') return encode(text);
  return field.type === 'symbol' ? write(field, text.replaceAll(/[^ -~]/g, '?')) : octets;
}

/** The octets of a field. The first half of all choices is right. */
function fieldOctets(choices, table, field, peer, depth, choice) {
  if (choice >= 0xf0) return choices.one(broken);
  if (choice >= 0xe0) return choices.one(samples);
  if (choice >= 0xc0) return random(choices, field);
  if (choice >= 0xa0) return numberEnd(choices, field);
  if (choice >= 0x80) return NULL;
  if (field.type !== 'composite') return write(field, plausible(peer, table, field, choice));
  const { composites } = field;
  const given = field.name === 'source' || field.name === 'target' ? choice !== 1 : choice !== 0;
  if (!given || depth > 2) return NULL;
  const inner = choice === 0 ? new Choices(new Uint8Array(0)) : choices;
  return composite(inner, composites[(choice >> 1) % composites.length], peer, depth + 1);
}

const listOf = (items, wide) =>
  items.length === 0 && !wide ? Uint8Array.of(0x45) : compound(0xc0, items.length, concat(items), wide);

/**
 * A composite by its table. The first choice says how many fields differ from what is usual, three at most, and how all
 * is written; two more name each of these fields and what becomes of it.
 */
export function composite(choices, table, peer, depth = 0) {
  const head = choices.octet();
  const form = head >> 2;
  const differing = new Map();
  for (let count = head % 4; count > 0 && table.fields.length > 0; count--)
    differing.set(choices.octet() % table.fields.length, choices.octet());
  const items = table.fields.map((field, index) =>
    fieldOctets(choices, table, field, peer, depth, differing.get(index) ?? 0),
  );
  while (items.at(-1) === NULL) items.pop();
  const name = encode(symbol(table.descriptor));
  const descriptor = form === 63 ? choices.one(samples) : form > 56 ? name : Uint8Array.of(0x53, table.code);
  if (form === 56) items.push(choices.one(samples));
  if (form === 55) items.splice(choices.octet() % (items.length + 1));
  const body = form === 54 ? choices.one(samples) : listOf(items, form % 2 === 1);
  return concat([Uint8Array.of(0x00), descriptor, body]);
}

/** A frame around a body (§2.3). */
export function frame(body, { channel = 0, type = 0, dataOffset = 2, size } = {}) {
  const octets = new Uint8Array(dataOffset * 4 + body.length);
  new DataView(octets.buffer).setUint32(0, size ?? octets.length);
  octets.set([dataOffset, type, channel >> 8, channel & 0xff], 4);
  octets.set(body, dataOffset * 4);
  return octets;
}

/** A frame of a composite, and of a payload behind a transfer. The last choice is its channel, and its form if not usual. */
export function frameOf(choices, table, peer, type = 0) {
  const body = composite(choices, table, peer);
  const payload = table.type === 'transfer' ? payloadOf(choices) : new Uint8Array(0);
  const form = choices.octet();
  const channel = form % 16 === 15 ? 0xffff : form % 16 > 12 ? (form % 16) - 12 : 0;
  const whole = concat([body, payload, form === 0xf0 ? Uint8Array.of(0) : new Uint8Array(0)]);
  if (form === 0xf1) return frame(whole, { channel, type, dataOffset: 3 });
  if (form === 0xf2) return frame(whole, { channel, type: 1 - type });
  if (form === 0xf3) return frame(whole, { channel, type, size: 8 + choices.octet() });
  return frame(whole, { channel, type });
}

function payloadOf(choices) {
  const choice = choices.octet();
  if (choice < 0x40) return Uint8Array.of(0x00, 0x53, 0x77, 0xa1, 0x01, 0x78);
  if (choice < 0xc0) return new Uint8Array(choice * 16).fill(choice);
  return choices.take(choice - 0xc0);
}
