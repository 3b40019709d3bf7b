/**
 * Annotation keys of type ulong (§3.2.10), all of which are reserved, in records whose keys stand for symbols. A
 * symbol is ASCII (§1.6.21), so a key that begins with this sign is none.
 */
const SIGN = '№';

/** The key of a record that stands for a ulong. */
export function keyOfUlong(value: bigint): string {
  return `${SIGN}${value}`;
}

/** The ulong that a key of a record stands for; undefined for a symbol. */
export function ulongOfKey(key: string): bigint | undefined {
  return key.startsWith(SIGN) && /^\d+$/.test(key.slice(1)) ? BigInt(key.slice(1)) : undefined;
}
