/**
 * The peer's own bytes: walking over encoded AMQP values and writing performatives.
 * It shares no code with any client that is measured, so that no client is measured against itself.
 */

export const NULL = Buffer.from([0x40]);
export const TRUE = Buffer.from([0x41]);
export const FALSE = Buffer.from([0x42]);
export const ACCEPTED = Buffer.from([0x00, 0x53, 0x24, 0x45]);
export const EMPTY_FRAME = Buffer.from([0, 0, 0, 8, 2, 0, 0, 0]);

/** An encoded uint. */
export function uint(value) {
  const bytes = Buffer.allocUnsafe(5);
  bytes[0] = 0x70;
  bytes.writeUInt32BE(value >>> 0, 1);
  return bytes;
}

/** A frame of `type` (0 AMQP, 1 SASL) whose body is the described list `descriptor` of the encoded `fields`. */
export function frame(type, channel, descriptor, ...fields) {
  const body = Buffer.concat(fields);
  const head = Buffer.alloc(20);
  head.writeUInt32BE(20 + body.length, 0);
  head[4] = 2;
  head[5] = type;
  head.writeUInt16BE(channel, 6);
  head.set([0x00, 0x53, descriptor, 0xd0], 8);
  head.writeUInt32BE(body.length + 4, 12);
  head.writeUInt32BE(fields.length, 16);
  return Buffer.concat([head, body]);
}

/** The offset after the value at `at` (§1.2: the high nibble of the format code gives the width). */
export function skip(bytes, at) {
  const code = bytes[at];
  switch (code >> 4) {
    case 0x0:
      return skip(bytes, skip(bytes, at + 1));
    case 0x4:
      return at + 1;
    case 0x5:
      return at + 2;
    case 0x6:
      return at + 3;
    case 0x7:
      return at + 5;
    case 0x8:
      return at + 9;
    case 0x9:
      return at + 17;
    case 0xa:
    case 0xc:
    case 0xe:
      return at + 2 + bytes[at + 1];
    case 0xb:
    case 0xd:
    case 0xf:
      return at + 5 + bytes.readUInt32BE(at + 1);
    default:
      throw new Error(`format code 0x${code.toString(16)} is unknown to the peer`);
  }
}

/** The uint at `at`, `undefined` for null. */
export function uintAt(bytes, at) {
  switch (bytes[at]) {
    case 0x70:
      return bytes.readUInt32BE(at + 1);
    case 0x52:
      return bytes[at + 1];
    case 0x43:
      return 0;
    case 0x40:
      return undefined;
    default:
      throw new Error(`format code 0x${bytes[at].toString(16)} is not a uint`);
  }
}

/** The boolean at `at`; null is false. */
export function booleanAt(bytes, at) {
  return bytes[at] === 0x41 || (bytes[at] === 0x56 && bytes[at + 1] === 1);
}

/** The numeric descriptor of the described value at `at`. */
export function descriptorAt(bytes, at) {
  if (bytes[at] === 0x00 && bytes[at + 1] === 0x53) return bytes[at + 2];
  if (bytes[at] === 0x00 && bytes[at + 1] === 0x80) return Number(bytes.readBigUInt64BE(at + 2));
  throw new Error('the peer reads numeric descriptors only');
}

/** Count of fields and offset of the first field of the list at `at`. */
export function listAt(bytes, at) {
  switch (bytes[at]) {
    case 0x45:
      return { count: 0, at: at + 1 };
    case 0xc0:
      return { count: bytes[at + 2], at: at + 3 };
    case 0xd0:
      return { count: bytes.readUInt32BE(at + 5), at: at + 9 };
    default:
      throw new Error(`format code 0x${bytes[at].toString(16)} is not a list`);
  }
}

/** The encoded fields of the described list at `at`, each a copy: they outlive the chunk. */
export function fieldsAt(bytes, at) {
  const list = listAt(bytes, skip(bytes, at + 1));
  const fields = [];
  for (let start = list.at; fields.length < list.count;) {
    const end = skip(bytes, start);
    fields.push(Buffer.from(bytes.subarray(start, end)));
    start = end;
  }
  return fields;
}

/** The string or symbol `field`, `undefined` for anything else. */
export function textOf(field) {
  if (field === undefined) return undefined;
  if (field[0] === 0xa1 || field[0] === 0xa3) return field.toString('utf8', 2);
  if (field[0] === 0xb1 || field[0] === 0xb3) return field.toString('utf8', 5);
  return undefined;
}
