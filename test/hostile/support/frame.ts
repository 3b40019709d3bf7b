import type { CompositeTable, FieldSpec } from '../../../src/definitions/index.ts';
import { writeWire, type Wire, type WireNumber } from '../../../src/testing/index.ts';

/** A field of a frame as it is written down in a script; its type is that of the definition. */
export type Plain = boolean | number | string | Uint8Array | Wire;

/** A frame before it is octets: what it is made of can still be replaced. */
export interface Frame {
  readonly table: CompositeTable;
  /** The values that are not null, by the names of the definition. */
  readonly fields: Readonly<Record<string, Wire>>;
  readonly channel: number;
  readonly payload: Uint8Array;
}

/** How the octets of a frame differ from the usual. */
export interface Form {
  /** The octets of the descriptor. Default: a ulong. */
  readonly descriptor?: readonly number[];
  /** Where the body begins, in words of four octets. Default 2. */
  readonly doff?: number;
  /** The type of the frame (§2.3.1). Default 0, or 1 for SASL. */
  readonly type?: number;
  /** What stands in place of the list of fields. */
  readonly list?: readonly number[];
  /** Octets within the frame, behind all that belongs there. */
  readonly trailing?: readonly number[];
}

const none = new Uint8Array(0);
const FIRST_SASL_CODE = 0x40;

/** Whether the frames of a composite belong to the SASL layer. */
export const isSasl = (table: CompositeTable): boolean => table.code >= FIRST_SASL_CODE;

const isWire = (value: Plain): value is Wire => typeof value === 'object' && 'type' in value;

const numbers: Readonly<Record<string, WireNumber>> = { ubyte: 'ubyte', ushort: 'ushort', uint: 'uint' };

/** A number in the type of a field, whatever its range. */
export function numberFor(type: FieldSpec['type'], value: number): Wire {
  if (type === 'ulong') return { type, value: BigInt(value) };
  return { type: numbers[type] ?? 'uint', value };
}

function wireFor(field: FieldSpec, value: Plain): Wire {
  if (isWire(value)) return value;
  if (value instanceof Uint8Array) return { type: 'binary', value };
  if (typeof value === 'boolean') return { type: 'boolean', value };
  if (typeof value === 'number') return numberFor(field.type, value);
  return { type: field.type === 'symbol' ? 'symbol' : 'string', value };
}

function fieldsFor(table: CompositeTable, values: Readonly<Record<string, Plain>>): Record<string, Wire> {
  const names = new Set(table.fields.map(({ name }) => name));
  const unknown = Object.keys(values).find((name) => !names.has(name));
  if (unknown !== undefined) throw new Error(`${table.type} has no field ${unknown}`);
  return Object.fromEntries(
    table.fields.flatMap((field) => {
      const value = values[field.name];
      return value === undefined ? [] : [[field.name, wireFor(field, value)]];
    }),
  );
}

/** A frame on channel 0. */
export function frame(
  table: CompositeTable,
  values: Readonly<Record<string, Plain>> = {},
  payload: Uint8Array = none,
): Frame {
  return { table, fields: fieldsFor(table, values), channel: 0, payload };
}

/** A composite as the value of a field. */
export function composite(table: CompositeTable, values: Readonly<Record<string, Plain>> = {}): Wire {
  const value: Wire = { type: 'list', value: itemsOf(table, fieldsFor(table, values)) };
  return { type: 'described', descriptor: { type: 'ulong', value: BigInt(table.code) }, value };
}

/** The values of all fields in their order; those that are not given are null. */
function itemsOf(table: CompositeTable, fields: Readonly<Record<string, Wire>>): Wire[] {
  return table.fields.map(({ name }) => fields[name] ?? { type: 'null' });
}

/** The octets of each field. */
export function fieldOctets({ table, fields }: Pick<Frame, 'table' | 'fields'>): number[][] {
  return itemsOf(table, fields).map(writeWire);
}

/** A list32 of items that are octets already (§1.6.22). */
export function listOf(items: readonly (readonly number[])[]): number[] {
  const octets = items.flat();
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, octets.length + 4);
  head.setUint32(4, items.length);
  return [0xd0, ...new Uint8Array(head.buffer), ...octets];
}

/** The numeric descriptor of a table. */
export const descriptorOf = ({ code }: CompositeTable): number[] => writeWire({ type: 'ulong', value: BigInt(code) });

/** The octets of a frame (§2.3), by a codec that the library does not use. */
export function octetsOf({ table, fields, channel, payload }: Frame, form: Form = {}): Uint8Array {
  const { doff = 2, type = isSasl(table) ? 1 : 0, trailing = [] } = form;
  const descriptor = form.descriptor ?? descriptorOf(table);
  const list = form.list ?? listOf(fieldOctets({ table, fields }));
  const body = [0x00, ...descriptor, ...list, ...payload, ...trailing];
  const octets = new Uint8Array(doff * 4 + body.length);
  new DataView(octets.buffer).setUint32(0, octets.length);
  octets.set([doff, type, channel >> 8, channel & 0xff], 4);
  octets.set(body, doff * 4);
  return octets;
}

/** The octets of several units in one piece. */
export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}
