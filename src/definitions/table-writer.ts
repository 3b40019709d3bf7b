import { AmqpError } from '../errors/index.ts';
import {
  AmqpMap,
  Described,
  Timestamp,
  encodeValue,
  writeFields,
  writeSymbolArray,
  type Writer,
} from '../codec/index.ts';
import { nameField } from './field-error.ts';
import { endList } from './list.ts';
import type { CompositeTable, FieldSpec, ScalarField, ScalarType } from './spec.ts';

/** The octets before the items of a described list8; see {@link endList}. */
const HEAD = 6;

/** Any object, seen by the names of its members. */
type Members = Readonly<Record<string, unknown>>;

/** Writes a composite by its table; see `encodeComposite`. `path` is how errors call it. */
export function writeTable(writer: Writer, table: CompositeTable, value: Members, path: string): void {
  const start = writer.position;
  try {
    writer.reserve(HEAD);
    const count = countFields(table, value, path);
    let index = 0;
    for (const field of table.fields) {
      if (index++ >= count) break;
      const member = value[field.key];
      if (isSilent(table, field, member)) writer.null();
      else writeField(writer, field, member, `${path}.${field.name}`);
    }
    endList(writer, start, writer.position, table.code, count);
  } catch (error) {
    writer.position = start;
    throw error;
  }
}

/** How many fields are written: nothing follows the last one that says something. */
function countFields(table: CompositeTable, value: Members, path: string): number {
  let count = 0;
  let index = 0;
  for (const field of table.fields) {
    index++;
    if (!isSilent(table, field, value[field.key])) count = index;
    else if (field.mandatory === true) throw new AmqpError('encode-error', `${path}.${field.name}: it is mandatory`);
  }
  return count;
}

/** Whether null says the same: the field is absent, has its default, or is an empty array (§1.3.4). */
function isSilent(table: CompositeTable, field: FieldSpec, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (value === field.default) return table.explicit !== true;
  return field.multiple === true && Array.isArray(value) && value.length === 0;
}

function writeField(writer: Writer, field: FieldSpec, value: unknown, path: string): void {
  const { type } = field;
  if (type === 'composite') writeComposite(writer, field.composites, field.requires !== undefined, value, path);
  else if (type === 'fields') writeFields(writer, recordOf(value, path), path);
  else if (type === 'any') encodeValue(writer, value, path);
  else {
    try {
      checkChoice(field, value);
      if (field.multiple === true) writeSymbolArray(writer, strings(value));
      else writeScalar(writer, type, value);
    } catch (error) {
      throw nameField(error, path);
    }
  }
}

function checkChoice(field: ScalarField, value: unknown): void {
  if (field.choices === undefined || field.choices.some((choice) => choice === value)) return;
  throw new AmqpError('encode-error', `${show(value)} is none of ${field.choices.join(', ')}`);
}

function writeScalar(writer: Writer, type: Exclude<ScalarType, 'fields' | 'any'>, value: unknown): void {
  switch (type) {
    case 'boolean':
      return writer.boolean(typeof value === 'boolean' ? value : wrong('a boolean', value));
    case 'ubyte':
      return writer.ubyte(number(value));
    case 'ushort':
      return writer.ushort(number(value));
    case 'uint':
      return writer.uint(number(value));
    case 'ulong':
      return writer.ulong(typeof value === 'bigint' ? value : wrong('a bigint', value));
    case 'string':
      return writer.string(typeof value === 'string' ? value : wrong('a string', value));
    case 'symbol':
      return writer.symbol(typeof value === 'string' ? value : wrong('a string', value));
    case 'binary':
      return writer.binary(value instanceof Uint8Array ? value : wrong('a Uint8Array', value));
    case 'timestamp':
      return encodeValue(writer, value instanceof Date || value instanceof Timestamp ? value : wrong('a Date', value));
    case 'map':
      return encodeValue(writer, value instanceof AmqpMap || value instanceof Map ? value : wrong('an AmqpMap', value));
    case 'message-id':
      // §3.2.11: of the integers only a ulong is a message-id.
      return typeof value === 'bigint' ? writer.ulong(value) : encodeValue(writer, value);
  }
}

/** Writes one of some composite types, with its descriptor, or where `isOpen` a described value of any kind. */
export function writeComposite(
  writer: Writer,
  tables: readonly CompositeTable[],
  isOpen: boolean,
  value: unknown,
  path: string,
): void {
  if (value instanceof Described && isOpen) {
    encodeValue(writer, value, path);
    return;
  }
  const members = recordOf(value, path);
  const { type } = members;
  const table = tables.find((candidate) => type === undefined || candidate.type === type);
  if (table === undefined) throw new AmqpError('encode-error', `${path}: ${show(type)} is no type that belongs here`);
  writeTable(writer, table, members, path);
}

/** The value, if it is an object. @throws encode-error if not. */
export function recordOf(value: unknown, path: string): Members {
  if (isObject(value)) return value;
  throw new AmqpError('encode-error', `${path}: expected an object, got ${show(value)}`);
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : wrong('a number', value);
}

function strings(value: unknown): readonly string[] {
  return isStrings(value) ? value : wrong('an array of strings', value);
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function wrong(expected: string, value: unknown): never {
  throw new AmqpError('encode-error', `expected ${expected}, got ${show(value)}`);
}

/** A value in few words; what is long is cut, and objects may hold anything. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : `a value of type ${typeof value}`;
}
