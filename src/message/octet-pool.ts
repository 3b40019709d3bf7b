/** Memory that copies share. */
const SLAB_SIZE = 16_384;
/** A larger copy has memory of its own. */
const LARGEST = SLAB_SIZE / 4;

let slab = new Uint8Array(SLAB_SIZE);
let used = 0;

/**
 * Copies octets. Small copies lie side by side in one ArrayBuffer, as those of Node's Buffer do: one of their own for
 * each costs as much as all the rest of reading a message.
 */
export function copyOctets(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  if (length > LARGEST) return bytes.slice(start, end);
  if (used + length > SLAB_SIZE) {
    slab = new Uint8Array(SLAB_SIZE);
    used = 0;
  }
  const copy = slab.subarray(used, used + length);
  copy.set(bytes.subarray(start, end));
  used += length;
  return copy;
}
