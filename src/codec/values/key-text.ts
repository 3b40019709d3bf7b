/**
 * The name of the method by which a value class tells its type and value as text, for the keys of a map: two values
 * are the same key if and only if their texts are equal (§1.6.23).
 */
export const keyText: unique symbol = Symbol('keyText');
