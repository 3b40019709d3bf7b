/** A value that JSON.stringify takes: bigints, which it refuses, become text; lists are searched for them. */
export function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return Array.isArray(value) ? value.map(jsonValue) : value;
}
