/**
 * RFC 1982 arithmetic on 32-bit serial numbers (§2.8.10): transfer-id, delivery-id and delivery-count wrap around, so
 * they are never compared or added in another way than here.
 */

/** `number + count`, modulo 2^32. */
export function serialAdd(number: number, count: number): number {
  return (number + count) >>> 0;
}

/** How far `to` lies ahead of `from`, 0 to 2^32 - 1. A distance from 2^31 up means that it lies behind. */
export function serialDistance(from: number, to: number): number {
  return (to - from) >>> 0;
}

/** How far `to` lies ahead of `from`, negative where it lies behind: -2^31 to 2^31 - 1. */
export function serialDifference(from: number, to: number): number {
  return (to - from) | 0;
}
