/** Memory that copies share. */
const SLAB_SIZE = 16_384;
/** More are not copied: such a message has memory of its own. */
const LARGEST = SLAB_SIZE / 4;

let slab = new Uint8Array(SLAB_SIZE);
let used = 0;

/**
 * Gives octets of a message to the application. Few are copied: they lie side by side in one ArrayBuffer, as those of
 * Node's Buffer do, for one of their own for each costs as much as all the rest of reading a message. Many are not:
 * they are where they came, and nothing else is there.
 */
export function octetsOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  if (length > LARGEST) return bytes.subarray(start, end);
  if (used + length > SLAB_SIZE) {
    slab = new Uint8Array(SLAB_SIZE);
    used = 0;
  }
  const copy = slab.subarray(used, used + length);
  copy.set(bytes.subarray(start, end));
  used += length;
  return copy;
}
