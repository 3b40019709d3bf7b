/** Whether a number is a Unicode scalar value: a code point that is no surrogate (§1.6.16). */
export function isScalarValue(codePoint: number): boolean {
  return Number.isInteger(codePoint) && codePoint >= 0 && codePoint <= 0x10ffff && codePoint >> 11 !== 0x1b;
}
