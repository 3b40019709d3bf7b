/** What is told apart by a discriminant narrows by it: in an editor, and at run time. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  AmqpError,
  AmqpMap,
  AmqpSymbol,
  byte,
  char,
  Char,
  data,
  Decimal,
  decodeMessage,
  DeliveryError,
  double,
  encodeMessage,
  float,
  int,
  long,
  sequence,
  short,
  symbol,
  Timestamp,
  ubyte,
  uint,
  ulong,
  ushort,
  uuid,
  Uuid,
  value,
  type CloseInfo,
  type ConnectionEvent,
  type DeliveryOutcome,
  type DeliveryState,
  type ErrorCode,
  type ErrorScope,
  type Message,
  type MessageFields,
  type MessageInit,
  type ProtocolError,
  type Receipt,
  type ReceivedBody,
  type SimpleValue,
} from '../../src/client/index.ts';

/** The type of a simple value; when all are dealt with, none is left. */
function typeOf(simple: SimpleValue): string {
  if (simple === null) return 'null';
  if (typeof simple !== 'object') {
    expectTypeOf(simple).toEqualTypeOf<string | number | bigint | boolean>();
    return typeof simple;
  }
  if (simple instanceof Uint8Array) return 'Uint8Array';
  if (simple instanceof Date) return 'Date';
  if (simple instanceof Timestamp) return 'Timestamp';
  if (simple instanceof Uuid) return 'Uuid';
  if (simple instanceof AmqpSymbol) return 'AmqpSymbol';
  if (simple instanceof Char) return 'Char';
  expectTypeOf(simple).toEqualTypeOf<Decimal>();
  return simple.constructor.name;
}

/** Reads a body by its kind; each branch sees its own content only. */
function contentOf(body: ReceivedBody): unknown {
  switch (body.kind) {
    case 'data':
      expectTypeOf(body.data).toExtend<readonly Uint8Array[]>();
      // @ts-expect-error: a body of data sections has no value
      expect(body.value).toBeUndefined();
      return body.data.map((octets) => [...octets]);
    case 'value':
      expectTypeOf(body.value).toBeUnknown();
      // @ts-expect-error: what a value is, its sender decides: it must be looked at before it is used
      expect(() => body.value.toUpperCase()).toThrow(TypeError);
      return body.value;
    case 'sequence':
      expectTypeOf(body.sequence).toEqualTypeOf<readonly (readonly unknown[])[]>();
      return body.sequence;
    case 'none':
      // @ts-expect-error: there is nothing in it
      expect(body.data).toBeUndefined();
      return undefined;
    default:
      // Fails to compile when a kind is added and not told here.
      expectTypeOf(body).toBeNever();
      return 'another kind';
  }
}

describe('a received body narrows by its kind', () => {
  it.each<[MessageInit, unknown]>([
    [{ body: data(Uint8Array.of(1), Uint8Array.of(2, 3)) }, [[1], [2, 3]]],
    [{ body: value(7) }, 7],
    [{ body: sequence(1, 'two') }, [[1, 'two']]],
  ])('%o', (message, content) => {
    expect(contentOf(decodeMessage(encodeMessage(message)).body)).toEqual(content);
  });

  it('and knows no other kind', () => {
    const { body } = decodeMessage(encodeMessage('text'));
    // @ts-expect-error: JSON is a data section with a content type
    expect(body.kind === 'json').toBe(false);
    // @ts-expect-error: the content is behind the kind
    expect(body.data).toBeUndefined();
  });
});

/** Says what became of a message; each branch sees the fields of its state only. */
function told(outcome: DeliveryOutcome): string {
  switch (outcome.state) {
    case 'accepted':
    case 'released':
      // @ts-expect-error: these say no more than their names
      return `${outcome.state} ${outcome.error}`;
    case 'rejected':
      expectTypeOf(outcome.error).toEqualTypeOf<ProtocolError | undefined>();
      return `rejected ${outcome.error?.condition}`;
    case 'modified':
      expectTypeOf(outcome.deliveryFailed).toBeBoolean();
      expectTypeOf(outcome.messageAnnotations).toEqualTypeOf<Readonly<Record<string, unknown>> | undefined>();
      return `modified ${outcome.undeliverableHere}`;
    case 'unknown':
      expectTypeOf(outcome.error).toEqualTypeOf<AmqpError>();
      return `unknown ${outcome.error.code}`;
    default:
      expectTypeOf(outcome).toBeNever();
      return 'another state';
  }
}

describe('an outcome narrows by its state', () => {
  const lost = new AmqpError('outcome-unknown', 'the connection ended');

  it.each<[DeliveryOutcome, string]>([
    [{ state: 'accepted' }, 'accepted undefined'],
    [{ state: 'rejected', error: undefined }, 'rejected undefined'],
    [{ state: 'released' }, 'released undefined'],
    [
      { state: 'modified', deliveryFailed: true, undeliverableHere: false, messageAnnotations: undefined },
      'modified false',
    ],
    [{ state: 'unknown', error: lost }, 'unknown outcome-unknown'],
  ])('%o', (outcome, text) => {
    expect(told(outcome)).toBe(text);
  });

  it('a delivery state is an outcome, or how much was received', () => {
    const octetsOf = (state: DeliveryState): bigint | undefined => {
      if (state.state !== 'received') {
        expectTypeOf(state).toEqualTypeOf<DeliveryOutcome>();
        return undefined;
      }
      expectTypeOf(state.sectionNumber).toBeNumber();
      return state.sectionOffset;
    };
    expect(octetsOf({ state: 'received', sectionNumber: 0, sectionOffset: 7n })).toBe(7n);
    expect(octetsOf({ state: 'accepted' })).toBeUndefined();
  });

  it('that of a receipt is not an outcome until it has come', () => {
    const receipt: Receipt = { deliveryTag: Uint8Array.of(0), outcome: Promise.resolve({ state: 'accepted' }) };
    // @ts-expect-error: it is a promise, to be awaited
    expect(receipt.outcome.state).toBeUndefined();
  });

  it('the states are these, and no others', () => {
    expectTypeOf<DeliveryOutcome['state']>().toEqualTypeOf<
      'accepted' | 'rejected' | 'released' | 'modified' | 'unknown'
    >();
    // @ts-expect-error: AMQP 0-9-1 has nack, this protocol has not
    const nack: DeliveryOutcome = { state: 'nack' };
    expect(nack.state).toBe('nack');
  });
});

