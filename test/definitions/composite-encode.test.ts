import { describe, expect, it } from 'vitest';
import { AmqpMap, Described, Timestamp, Uuid, Writer, symbol, ulong } from '../../src/codec/index.ts';
import {
  attach,
  begin,
  close,
  coordinator,
  decodeComposite,
  discharge,
  encodeComposite,
  header,
  modifiedSpec,
  open,
  properties,
  protocolError,
  readDescriptorCode,
  saslInit,
  saslMechanisms,
  source,
  transactionalStateSpec,
  writePerformative,
  writeSaslFrame,
  type CompositeTable,
} from '../../src/definitions/index.ts';
import { list, nulls, readerOf, written } from './support/bytes.ts';

/** Encodes whatever is given, as a program without types would. */
function encoded(table: CompositeTable, init: object): string {
  return written((writer) => encodeComposite(writer, table, init));
}

describe('writing a composite', () => {
  it.each<[string, string, string]>([
    ['nothing but the mandatory field', encoded(open, { containerId: 'c' }), `005310${list('a10163')}`],
    [
      'no defaults',
      encoded(open, { containerId: 'c', maxFrameSize: 0xffffffff, channelMax: 65535 }),
      `005310${list('a10163')}`,
    ],
    ['no empty arrays', encoded(open, { containerId: 'c', offeredCapabilities: [] }), `005310${list('a10163')}`],
    [
      'no null and undefined',
      encoded(open, { containerId: 'c', hostname: undefined, properties: null }),
      `005310${list('a10163')}`,
    ],
    [
      'null where something follows',
      encoded(open, { containerId: 'c', channelMax: 0 }),
      `005310${list('a10163', '40', '40', '600000')}`,
    ],
    ['the empty list', encoded(header, { durable: undefined }), '00537045'],
    [
      'a default that is given, in a header: receivers differ on what is missing',
      encoded(header, { durable: false }),
      `005370${list('42')}`,
    ],
    ['a default that is given, elsewhere: nothing', encoded(source, { dynamic: false, durable: 0 }), '00532845'],
    ['nothing of a close without error', encoded(close, {}), '00531845'],
    [
      'the small forms of numbers',
      encoded(begin, { nextOutgoingId: 0, incomingWindow: 255, outgoingWindow: 256 }),
      `005311${list('40', '43', '52ff', '7000000100')}`,
    ],
  ])('[T-41] says %s', (_, actual, expected) => {
    expect(actual).toBe(expected);
  });

  it('[T-16] takes the wide list where the narrow one is too small', () => {
    const octets = encoded(open, { containerId: 'x'.repeat(252) });
    expect(octets.slice(0, 12)).toBe('005310c0ff01');
    expect(encoded(open, { containerId: 'x'.repeat(253) }).slice(0, 24)).toBe('005310d00000010300000001');
  });

  it.each([
    ['one', ['a'], 'e00401a30161'],
    ['two', ['a', 'b'], 'e00602a301610162'],
  ])('[T-46] writes an array for %s symbol', (_, symbols, expected) => {
    expect(encoded(saslMechanisms, { saslServerMechanisms: symbols })).toBe(`005340${list(expected)}`);
  });

  it('writes each type of field and reads it again', () => {
    const init = {
      type: 'properties',
      messageId: 7n,
      userId: Uint8Array.of(1),
      to: 'q',
      subject: 's',
      replyTo: symbol('weird'),
      correlationId: Uuid.parse('00010203-0405-0607-0809-0a0b0c0d0e0f'),
      contentType: 't',
      contentEncoding: 'e',
      absoluteExpiryTime: new Date(5),
      creationTime: new Timestamp(0x7fffffffffffffffn),
      groupId: 'g',
      groupSequence: 7,
      replyToGroupId: 'r',
    } as const;
    const reader = readerOf(encoded(properties, init));
    expect(readDescriptorCode(reader)).toBe(0x73);
    expect(decodeComposite(reader, properties)).toStrictEqual(init);
    // §3.2.11: a bigint is a ulong here, though it is a long elsewhere.
    expect(encoded(properties, { messageId: 7n })).toBe(`005373${list('5307')}`);
    expect(encoded(properties, { messageId: 'm' })).toBe(`005373${list('a1016d')}`);
  });

  it('writes composites within composites', () => {
    const octets = written((writer) =>
      encodeComposite(writer, attach, {
        name: 'l',
        handle: 0,
        role: true,
        source: {
          address: 'q',
          filter: { f: new Described(symbol('x'), 'y') },
          defaultOutcome: { type: 'released' },
          outcomes: ['a'],
        },
        target: { type: 'coordinator', capabilities: ['c'] },
        unsettled: new AmqpMap([[Uint8Array.of(1), null]]),
        maxMessageSize: 0n,
        properties: { p: ulong(1) },
      }),
    );
    const from = `005328${list('a10171', ...nulls(6), 'c10b02a3016600a30178a10179', '00532645', 'e00401a30161')}`;
    const to = `005330${list('e00401a30163')}`;
    const fields = ['a1016c', '43', '41', '40', '40', from, to, 'c10502a0010140', '40', '40', '44', '40', '40'];
    expect(octets).toBe(`005312${list(...fields, 'c10602a301705301')}`);
  });

  it('takes the first type for a composite that does not say its type', () => {
    const octets = encoded(attach, { name: 'l', handle: 0, role: false, target: { capabilities: ['c'] } });
    expect(octets).toContain(`005329${list(...nulls(6), 'e00401a30163')}`);
    expect(encoded(close, { error: { condition: 'c' } })).toBe(`005318${list(`00531d${list('a30163')}`)}`);
  });

  it('writes described values of its own where only an archetype is asked for', () => {
    const state = { txnId: Uint8Array.of(1), outcome: new Described(symbol('x'), []) };
    expect(encoded(transactionalStateSpec, state)).toBe(`005334${list('a00101', '00a3017845')}`);
    expect(encoded(modifiedSpec, { type: 'modified', messageAnnotations: {} })).toBe(
      `005327${list('40', '40', 'c10100')}`,
    );
  });

  it.each<[string, CompositeTable, object, string]>([
    ['[T-43] a missing mandatory field', open, {}, 'open.container-id: it is mandatory'],
    ['[T-43] null for a mandatory field', discharge, { txnId: null }, 'discharge.txn-id: it is mandatory'],
    [
      '[T-45] no mechanisms',
      saslMechanisms,
      { saslServerMechanisms: [] },
      'sasl-mechanisms.sasl-server-mechanisms: it is',
    ],
    ['a wrong boolean', attach, { name: 'l', handle: 0, role: 'x' }, 'attach.role: expected a boolean, got "x"'],
    ['a wrong ubyte', header, { priority: 256 }, 'header.priority: 256 is not a ubyte'],
    ['a wrong ushort', open, { containerId: 'c', channelMax: 1n }, 'open.channel-max: expected a number, got 1'],
    ['a wrong uint', header, { ttl: -1 }, 'header.ttl: -1 is not a uint'],
    [
      'a wrong ulong',
      attach,
      { name: 'l', handle: 0, role: true, maxMessageSize: 1 },
      'attach.max-message-size: expected a bigint, got 1',
    ],
    ['a wrong string', open, { containerId: 1 }, 'open.container-id: expected a string, got 1'],
    [
      '[T-19] a symbol that is not ASCII',
      protocolError,
      { condition: 'é' },
      'error.condition: the symbol "é" is not ASCII',
    ],
    [
      'a wrong symbol',
      protocolError,
      { condition: Symbol('s') },
      'error.condition: expected a string, got a value of type symbol',
    ],
    [
      'a wrong binary',
      saslInit,
      { mechanism: 'm', initialResponse: 'secret' },
      'sasl-init.initial-response: expected a Uint8Array',
    ],
    ['a wrong timestamp', properties, { creationTime: 5 }, 'properties.creation-time: expected a Date, got 5'],
    ['an invalid Date', properties, { creationTime: new Date(Number.NaN) }, 'properties.creation-time: '],
    [
      'a wrong map',
      attach,
      { name: 'l', handle: 0, role: true, unsettled: {} },
      'attach.unsettled: expected an AmqpMap',
    ],
    ['wrong fields', open, { containerId: 'c', properties: 1 }, 'open.properties: expected an object, got 1'],
    ['a wrong value among fields', open, { containerId: 'c', properties: { a: undefined } }, 'open.properties'],
    ['a value that AMQP cannot hold', source, { address: () => 1 }, 'source.address: a function is not'],
    ['a message-id that AMQP cannot hold', properties, { messageId: () => 1 }, 'properties.message-id: '],
    [
      'a value out of its choices',
      attach,
      { name: 'l', handle: 0, role: true, sndSettleMode: 3 },
      'attach.snd-settle-mode: 3 is none of 0, 1, 2',
    ],
    [
      'no array for a multiple field',
      coordinator,
      { capabilities: 'c' },
      'coordinator.capabilities: expected an array of strings',
    ],
    [
      'no strings for a multiple field',
      coordinator,
      { capabilities: [1] },
      'coordinator.capabilities: expected an array of strings',
    ],
    [
      'another composite',
      close,
      { error: { type: 'released' } },
      'close.error: "released" is no type that belongs here',
    ],
    ['no composite', close, { error: 'e' }, 'close.error: expected an object, got "e"'],
    [
      'a described value for an error',
      close,
      { error: new Described(symbol('x'), []) },
      'close.error.condition: it is mandatory',
    ],
    [
      'a wrong field of an error',
      close,
      { error: { condition: 'c', description: 1 } },
      'close.error.description: expected a string',
    ],
  ])('refuses %s, and leaves nothing behind', (_, table, init, message) => {
    const writer = new Writer();
    writer.null();
    expect(() => encodeComposite(writer, table, init)).toThrow(expect.objectContaining({ code: 'encode-error' }));
    expect(() => encodeComposite(writer, table, init)).toThrow(new RegExp(`^${message}`));
    expect(writer.position).toBe(1);
  });

  it('refuses what is no object', () => {
    expect(() => Reflect.apply(encodeComposite, undefined, [new Writer(), close, null])).toThrow(
      'close: expected an object, got a value of type object',
    );
  });

  it('lets errors that are not ours through', () => {
    const init = {
      get containerId(): string {
        throw new RangeError('mine');
      },
    };
    expect(() => encodeComposite(new Writer(), open, init)).toThrow(RangeError);
    class Odd extends Uint8Array {
      override get length(): number {
        throw new RangeError('mine');
      }
    }
    expect(() => encodeComposite(new Writer(), discharge, { txnId: new Odd(1) })).toThrow(RangeError);
  });
});

describe('writing frame bodies', () => {
  it('finds the table by the type', () => {
    expect(written((writer) => writePerformative(writer, { type: 'detach', handle: 1, closed: true }))).toBe(
      `005316${list('5201', '41')}`,
    );
    expect(written((writer) => writeSaslFrame(writer, { type: 'sasl-outcome', code: 0 }))).toBe(
      `005344${list('5000')}`,
    );
  });

  it('refuses a type that it does not know', () => {
    expect(() => Reflect.apply(writePerformative, undefined, [new Writer(), { type: 'sasl-init' }])).toThrow(
      'sasl-init is the name of no such frame',
    );
  });
});
