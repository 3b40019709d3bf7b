/**
 * Messages ⇄ their sections (part 3 of the standard).
 *
 * Start from {@link MessageInit} and {@link encodeMessage} to write, from {@link Message} to read. It knows nothing of
 * how a message travels, nor of its settlement.
 */
export {
  data,
  json,
  sequence,
  text,
  value,
  type Body,
  type ContentFields,
  type DataBody,
  type NoBody,
  type ReceivedBody,
  type SequenceBody,
  type ValueBody,
} from './body.ts';
export { decodeMessage } from './decode-message.ts';
export { encodeMessage, encodeMessageBytes } from './encode-message.ts';
export { Message } from './message.ts';
export type {
  Annotations,
  MessageFields,
  MessageId,
  MessageProperties,
  ReceivedApplicationProperties,
  ReceivedProperties,
  SimpleValue,
} from './message-fields.ts';
export type { MessageInit } from './message-init.ts';
export { splitSections, type Sections } from './sections.ts';
export { writeAnnotations, writeHeader } from './write-sections.ts';
