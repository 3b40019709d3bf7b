import { describe, expect, it } from 'vitest';
import { Described, Timestamp, blockOf, byte } from '../../src/codec/index.ts';
import {
  Message,
  decodeMessage,
  encodeMessageBytes,
  splitSections,
  type ReceivedBody,
} from '../../src/message/index.ts';
import { hex, toHex } from '../codec/support/hex.ts';

const decodeError = expect.objectContaining({ code: 'decode-error' });
const illegalState = expect.objectContaining({ code: 'illegal-state' });

/** One small section of each kind, in order. */
const section = {
  header: '005370c0020141',
  deliveryAnnotations: '005371c10602a301645401',
  messageAnnotations: '005372c10602a3016d5401',
  properties: '005373c00401a10169',
  applicationProperties: '005374c10602a101615401',
  data: '005375a00101',
  sequence: '005376c003015401',
  value: '005377a10178',
  footer: '005378c10602a301665401',
};

function message(...parts: string[]): Message {
  return decodeMessage(hex(parts.join('')));
}

const members = [
  'header',
  'deliveryAnnotations',
  'messageAnnotations',
  'properties',
  'applicationProperties',
  'footer',
  'body',
  'value',
] as const;

describe('order of sections', () => {
  it('[M-01] reads each from its place', () => {
    const { sequence: _sequence, value: _value, ...parts } = section;
    const all = message(...Object.values(parts));
    expect(all.header.durable).toBe(true);
    expect({ ...all.deliveryAnnotations }).toEqual({ d: 1 });
    expect({ ...all.messageAnnotations }).toEqual({ m: 1 });
    expect(all.properties.messageId).toBe('i');
    expect({ ...all.applicationProperties }).toEqual({ a: 1 });
    expect(all.body).toEqual({ kind: 'data', data: [hex('01')] });
    expect({ ...all.footer }).toEqual({ f: 1 });
  });

  const order = Object.values(section);
  const wrong = order.flatMap((first, index) =>
    order.slice(0, index + 1).map((second) => ({ first, second, text: `${first} ${second}` })),
  );
  const repeatable = new Set([section.data, section.sequence]);

  it.each(wrong.filter(({ first, second }) => first !== second || !repeatable.has(first)))(
    '[M-01][M-02][BY-26][BY-27] refuses $text',
    ({ first, second }) => {
      for (const name of members) expect(() => message(first, second)[name]).toThrow(decodeError);
      expect(() => message(first, second).text()).toThrow(decodeError);
    },
  );

  it.each([
    ['data', 'sequence'],
    ['data', 'value'],
    ['sequence', 'value'],
  ] as const)('[M-02][BY-27] refuses %s, then %s', (first, second) => {
    expect(() => message(section[first], section[second]).body).toThrow(decodeError);
  });

  it.each([
    ['an unknown section', '00537940'],
    ['a performative', '00531045'],
    ['an unknown symbol', '00a3016140'],
    ['a descriptor beyond 32 bits', '0080000000010000007740'],
    ['an undescribed value', '40'],
    ['a string where a section begins', 'a10161'],
    ['a described descriptor', '000053404040'],
    ['a section without a value', '005377'],
    ['a section that is cut', '005377a1056869'],
    ['a descriptor that is cut', '0053'],
  ])('[BY-28] refuses %s', (_name, text) => {
    expect(() => message(text).body).toThrow(decodeError);
    expect(() => message(text).header).toThrow(decodeError);
    expect(message(text).size).toBe(text.length / 2);
  });

  it('[M-03][BY-24] takes a message without a body, and one without anything', () => {
    for (const one of [message(), message(section.properties), message(section.header, section.footer)]) {
      expect(one.body).toEqual({ kind: 'none' });
      expect(one.value).toBeUndefined();
      expect(one.text()).toBe('');
      expect(one.bytes()).toEqual(new Uint8Array(0));
      expect(() => one.json()).toThrow(decodeError);
    }
  });

  it('[M-04] splits a message so that its bare part is forwarded as it came', () => {
    const { sequence: _sequence, value: _value, ...parts } = section;
    const around = `ffff${Object.values(parts).join('')}ffff`;
    const bytes = hex(around);
    const split = splitSections(blockOf(bytes), 2, bytes.length - 2);
    const cut = (start: number, end: number): string => toHex(bytes.subarray(start, end));
    expect(cut(split.start, split.headerEnd)).toBe(section.header);
    expect(cut(split.headerEnd, split.deliveryAnnotationsEnd)).toBe(section.deliveryAnnotations);
    expect(cut(split.deliveryAnnotationsEnd, split.messageAnnotationsEnd)).toBe(section.messageAnnotations);
    expect(cut(split.messageAnnotationsEnd, split.bodyEnd)).toBe(
      section.properties + section.applicationProperties + section.data,
    );
    expect(cut(split.bodyEnd, split.end)).toBe(section.footer);
    expect(split).toMatchObject({ bodyCode: 0x75, bodyCount: 1 });
    expect(splitSections(blockOf(bytes), 2, 2)).toMatchObject({ start: 2, bodyEnd: 2, end: 2, bodyCode: 0 });
  });

  it('[M-23] takes every descriptor in its symbolic and long numeric form', () => {
    const symbolic = (name: string, value: string): string =>
      `00a3${name.length.toString(16).padStart(2, '0')}${Buffer.from(name).toString('hex')}${value}`;
    const all = message(
      symbolic('amqp:header:list', '45'),
      symbolic('amqp:delivery-annotations:map', section.deliveryAnnotations.slice(6)),
      symbolic('amqp:message-annotations:map', section.messageAnnotations.slice(6)),
      symbolic('amqp:properties:list', section.properties.slice(6)),
      symbolic('amqp:application-properties:map', section.applicationProperties.slice(6)),
      symbolic('amqp:data:binary', 'a00101'),
      '00800000000000000075a00102',
      symbolic('amqp:footer:map', section.footer.slice(6)),
    );
    expect({ ...all.footer }).toEqual({ f: 1 });
    expect(all.properties.messageId).toBe('i');
    expect(all.body).toEqual({ kind: 'data', data: [hex('01'), hex('02')] });
    expect(message(symbolic('amqp:amqp-sequence:list', '45')).body).toEqual({ kind: 'sequence', sequence: [[]] });
    expect(message(symbolic('amqp:amqp-value:*', '41')).value).toBe(true);
  });
});

