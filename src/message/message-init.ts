import type { MessageFields } from './message-fields.ts';
import type { Message } from './message.ts';

/**
 * A message to send: a string is one amqp-value section, a Uint8Array one data section.
 *
 * A received {@link Message} is forwarded byte for byte as it came.
 */
export type MessageInit = string | Uint8Array | MessageFields | Message;
