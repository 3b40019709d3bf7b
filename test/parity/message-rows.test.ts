import { describe, expect, it } from 'vitest';
import {
  data,
  decodeMessage,
  encodeMessage,
  sequence,
  symbol,
  Timestamp,
  ulong,
  uint,
  Uuid,
  value,
  type MessageFields,
  type MessageInit,
  type MessageProperties,
} from '../../src/client/index.ts';
import { hex, toHex } from '../codec/support/hex.ts';
import { connected, frameOf, thrown, untyped } from '../client/support/scripted.ts';
import { messageOf, receiving } from './support/receive-scene.ts';

/** The octets of a message before its body, which is null. */
const sections = (fields: MessageFields): string => toHex(encodeMessage(fields)).replace(/00537740$/, '');
/** What a message reads as after it was written. */
const forth = (message: MessageInit) => decodeMessage(encodeMessage(message));

describe('Message (§1.6)', () => {
  it('row Message.Format: is in the transfer, 0 by default', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    await sender.send('x');
    await sender.send('x', { messageFormat: 0x8001_3700 });
    expect((await frameOf(peer, 'transfer')).fields['message-format'] ?? 0).toBe(0);
    expect((await frameOf(peer, 'transfer', 1)).fields['message-format']).toBe(0x8001_3700);
    await connection.close();
  });

  it('row Message.Format: one that is not of AMQP can be had as octets', async () => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0, Uint8Array.of(1, 2, 3), { 'message-format': 0x8001_3700 });
    const { message } = await receiver.receive();
    expect([message.messageFormat, [...message.bytes()]]).toEqual([0x8001_3700, [1, 2, 3]]);
    expect(thrown(() => message.body).code).toBe('illegal-state');
    await connection.close();
  });

  it('row Message.DeliveryTag: up to 32 octets, both ways', async () => {
    const { connection, peer, receiver, link } = await receiving();
    const tag = new Uint8Array(32).fill(7);
    link.transfer(0, 'x', { 'delivery-tag': tag });
    expect((await receiver.receive()).tag).toEqual(tag);
    const sender = await connection.createSender('q');
    await sender.send('x', { deliveryTag: tag });
    expect((await frameOf(peer, 'transfer')).fields['delivery-tag']).toEqual(tag);
    link.transfer(1, 'x', { 'delivery-tag': new Uint8Array(33) });
    expect((await receiver.closed).error).toMatchObject({ condition: 'amqp:invalid-field' });
    await connection.close();
  });

  it('row Message.Data, GetData: one section or several, whose boundaries are kept', () => {
    const message = forth({ body: data(Uint8Array.of(1), Uint8Array.of(2, 3)) });
    expect(message.body).toEqual({ kind: 'data', data: [Uint8Array.of(1), Uint8Array.of(2, 3)] });
    expect(message.bytes()).toEqual(Uint8Array.of(1, 2, 3));
    expect(forth(Uint8Array.of(9)).body).toEqual({ kind: 'data', data: [Uint8Array.of(9)] });
  });

  it('row Message.Value: any value; undefined for another kind of body', () => {
    expect(forth({ body: value({ a: [1, true] }) }).body.kind).toBe('value');
    expect(forth({ body: 7 }).value).toBe(7);
    expect(forth(Uint8Array.of(1)).value).toBeUndefined();
  });

  it('row Message.Sequence: one section or several', () => {
    expect(forth({ body: sequence(1, 'a') }).body).toEqual({ kind: 'sequence', sequence: [[1, 'a']] });
    const sequences = [[1], [], ['b', null]];
    expect(forth({ body: { kind: 'sequence', sequence: sequences } }).body).toEqual({
      kind: 'sequence',
      sequence: sequences,
    });
  });

  it('FIX §1.6 Data, Value, Sequence: exclude each other, when written by their type, when read by an error', () => {
    const both = untyped<MessageInit>({ data: Uint8Array.of(1), value: 'x' });
    expect(thrown(() => encodeMessage(both)).code).toBe('invalid-argument');
    expect(thrown(() => messageOf('005375a00101', '005377a10178').body).code).toBe('decode-error');
  });

  it('FIX §1.6 an empty message has the value null as its body', () => {
    expect(toHex(encodeMessage({}))).toBe('00537740');
    expect(forth({}).body).toEqual({ kind: 'value', value: null });
  });

  it.each<['deliveryAnnotations' | 'messageAnnotations' | 'footer', string]>([
    ['deliveryAnnotations', '71'],
    ['messageAnnotations', '72'],
    ['footer', '78'],
  ])('row Message.%s: its keys are symbols, given as plain strings', (field, code) => {
    const written = toHex(encodeMessage({ [field]: { 'x-a': 1 } }));
    expect(written).toContain(`0053${code}c10802a303782d615401`);
    expect({ ...forth({ [field]: { 'x-a': 1 } })[field] }).toEqual({ 'x-a': 1 });
    expect(Object.keys(forth({})[field])).toEqual([]);
  });

  it('row Annotations: a ulong as a key is kept; any other type is an error', () => {
    const { messageAnnotations } = messageOf('005372c105025307', '5401', '00537740');
    expect(Object.values(messageAnnotations)).toEqual([1]);
    expect(toHex(encodeMessage({ messageAnnotations }))).toBe('005372c105025307540100537740');
    expect(thrown(() => messageOf('005372c10602a101615401', '00537740').messageAnnotations).code).toBe('decode-error');
  });

  it('row Message.ApplicationProperties: strings to simple values; nothing else is sent or read', () => {
    const properties = { text: 'x', count: 7, exact: 2n ** 63n - 1n, at: new Date(0), kind: symbol('a'), none: null };
    expect({ ...forth({ applicationProperties: properties }).applicationProperties }).toEqual(properties);
    expect(thrown(() => encodeMessage({ applicationProperties: { list: [] } })).code).toBe('encode-error');
    expect(thrown(() => messageOf('005374c10502a1016145', '00537740').applicationProperties).code).toBe('decode-error');
  });

  it('row Message.MarshalBinary, UnmarshalBinary: encodeMessage and decodeMessage', () => {
    const octets = encodeMessage({ body: 'x', header: { durable: true } });
    expect(toHex(octets)).toBe('005370c0020141005377a10178');
    expect(decodeMessage(octets).text()).toBe('x');
    expect(decodeMessage(octets).encoded).toEqual(octets);
  });
});

