/** Neutral values (see ../neutral.mjs) as rhea reads and writes them. */
import rhea from 'rhea';

const { types } = rhea;

/** The names that rhea gives to the encodings of a type, as far as they are not the type's own name. */
const typeNames = {
  true: 'boolean',
  false: 'boolean',
  smalluint: 'uint',
  uint0: 'uint',
  smallulong: 'ulong',
  ulong0: 'ulong',
  smallint: 'int',
  smalllong: 'long',
  charutf32: 'char',
  vbin8: 'binary',
  vbin32: 'binary',
  str8: 'string',
  str32: 'string',
  sym8: 'symbol',
  sym32: 'symbol',
  list0: 'list',
  list8: 'list',
  list32: 'list',
  map8: 'map',
  map32: 'map',
  array8: 'array',
  array32: 'array',
};

/** The format code that rhea is told for the items of an array. */
const codes = {
  null: 0x40,
  boolean: 0x56,
  ubyte: 0x50,
  ushort: 0x60,
  uint: 0x70,
  ulong: 0x80,
  byte: 0x51,
  short: 0x61,
  int: 0x71,
  long: 0x81,
  float: 0x72,
  double: 0x82,
  decimal32: 0x74,
  decimal64: 0x84,
  decimal128: 0x94,
  char: 0x73,
  timestamp: 0x83,
  uuid: 0x98,
  binary: 0xb0,
  string: 0xb1,
  symbol: 0xb3,
  list: 0xd0,
  map: 0xd1,
  array: 0xf0,
};

const typeName = (type) => typeNames[type.name.toLowerCase()] ?? type.name.toLowerCase();
const pairs = (items) => items.flatMap((item, at) => (at % 2 === 0 ? [[item, items[at + 1]]] : []));

/** The neutral form of what rhea's reader returns. */
export function neutral(typed) {
  const value = undescribed(typed);
  return typed.descriptor ? ['described', neutral(typed.descriptor), value] : value;
}

function undescribed(typed) {
  const name = typeName(typed.type);
  const { value } = typed;
  switch (name) {
    case 'null':
      return ['null'];
    case 'boolean':
      return ['boolean', Boolean(value)];
    case 'ulong':
      return [name, String(Buffer.isBuffer(value) ? value.readBigUInt64BE() : value)];
    case 'long':
      return [name, String(Buffer.isBuffer(value) ? value.readBigInt64BE() : value)];
    case 'timestamp':
      return [name, String(value.getTime())];
    case 'float':
    case 'double':
      return [name, float(name, value)];
    case 'decimal32':
    case 'decimal64':
    case 'decimal128':
    case 'uuid':
    case 'binary':
      return [name, value.toString('hex')];
    case 'string':
    case 'symbol':
      return [name, value];
    case 'list':
      return [name, value.map(neutral)];
    case 'map':
      return [name, pairs(value).map(([key, item]) => [neutral(key), neutral(item)])];
    case 'array':
      return array(typed);
    default:
      return [name, String(value)];
  }
}

function array({ value, array_constructor: { typecode, descriptor } }) {
  const type = typeName(types.by_code[typecode]);
  return ['array', type, value.map(neutral), ...(descriptor ? [neutral(descriptor)] : [])];
}

function float(name, value) {
  const octets = Buffer.alloc(name === 'float' ? 4 : 8);
  if (name === 'float') octets.writeFloatBE(value);
  else octets.writeDoubleBE(value);
  return octets.toString('hex');
}

const bytes = (hex) => Buffer.from(hex, 'hex');
function octets64(value) {
  const octets = Buffer.alloc(8);
  octets.writeBigInt64BE(BigInt.asIntN(64, BigInt(value)));
  return octets;
}

/** Makes rhea's typed value of a neutral form. */
export function build([type, payload, items, descriptor]) {
  switch (type) {
    case 'null':
      return types.wrap(null);
    case 'boolean':
    case 'string':
    case 'symbol':
      return types[`wrap_${type}`](payload);
    case 'ulong':
    case 'long':
      return types[`wrap_${type}`](octets64(payload));
    case 'float':
      return types.wrap_float(bytes(payload).readFloatBE());
    case 'double':
      return types.wrap_double(bytes(payload).readDoubleBE());
    case 'decimal32':
      return types.Decimal32(bytes(payload));
    case 'decimal64':
      return types.Decimal64(bytes(payload));
    case 'decimal128':
      return types.Decimal128(bytes(payload));
    case 'uuid':
    case 'binary':
      return types[`wrap_${type}`](bytes(payload));
    case 'list':
      return types.wrap_list(payload.map(build));
    case 'map':
      return types.Map32(payload.flatMap(([key, value]) => [build(key), build(value)]));
    case 'array':
      return types.wrap_array(items.map(arrayItem), codes[payload], descriptor && build(descriptor));
    case 'described':
      return types.described(build(payload), build(items));
    default:
      return types[`wrap_${type}`](Number(payload));
  }
}

/** rhea wants the items of an array bare. */
function arrayItem(neutralItem) {
  const { value } = build(neutralItem);
  return neutralItem[0] === 'boolean' ? Number(value) : value;
}

/** What rhea reads in the octets of one value, as a neutral form. */
export function read(octets) {
  return neutral(new types.Reader(octets).read());
}

/** The octets that rhea writes for a neutral form. */
export function write(neutralForm) {
  const writer = new types.Writer();
  writer.write(build(neutralForm));
  return writer.toBuffer();
}

/** The neutral forms of a message's sections by descriptor. */
export function sections(octets) {
  const reader = new types.Reader(octets);
  const found = {};
  while (reader.remaining()) {
    const section = reader.read();
    found[section.descriptor.value] = undescribed(section);
  }
  return found;
}
