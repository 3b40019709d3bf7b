// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import type { Limits, Reader, Writer } from '../../codec/index.ts';
import { explainDecodeError, explainEncodeError } from '../composite.ts';
import { endList, enterList, leaveList } from '../list.ts';
import { isSet, putBoolean, putUbyte, putUint } from '../section-fields.ts';
import { header, type Header, type HeaderInit } from './sections.ts';

/**
 * Reads a header section behind its descriptor (§3.2.1).
 *
 * @throws decode-error that names the field.
 */
export function readHeaderFields(reader: Reader, limits?: Limits): Header {
  const start = reader.position;
  const outer = reader.end;
  try {
    const count = enterList(reader);
    const value: Header = {
      type: 'header',
      durable: count <= 0 || reader.skipNull() ? false : reader.boolean(),
      priority: count <= 1 || reader.skipNull() ? 4 : reader.ubyte(),
      ttl: count <= 2 || reader.skipNull() ? undefined : reader.uint(),
      firstAcquirer: count <= 3 || reader.skipNull() ? false : reader.boolean(),
      deliveryCount: count <= 4 || reader.skipNull() ? 0 : reader.uint(),
    };
    leaveList(reader, count - 5, outer);
    return value;
  } catch (error) {
    reader.position = start;
    reader.end = outer;
    return explainDecodeError(reader, header, limits, error);
  }
}

/**
 * Writes a header section with its descriptor, in the fewest octets (§3.2.1).
 *
 * @throws encode-error that names the field.
 */
export function writeHeaderFields(writer: Writer, fields: HeaderInit): void {
  const { durable, priority, ttl, firstAcquirer, deliveryCount } = fields;
  // Nothing follows the last field that says something.
  let count = 0;
  if (isSet(durable)) count = 1;
  if (isSet(priority)) count = 2;
  if (isSet(ttl)) count = 3;
  if (isSet(firstAcquirer)) count = 4;
  if (isSet(deliveryCount)) count = 5;
  const start = writer.position;
  try {
    writer.reserve(6);
    if (count > 0) putBoolean(writer, durable);
    if (count > 1) putUbyte(writer, priority);
    if (count > 2) putUint(writer, ttl);
    if (count > 3) putBoolean(writer, firstAcquirer);
    if (count > 4) putUint(writer, deliveryCount);
    endList(writer, start, writer.position, 0x70, count);
  } catch (error) {
    writer.position = start;
    explainEncodeError(writer, header, fields, error);
  }
}