describe('MessageHeader (§1.6)', () => {
  it('row MessageHeader: absent, it reads as its defaults, and nothing is sent', () => {
    const { header } = forth('x');
    const defaults = { durable: false, priority: 4, ttl: undefined, firstAcquirer: false, deliveryCount: 0 };
    expect(header).toEqual({ type: 'header', ...defaults });
    expect(sections({ header: {} })).toBe('');
  });

  it.each<[string, NonNullable<MessageFields['header']>, string]>([
    ['Durable', { durable: true }, 'c0020141'],
    ['Durable', { durable: false }, 'c0020142'],
    ['Priority', { priority: 0 }, 'c00402405000'],
    ['Priority', { priority: 9 }, 'c00402405009'],
    ['TTL', { ttl: 0 }, 'c00403404043'],
    ['TTL', { ttl: 4_294_967_295 }, 'c00803404070ffffffff'],
    ['FirstAcquirer', { firstAcquirer: true }, 'c0050440404041'],
    ['DeliveryCount', { deliveryCount: 3 }, 'c00705404040405203'],
  ])('row MessageHeader.%s: %o is sent as it is, alone', (_field, header, list) => {
    expect(sections({ header })).toBe(`005370${list}`);
    expect(forth({ header }).header).toMatchObject(header);
  });

  it.each([
    ['Priority', { priority: 256 }],
    ['TTL', { ttl: 4_294_967_296 }],
    ['TTL', { ttl: -1 }],
    ['DeliveryCount', { deliveryCount: 1.5 }],
  ])('FIX §1.6 MessageHeader.%s: %o does not overflow in silence', (_field, header) => {
    expect(thrown(() => encodeMessage({ header })).code).toBe('encode-error');
  });
});

