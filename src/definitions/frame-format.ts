/** Prints frames for people: one line each, without secrets. */
import { AmqpArray, AmqpMap, Described, Reader, blockOf } from '../codec/index.ts';
import { performatives } from './generated/performatives.ts';
import { saslFrames } from './generated/sasl-frames.ts';
import type { CompositeTable } from './spec.ts';
import { readPerformative, readSaslFrame } from './performative.ts';

/** Longer values are cut. */
const MOST_TEXT = 80;
const MOST_OCTETS = 16;
const MOST_ITEMS = 16;
/** Controls, invisible format characters, and line separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What must not be printed: the octets of the SASL exchange may be passwords. */
const secrets: ReadonlySet<string> = new Set(['initialResponse', 'challenge', 'response', 'additionalData']);

const noDefaults: ReadonlyMap<string, unknown> = new Map();
const defaults: ReadonlyMap<string, ReadonlyMap<string, unknown>> = new Map(
  [...performatives, ...saslFrames].map(defaultsOf),
);

/**
 * Describes a frame in one line, for example `-> ch 0 open containerId="c1" maxFrameSize=65536`.
 *
 * Fields that are absent or have their default are left out, secrets are `***`, long values are cut. Never throws:
 * what cannot be decoded is shown as octets.
 *
 * @param direction - `->` for a frame that we send, `<-` for one that we receive
 * @param frameType - 0 for AMQP, 1 for SASL (§2.3.1)
 * @param body - what follows the frame header, with the payload
 */
export function formatFrame(direction: '->' | '<-', channel: number, frameType: number, body: Uint8Array): string {
  // One line whatever the peer wrote: a line break or an escape sequence must not reach a terminal or a log.
  const text = formatBody(frameType, body).replace(UNPRINTABLE, (found) => `\\u${hex(found.charCodeAt(0), 4)}`);
  return `${direction} ch ${channel} ${text}`;
}

function formatBody(frameType: number, body: Uint8Array): string {
  if (body.length === 0) return 'heartbeat';
  const reader = new Reader(blockOf(body));
  try {
    const value = frameType === 1 ? readSaslFrame(reader) : readPerformative(reader);
    return `${formatComposite(value, 0)}${reader.remaining === 0 ? '' : ` (payload ${reader.remaining} octets)`}`;
  } catch {
    // A SASL frame that cannot be decoded may still hold a password.
    return frameType === 1 ? `undecodable SASL frame of ${body.length} octets` : `undecodable ${formatOctets(body)}`;
  }
}

function defaultsOf(table: CompositeTable): readonly [string, ReadonlyMap<string, unknown>] {
  return [table.type, new Map(table.fields.map((field) => [field.key, field.default]))];
}

/** The type and its fields, apart from those that say nothing. */
function formatComposite(value: object, depth: number): string {
  const entries = Object.entries(value);
  const name = String(entries.find(([key]) => key === 'type')?.[1]);
  const silent = defaults.get(name) ?? noDefaults;
  const fields = entries
    .filter(([key, field]) => key !== 'type' && !isAbsent(field) && field !== silent.get(key))
    .map(([key, field]) => ` ${key}=${secrets.has(key) ? '***' : formatValue(field, depth)}`);
  return depth === 0 ? name + fields.join('') : `${name}(${fields.join('').trimStart()})`;
}

function formatValue(value: unknown, depth: number): string {
  if (typeof value === 'string') return cut(JSON.stringify(value));
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return formatOctets(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof AmqpMap) return formatEntries(value, depth);
  if (value instanceof Described) return `@${formatValue(value.descriptor, depth)} ${formatValue(value.value, depth)}`;
  const items: unknown = value instanceof AmqpArray ? value.items : value;
  if (Array.isArray(items)) return `[${listed(items.map((item) => formatValue(item, depth + 1)))}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return formatEntries(Object.entries(value), depth);
  // Composites are plain objects; symbols, uuids and the like are not, and know their text.
  return prototype === Object.prototype ? formatComposite(value, depth + 1) : cut(JSON.stringify(value));
}

function formatEntries(entries: Iterable<readonly [unknown, unknown]>, depth: number): string {
  return `{${listed([...entries].map(([key, value]) => `${keyText(key)}: ${formatValue(value, depth + 1)}`))}}`;
}

function keyText(key: unknown): string {
  return typeof key === 'string' ? cut(key) : formatValue(key, 1);
}

function listed(texts: readonly string[]): string {
  if (texts.length <= MOST_ITEMS) return texts.join(', ');
  return `${texts.slice(0, MOST_ITEMS).join(', ')}, … ${texts.length - MOST_ITEMS} more`;
}

function formatOctets(octets: Uint8Array): string {
  const shown = Array.from(octets.subarray(0, MOST_OCTETS), (octet) => hex(octet, 2)).join('');
  return `0x${shown}${octets.length > MOST_OCTETS ? `… (${octets.length} octets)` : ''}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function cut(text: string): string {
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
