/** What the codec programs in Node share: the work is done `count` times and printed as nanoseconds for each. */
import { print } from './meter.mjs';

/** What a transfer of these programs carries besides its message. */
export const TRANSFER = { handle: 1, deliveryId: 70_000, deliveryTag: Buffer.from([0, 0, 0x11, 0x70]) };

/** Runs `work(index)` and gives nanoseconds for each; what it gives is added up, so that nothing is optimised away. */
function nanosOf(count, work) {
  let sum = 0;
  for (let index = 0; index < Math.ceil(count / 5); index++) sum += work(index);
  const began = performance.now();
  for (let index = 0; index < count; index++) sum += work(index);
  const nanos = ((performance.now() - began) * 1e6) / count;
  if (!(sum > 0)) throw new Error('nothing was encoded or decoded');
  return nanos;
}

/** Measures functions of the index; each gives a number greater than 0 that depends on its work. */
export function measureCodec(count, { encodeMessage, decodeMessage, encodeTransfer, decodeTransfer }) {
  print({
    encodeMessageNanos: nanosOf(count, encodeMessage),
    decodeMessageNanos: nanosOf(count, decodeMessage),
    encodeTransferNanos: nanosOf(count, encodeTransfer),
    decodeTransferNanos: nanosOf(count, decodeTransfer),
  });
}