describe('header and properties', () => {
  it('[M-05] an absent header has all defaults, and so have absent properties', () => {
    const { header, properties } = message(section.value);
    const defaults = { durable: false, priority: 4, ttl: undefined, firstAcquirer: false, deliveryCount: 0 };
    expect(header).toEqual({ type: 'header', ...defaults });
    expect(message('005370c00100', section.value).header).toEqual({ type: 'header', ...defaults });
    expect(Object.values(properties).filter((item) => item !== undefined)).toEqual(['properties']);
    expect(Object.keys(properties).length).toBe(14);
  });

  it.each([
    ['[BY-32] a uint as priority', 'header', '005370c00402405204'],
    ['a header that is null', 'header', '00537040'],
    ['a header with too many fields', 'header', '005370c00706404040404041'],
    ['[BY-31] an int as message id', 'properties', '005373c003015401'],
    ['a uint as message id', 'properties', '005373c003015201'],
    ['[M-14] a small long as message id', 'properties', '005373c003015501'],
    ['[M-14] a long as correlation id', 'properties', '005373c00f064040404040810000000000000001'],
    ['a symbol as message id', 'properties', '005373c00401a30161'],
    ['a described message id', 'properties', '005373c0050100530140'],
    ['[M-15] a symbol as to', 'properties', '005373c006034040a30161'],
    ['[M-15] a uint as reply-to', 'properties', '005373c00705404040405201'],
    ['[M-15] a string as user id', 'properties', '005373c0050240a10161'],
    ['[M-15] a string as content type', 'properties', '005373c00a07404040404040a10161'],
    ['[M-16] a ulong as creation time', 'properties', '005373c00c0a4040404040404040405301'],
  ] as const)('[M-25] %s is a decode-error of its section only', (_name, member, text) => {
    const one = message(text, section.value);
    expect(() => one[member]).toThrow(decodeError);
    expect(one.text()).toBe('x');
  });

  it('[M-14] reads each type of message id', () => {
    expect(message('005373c0020144').properties.messageId).toBe(0n);
    expect(message('005373c003015305').properties.messageId).toBe(5n);
    expect(message('005373c00a0180ffffffffffffffff').properties.messageId).toBe(2n ** 64n - 1n);
    expect(message('005373c00401a00107').properties.messageId).toEqual(hex('07'));
    expect(message('005373c0080640404040405307').properties.correlationId).toBe(7n);
  });

  it('[M-16] reads timestamps beyond the range of a Date', () => {
    const { creationTime } = message('005373c0130a404040404040404040837fffffffffffffff').properties;
    expect(creationTime).toEqual(new Timestamp(2n ** 63n - 1n));
  });
});

