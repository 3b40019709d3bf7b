import { header, properties } from '../definitions/index.ts';
import { AmqpError } from '../errors/index.ts';

const headerKeys = keysOf(header.fields);
const propertiesKeys = keysOf(properties.fields);
const messageKeys: ReadonlySet<string> = new Set([
  'body',
  'header',
  'deliveryAnnotations',
  'messageAnnotations',
  'properties',
  'applicationProperties',
  'footer',
]);

/** Refuses a key that a message does not have. @throws invalid-argument, with the place where the key belongs. */
export function checkMessageKeys(fields: object): void {
  for (const key of Object.keys(fields))
    if (!messageKeys.has(key)) throw new AmqpError('invalid-argument', `message.${key} is not known${hint(key)}`);
}

/** Refuses a key that a header does not have. @throws invalid-argument that names the path. */
export function checkHeaderKeys(fields: object): void {
  check(fields, headerKeys, 'header');
}

/** Refuses a key that the properties section does not have. @throws invalid-argument that names the path. */
export function checkPropertiesKeys(fields: object): void {
  check(fields, propertiesKeys, 'properties');
}

/**
 * Whether a value is a plain object, which callers without types may not pass. Of any other, like a Map or a list,
 * the parts would be lost without a word.
 */
export function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of a plain object of another realm is another one, which has none either.
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function keysOf(fields: readonly { readonly key: string }[]): ReadonlySet<string> {
  // What was received has its type as well, and may be spread into a message to send.
  return new Set(['type', ...fields.map(({ key }) => key)]);
}

function check(fields: object, known: ReadonlySet<string>, path: string): void {
  if (!isPlain(fields)) throw new AmqpError('invalid-argument', `${path} must be a plain object`);
  for (const key of Object.keys(fields))
    if (!known.has(key)) throw new AmqpError('invalid-argument', `${path}.${key} is not known`);
}

function hint(key: string): string {
  if (key === 'kind') return ': give a body as { body: value(…) }';
  if (headerKeys.has(key)) return `: did you mean header.${key}`;
  return propertiesKeys.has(key) ? `: did you mean properties.${key}` : '';
}
