/** Memory that copies share. */
const SLAB_SIZE = 16_384;
/** More are not copied to it: they have memory of their own. */
const LARGEST = SLAB_SIZE / 4;

let slab = new Uint8Array(SLAB_SIZE);
let used = 0;

/**
 * Gives octets of a message to the application. Few are copied: a view would hold all that came in the same read. Many
 * are not: they are where they came, and little else is there.
 */
export function octetsOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return end - start > LARGEST ? bytes.subarray(start, end) : copyOf(bytes, start, end);
}

/**
 * A copy of octets. Those of few octets lie side by side in one ArrayBuffer, as those of Node's Buffer do, for one of
 * their own for each costs as much as all the rest of reading or writing a message.
 */
export function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  if (length > LARGEST) return bytes.slice(start, end);
  // Whoever transfers the memory of one copy takes the slab along: then it has no octets any more.
  if (used + length > slab.length) {
    slab = new Uint8Array(SLAB_SIZE);
    used = 0;
  }
  const copy = slab.subarray(used, used + length);
  copy.set(bytes.subarray(start, end));
  used += length;
  return copy;
}
