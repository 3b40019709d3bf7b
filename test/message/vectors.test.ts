import { describe, expect, it } from 'vitest';
import { uint } from '../../src/codec/index.ts';
import {
  data,
  decodeMessage,
  encodeMessageBytes,
  sequence,
  value,
  type MessageFields,
} from '../../src/message/index.ts';
import { hex, toHex } from '../codec/support/hex.ts';
import file from '../data/vectors.json' with { type: 'json' };

const vectors = file.vectors.filter(({ group }) => group === 'message');
const text = new Map(vectors.map((vector) => [vector.id, vector.hex]));
const nullBody = '00537740';

/** What each vector is as the parts of a message, and what is added to it when these are encoded. */
const parts: Record<string, MessageFields & { readonly before?: string; readonly after?: string }> = {
  'V-276': {
    header: { durable: true, priority: 9, ttl: 60_000, firstAcquirer: true, deliveryCount: 3 },
    after: nullBody,
  },
  'V-279': { messageAnnotations: { '№1': 'reserved' }, after: nullBody },
  'V-280': {
    properties: {
      messageId: 'id-1',
      userId: Buffer.from('user'),
      to: 'to',
      subject: 'subj',
      replyTo: 'reply',
      correlationId: 'corr',
      contentType: 'text/plain',
      contentEncoding: 'gzip',
      absoluteExpiryTime: new Date(1311704463521),
      creationTime: new Date(1311704463520),
      groupId: 'grp',
      groupSequence: 7,
      replyToGroupId: 'rgrp',
    },
    after: nullBody,
  },
  'V-284': { properties: { messageId: '42' }, after: nullBody },
  'V-285': { properties: { groupSequence: 0xffff_ffff }, after: nullBody },
  'V-286': { applicationProperties: { s: 'v', i: -5, b: true, d: 1.5, n: null }, after: nullBody },
  'V-287': { body: data(hex('deadbeef')) },
  'V-288': { body: data(hex('')) },
  'V-289': { body: sequence(uint(1), 'x') },
  'V-291': { body: value(null) },
  'V-293': { footer: { 'x-opt-hash': hex('00ff') }, before: nullBody },
  'V-296': { body: data(hex('01'), hex(''), hex('0203')) },
  'V-297': { body: { kind: 'sequence', sequence: [[uint(1)], [uint(2), uint(3)]] } },
};

describe('vectors of messages', () => {
  it('has an expectation for each', () => {
    const special = ['V-275', 'V-298'];
    expect([...Object.keys(parts), ...special].sort()).toEqual([...text.keys()].sort());
  });

  it.each(Object.entries(parts))('[M-01] %s encodes', (id, { before = '', after = '', ...fields }) => {
    expect(toHex(encodeMessageBytes(fields))).toBe(`${before}${text.get(id)}${after}`);
  });

  it.each(Object.entries(parts))('%s decodes', (id, { before = '', after = '', ...fields }) => {
    const message = decodeMessage(hex(text.get(id) ?? ''));
    const { header, properties, body, ...maps } = fields;
    expect(message.header).toMatchObject(header ?? {});
    expect(message.properties).toMatchObject(
      properties?.userId === undefined
        ? (properties ?? {})
        : { ...properties, userId: new Uint8Array(properties.userId) },
    );
    for (const name of ['messageAnnotations', 'deliveryAnnotations', 'applicationProperties', 'footer'] as const)
      expect({ ...message[name] }).toEqual(maps[name] ?? {});
    // What is read has no types: the uint 1 is the number 1.
    if (body !== undefined) expect(message.body).toEqual(JSON.parse(JSON.stringify(body), reviver));
    expect(before + after).toMatch(/^(|00537740)$/);
  });

  it('[M-05] V-275: an empty header has all defaults', () => {
    const { header } = decodeMessage(hex(text.get('V-275') ?? ''));
    expect(header).toEqual({
      type: 'header',
      durable: false,
      priority: 4,
      ttl: undefined,
      firstAcquirer: false,
      deliveryCount: 0,
    });
  });

  it('[M-23] V-298: sections with symbolic descriptors are the same sections', () => {
    const message = decodeMessage(hex(text.get('V-298') ?? ''));
    expect(message.properties.messageId).toBe('id-1');
    expect(message.body).toEqual({ kind: 'value', value: 'hello' });
    expect(message.text()).toBe('hello');
  });

  it.each(vectors)('$id forwards byte for byte: $name', (vector) => {
    const message = decodeMessage(hex(vector.hex));
    expect(toHex(message.encoded)).toBe(vector.hex);
    expect(toHex(encodeMessageBytes(message))).toBe(vector.hex);
    expect(message.size).toBe(vector.hex.length / 2);
  });
});

/** JSON knows no octets: an object of numbered octets becomes a Uint8Array again. */
function reviver(_key: string, item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item) || 'kind' in item) return item;
  return Uint8Array.from(Object.values(item));
}
