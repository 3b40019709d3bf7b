/** Reads the sections around the body, with the reader behind their descriptor. What is wrong is a decode-error. */
import {
  AmqpArray,
  AmqpMap,
  AmqpSymbol,
  Described,
  Reader,
  Typed,
  Uuid,
  blockOf,
  decodeValue,
  formatCode,
  readMap,
  readStringFields,
  type Limits,
} from '../codec/index.ts';
import {
  properties,
  readHeaderFields,
  readPropertiesFields,
  type Header,
  type Properties,
} from '../definitions/index.ts';
import { keyOfUlong } from './annotation-key.ts';
import type { Annotations, ReceivedApplicationProperties, ReceivedProperties, SimpleValue } from './message-fields.ts';

/** The last number that a long holds: a plain bigint above it is a ulong. */
const LAST_LONG = 0x7fff_ffff_ffff_ffffn;

/** A message without a section reads as if the section were there and empty (§3.2.1). */
const emptyList: Uint8Array = Uint8Array.of(formatCode.list0);

/** Reads a header; what it does not say has its default (§3.2.1). */
export function readHeader(reader: Reader): Header {
  return readHeaderFields(reader);
}

/** Reads a properties section and checks the types that its table leaves open (§3.2.4). */
export function readProperties(reader: Reader): ReceivedProperties {
  const start = reader.position;
  const fields = readPropertiesFields(reader);
  checkProperties(reader, start, fields);
  return fields;
}

function checkProperties(
  reader: Reader,
  start: number,
  fields: Properties,
): asserts fields is Properties & ReceivedProperties {
  checkMessageId(reader, start, fields, 'messageId');
  checkMessageId(reader, start, fields, 'correlationId');
  checkAddress(reader, fields.to, 'to');
  checkAddress(reader, fields.replyTo, 'reply-to');
}

/** Reads annotations or a footer as a record without a prototype; its keys stand for symbols (§3.2.10). */
export function readAnnotations(reader: Reader, limits?: Limits): Annotations {
  const record: Record<string, unknown> = Object.create(null);
  for (const [key, value] of readMap(reader, limits)) {
    const number = key instanceof Typed && key.type === 'ulong' ? key.value : key;
    if (key instanceof AmqpSymbol) record[key.value] = value;
    else if (typeof number === 'bigint' && (number !== key || number > LAST_LONG)) record[keyOfUlong(number)] = value;
    else reader.fail('annotations have a key that is neither a symbol nor a ulong');
  }
  return record;
}

/** Reads application-properties as a record without a prototype (§3.2.5). */
export function readApplicationProperties(reader: Reader, limits?: Limits): ReceivedApplicationProperties {
  return readStringFields(reader, limits, (key, value) =>
    isSimple(value) ? value : reader.fail(`the application-property ${JSON.stringify(key)} is not of a simple type`),
  );
}

/** Whether a value that was read is of a simple type: no list, map, array or described value. */
const isSimple = (value: unknown): value is SimpleValue =>
  typeof value !== 'object' ||
  value === null ||
  !(Array.isArray(value) || value instanceof AmqpMap || value instanceof AmqpArray || value instanceof Described);

/** A reader on a list without fields. */
export function emptyReader(): Reader {
  return new Reader(blockOf(emptyList));
}

function checkMessageId(reader: Reader, start: number, fields: Properties, key: 'messageId' | 'correlationId'): void {
  const id = fields[key];
  if (id === undefined || typeof id === 'string' || id instanceof Uuid || id instanceof Uint8Array) return;
  if (typeof id === 'bigint' && isUlong(reader, start, key)) return;
  reader.fail(`properties.${key} is neither a string, nor a ulong, nor a uuid, nor binary`);
}

/** Whether a field that reads as a bigint is a ulong: a long, which reads the same, is no message-id (§3.2.11). */
function isUlong(reader: Reader, start: number, key: 'messageId' | 'correlationId'): boolean {
  const list = decodeValue(new Reader(reader, start, reader.position), {}, true);
  const index = properties.fields.findIndex((field) => field.key === key);
  const item: unknown = Array.isArray(list) ? list[index] : undefined;
  return item instanceof Typed && item.type === 'ulong';
}

function checkAddress(reader: Reader, address: unknown, name: string): void {
  if (address !== undefined && typeof address !== 'string') reader.fail(`properties.${name} is not a string`);
}
