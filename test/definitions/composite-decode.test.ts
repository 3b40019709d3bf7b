import { describe, expect, it } from 'vitest';
import { AmqpMap, Described, Timestamp, Uuid, symbol } from '../../src/codec/index.ts';
import {
  attach,
  begin,
  close,
  decodeComposite,
  flow,
  header,
  open,
  properties,
  protocolError,
  readDescriptorCode,
  readPerformative,
  readSaslFrame,
  rejectedSpec,
  saslMechanisms,
  saslOutcome,
  source,
  transfer,
  type CompositeTable,
} from '../../src/definitions/index.ts';
import { hex, list, nulls, readerOf } from './support/bytes.ts';
import { tables } from './support/tables.ts';

/** Reads the list of a composite. */
function decoded(table: CompositeTable, octets: string): unknown {
  const reader = readerOf(octets);
  const value = decodeComposite(reader, table);
  expect(reader.remaining).toBe(0);
  return value;
}

describe('descriptors', () => {
  it.each([
    ['a smallulong', '005310', 0x10],
    ['a ulong', '00800000000000000010', 0x10],
    ['a ulong of zero', '0044', 0],
    ['a ulong of the domain 0', '008000000000ffffffff', 0xffffffff],
    ['a ulong of another domain', '00800000468c00000004', undefined],
    ['a known symbol', `00a30e${Buffer.from('amqp:open:list').toString('hex')}`, 0x10],
    ['a known symbol in the wide form', `00b30000000e${Buffer.from('amqp:open:list').toString('hex')}`, 0x10],
    ['an unknown symbol', '00a30161', undefined],
    ['another value', '005205', undefined],
    ['a described value', '00005301a1017845', undefined],
  ])('[T-37] %s', (_, octets, code) => {
    const reader = readerOf(`${octets}45`);
    expect(readDescriptorCode(reader)).toBe(code);
    if (!octets.endsWith('45')) expect(reader.remaining).toBe(1);
  });

  it.each(['45', '', '00', '0080'])('[F-08] refuses %j', (octets) => {
    expect(() => readDescriptorCode(readerOf(octets))).toThrow(expect.objectContaining({ code: 'decode-error' }));
  });

  it.each(tables)('[T-37] $type is known by its symbol', ({ descriptor, code }) => {
    const octets = Buffer.concat([hex('00a3'), Buffer.of(descriptor.length), Buffer.from(descriptor)]);
    expect(readDescriptorCode(readerOf(octets))).toBe(code);
  });
});

