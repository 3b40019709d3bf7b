import { amqpError } from './amqp-error.ts';

/** Says what a value should be if it is not; undefined if it is good. */
export type Check = (value: unknown) => string | undefined;

/** One check for each key of an options object. */
export type OptionTable<T> = { readonly [Key in keyof Required<T>]: Check };

const kind =
  (type: string, expected: string): Check =>
  (value) =>
    typeof value === type ? undefined : expected;

/** A string, also an empty one. */
export const isString: Check = kind('string', 'a string');
/** True or false. */
export const isBoolean: Check = kind('boolean', 'true or false');
/** A function. */
export const isFunction: Check = kind('function', 'a function');
/** An object other than null, also a list. */
export const isObject: Check = (value) => (typeof value === 'object' && value !== null ? undefined : 'an object');
/** Any value. */
export const isAnything: Check = () => undefined;

/** A non-empty string. */
export const isName: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'a string that is not empty';

/** A list of strings. */
export const isStrings: Check = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? undefined : 'a list of strings';

/** A whole number from `least` to `most`, both included. */
export const isInteger =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `a whole number from ${least} to ${most}`;

/** A duration in ms: a whole number from 0 to 2^31 - 1, the most that a timer takes. */
export const isDuration: Check = isInteger(0, 0x7fff_ffff);

/** One of some values. */
export const isOneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value) ? undefined : `one of ${values.map((item) => JSON.stringify(item)).join(', ')}`;

/** Shows a value in an error, but never one of a key that holds a secret. */
function show(key: string, value: unknown): string {
  if (/password|token|key|pfx|passphrase/i.test(key)) return 'another value';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/**
 * Refuses unknown keys and values that are not as they should be; undefined stands for left out.
 *
 * @param path - what the options are called, as the error names them
 * @throws `invalid-argument` naming the key; the value of a key that holds a secret is not shown
 */
export function checkOptions<T>(options: unknown, table: OptionTable<T>, path: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw amqpError('invalid-argument', `${path} must be an object`);
  const checks = new Map<string, Check>(Object.entries<Check>(table));
  for (const [key, value] of Object.entries(options)) {
    const check = checks.get(key);
    if (check === undefined) {
      throw amqpError(
        'invalid-argument',
        `${path}.${key} is not an option; there are ${[...checks.keys()].join(', ')}`,
      );
    }
    const expected = value === undefined ? undefined : check(value);
    if (expected !== undefined)
      throw amqpError('invalid-argument', `${path}.${key} must be ${expected}, not ${show(key, value)}`);
  }
}
