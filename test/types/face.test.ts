/** The shapes of the public face: what each call takes and gives, as an editor shows it. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import { startBroker, type Broker, type BrokerOptions, type QueueOptions } from '../../src/broker/index.ts';
import {
  type HostSource,
  connect,
  encodeMessage,
  errorTable,
  json,
  text,
  Uuid,
  type CloseInfo,
  type Connection,
  type ConnectOptions,
  type ConsumeOptions,
  type Delivery,
  type DeliveryOutcome,
  type ErrorCode,
  type LinkOptions,
  type LocalTerminusOptions,
  type Message,
  type MessageFields,
  type MessageId,
  type MessageInit,
  type MessageProperties,
  type ModifyOptions,
  type Receipt,
  type Receiver,
  type ReceiverOptions,
  type ReconnectOptions,
  type ReceivedProperties,
  type Sender,
  type SenderOptions,
  type SendOptions,
  type Session,
  type SessionOptions,
  type TerminusOptions,
  type TlsOptions,
  type WaitOptions,
} from '../../src/client/index.ts';
import { decode, encode, type DecodeOptions, type EncodeOptions } from '../../src/codec/index.ts';
import { connected, thrown } from '../client/support/scripted.ts';

/** Every options type whose keys may all be left out. */
interface AllOptions {
  connect: ConnectOptions;
  tls: TlsOptions;
  session: SessionOptions;
  link: LinkOptions;
  sender: SenderOptions;
  receiver: ReceiverOptions;
  terminus: TerminusOptions;
  localTerminus: LocalTerminusOptions;
  wait: WaitOptions;
  reconnect: ReconnectOptions;
  send: SendOptions;
  consume: ConsumeOptions;
  modify: ModifyOptions;
  broker: BrokerOptions;
  decode: DecodeOptions;
  encode: EncodeOptions;
}

describe('options', () => {
  it('are readonly, and all of them may be left out', () => {
    expectTypeOf<AllOptions>().toEqualTypeOf<{ [Name in keyof AllOptions]: Readonly<Partial<AllOptions[Name]>> }>();
    expectTypeOf<QueueOptions>().toEqualTypeOf<Readonly<QueueOptions>>();
    expectTypeOf<MessageFields>().toEqualTypeOf<Readonly<Partial<MessageFields>>>();
    expectTypeOf<MessageProperties>().toEqualTypeOf<Readonly<Partial<MessageProperties>>>();
  });

  it('take undefined for what is left out', () => {
    type Undefined = { [Name in keyof AllOptions]: { [Key in keyof AllOptions[Name]]: undefined } };
    expectTypeOf<Undefined>().toExtend<AllOptions>();
    expectTypeOf<{ [Key in keyof QueueOptions]: Key extends 'name' ? string : undefined }>().toExtend<QueueOptions>();
  });

  it('are not changed, so that frozen ones do', async () => {
    const { connection } = await connected(undefined, Object.freeze({ idleTimeout: 0 }));
    const sender = await connection.createSender('q', Object.freeze({ target: Object.freeze({}) }));
    expect(sender.address).toBe('q');
    await connection.close();
  });

  it('cannot be written through', () => {
    const options: ReceiverOptions = { credit: 1, source: { dynamic: true } };
    // @ts-expect-error: options are readonly
    options.credit = 2;
    // @ts-expect-error: and so are those within
    if (options.source !== undefined) options.source.dynamic = false;
    // The compiler alone forbids it: at run time it is a plain object.
    expect(options).toEqual({ credit: 2, source: { dynamic: false } });
  });

  it('give choices as strings, not as numbers of an enumeration', () => {
    expectTypeOf<SenderOptions['senderSettleMode']>().toEqualTypeOf<'unsettled' | 'settled' | 'mixed' | undefined>();
    expectTypeOf<ReceiverOptions['receiverSettleMode']>().toEqualTypeOf<'first' | 'second' | undefined>();
    expectTypeOf<ReceiverOptions['distributionMode']>().toEqualTypeOf<'move' | 'copy' | undefined>();
    expectTypeOf<TerminusOptions['durability']>().toEqualTypeOf<
      'none' | 'configuration' | 'unsettled-state' | undefined
    >();
    expectTypeOf<TerminusOptions['expiryPolicy']>().toEqualTypeOf<
      'link-detach' | 'session-end' | 'connection-close' | 'never' | undefined
    >();
    expectTypeOf<ReceiverOptions['credit']>().toEqualTypeOf<number | 'manual' | undefined>();
  });
});

describe('connect and what it makes', () => {
  it('takes URLs, or a function that gives them, and gives promises', () => {
    expectTypeOf(connect).parameter(0).toEqualTypeOf<HostSource>();
    expectTypeOf(connect).returns.toEqualTypeOf<Promise<Connection>>();
    expectTypeOf<Connection['createSession']>().returns.toEqualTypeOf<Promise<Session>>();
    expectTypeOf<Connection['createSender']>().returns.toEqualTypeOf<Promise<Sender>>();
    expectTypeOf<Connection['createReceiver']>().returns.toEqualTypeOf<Promise<Receiver>>();
    expectTypeOf(startBroker).returns.toEqualTypeOf<Promise<Broker>>();
  });

  it('an address is text, or null for none, and is not forgotten', async () => {
    const { connection } = await connected();
    expectTypeOf<Connection['createSender']>().parameter(0).toEqualTypeOf<string | null>();
    // @ts-expect-error: undefined would hide a setting that is missing
    const forgotten = connection.createSender(undefined);
    // @ts-expect-error: rhea takes options in its place; here the address comes first
    const optionsFirst = connection.createReceiver({ credit: 1 });
    await expect(optionsFirst).rejects.toMatchObject({ code: 'invalid-argument' });
    await (await forgotten).close();
    await connection.close();
  });

  it('each handle tells its end, and can be disposed of', () => {
    expectTypeOf<Connection | Session | Sender | Receiver>().toExtend<AsyncDisposable>();
    expectTypeOf<(Connection | Session | Sender | Receiver)['closed']>().toEqualTypeOf<Promise<CloseInfo>>();
    expectTypeOf<Broker>().toExtend<AsyncDisposable>();
  });

  it('has no fields to be written', async () => {
    const { connection } = await connected();
    const sender = await connection.createSender('q');
    expect(() => {
      // @ts-expect-error: the address was agreed on with the peer
      sender.address = 'elsewhere';
    }).toThrow(TypeError);
    await connection.close();
  });
});

