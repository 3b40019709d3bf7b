/** Writes the sections around the body. A section without content is not sent (§3.2). */
import {
  AmqpMap,
  AmqpSymbol,
  Typed,
  Uuid,
  encodeValue,
  symbol,
  ulong,
  writeFields,
  writeStringFields,
  type Writer,
} from '../codec/index.ts';
import {
  DescriptorCode,
  writeHeaderFields,
  writePropertiesFields,
  type HeaderInit,
  type PropertiesInit,
} from '../definitions/index.ts';
import { AmqpError } from '../errors/index.ts';
import { ulongOfKey } from './annotation-key.ts';
import { checkHeaderKeys, checkPropertiesKeys, isPlain } from './known-keys.ts';
import type { Annotations } from './message-fields.ts';

/** The octets of a section that is an empty list: 00 53 <code> 45. */
const EMPTY_LIST = 4;
/** The octets of a section that is an empty map: 00 53 <code> c1 01 00. */
const EMPTY_MAP = 6;

/** Begins a section: 00 53 and its numeric descriptor. */
export function writeSectionHead(writer: Writer, code: number): void {
  const at = writer.reserve(3);
  writer.view.setUint16(at, 0x0053);
  writer.view.setUint8(at + 2, code);
}

/**
 * Writes the header section (§3.2.1), or nothing where all fields have their defaults.
 *
 * @throws encode-error or invalid-argument that names the field.
 */
export function writeHeader(writer: Writer, fields: HeaderInit): void {
  checkHeaderKeys(fields);
  const start = writer.position;
  writeHeaderFields(writer, fields);
  if (writer.position - start === EMPTY_LIST) writer.position = start;
}

/** Writes the properties section (§3.2.4), or nothing where no field is set. */
export function writeProperties(writer: Writer, fields: PropertiesInit): void {
  checkPropertiesKeys(fields);
  checkMessageId(fields.messageId, 'messageId');
  checkMessageId(fields.correlationId, 'correlationId');
  checkAddress(fields.to, 'to');
  checkAddress(fields.replyTo, 'replyTo');
  const start = writer.position;
  writePropertiesFields(writer, fields);
  if (writer.position - start === EMPTY_LIST) writer.position = start;
}

/**
 * Writes the section of delivery-annotations (§3.2.2) or message-annotations (§3.2.3), or nothing where there are
 * none.
 *
 * @throws encode-error that names the key.
 */
export function writeAnnotations(writer: Writer, which: 'delivery' | 'message', annotations: Annotations): void {
  if (which === 'delivery') writeMap(writer, DescriptorCode.deliveryAnnotations, annotations, 'deliveryAnnotations');
  else writeMap(writer, DescriptorCode.messageAnnotations, annotations, 'messageAnnotations');
}

/** Writes the footer (§3.2.9), or nothing where it is empty. */
export function writeFooter(writer: Writer, footer: Annotations): void {
  writeMap(writer, DescriptorCode.footer, footer, 'footer');
}

/** Writes the application-properties (§3.2.5), or nothing where there are none. */
export function writeApplicationProperties(writer: Writer, record: Readonly<Record<string, unknown>>): void {
  checkPlain(record, 'applicationProperties');
  const start = writer.position;
  writeSectionHead(writer, DescriptorCode.applicationProperties);
  writeStringFields(writer, record, 'applicationProperties', true);
  if (writer.position - start === EMPTY_MAP) writer.position = start;
}

function writeMap(writer: Writer, code: number, record: Annotations, path: string): void {
  checkPlain(record, path);
  const keys = Object.keys(record);
  if (keys.length === 0) return;
  writeSectionHead(writer, code);
  if (keys.every((key) => ulongOfKey(key) === undefined)) writeFields(writer, record, path);
  else encodeValue(writer, new AmqpMap(keys.map((key) => [annotationKey(key), record[key]])), path);
}

function annotationKey(key: string): Typed | AmqpSymbol {
  const number = ulongOfKey(key);
  return number === undefined ? symbol(key) : ulong(number);
}

function checkPlain(record: Annotations, path: string): void {
  if (!isPlain(record)) throw new AmqpError('invalid-argument', `${path} must be a plain object`);
}

function checkMessageId(id: unknown, key: string): void {
  if (id === undefined || id === null || typeof id === 'string' || typeof id === 'bigint') return;
  if (id instanceof Uuid || id instanceof Uint8Array || (id instanceof Typed && id.type === 'ulong')) return;
  const advice = 'it must be a string, a bigint (ulong), a Uuid or a Uint8Array';
  throw new AmqpError(
    'encode-error',
    `properties.${key}: ${typeof id === 'number' ? `${id} is a number, and ` : ''}${advice}`,
  );
}

function checkAddress(address: unknown, key: string): void {
  if (address === undefined || address === null || typeof address === 'string') return;
  throw new AmqpError('encode-error', `properties.${key}: it must be a string`);
}