describe('reading a composite', () => {
  const full = {
    type: 'open',
    containerId: 'c',
    hostname: undefined,
    maxFrameSize: 0xffffffff,
    channelMax: 65535,
    idleTimeOut: undefined,
    outgoingLocales: [],
    incomingLocales: [],
    offeredCapabilities: [],
    desiredCapabilities: [],
    properties: undefined,
  };

  it.each([
    ['one field', list('a10163')],
    ['nulls for the rest', list('a10163', ...nulls(9))],
    ['nulls beyond the last field', list('a10163', ...nulls(12))],
    ['a wide list', 'd00000000700000001a10163'],
  ])('[T-40] [T-42] takes %s', (_, octets) => {
    expect(decoded(open, octets)).toStrictEqual(full);
  });

  it('[T-42] gives null its default', () => {
    const value = decoded(begin, list('40', '43', '5201', '5202', '40'));
    expect(value).toMatchObject({ remoteChannel: undefined, nextOutgoingId: 0, handleMax: 0xffffffff });
    expect(decoded(header, '45')).toStrictEqual({
      type: 'header',
      durable: false,
      priority: 4,
      ttl: undefined,
      firstAcquirer: false,
      deliveryCount: 0,
    });
  });

  it.each([
    ['open', open, 'container-id'],
    ['begin', begin, 'next-outgoing-id'],
    ['attach', attach, 'name'],
    ['flow', flow, 'incoming-window'],
    ['transfer', transfer, 'handle'],
    ['sasl-outcome', saslOutcome, 'code'],
  ])('[T-43] refuses an empty %s', (type, table, field) => {
    for (const octets of ['45', 'c00100', 'c0020140', 'd00000000400000000']) {
      expect(() => decoded(table, octets)).toThrow(`${type}.${field}: a mandatory field is missing`);
    }
  });

  it('[E-01] refuses an error without a condition, and names the way to it', () => {
    expect(() => decoded(close, list('00531d45'))).toThrow(
      'close.error: error.condition: a mandatory field is missing',
    );
  });

  it('[E-07] passes conditions on that it does not know', () => {
    expect(decoded(protocolError, list('a30178'))).toMatchObject({ condition: 'x' });
  });

  it.each([
    ['a bare symbol', list('a30161'), ['a']],
    ['an array of one', list('e00401a30161'), ['a']],
    ['an array of two', list('e00602a301610162'), ['a', 'b']],
    ['an array of long symbols', list('e00701b30000000161'), ['a']],
  ])('[T-44] takes %s for a multiple field', (_, octets, expected) => {
    expect(decoded(saslMechanisms, octets)).toStrictEqual({ type: 'sasl-mechanisms', saslServerMechanisms: expected });
  });

  it.each(['40', 'e00200a3', '45'])('[T-45] [A-11] refuses no mechanisms: %s', (octets) => {
    expect(() => decoded(saslMechanisms, list(octets))).toThrow(
      'sasl-mechanisms.sasl-server-mechanisms: a mandatory field',
    );
  });

  it('[T-44] takes an empty array for none where the field may be absent', () => {
    expect(decoded(source, list(...nulls(10), 'e00200a3'))).toMatchObject({ capabilities: [] });
  });

  it('[T-47] tolerates a list of symbols', () => {
    expect(decoded(open, list('a10163', ...nulls(6), list('a30161', 'a30162')))).toMatchObject({
      offeredCapabilities: ['a', 'b'],
    });
  });

  it('[T-48] refuses more fields than the type has', () => {
    expect(() => decoded(rejectedSpec, list('40', '41'))).toThrow('rejected: there are more fields than the type has');
  });

  it.each<[string, CompositeTable, string, string]>([
    ['[T-21] octets that are left over', open, 'c00501a1016340', 'open: 1 octets are left over'],
    ['[T-21] fields that are not there', open, 'c00402a10163', 'open.hostname: a value is missing'],
    ['[T-21] a size beyond the end', open, 'c00901a10163', 'open: a list of 9 octets is announced'],
    ['[T-21] a size that does not hold the count', open, 'c000', 'open: 1 octets are announced and 0'],
    [
      '[T-21] a wide size that does not hold the count',
      open,
      'd00000000300000001',
      'open: 4 octets are announced and 3',
    ],
    ['[T-39] a map', open, 'c10100', 'open: expected list, found the format code 0xc1'],
    ['[T-50] nothing', open, '', 'open: 1 octets are announced and 0 are there'],
    ['a wrong type', open, 'c0020141', 'open.container-id: expected string, found the format code 0x41'],
    [
      'a value out of its choices',
      attach,
      list('a10161', '43', '41', '5009'),
      'attach.snd-settle-mode: 9 is none of 0, 1, 2',
    ],
    ['a wrong item of a multiple field', saslMechanisms, list('e003015001'), 'sasl-mechanisms.sasl-server-mechanisms:'],
    [
      '[C-27] a string as key of a map of fields',
      protocolError,
      list('a30161', '40', 'c10702a10161a10162'),
      'error.info:',
    ],
    [
      'a timestamp of another type',
      properties,
      list(...nulls(8), '5500'),
      'properties.absolute-expiry-time: expected timestamp, found the format code 0x55',
    ],
    ['[C-27] another composite than an error', close, list('00532445'), 'close.error: expected error'],
    ['a string for an error', close, list('a10178'), 'close.error: expected error'],
    [
      'a string for a source',
      attach,
      list('a10161', '43', '41', '40', '40', 'a10178'),
      'attach.source: expected source',
    ],
    [
      'a wrong field of a source',
      attach,
      list('a10161', '43', '41', '40', '40', `005328${list('40', '41')}`),
      'attach.source: source.durable: expected uint',
    ],
  ])('refuses %s', (_, table, octets, message) => {
    expect(() => decodeComposite(readerOf(octets), table)).toThrow(new RegExp(`^${message}`));
    expect(() => decodeComposite(readerOf(octets), table)).toThrow(expect.objectContaining({ code: 'decode-error' }));
  });

  it('reads each type of field', () => {
    const items = ['a1016d', 'a00175', '40', 'a10173', '40', '98000102030405060708090a0b0c0d0e0f', 'a30174', '40'];
    const octets = list(...items, '830000000000000001', '837fffffffffffffff', 'a10167', '5207');
    expect(decoded(properties, octets)).toStrictEqual({
      type: 'properties',
      messageId: 'm',
      userId: Uint8Array.of(0x75),
      to: undefined,
      subject: 's',
      replyTo: undefined,
      correlationId: Uuid.parse('00010203-0405-0607-0809-0a0b0c0d0e0f'),
      contentType: 't',
      contentEncoding: undefined,
      absoluteExpiryTime: new Date(1),
      creationTime: new Timestamp(0x7fffffffffffffffn),
      groupId: 'g',
      groupSequence: 7,
      replyToGroupId: undefined,
    });
  });

  it('keeps described values that it does not know, where a type is only asked for', () => {
    const items = ['a10161', '43', '41', '40', '40', '40', '00a3017845', 'c10402540140'];
    const value = decodeComposite(readerOf(list(...items)), attach);
    expect(value.target).toStrictEqual(new Described(symbol('x'), []));
    expect(value.unsettled).toBeInstanceOf(AmqpMap);
  });
});

describe('reading frame bodies', () => {
  it.each(['', '45', '0053 70 45', '005340c00401a30161', '00a3017845'])(
    '[F-08] takes no performative from %j',
    (body) => {
      expect(() => readPerformative(readerOf(body))).toThrow(expect.objectContaining({ code: 'decode-error' }));
    },
  );

  it.each(['', '45', '005318 45', '00a3017845'])('[A-09] takes no SASL frame from %j', (body) => {
    expect(() => readSaslFrame(readerOf(body))).toThrow(expect.objectContaining({ code: 'decode-error' }));
  });

  it('[T-37] takes a symbolic descriptor', () => {
    const name = Buffer.from('amqp:open:list').toString('hex');
    expect(readPerformative(readerOf(`00a30e${name}c00401a10163`))).toMatchObject({ type: 'open', containerId: 'c' });
  });

  it('leaves the payload of a transfer', () => {
    const reader = readerOf('005314c002014300537745');
    expect(readPerformative(reader)).toMatchObject({ type: 'transfer', handle: 0, more: false, settled: undefined });
    expect(reader.remaining).toBe(4);
  });
});
