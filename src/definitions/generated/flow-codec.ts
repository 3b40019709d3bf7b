// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import { readFields, writeFields } from '../../codec/index.ts';
import type { Limits, Reader, Writer } from '../../codec/index.ts';
import { explainDecodeError, explainEncodeError } from '../composite.ts';
import { enterList, leaveList, endList } from '../list.ts';
import { putFlag, putOptionalUint, putUint } from '../straight-line.ts';
import type { Fields } from '../spec.ts';
import { flow } from './performatives.ts';

/** The fields of {@link Flow} in one object that is used again for each frame (§2.7.4). */
export class FlowFields {
  /** The transfer-id, from 0 to 2^32-1, that is expected next; absent until the begin of the peer was seen. */
  nextIncomingId: number | undefined = undefined;
  /** How many transfers the sender of this takes now. */
  incomingWindow: number = 0;
  /** The transfer-id, from 0 to 2^32-1, that the sender of this will use next. */
  nextOutgoingId: number = 0;
  /** How many transfers the sender of this may send now. */
  outgoingWindow: number = 0;
  /** The handle of the link that the next four fields are about; absent in a flow of the session only. */
  handle: number | undefined = undefined;
  /** The delivery-count of the link as the sender of this sees it. */
  deliveryCount: number | undefined = undefined;
  /** How many deliveries the receiver takes beyond the delivery-count. */
  linkCredit: number | undefined = undefined;
  /** How many messages the sender has in store, a guess. */
  available: number | undefined = undefined;
  /** Whether the sender shall use its credit now or give it back. */
  drain: boolean = false;
  /** Whether the sender of this wants a flow as an answer. */
  echo: boolean = false;
  /** Properties that the standard does not define. */
  properties: Fields | undefined = undefined;
}

/**
 * Reads a flow behind its descriptor into an object that exists; every field is set (§2.7.4).
 *
 * @throws decode-error that names the field.
 */
export function readFlow(reader: Reader, into: FlowFields, limits?: Limits): void {
  const start = reader.position;
  const outer = reader.end;
  try {
    const count = enterList(reader);
    into.nextIncomingId = count <= 0 || reader.skipNull() ? undefined : reader.uint();
    if (count <= 1 || reader.skipNull()) reader.fail('a mandatory field is missing');
    into.incomingWindow = reader.uint();
    if (count <= 2 || reader.skipNull()) reader.fail('a mandatory field is missing');
    into.nextOutgoingId = reader.uint();
    if (count <= 3 || reader.skipNull()) reader.fail('a mandatory field is missing');
    into.outgoingWindow = reader.uint();
    into.handle = count <= 4 || reader.skipNull() ? undefined : reader.uint();
    into.deliveryCount = count <= 5 || reader.skipNull() ? undefined : reader.uint();
    into.linkCredit = count <= 6 || reader.skipNull() ? undefined : reader.uint();
    into.available = count <= 7 || reader.skipNull() ? undefined : reader.uint();
    into.drain = !(count <= 8 || reader.skipNull()) && reader.boolean();
    into.echo = !(count <= 9 || reader.skipNull()) && reader.boolean();
    into.properties = count <= 10 || reader.skipNull() ? undefined : readFields(reader, limits);
    leaveList(reader, count - 11, outer);
  } catch (error) {
    reader.position = start;
    reader.end = outer;
    explainDecodeError(reader, flow, limits, error);
  }
}

/** How many fields are written: nothing follows the last one that says something. */
function countFlow(fields: FlowFields): number {
  if (fields.properties !== undefined) return 11;
  if (fields.echo) return 10;
  if (fields.drain) return 9;
  if (fields.available !== undefined) return 8;
  if (fields.linkCredit !== undefined) return 7;
  if (fields.deliveryCount !== undefined) return 6;
  if (fields.handle !== undefined) return 5;
  return 4;
}

/**
 * Writes a flow with its descriptor, in the fewest octets (§2.7.4).
 *
 * @throws encode-error that names the field.
 */
export function writeFlow(writer: Writer, fields: FlowFields): void {
  const start = writer.position;
  try {
    const count = countFlow(fields);
    let at = writer.reserve(48) + 6;
    const { view } = writer;
    at = putOptionalUint(view, at, fields.nextIncomingId);
    at = putUint(view, at, fields.incomingWindow);
    at = putUint(view, at, fields.nextOutgoingId);
    at = putUint(view, at, fields.outgoingWindow);
    if (count > 4) at = putOptionalUint(view, at, fields.handle);
    if (count > 5) at = putOptionalUint(view, at, fields.deliveryCount);
    if (count > 6) at = putOptionalUint(view, at, fields.linkCredit);
    if (count > 7) at = putOptionalUint(view, at, fields.available);
    if (count > 8) at = putFlag(view, at, fields.drain);
    if (count > 9) at = putFlag(view, at, fields.echo);
    if (fields.properties !== undefined) {
      writer.position = at;
      writeFields(writer, fields.properties);
      at = writer.position;
    }
    endList(writer, start, at, 0x13, count);
  } catch (error) {
    writer.position = start;
    explainEncodeError(writer, flow, fields, error);
  }
}
