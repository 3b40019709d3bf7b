// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.
import type { Limits, Reader, Writer } from '../../codec/index.ts';
import { explainDecodeError, explainEncodeError } from '../composite.ts';
import { endList, enterList, leaveList } from '../list.ts';
import {
  isSet,
  putAny,
  putBinary,
  putMessageId,
  putString,
  putSymbol,
  putTimestamp,
  putUint,
  readAny,
  readMessageId,
  readTimestamp,
} from '../section-fields.ts';
import { properties, type Properties, type PropertiesInit } from './sections.ts';

/**
 * Reads a properties section behind its descriptor (§3.2.4).
 *
 * @throws decode-error that names the field.
 */
export function readPropertiesFields(reader: Reader, limits?: Limits): Properties {
  const start = reader.position;
  const outer = reader.end;
  try {
    const count = enterList(reader);
    const value: Properties = {
      type: 'properties',
      messageId: count <= 0 || reader.skipNull() ? undefined : readMessageId(reader, limits),
      userId: count <= 1 || reader.skipNull() ? undefined : reader.binary(),
      to: count <= 2 || reader.skipNull() ? undefined : readAny(reader, limits),
      subject: count <= 3 || reader.skipNull() ? undefined : reader.string(),
      replyTo: count <= 4 || reader.skipNull() ? undefined : readAny(reader, limits),
      correlationId: count <= 5 || reader.skipNull() ? undefined : readMessageId(reader, limits),
      contentType: count <= 6 || reader.skipNull() ? undefined : reader.symbol(),
      contentEncoding: count <= 7 || reader.skipNull() ? undefined : reader.symbol(),
      absoluteExpiryTime: count <= 8 || reader.skipNull() ? undefined : readTimestamp(reader, limits),
      creationTime: count <= 9 || reader.skipNull() ? undefined : readTimestamp(reader, limits),
      groupId: count <= 10 || reader.skipNull() ? undefined : reader.string(),
      groupSequence: count <= 11 || reader.skipNull() ? undefined : reader.uint(),
      replyToGroupId: count <= 12 || reader.skipNull() ? undefined : reader.string(),
    };
    leaveList(reader, count - 13, outer);
    return value;
  } catch (error) {
    reader.position = start;
    reader.end = outer;
    return explainDecodeError(reader, properties, limits, error);
  }
}

/**
 * Writes a properties section with its descriptor, in the fewest octets (§3.2.4).
 *
 * @throws encode-error that names the field.
 */
export function writePropertiesFields(writer: Writer, fields: PropertiesInit): void {
  const {
    messageId,
    userId,
    to,
    subject,
    replyTo,
    correlationId,
    contentType,
    contentEncoding,
    absoluteExpiryTime,
    creationTime,
    groupId,
    groupSequence,
    replyToGroupId,
  } = fields;
  // Nothing follows the last field that says something.
  let count = 0;
  if (isSet(messageId)) count = 1;
  if (isSet(userId)) count = 2;
  if (isSet(to)) count = 3;
  if (isSet(subject)) count = 4;
  if (isSet(replyTo)) count = 5;
  if (isSet(correlationId)) count = 6;
  if (isSet(contentType)) count = 7;
  if (isSet(contentEncoding)) count = 8;
  if (isSet(absoluteExpiryTime)) count = 9;
  if (isSet(creationTime)) count = 10;
  if (isSet(groupId)) count = 11;
  if (isSet(groupSequence)) count = 12;
  if (isSet(replyToGroupId)) count = 13;
  const start = writer.position;
  try {
    writer.reserve(6);
    if (count > 0) putMessageId(writer, messageId);
    if (count > 1) putBinary(writer, userId);
    if (count > 2) putAny(writer, to);
    if (count > 3) putString(writer, subject);
    if (count > 4) putAny(writer, replyTo);
    if (count > 5) putMessageId(writer, correlationId);
    if (count > 6) putSymbol(writer, contentType);
    if (count > 7) putSymbol(writer, contentEncoding);
    if (count > 8) putTimestamp(writer, absoluteExpiryTime);
    if (count > 9) putTimestamp(writer, creationTime);
    if (count > 10) putString(writer, groupId);
    if (count > 11) putUint(writer, groupSequence);
    if (count > 12) putString(writer, replyToGroupId);
    endList(writer, start, writer.position, 0x73, count);
  } catch (error) {
    writer.position = start;
    explainEncodeError(writer, properties, fields, error);
  }
}
