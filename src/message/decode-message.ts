import { blockOf } from '../codec/index.ts';
import { AmqpError } from '../errors/index.ts';
import { Message } from './message.ts';

/**
 * Makes a message of its encoded sections (§3.2), which must not change any more.
 *
 * Nothing is decoded until it is asked for; then octets that are not valid are a decode-error.
 *
 * @param messageFormat - 0, or the code of the format of the octets if it is not AMQP's own (§2.8.11)
 * @throws invalid-argument for what is no Uint8Array
 * @example
 * ```ts
 * import { decodeMessage, encodeMessage } from 'amqp1';
 *
 * const message = decodeMessage(encodeMessage('Hello!'));
 * console.log(message.text(), message.size);
 * ```
 */
export function decodeMessage(bytes: Uint8Array, messageFormat = 0): Message {
  if (!(bytes instanceof Uint8Array)) throw new AmqpError('invalid-argument', 'the bytes to decode are no Uint8Array');
  return new Message(blockOf(bytes), 0, bytes.length, messageFormat);
}