describe('what is made by calls only', () => {
  it('cannot be constructed or extended', async () => {
    const face: Readonly<Record<string, unknown>> = await import('../../src/client/index.ts');
    const names = ['Connection', 'Session', 'Sender', 'Receiver', 'Delivery'];
    expect(names.map((name) => face[name])).toEqual(names.map(() => undefined));
  });
});

describe('consume', () => {
  it('takes handlers whatever they return', () => {
    expectTypeOf<(delivery: Delivery) => number>().toExtend<Parameters<Receiver['consume']>[0]>();
    expectTypeOf<(delivery: Delivery) => Promise<number>>().toExtend<Parameters<Receiver['consume']>[0]>();
    expectTypeOf<(error: unknown) => Promise<void>>().toExtend<NonNullable<ConsumeOptions['onError']>>();
  });
});

describe('send', () => {
  const good: readonly MessageInit[] = [
    'text',
    Uint8Array.of(1),
    Buffer.from('octets'),
    {},
    { body: 1 },
    { body: null },
    { body: { kind: 'sequence', sequence: [[1]] } },
    json({ any: 'thing' }),
    text('text'),
    {
      ...json([1]),
      header: { durable: true, ttl: 60_000, priority: 9 },
      properties: { messageId: 1n, userId: undefined },
    },
    { properties: { correlationId: Uuid.parse('00112233-4455-6677-8899-aabbccddeeff') } },
  ];

  it.each(good)('takes %o', (message) => {
    expect(encodeMessage(message)).toBeInstanceOf(Uint8Array);
  });

  const wrong: readonly MessageInit[] = [
    // @ts-expect-error: a number is a body, not a message
    7,
    // @ts-expect-error: nor is null
    null,
    // @ts-expect-error: a message, not a promise of one
    Promise.resolve('text'),
    // @ts-expect-error: an object of the program goes through json() or value()
    { body: { colour: 'red' } },
    // @ts-expect-error: a date goes through value()
    { body: new Date(0) },
    // @ts-expect-error: a list goes through sequence() or value()
    { body: [1, 2] },
  ];

  it.each(wrong)('does not take %o', (message) => {
    expect(['encode-error', 'invalid-argument']).toContain(thrown(() => encodeMessage(message)).code);
  });

  it('gives a promise, a promise of a receipt, or at once a receipt or undefined', () => {
    expectTypeOf<Sender['send']>().returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf<Sender['sendWithReceipt']>().returns.toEqualTypeOf<Promise<Receipt>>();
    expectTypeOf<Sender['trySend']>().returns.toEqualTypeOf<Receipt | undefined>();
    expectTypeOf<Receipt['outcome']>().toEqualTypeOf<Promise<DeliveryOutcome>>();
  });
});

describe('receive', () => {
  it('gives deliveries, one by one or in a loop', () => {
    expectTypeOf<Receiver['receive']>().returns.toEqualTypeOf<Promise<Delivery>>();
    expectTypeOf<Receiver['tryReceive']>().returns.toEqualTypeOf<Delivery | undefined>();
    expectTypeOf<Receiver>().toExtend<AsyncIterable<Delivery>>();
    expectTypeOf<Delivery['message']>().toEqualTypeOf<Message>();
    expectTypeOf<Message['text']>().returns.toBeString();
    expectTypeOf<Message['bytes']>().returns.toEqualTypeOf<Uint8Array>();
  });

  it('a field of a received message may be absent, and is not written', () => {
    expectTypeOf<ReceivedProperties['messageId']>().toEqualTypeOf<MessageId | undefined>();
    expectTypeOf<ReceivedProperties['subject']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<ReceivedProperties>().toEqualTypeOf<Readonly<ReceivedProperties>>();
    expectTypeOf<MessageId>().toEqualTypeOf<string | bigint | Uuid | Uint8Array>();
  });

  it('what settles is a promise, so that a linter sees one that floats', () => {
    expectTypeOf<Delivery['accept']>().returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf<Delivery['reject']>().returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf<Delivery['release']>().returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf<Delivery['modify']>().returns.toEqualTypeOf<Promise<void>>();
  });
});

describe('values and codes', () => {
  it('decode gives unknown, encode gives octets', () => {
    expectTypeOf(decode).returns.toBeUnknown();
    expectTypeOf(encode).returns.toEqualTypeOf<Uint8Array>();
    expect(decode(encode('x'))).toBe('x');
  });

  it('the codes of errors are the rows of the table', () => {
    expectTypeOf<ErrorCode>().toEqualTypeOf<keyof typeof errorTable>();
    expectTypeOf<'connection-lost'>().toExtend<ErrorCode>();
    // @ts-expect-error: not a row of the table
    const code: ErrorCode = 'connection:forced';
    expect(Object.keys(errorTable)).not.toContain(code);
  });
});
