// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import type { Described, Limits, Reader, Writer } from '../../codec/index.ts';
import { explainDecodeError, explainEncodeError } from '../composite.ts';
import { enterList, leaveList, endList } from '../list.ts';
import {
  binaryStart,
  putBinary,
  putFlag,
  putOptionalBoolean,
  putOptionalUint,
  putReceiverSettleMode,
  putUint,
  readReceiverSettleMode,
} from '../straight-line.ts';
import { accepted, putPlainState, readDeliveryState, writeDeliveryState } from '../states.ts';
import type { ReceiverSettleMode } from './choices.ts';
import type { DeliveryState } from './delivery-state.ts';
import { transfer } from './performatives.ts';

/** The fields of {@link Transfer} in one object that is used again for each frame (§2.7.5). */
export class TransferFields {
  /** The handle of the link. */
  handle: number = 0;
  /** The number of the delivery in its session; may be left out on all but the first frame. */
  deliveryId: number | undefined = undefined;
  /** The name of the delivery on its link, up to 32 octets; may be left out on all but the first frame. Only for writing. */
  deliveryTag: Uint8Array | undefined = undefined;
  /** Where the delivery-tag lies in the octets that were read; -1 if it is absent. Only for reading. */
  deliveryTagStart: number = -1;
  /** Where the delivery-tag ends in the octets that were read; -1 if it is absent. Only for reading. */
  deliveryTagEnd: number = -1;
  /** The code of the format of the payload; 0 for an AMQP message. */
  messageFormat: number | undefined = undefined;
  /** Whether the sender has settled. Sticky: once true in a delivery it stays so. */
  settled: boolean | undefined = undefined;
  /** Whether more frames of this delivery follow. */
  more: boolean = false;
  /** The settlement mode of the receiver for this delivery only. */
  rcvSettleMode: ReceiverSettleMode | undefined = undefined;
  /** The state of the delivery at the sender. */
  state: DeliveryState | Described | undefined = undefined;
  /** Whether this goes on with a delivery of an earlier attachment. */
  resume: boolean = false;
  /** Whether the delivery is given up; what came of it is to be forgotten. */
  aborted: boolean = false;
  /** Whether the answer may wait to be batched; a hint. */
  batchable: boolean = false;
}

/**
 * Reads a transfer behind its descriptor into an object that exists; every field is set (§2.7.5).
 *
 * @throws decode-error that names the field.
 */
export function readTransfer(reader: Reader, into: TransferFields, limits?: Limits): void {
  const start = reader.position;
  const outer = reader.end;
  try {
    const count = enterList(reader);
    if (count <= 0 || reader.skipNull()) reader.fail('a mandatory field is missing');
    into.handle = reader.uint();
    into.deliveryId = count <= 1 || reader.skipNull() ? undefined : reader.uint();
    if (count <= 2 || reader.skipNull()) {
      into.deliveryTagStart = -1;
      into.deliveryTagEnd = -1;
    } else {
      into.deliveryTagStart = binaryStart(reader);
      into.deliveryTagEnd = reader.position;
    }
    into.messageFormat = count <= 3 || reader.skipNull() ? undefined : reader.uint();
    into.settled = count <= 4 || reader.skipNull() ? undefined : reader.boolean();
    into.more = !(count <= 5 || reader.skipNull()) && reader.boolean();
    into.rcvSettleMode = count <= 6 || reader.skipNull() ? undefined : readReceiverSettleMode(reader);
    into.state = count <= 7 || reader.skipNull() ? undefined : readDeliveryState(reader, limits);
    into.resume = !(count <= 8 || reader.skipNull()) && reader.boolean();
    into.aborted = !(count <= 9 || reader.skipNull()) && reader.boolean();
    into.batchable = !(count <= 10 || reader.skipNull()) && reader.boolean();
    leaveList(reader, count - 11, outer);
  } catch (error) {
    reader.position = start;
    reader.end = outer;
    explainDecodeError(reader, transfer, limits, error);
  }
}

/** How many fields are written: nothing follows the last one that says something. */
function countTransfer(fields: TransferFields): number {
  if (fields.batchable) return 11;
  if (fields.aborted) return 10;
  if (fields.resume) return 9;
  if (fields.state !== undefined) return 8;
  if (fields.rcvSettleMode !== undefined) return 7;
  if (fields.more) return 6;
  if (fields.settled !== undefined) return 5;
  if (fields.messageFormat !== undefined) return 4;
  if (fields.deliveryTag !== undefined) return 3;
  if (fields.deliveryId !== undefined) return 2;
  return 1;
}

/**
 * Writes a transfer with its descriptor, in the fewest octets (§2.7.5).
 *
 * @throws encode-error that names the field.
 */
export function writeTransfer(writer: Writer, fields: TransferFields): void {
  const start = writer.position;
  try {
    const count = countTransfer(fields);
    let at = writer.reserve(37 + (fields.deliveryTag?.length ?? 0)) + 6;
    let { view } = writer;
    at = putUint(view, at, fields.handle);
    if (count > 1) at = putOptionalUint(view, at, fields.deliveryId);
    if (count > 2) at = putBinary(writer, view, at, fields.deliveryTag);
    if (count > 3) at = putOptionalUint(view, at, fields.messageFormat);
    if (count > 4) at = putOptionalBoolean(view, at, fields.settled);
    if (count > 5) at = putFlag(view, at, fields.more);
    if (count > 6) at = putReceiverSettleMode(view, at, fields.rcvSettleMode);
    if (count > 7) {
      const { state } = fields;
      if (state === undefined || state === accepted) at = putPlainState(view, at, state);
      else {
        writer.position = at;
        writeDeliveryState(writer, state);
        at = writer.reserve(3);
        view = writer.view;
      }
    }
    if (count > 8) at = putFlag(view, at, fields.resume);
    if (count > 9) at = putFlag(view, at, fields.aborted);
    if (count > 10) at = putFlag(view, at, fields.batchable);
    endList(writer, start, at, 0x14, count);
  } catch (error) {
    writer.position = start;
    explainEncodeError(writer, transfer, fields, error);
  }
}