describe('maps', () => {
  it('have no prototype to be reached', () => {
    const name = Buffer.from('__proto__').toString('hex');
    const annotation = `c10d02a309${name}41`;
    const one = message(
      `005371${annotation}`,
      `005372${annotation}`,
      `005374c10d02a109${name}41`,
      `005378${annotation}`,
    );
    for (const member of ['deliveryAnnotations', 'messageAnnotations', 'applicationProperties', 'footer'] as const) {
      const record = one[member];
      expect(Object.getPrototypeOf(record)).toBe(null);
      expect(Object.keys(record)).toEqual(['__proto__']);
      expect(Object.getPrototypeOf(message(section.value)[member])).toBe(null);
      expect(one[member]).toBe(record);
    }
    expect(Object.hasOwn(Object.prototype, '__proto__')).toBe(true);
    expect({}).not.toHaveProperty('x');
  });

  it.each([
    ['[M-11] a string as key', 'messageAnnotations', '005372c10602a101615401'],
    ['[M-11] an int as key', 'deliveryAnnotations', '005371c1050254015401'],
    ['[M-11] a small long as key', 'messageAnnotations', '005372c1050255015401'],
    ['[M-22] a uint as key', 'footer', '005378c1050252015401'],
    ['equal keys', 'messageAnnotations', '005372c10b04a301615401a301615401'],
    ['an odd number of items', 'messageAnnotations', '005372c10401a30161'],
    ['a list', 'footer', '00537845'],
    ['null', 'applicationProperties', '00537440'],
    ['[M-19] a symbol as key', 'applicationProperties', '005374c10602a301615401'],
    ['[M-19][BY-30] a list as value', 'applicationProperties', '005374c10502a1016145'],
    ['[M-19] a map as value', 'applicationProperties', '005374c10702a10161c10100'],
    ['[M-19] an array as value', 'applicationProperties', '005374c10802a10161e0020054'],
    ['[M-19] a described value', 'applicationProperties', '005374c10802a1016100530141'],
  ] as const)('[M-25] %s is a decode-error of its section only', (_name, member, text) => {
    const body = member === 'footer' ? [section.value, text] : [text, section.value];
    const one = message(...body);
    expect(() => one[member]).toThrow(decodeError);
    expect(one.value).toBe('x');
  });

  it('[M-12] have keys that nobody here knows: they are read, whatever they begin with', () => {
    const annotations = message('005372c11104a307782d6f70742d7a41a30379657442').messageAnnotations;
    expect({ ...annotations }).toEqual({ 'x-opt-z': true, yet: false });
  });

  it('[Z-13] keep the types of JMS, which are bytes', () => {
    const jms = { 'x-opt-jms-msg-type': byte(5), 'x-opt-jms-dest': byte(-1) };
    const encoded = encodeMessageBytes({ messageAnnotations: jms, body: 'x' });
    expect(toHex(encoded)).toContain(`${Buffer.from('x-opt-jms-msg-type').toString('hex')}5105`);
    expect({ ...decodeMessage(encoded).messageAnnotations }).toEqual({ 'x-opt-jms-msg-type': 5, 'x-opt-jms-dest': -1 });
  });

  it('[M-11] takes the reserved ulong keys', () => {
    const annotations = message('005372c10e0453014180ffffffffffffffff42').messageAnnotations;
    expect({ ...annotations }).toEqual({ '№1': true, '№18446744073709551615': false });
  });
});

