import {
  Described,
  Timestamp,
  decodeValue,
  formatCode,
  readFields,
  readMap,
  readSymbolArray,
  type Limits,
  type Reader,
} from '../codec/index.ts';
import { readDescriptorCode } from './descriptor.ts';
import { nameField } from './field-error.ts';
import { enterList, leaveList } from './list.ts';
import type { Composite, CompositeTable, FieldSpec, ScalarField, Tables } from './spec.ts';

// The interfaces and the tables are generated from the same rows: what is read by a table is of the table's type.

/** Reads the list of a composite by its table; see `decodeComposite`. */
export function readTable<T extends Composite>(
  reader: Reader,
  table: CompositeTable & { readonly value?: T },
  limits?: Limits,
): T;
export function readTable(reader: Reader, table: CompositeTable, limits?: Limits): object {
  const outer = reader.end;
  const value: Record<string, unknown> = { type: table.type };
  let path = '';
  try {
    const count = enterList(reader);
    let index = 0;
    for (const field of table.fields) {
      path = field.name;
      value[field.key] =
        index++ < count && !reader.skipNull() ? readField(reader, field, limits) : absent(reader, field);
    }
    path = '';
    leaveList(reader, count - index, outer);
  } catch (error) {
    reader.end = outer;
    throw nameField(error, path === '' ? table.type : `${table.type}.${path}`);
  }
  return value;
}

/** What a field is that is null or left out (§1.3.4). */
function absent(reader: Reader, field: FieldSpec): unknown {
  if (field.mandatory === true) reader.fail('a mandatory field is missing');
  return field.multiple === true ? [] : field.default;
}

function readField(reader: Reader, field: FieldSpec, limits: Limits | undefined): unknown {
  if (field.multiple === true) {
    const symbols = readSymbolArray(reader, limits);
    // §1.3.4: an empty array says as little as null.
    return symbols.length > 0 ? symbols : absent(reader, field);
  }
  if (field.type === 'composite') {
    return (field.requires === undefined ? readClosed : readOpen)(reader, field.composites, limits);
  }
  const value = readScalar(reader, field, limits);
  if (field.choices !== undefined && !field.choices.some((choice) => choice === value)) {
    reader.fail(`${String(value)} is none of ${field.choices.join(', ')}`);
  }
  return value;
}

function readScalar(reader: Reader, field: ScalarField, limits: Limits | undefined): unknown {
  switch (field.type) {
    case 'boolean':
      return reader.boolean();
    case 'ubyte':
      return reader.ubyte();
    case 'ushort':
      return reader.ushort();
    case 'uint':
      return reader.uint();
    case 'ulong':
      return reader.ulong();
    case 'string':
      return reader.string();
    case 'symbol':
      return reader.symbol();
    case 'binary':
      return reader.binary();
    case 'timestamp':
      return readTimestamp(reader, limits);
    case 'fields':
      return readFields(reader, limits);
    case 'map':
      return readMap(reader, limits);
    case 'any':
    case 'message-id':
    default:
      return decodeValue(reader, limits);
  }
}

/** Reads a timestamp. @throws decode-error for anything else. */
export function readTimestamp(reader: Reader, limits: Limits | undefined): Date | Timestamp {
  const constructor = reader.peek();
  const value = decodeValue(reader, limits);
  return value instanceof Date || value instanceof Timestamp ? value : reader.wrongType('timestamp', constructor);
}

/** Reads one of some composite types, with its descriptor. @throws decode-error for anything else. */
export function readClosed<T extends object>(reader: Reader, tables: Tables<T>, limits?: Limits): T;
export function readClosed(reader: Reader, tables: readonly CompositeTable[], limits?: Limits): object {
  return readListed(reader, tables, limits) ?? refuse(reader, tables);
}

/** Reads one of some composite types, with its descriptor; another described value is returned as it is. */
export function readOpen<T extends object>(reader: Reader, tables: Tables<T>, limits?: Limits): T | Described;
export function readOpen(reader: Reader, tables: readonly CompositeTable[], limits?: Limits): object {
  const listed = readListed(reader, tables, limits);
  if (listed !== undefined) return listed;
  const value = decodeValue(reader, limits);
  return value instanceof Described ? value : refuse(reader, tables);
}

/** Reads a value of one of the types; undefined, with nothing read, if it is of none. */
function readListed(reader: Reader, tables: readonly CompositeTable[], limits: Limits | undefined): object | undefined {
  if (reader.peek() !== formatCode.described) return undefined;
  const start = reader.position;
  const code = readDescriptorCode(reader, limits);
  const table = tables.find((candidate) => candidate.code === code);
  if (table !== undefined) return readTable(reader, table, limits);
  reader.position = start;
  return undefined;
}

function refuse(reader: Reader, tables: readonly CompositeTable[]): never {
  return reader.fail(`expected ${tables.map((table) => table.type).join(' or ')}`);
}
