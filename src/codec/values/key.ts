import { AmqpError } from '../../errors/index.ts';
import { toHex } from './hex.ts';
import { keyText } from './key-text.ts';
import { numberText, plainBigintType, plainNumberType } from './typed.ts';

/** Deeper than any value that is read or written. */
const MAX_DEPTH = 1024;

/**
 * The type and value of a map key as text: equal for two values exactly if AMQP calls them the same key (§1.6.23).
 * Plain values count as the type that they are written as, so `1` is the int 1.
 */
export function keyOf(value: unknown, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return `string:${value}`;
    case 'boolean':
      return `boolean:${value}`;
    case 'number':
      return `${plainNumberType(value)}:${numberText(value)}`;
    case 'bigint':
      return `${plainBigintType(value)}:${value}`;
    case 'object':
      return value === null ? 'null' : objectKey(value, depth);
    case 'undefined':
    case 'function':
    case 'symbol':
      break;
  }
  return refuse(`a value of type ${typeof value}`);
}

/** The texts of several values as one; lengths keep them apart. */
export function keyOfAll(name: string, values: Iterable<unknown>, depth: number): string {
  if (depth > MAX_DEPTH) return refuse('a value nested that deep');
  let text = name;
  for (const value of values) {
    const key = keyOf(value, depth + 1);
    text += `,${key.length}:${key}`;
  }
  return text;
}

interface ValueClass {
  [keyText](depth: number): string;
}

/** Nobody else has the symbol, so whoever has it has the method. */
const isValueClass = (value: object): value is ValueClass => keyText in value;

function objectKey(value: object, depth: number): string {
  if (isValueClass(value)) return value[keyText](depth);
  if (Array.isArray(value)) return keyOfAll('list', value, depth);
  if (value instanceof Uint8Array) return `binary:${toHex(value)}`;
  if (value instanceof Date) return `timestamp:${value.getTime()}`;
  return refuse('an object of this class');
}

function refuse(what: string): never {
  throw new AmqpError('encode-error', `${what} cannot be a map key`);
}