describe('body', () => {
  it('[M-20] keeps data sections apart, and joins them on demand', () => {
    const one = message('005375a001c3', '005375a000', '005375b000000002a441');
    expect(one.body).toEqual({ kind: 'data', data: [hex('c3'), hex(''), hex('a441')] });
    expect(one.bytes()).toEqual(hex('c3a441'));
    // The character begins in one section and ends in another.
    expect(one.text()).toBe('äA');
    expect(one.value).toBeUndefined();
    expect(one.body).toBe(one.body);
  });

  it('gives copies of octets', () => {
    const bytes = Buffer.from(hex('005375a0020102'));
    const one = decodeMessage(bytes);
    const [copy, encoded] = [one.bytes(), one.encoded];
    copy.fill(9);
    encoded.fill(9);
    expect(toHex(bytes)).toBe('005375a0020102');
    expect(copy.constructor).toBe(Uint8Array);
    expect(encoded.constructor).toBe(Uint8Array);
  });

  it('reads text, JSON and octets of a value', () => {
    expect(message('005377a1027b7d').json()).toEqual({});
    expect(message('005377a0020102').bytes()).toEqual(hex('0102'));
    expect(message('00537740').text()).toBe('');
    expect(message('00537740').bytes()).toEqual(hex(''));
    expect(message('00537740').body).toEqual({ kind: 'value', value: null });
    expect(message('005375b0000000027b7d').json()).toEqual({});
  });

  it('[M-21] reads described values', () => {
    expect(message('00537700530140').value).toEqual(new Described(1n, null));
  });

  it('reads sequences, each on its own', () => {
    const one = message(section.sequence, '00537645');
    expect(one.body).toEqual({ kind: 'sequence', sequence: [[1], []] });
    expect(one.value).toBeUndefined();
  });

  it.each([
    ['a sequence as text', section.sequence, 'text'],
    ['a sequence as octets', section.sequence, 'bytes'],
    ['a number as text', '0053775401', 'text'],
    ['a number as JSON', '0053775401', 'json'],
    ['octets of a value as text', '005377a00161', 'text'],
    ['a text as octets', section.value, 'bytes'],
  ] as const)('%s is an illegal-state', (_name, text, method) => {
    expect(() => message(text)[method]()).toThrow(illegalState);
  });

  it.each([
    ['a string as data', '005375a10161'],
    ['a described binary as data', '005375005301a00161'],
    ['two data sections, one a string', '005375a00161005375a10161'],
    ['null as sequence', '00537640'],
    ['an array as sequence', '005376e0020054'],
    ['[M-24] a value that is not valid', '005377c0020540'],
    ['[BY-34] an array of 16 million nulls', '005377f00000000500ffffff40'],
  ])('[M-25] %s is a decode-error of its section only', (_name, text) => {
    const one = message(section.properties, text);
    expect(() => one.body).toThrow(decodeError);
    expect(() => one.text()).toThrow(decodeError);
    expect(() => one.bytes()).toThrow(decodeError);
    expect(one.properties.messageId).toBe('i');
  });

  it.each([
    ['text that is not UTF-8', '005375a001ff'],
    ['text in parts that is not UTF-8', '005375a001c3005375a00141'],
  ])('[M-25] %s is a decode-error of its section only', (_name, text) => {
    expect(() => message(text).text()).toThrow(decodeError);
    expect(message(text).bytes().length).toBeGreaterThan(0);
  });

  it('text that is not JSON is a decode-error', () => {
    expect(() => message(section.value).json()).toThrow(decodeError);
  });

  it('bounds the items without octets of all sequences together', () => {
    // Each section is one list of one array of 40,000 nulls, in 15 octets.
    const one = '005376c00b01f00000000500009c4040';
    expect(message(one).body.kind).toBe('sequence');
    expect(() => message(one, one).body).toThrow(decodeError);
  });

  it('is told apart by its kind', () => {
    const nameOf = (body: ReceivedBody): string => {
      switch (body.kind) {
        case 'data':
          return `${body.data.length} sections`;
        case 'sequence':
          return `${body.sequence.length} lists`;
        case 'value':
          return String(body.value);
        case 'none':
          break;
      }
      return 'nothing';
    };
    expect([section.data, section.sequence, section.value, ''].map((text) => nameOf(message(text).body))).toEqual([
      '1 sections',
      '1 lists',
      'x',
      'nothing',
    ]);
  });
});

describe('message-format', () => {
  it('[X-16] other than 0 is opaque', () => {
    const one = new Message(blockOf(hex('ff0102ff')), 1, 3, 7);
    expect(one.messageFormat).toBe(7);
    expect(one.size).toBe(2);
    expect(one.bytes()).toEqual(hex('0102'));
    expect(one.encoded).toEqual(hex('0102'));
    for (const name of members) expect(() => one[name]).toThrow(illegalState);
    expect(() => one.text()).toThrow(illegalState);
    expect(() => one.json()).toThrow(illegalState);
    expect(decodeMessage(hex('00'), 1).messageFormat).toBe(1);
  });

  it('decodes bytes and nothing else', () => {
    expect(() => decodeMessage(JSON.parse('"text"'))).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
