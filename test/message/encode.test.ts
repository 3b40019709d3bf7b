import { describe, expect, it } from 'vitest';
import {
  AmqpArray,
  AmqpMap,
  Described,
  Timestamp,
  Writer,
  char,
  decode,
  double,
  symbol,
  ulong,
  uuid,
} from '../../src/codec/index.ts';
import {
  data,
  decodeMessage,
  encodeMessage,
  encodeMessageBytes,
  json,
  sequence,
  text,
  value,
  writeAnnotations,
  writeHeader,
  type MessageInit,
} from '../../src/message/index.ts';
import { hex, toHex } from '../codec/support/hex.ts';

function encoded(message: MessageInit): string {
  return toHex(encodeMessageBytes(message));
}

/** A message as a caller without types may pass it. */
function untyped(message: unknown): MessageInit {
  return JSON.parse('{"message":0}', (key, item: unknown) => (key === 'message' ? message : item)).message;
}

describe('bodies', () => {
  it('writes a string as one amqp-value and bytes as one data section', () => {
    expect(encoded('Hello!')).toBe('005377a10648656c6c6f21');
    expect(encoded({ body: 'Hello!' })).toBe('005377a10648656c6c6f21');
    expect(encoded(hex('0102'))).toBe('005375a0020102');
    expect(encoded({ body: Buffer.from([1, 2]) })).toBe('005375a0020102');
  });

  it('[M-02] writes the value null where there is no body', () => {
    for (const message of [{}, { body: undefined }, { body: null }, { body: { kind: 'none' } }] as const)
      expect(encoded(message)).toBe('00537740');
  });

  it('[M-21] writes any value', () => {
    expect(encoded({ body: 5 })).toBe('0053775405');
    expect(encoded({ body: 5n })).toBe('0053775505');
    expect(encoded({ body: true })).toBe('00537741');
    expect(encoded({ body: value(new Described(ulong(1), null)) })).toBe('00537700530140');
    expect(encoded({ body: value({ a: [1] }) })).toBe('005377c10902a10161c003015401');
  });

  it('[M-20] keeps the boundaries of data sections', () => {
    expect(encoded({ body: data(hex('01'), hex('')) })).toBe('005375a00101005375a000');
    expect(encoded({ body: { kind: 'data', data: hex('01') } })).toBe('005375a00101');
  });

  it('writes sequences', () => {
    expect(encoded({ body: sequence() })).toBe('00537645');
    expect(encoded({ body: sequence('a', 1) })).toBe('005376c00602a101615401');
  });

  it('[M-17] makes data sections with their content type of JSON and text', () => {
    const order = { ...json({ id: 1 }), applicationProperties: { kind: 'order' } };
    const message = decodeMessage(encodeMessageBytes(order));
    expect(message.json()).toEqual({ id: 1 });
    expect(message.properties.contentType).toBe('application/json');
    expect(message.applicationProperties['kind']).toBe('order');
    const long = 'ä'.repeat(300);
    for (const content of ['', 'naïve €', long]) {
      const read = decodeMessage(encodeMessageBytes(text(content)));
      expect(read.text()).toBe(content);
      expect(read.body.kind).toBe('data');
      expect(read.properties.contentType).toBe('text/plain; charset=utf-8');
    }
  });

  it.each([
    ['undefined in JSON', () => json(undefined), 'encode-error', /json\(\): undefined is nothing in JSON/],
    ['a bigint in JSON', () => json({ id: 1n }), 'encode-error', /cannot be written as JSON/],
    ['a number as text', () => text(JSON.parse('5')), 'encode-error', /a number is no string/],
    ['half a surrogate pair', () => text('\ud800'), 'encode-error', /lone surrogate/],
  ])('refuses %s', (_name, make, code, message) => {
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});

describe('sections', () => {
  it('[M-01] are written in order, and empty ones not at all', () => {
    const bytes = encodeMessageBytes({
      footer: { 'x-opt-f': 1 },
      body: 'b',
      applicationProperties: { a: 1 },
      properties: { subject: 's' },
      messageAnnotations: { 'x-opt-m': 1 },
      deliveryAnnotations: { 'x-opt-d': 1 },
      header: { durable: true },
    });
    const order = [...toHex(bytes).matchAll(/0053(7[0-8])/g)].map((match) => match[1]);
    expect(order).toEqual(['70', '71', '72', '73', '74', '77', '78']);
    const empty = {
      header: { durable: undefined, ttl: undefined },
      deliveryAnnotations: {},
      messageAnnotations: {},
      properties: { messageId: undefined },
      applicationProperties: {},
      footer: {},
      body: 'b',
    };
    expect(encoded(empty)).toBe('005377a10162');
  });

  it('tells zero and false from what is not set', () => {
    const message = decodeMessage(
      encodeMessageBytes({ header: { ttl: 0, priority: 0 }, properties: { groupSequence: 0, subject: '' } }),
    );
    expect(message.header).toMatchObject({ ttl: 0, priority: 0 });
    expect(message.properties).toMatchObject({ groupSequence: 0, subject: '', groupId: undefined });
  });

  it('[M-14] keeps the type of a message id', () => {
    const id = uuid('f275ea5e-0c57-4ad7-b11a-b20c563d3b71');
    for (const messageId of ['1', 1n, 0n, 0xffff_ffff_ffff_ffffn, id, hex('01')]) {
      const message = decodeMessage(encodeMessageBytes({ properties: { messageId, correlationId: messageId } }));
      expect(message.properties.messageId).toStrictEqual(messageId);
      expect(message.properties.correlationId).toStrictEqual(messageId);
    }
    expect(encoded({ properties: { messageId: 1n } })).toBe('005373c00301530100537740');
  });

  it('[M-19] takes all simple types as application properties', () => {
    const record = {
      null: null,
      boolean: true,
      number: 1,
      bigint: 2n,
      typed: double(1),
      symbol: symbol('s'),
      binary: hex('00'),
      date: new Date(0),
      timestamp: new Timestamp(2n ** 60n),
      uuid: uuid('f275ea5e-0c57-4ad7-b11a-b20c563d3b71'),
      char: char('x'),
      string: 'text',
    };
    const read = decodeMessage(encodeMessageBytes({ applicationProperties: record })).applicationProperties;
    expect({ ...read }).toEqual({ ...record, typed: 1 });
  });

  it('[M-11] writes keys of annotations as symbols, and the reserved numbers as ulongs', () => {
    const bytes = encodeMessageBytes({ messageAnnotations: { 'x-opt-a': { deep: [1] }, '№18446744073709551615': 1 } });
    const annotations = decode(bytes.subarray(3, -4), { typed: true });
    expect(annotations).toBeInstanceOf(AmqpMap);
    if (!(annotations instanceof AmqpMap)) return;
    expect([...annotations.keys()]).toEqual([symbol('x-opt-a'), ulong(2n ** 64n - 1n)]);
    expect({ ...decodeMessage(bytes).messageAnnotations }).toEqual({
      'x-opt-a': new AmqpMap([['deep', [1]]]),
      '№18446744073709551615': 1,
    });
  });

  it('writes a header and annotations on their own', () => {
    const writer = new Writer();
    writeHeader(writer, {});
    writeAnnotations(writer, 'delivery', {});
    expect(writer.position).toBe(0);
    writeHeader(writer, { deliveryCount: 1 });
    writeAnnotations(writer, 'delivery', { a: 1 });
    writeAnnotations(writer, 'message', { a: 1 });
    expect(toHex(writer.finish())).toBe('005370c00705404040405201005371c10602a301615401005372c10602a301615401');
  });

  it('takes sections as they were received', () => {
    const first = decodeMessage(
      encodeMessageBytes({ header: { ttl: 5 }, properties: { to: 'a', userId: hex('01') }, body: sequence(1, 'x') }),
    );
    const { header, properties, body } = first;
    const second = encodeMessageBytes({ header, properties: { ...properties, to: 'b' }, body });
    expect(decodeMessage(second).properties).toEqual({ ...properties, to: 'b' });
    expect(decodeMessage(second).header).toEqual(header);
    expect(decodeMessage(second).body).toEqual(body);
  });
});

describe('what is refused', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  it.each<[string, unknown, RegExp]>([
    ['[M-14] a number as id', { properties: { messageId: 5 } }, /^properties\.messageId: 5 is a number.*bigint/],
    ['[M-14] an object as id', { properties: { correlationId: {} } }, /^properties\.correlationId: it must be/],
    ['[M-15] an address that is no string', { properties: { to: 5 } }, /^properties\.to: it must be a string/],
    ['[M-15] a user id that is no binary', { properties: { userId: 'me' } }, /^properties\.user-?id/i],
    ['[M-16] a fraction as group sequence', { properties: { groupSequence: 1.5 } }, /^properties\.group-?sequence/i],
    ['a ttl out of range', { header: { ttl: -1 } }, /^header\.ttl/],
    ['[M-19] a list', { applicationProperties: { a: [] } }, /^applicationProperties\.a: a list, map/],
    ['[M-19] a map', { applicationProperties: { a: {} } }, /^applicationProperties\.a: /],
    ['[M-19] an AmqpMap', { applicationProperties: { a: new AmqpMap() } }, /^applicationProperties\.a: /],
    ['[M-19] an array', { applicationProperties: { a: new AmqpArray('int', []) } }, /^applicationProperties\.a: /],
    ['undefined', { applicationProperties: { a: undefined } }, /^applicationProperties\.a: undefined/],
    ['a function', { messageAnnotations: { a: () => 1 } }, /^messageAnnotations\.a: /],
    ['[M-11] a key that is no symbol', { deliveryAnnotations: { ä: 1 } }, /^deliveryAnnotations\.?.*ä.*ASCII/],
    ['a ulong key beyond 64 bits', { footer: { '№18446744073709551616': 1 } }, /ulong/],
    ['a value that holds itself', { body: value(cyclic) }, /^body\.value\[0\].*nests deeper/],
    ['undefined as value', { body: value(undefined) }, /^body\.value: undefined/],
    ['an object without kind', { body: { a: 1 } }, /^body: say what it is/],
    ['no data section', { body: { kind: 'data', data: [] } }, /^body\.data: /],
    ['data that is text', { body: { kind: 'data', data: ['x'] } }, /^body\.data: a section must be/],
    ['a flat sequence', { body: { kind: 'sequence', sequence: [1] } }, /^body\.sequence\[0\]: /],
    ['no sequence', { body: { kind: 'sequence', sequence: [] } }, /^body\.sequence: /],
    ['a bad item', { body: sequence(1, [undefined]) }, /^body\.sequence\[0\]\[1\]\[0\]: /],
  ])('%s', (_name, message, words) => {
    const error = expect.objectContaining({ code: 'encode-error', message: expect.stringMatching(words) });
    expect(() => encodeMessageBytes(untyped(message))).toThrow(error);
  });

  it.each<[string, unknown, RegExp]>([
    ['a field of the properties', { messageId: '1' }, /^message\.messageId is not known: did you mean properties\.m/],
    ['a field of the header', { ttl: 1 }, /^message\.ttl is not known: did you mean header\.ttl/],
    ['a body', value(1), /^message\.kind is not known: give a body as \{ body/],
    ['an unknown key', { bdy: 1 }, /^message\.bdy is not known\. /],
    ['an unknown key of the header', { header: { TTL: 1 } }, /^header\.TTL is not known/],
    ['an unknown key of the properties', { properties: { id: 1 } }, /^properties\.id is not known/],
    ['a header that is null', { header: null }, /^header must be a plain object/],
    ['properties that are a list', { properties: [] }, /^properties must be a plain object/],
    ['a Map', { applicationProperties: new Map([['a', 1]]) }, /^applicationProperties must be a plain object/],
    ['an AmqpMap', { messageAnnotations: new AmqpMap() }, /^messageAnnotations must be a plain object/],
    ['a number as message', 5, /^a message is a string/],
    ['null as message', null, /^a message is a string/],
    ['a Date as message', new Date(), /^a message is a string/],
    ['undefined as message', undefined, /^a message is a string/],
  ])('%s', (_name, message, words) => {
    const error = expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(words) });
    expect(() => encodeMessageBytes(untyped(message))).toThrow(error);
  });

  it('leaves nothing behind', () => {
    const writer = new Writer();
    encodeMessage(writer, 'kept');
    const before = writer.position;
    for (const message of ['\ud800', { header: { durable: true }, body: value(undefined) }])
      expect(() => encodeMessage(writer, message)).toThrow(expect.objectContaining({ code: 'encode-error' }));
    expect(writer.position).toBe(before);
  });
});