/** What an event says; each branch sees the fields of its type only. */
function heard(event: ConnectionEvent): string {
  switch (event.type) {
    case 'connected':
      // @ts-expect-error: only an end has a reason
      return `connected ${event.info}`;
    case 'disconnected':
      expectTypeOf(event.info).toEqualTypeOf<CloseInfo>();
      return `disconnected by ${event.info.by}`;
    case 'receiverStalled':
      expectTypeOf(event.forMs).toBeNumber();
      return `stalled with ${event.unsettled}`;
    default:
      // More kinds of events may come: whoever follows them leaves room for these.
      return 'another event';
  }
}

describe('an event narrows by its type', () => {
  it.each<[ConnectionEvent, string]>([
    [{ type: 'connected' }, 'connected undefined'],
    [{ type: 'disconnected', info: { by: 'peer' } }, 'disconnected by peer'],
  ])('%o', (event, text) => {
    expect(heard(event)).toBe(text);
  });

  it('and is one of those that are documented', () => {
    // @ts-expect-error: rhea's name; here it is disconnected
    const event: ConnectionEvent = { type: 'connection_close' };
    expect(heard(event)).toBe('another event');
  });
});

describe('errors narrow', () => {
  it('by AmqpError.is, and then by code, scope and class', () => {
    const caught: unknown = new DeliveryError('released', 'not taken', { outcome: { state: 'released' } });
    // @ts-expect-error: what is caught may be anything
    expect(caught.code).toBe('released');
    if (!AmqpError.is(caught)) throw new Error('it is one of ours');
    expectTypeOf(caught.code).toEqualTypeOf<ErrorCode>();
    expectTypeOf(caught.scope).toEqualTypeOf<ErrorScope>();
    // @ts-expect-error: no code of the table: a misspelt code does not compile
    expect(caught.code === 'relaesed').toBe(false);
    expect(caught.code).toBe('released');
  });

  it('a close says by whom, and why only if it failed', () => {
    const info: CloseInfo = { by: 'transport', error: new AmqpError('connection-lost', 'cut') };
    expectTypeOf(info.by).toEqualTypeOf<'local' | 'peer' | 'transport'>();
    expectTypeOf(info.error).toEqualTypeOf<AmqpError | undefined>();
    // @ts-expect-error: there are three who may end it
    expect(info.by === 'remote').toBe(false);
  });
});

describe('received values', () => {
  it('are unknown until they are looked at', () => {
    const message = decodeMessage(encodeMessage({ body: value(new AmqpMap([['a', 1]])) }));
    expectTypeOf(message.value).toBeUnknown();
    expectTypeOf<Message['json']>().returns.toBeUnknown();
    expectTypeOf(message.messageAnnotations).toEqualTypeOf<Readonly<Record<string, unknown>>>();
    expect(message.value).toBeInstanceOf(AmqpMap);
  });

  it('are of a simple type in application properties, or absent', () => {
    const { applicationProperties } = decodeMessage(encodeMessage({ applicationProperties: { n: 1 } }));
    expectTypeOf(applicationProperties).toEqualTypeOf<Readonly<Record<string, SimpleValue | undefined>>>();
    // @ts-expect-error: a property of the application may be of any simple type, or absent
    const count: number = applicationProperties['n'];
    expect(count).toBe(1);
    // @ts-expect-error: and never an object of the program
    const nested: { n: number } | undefined = applicationProperties['x'];
    expect(nested).toBeUndefined();
    // What came may be sent on, with more.
    const again: MessageFields = { applicationProperties: { ...applicationProperties, more: new Date(0) } };
    expect(decodeMessage(encodeMessage(again)).applicationProperties).toMatchObject({ n: 1, more: new Date(0) });
  });

  it.each<[unknown, string]>([
    [null, 'null'],
    [true, 'boolean'],
    [ubyte(1), 'number'],
    [ushort(1), 'number'],
    [uint(1), 'number'],
    [byte(1), 'number'],
    [short(1), 'number'],
    [int(1), 'number'],
    [float(1), 'number'],
    [double(1), 'number'],
    [ulong(1n), 'bigint'],
    [long(1n), 'bigint'],
    ['text', 'string'],
    [symbol('s'), 'AmqpSymbol'],
    [Uint8Array.of(1), 'Uint8Array'],
    [new Date(0), 'Date'],
    [new Timestamp(2n ** 60n), 'Timestamp'],
    [uuid('f275ea5e-0c57-4ad7-b11a-b20c563d3b71'), 'Uuid'],
    [char('c'), 'Char'],
    [Decimal.parse('1', 32), 'Decimal'],
    [Decimal.parse('1', 64), 'Decimal'],
    [Decimal.parse('1', 128), 'Decimal'],
  ])('of a simple type are all told apart: %s is of type %s', (sent, type) => {
    const { applicationProperties } = decodeMessage(encodeMessage({ applicationProperties: { sent } }));
    const { sent: received } = applicationProperties;
    expect(received === undefined ? 'absent' : typeOf(received)).toBe(type);
  });
});
