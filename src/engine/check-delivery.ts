import { amqpError } from '../errors/index.ts';
import { Writer, type Described } from '../codec/index.ts';
import { accepted, released, writeDeliveryState, type DeliveryState } from '../definitions/index.ts';
import { FRAME_HEADER_SIZE } from './frame-writer.ts';

const MAX_TAG_SIZE = 32;
const MAX_UINT = 0xffff_ffff;

/** More octets than a transfer or disposition has besides its state: a tag of 32, all numbers at full width. */
export const PLAIN_HEAD: number = FRAME_HEADER_SIZE + 80;

/** Refuses a state that cannot be written, or not within one frame: it is written later, where nobody could be told. */
export function checkState(state: DeliveryState | Described | undefined, maxFrameSize: number): void {
  if (state === undefined || state === accepted || state === released) return;
  const writer = new Writer();
  writeDeliveryState(writer, state);
  if (PLAIN_HEAD + writer.position <= maxFrameSize) return;
  throw amqpError(
    'invalid-argument',
    `a delivery state of ${writer.position} octets does not fit a frame of ${maxFrameSize}: shorten its error`,
  );
}

/** Refuses a delivery-tag or message-format that no peer would take (§2.8.7, §2.8.11). */
export function checkDelivery(tag: Uint8Array | number | undefined, messageFormat: number): void {
  if (typeof tag === 'object' && tag.length > MAX_TAG_SIZE) {
    throw amqpError('invalid-argument', `a delivery-tag of ${tag.length} octets is above the 32 that are allowed`);
  }
  if (!Number.isInteger(messageFormat) || messageFormat < 0 || messageFormat > MAX_UINT) {
    throw amqpError('invalid-argument', `the message-format ${messageFormat} is no integer from 0 to ${MAX_UINT}`);
  }
}
