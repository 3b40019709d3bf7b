import { AmqpArray, decode, encode } from '../../../src/codec/index.ts';
import { valueOf, type Notation } from '../../codec/support/notation.ts';
import { tables } from './tables.ts';
import type { FieldSpec } from '../../../src/definitions/index.ts';

type DescribedNotation = Extract<Notation, { type: 'described' }>;

/** A value without the types of its numbers. */
function plain(notation: Notation): unknown {
  return decode(encode(valueOf(notation)));
}

function symbols(notation: Notation): unknown[] {
  const value = plain(notation);
  if (value instanceof AmqpArray) return value.items.map(String);
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** The text of a symbol, or of a number of 64 bits. */
function textOf(notation: Notation): string {
  return notation.type === 'symbol' || notation.type === 'ulong' ? notation.value : '';
}

/** What a field is expected to be when it was written as the notation. */
function fieldOf(field: FieldSpec, notation: Notation | undefined): unknown {
  const silent = notation === undefined || notation.type === 'null';
  if (field.multiple === true) return silent ? [] : symbols(notation);
  if (silent) return field.default;
  if (field.type === 'composite' && notation.type === 'described') return compositeOf(notation);
  const value = plain(notation);
  if (field.type === 'symbol') return String(value);
  if (field.type !== 'fields') return value;
  const entries = notation.type === 'map' ? notation.value : [];
  return Object.assign(
    Object.create(null),
    Object.fromEntries(entries.map(([key, item]) => [textOf(key), plain(item)])),
  );
}

/** What a composite is expected to be; a described value that is no composite of the standard stays as it is. */
export function compositeOf({ value: { descriptor, value } }: DescribedNotation): unknown {
  const name = textOf(descriptor);
  const table = tables.find((candidate) => String(candidate.code) === name || candidate.descriptor === name);
  if (table === undefined || value.type !== 'list') return plain({ type: 'described', value: { descriptor, value } });
  const fields = table.fields.map((field, index) => [field.key, fieldOf(field, value.value[index])]);
  return { type: table.type, ...Object.fromEntries(fields) };
}
