/**
 * The one machine that reads and writes composite values by their tables (§1.4). Straight-line codecs for the
 * composites of every message are generated from the same tables; they come here to say what is wrong.
 */
import type { Limits, Reader, Writer } from '../codec/index.ts';
import type { Composite, CompositeTable } from './spec.ts';
import { readTable } from './table-reader.ts';
import { recordOf, writeTable } from './table-writer.ts';

/**
 * Reads a composite whose descriptor has been read.
 *
 * A field that is null or left out takes its default; one that is `multiple` becomes an empty array (§1.3.4).
 *
 * @throws decode-error naming the field that is missing, of another type, or too much.
 */
export function decodeComposite<T extends Composite = Composite>(
  reader: Reader,
  spec: CompositeTable & { readonly value?: T },
  limits?: Limits,
): T {
  return readTable(reader, spec, limits);
}

/**
 * Writes a composite with its numeric descriptor in the fewest octets.
 *
 * Null stands for what is equal to its default, and nulls at the end are left out (§1.4).
 *
 * @throws encode-error naming the field that is missing or of another type; nothing is left in the writer then.
 */
export function encodeComposite<I extends object>(
  writer: Writer,
  spec: CompositeTable & { readonly init?: I },
  init: NoInfer<I>,
): void {
  writeTable(writer, spec, recordOf(init, spec.type), spec.type);
}

/** Reads again what a straight-line codec could not read, for an error that names the field. */
export function explainDecodeError(
  reader: Reader,
  table: CompositeTable,
  limits: Limits | undefined,
  error: unknown,
): never {
  readTable(reader, table, limits);
  throw error;
}

/** Writes again what a straight-line codec could not write, for an error that names the field. */
export function explainEncodeError(writer: Writer, table: CompositeTable, value: object, error: unknown): never {
  writeTable(writer, table, recordOf(value, table.type), table.type);
  throw error;
}
