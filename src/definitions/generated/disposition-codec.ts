// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import type { Described, Limits, Reader, Writer } from '../../codec/index.ts';
import { explainDecodeError, explainEncodeError } from '../composite.ts';
import { enterList, leaveList, endList } from '../list.ts';
import { putBoolean, putFlag, putOptionalUint, putUint } from '../straight-line.ts';
import { accepted, putPlainState, readDeliveryState, writeDeliveryState } from '../states.ts';
import type { DeliveryState } from './delivery-state.ts';
import { disposition } from './performatives.ts';

/** The fields of {@link Disposition} in one object that is used again for each frame (§2.7.6). */
export class DispositionFields {
  /** Who speaks: false for the sender of the deliveries, true for their receiver. */
  role: boolean = false;
  /** The first delivery-id. */
  first: number = 0;
  /** The last delivery-id; absent means the same as `first`. */
  last: number | undefined = undefined;
  /** Whether the speaker has settled. */
  settled: boolean = false;
  /** The state of the deliveries at the speaker. */
  state: DeliveryState | Described | undefined = undefined;
  /** Whether the answer may wait to be batched; a hint. */
  batchable: boolean = false;
}

/**
 * Reads a disposition behind its descriptor into an object that exists; every field is set (§2.7.6).
 *
 * @throws decode-error that names the field.
 */
export function readDisposition(reader: Reader, into: DispositionFields, limits?: Limits): void {
  const start = reader.position;
  const outer = reader.end;
  try {
    const count = enterList(reader);
    if (count <= 0 || reader.skipNull()) reader.fail('a mandatory field is missing');
    into.role = reader.boolean();
    if (count <= 1 || reader.skipNull()) reader.fail('a mandatory field is missing');
    into.first = reader.uint();
    into.last = count <= 2 || reader.skipNull() ? undefined : reader.uint();
    into.settled = !(count <= 3 || reader.skipNull()) && reader.boolean();
    into.state = count <= 4 || reader.skipNull() ? undefined : readDeliveryState(reader, limits);
    into.batchable = !(count <= 5 || reader.skipNull()) && reader.boolean();
    leaveList(reader, count - 6, outer);
  } catch (error) {
    reader.position = start;
    reader.end = outer;
    explainDecodeError(reader, disposition, limits, error);
  }
}

/** How many fields are written: nothing follows the last one that says something. */
function countDisposition(fields: DispositionFields): number {
  if (fields.batchable) return 6;
  if (fields.state !== undefined) return 5;
  if (fields.settled) return 4;
  if (fields.last !== undefined) return 3;
  return 2;
}

/**
 * Writes a disposition with its descriptor, in the fewest octets (§2.7.6).
 *
 * @throws encode-error that names the field.
 */
export function writeDisposition(writer: Writer, fields: DispositionFields): void {
  const start = writer.position;
  try {
    const count = countDisposition(fields);
    let at = writer.reserve(23) + 6;
    let { view } = writer;
    at = putBoolean(view, at, fields.role);
    at = putUint(view, at, fields.first);
    if (count > 2) at = putOptionalUint(view, at, fields.last);
    if (count > 3) at = putFlag(view, at, fields.settled);
    if (count > 4) {
      const { state } = fields;
      if (state === undefined || state === accepted) at = putPlainState(view, at, state);
      else {
        writer.position = at;
        writeDeliveryState(writer, state);
        at = writer.reserve(1);
        view = writer.view;
      }
    }
    if (count > 5) at = putFlag(view, at, fields.batchable);
    endList(writer, start, at, 0x15, count);
  } catch (error) {
    writer.position = start;
    explainEncodeError(writer, disposition, fields, error);
  }
}