describe('MessageProperties (§1.6)', () => {
  const time = new Date(1000);

  it.each<[string, MessageProperties, number, string]>([
    ['MessageID', { messageId: 'a' }, 0, 'a10161'],
    ['UserID', { userId: Uint8Array.of(7) }, 1, 'a00107'],
    ['To', { to: 'a' }, 2, 'a10161'],
    ['Subject', { subject: 'a' }, 3, 'a10161'],
    ['ReplyTo', { replyTo: 'a' }, 4, 'a10161'],
    ['CorrelationID', { correlationId: 'a' }, 5, 'a10161'],
    ['ContentType', { contentType: 'a' }, 6, 'a30161'],
    ['ContentEncoding', { contentEncoding: 'a' }, 7, 'a30161'],
    ['AbsoluteExpiryTime', { absoluteExpiryTime: time }, 8, '8300000000000003e8'],
    ['CreationTime', { creationTime: time }, 9, '8300000000000003e8'],
    ['GroupID', { groupId: 'a' }, 10, 'a10161'],
    ['GroupSequence', { groupSequence: 7 }, 11, '5207'],
    ['ReplyToGroupID', { replyToGroupId: 'a' }, 12, 'a10161'],
  ])('row MessageProperties.%s: is sent at its place, and read back', (_field, properties, place, octets) => {
    const size = (1 + place + octets.length / 2).toString(16).padStart(2, '0');
    const count = (place + 1).toString(16).padStart(2, '0');
    expect(sections({ properties })).toBe(`005373c0${size}${count}${'40'.repeat(place)}${octets}`);
    const read = forth({ properties }).properties;
    expect(read).toMatchObject(properties);
    const others = Object.entries(read).filter(([key, field]) => key !== 'type' && field !== undefined);
    expect(others).toHaveLength(1);
  });

  it.each([
    ['a ulong', 7n, '5307', 7n],
    ['a ulong of 64 bits', 2n ** 64n - 1n, '80ffffffffffffffff', 2n ** 64n - 1n],
    ['a typed ulong', ulong(7), '5307', 7n],
    ['a uuid', new Uuid(new Uint8Array(16)), `98${'00'.repeat(16)}`, new Uuid(new Uint8Array(16))],
    ['binary', Uint8Array.of(1), 'a00101', Uint8Array.of(1)],
    ['a string', 'a', 'a10161', 'a'],
  ])('row MessageProperties.MessageID, CorrelationID: may be %s', (_type, given, octets, read) => {
    const properties = untyped<MessageProperties>({ messageId: given, correlationId: given });
    expect(sections({ properties }).endsWith(octets)).toBe(true);
    expect(forth({ properties }).properties).toMatchObject({ messageId: read, correlationId: read });
  });

  it.each([7, true, uint(7), symbol('a'), {}, []])(
    'FIX §1.6 MessageProperties.MessageID, CorrelationID: are checked, so %o is refused',
    (given) => {
      for (const key of ['messageId', 'correlationId'] as const) {
        const properties = untyped<MessageProperties>({ [key]: given });
        expect(thrown(() => encodeMessage({ properties }))).toMatchObject({
          code: 'encode-error',
          message: expect.stringContaining(key),
        });
      }
    },
  );

  it('FIX §1.6 MessageProperties.MessageID: a peer that sends another type gets no guess', () => {
    for (const octets of ['5207', '5507', 'a30161'])
      expect(thrown(() => messageOf(`005373c0${octets.length === 4 ? '03' : '04'}01`, octets).properties).code).toBe(
        'decode-error',
      );
  });

  it('row MessageProperties.AbsoluteExpiryTime, CreationTime: any 64 bits of milliseconds', () => {
    const farOff = new Timestamp(2n ** 63n - 1n);
    const properties = { absoluteExpiryTime: farOff, creationTime: new Date(-1) };
    expect(forth({ properties }).properties).toMatchObject(properties);
  });

  it('row UUID: is made of its text, and gives it back', () => {
    const text = '00112233-4455-6677-8899-aabbccddeeff';
    const read = messageOf('005377', `98${text.replaceAll('-', '')}`).value;
    expect(read).toEqual(new Uuid(hex(text.replaceAll('-', ''))));
    expect(String(read)).toBe(text);
  });
});
