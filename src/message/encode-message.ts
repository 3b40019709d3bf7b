import { encodeValue, encodeWith, type Writer } from '../codec/index.ts';
import { DescriptorCode } from '../definitions/index.ts';
import { AmqpError } from '../errors/index.ts';
import type { Body, DataBody, SequenceBody } from './body.ts';
import { checkMessageKeys, isPlain } from './known-keys.ts';
import type { MessageFields } from './message-fields.ts';
import type { MessageInit } from './message-init.ts';
import { Message } from './message.ts';
import { copyOf } from './octet-pool.ts';
import {
  writeAnnotations,
  writeApplicationProperties,
  writeFooter,
  writeHeader,
  writeProperties,
  writeSectionHead,
} from './write-sections.ts';

/**
 * Writes a message as its sections (§3.2), which is the payload of its transfers.
 *
 * A message without a body gets the amqp-value null, for the standard asks for one. After an error nothing of the
 * message is left in the writer.
 *
 * @throws encode-error naming the path of what AMQP cannot hold; invalid-argument for a key that is not known.
 */
export function encodeMessage(writer: Writer, message: MessageInit): void {
  const start = writer.position;
  try {
    if (typeof message === 'string') writeText(writer, message);
    else if (message instanceof Uint8Array) writeData(writer, message);
    else if (message instanceof Message) writer.raw(message.encoded);
    else writeSections(writer, message);
  } catch (error) {
    writer.position = start;
    throw error;
  }
}

/**
 * Encodes a message as its sections (§3.2). A small one shares an ArrayBuffer with others, as Node's Buffers do: to
 * transfer it to a worker, take `slice()` of it.
 *
 * @throws encode-error naming the path of what AMQP cannot hold; invalid-argument for a key that is not known.
 * @example
 * ```ts
 * import { encodeMessage } from 'amqp1';
 *
 * const octets = encodeMessage({ body: 'Hello!', properties: { subject: 'greeting' } });
 * console.log(octets.length);
 * ```
 */
export function encodeMessageBytes(message: MessageInit): Uint8Array {
  return encodeWith(
    (writer) => encodeMessage(writer, message),
    ({ bytes, position }) => copyOf(bytes, 0, position),
  );
}

function writeText(writer: Writer, text: string): void {
  writeSectionHead(writer, DescriptorCode.amqpValue);
  writer.string(text);
}

function writeData(writer: Writer, bytes: Uint8Array): void {
  writeSectionHead(writer, DescriptorCode.data);
  writer.binary(bytes);
}

function writeSections(writer: Writer, message: MessageFields): void {
  if (!isPlain(message))
    throw new AmqpError('invalid-argument', 'a message is a string, a Uint8Array, or an object like { body: … }');
  checkMessageKeys(message);
  const { header, deliveryAnnotations, messageAnnotations, properties, applicationProperties, footer } = message;
  if (header !== undefined) writeHeader(writer, header);
  if (deliveryAnnotations !== undefined) writeAnnotations(writer, 'delivery', deliveryAnnotations);
  if (messageAnnotations !== undefined) writeAnnotations(writer, 'message', messageAnnotations);
  if (properties !== undefined) writeProperties(writer, properties);
  if (applicationProperties !== undefined) writeApplicationProperties(writer, applicationProperties);
  writeBody(writer, message.body);
  if (footer !== undefined) writeFooter(writer, footer);
}

function writeBody(writer: Writer, body: MessageFields['body']): void {
  if (typeof body === 'string') writeText(writer, body);
  else if (body instanceof Uint8Array) writeData(writer, body);
  else if (typeof body !== 'object' || body === null) writeValue(writer, body ?? null, 'body');
  else writeKind(writer, body);
}

function writeKind(writer: Writer, body: Body): void {
  switch (body.kind) {
    case 'data':
      return writeDataSections(writer, body);
    case 'sequence':
      return writeSequenceSections(writer, body);
    case 'value':
      return writeValue(writer, body.value, 'body.value');
    case 'none':
      return writeValue(writer, null, 'body');
    default:
      // From a caller without types.
      return refuse(
        'body: say what it is with value(…), data(…) or sequence(…); json(…) and text(…) are spread: { ...json(x) }',
      );
  }
}

function writeValue(writer: Writer, value: unknown, path: string): void {
  writeSectionHead(writer, DescriptorCode.amqpValue);
  encodeValue(writer, value, path);
}

function writeDataSections(writer: Writer, { data }: DataBody): void {
  const sections = data instanceof Uint8Array ? [data] : data;
  if (!Array.isArray(sections) || sections.length === 0)
    refuse('body.data: it must be a Uint8Array, or a list of them');
  for (const section of sections)
    if (section instanceof Uint8Array) writeData(writer, section);
    else refuse('body.data: a section must be a Uint8Array');
}

function writeSequenceSections(writer: Writer, { sequence }: SequenceBody): void {
  if (!Array.isArray(sequence) || sequence.length === 0) refuse('body.sequence: it must be a list of lists');
  for (const [index, items] of sequence.entries()) {
    if (!Array.isArray(items)) refuse(`body.sequence[${index}]: it must be the list of the items of one section`);
    writeSectionHead(writer, DescriptorCode.amqpSequence);
    encodeValue(writer, items, `body.sequence[${index}]`);
  }
}

function refuse(what: string): never {
  throw new AmqpError('encode-error', what);
}
