/** Wrong options of single calls, twice: refused by the compiler, and by the call at run time. */
import { describe, expect, it } from 'vitest';
import { startBroker, type BrokerOptions, type QueueOptions } from '../../src/broker/index.ts';
import {
  AmqpError,
  encodeMessage,
  type ConsumeOptions,
  type MessageFields,
  type ModifyOptions,
  type Sender,
  type SendOptions,
  type WaitOptions,
} from '../../src/client/index.ts';
import { decode, encode, type DecodeOptions, type EncodeOptions } from '../../src/codec/index.ts';
import { connected, failure, thrown } from '../client/support/scripted.ts';

describe('SendOptions', () => {
  const wrong: readonly SendOptions[] = [
    // @ts-expect-error: go-amqp's name; here it is settled
    { presettled: true },
    // @ts-expect-error: a tag is octets
    { deliveryTag: 'tag' },
    // @ts-expect-error: a number
    { messageFormat: '0' },
    // @ts-expect-error: ms, as a number
    { timeout: '5s' },
    // @ts-expect-error: the signal, not its controller
    { signal: new AbortController() },
  ];

  it.each(wrong)('do not compile, and are refused: %o', async (options) => {
    const { connection } = await connected();
    const sender = await connection.createSender('q');
    expect((await failure(sender.send('x', options))).code).toBe('invalid-argument');
    await connection.close();
  });

  it('of trySend have no wait, for it never waits', () => {
    const options: readonly Parameters<Sender['trySend']>[1][] = [
      { settled: true, deliveryTag: Uint8Array.of(1) },
      // @ts-expect-error: there is nothing to end after a time
      { timeout: 1 },
      // @ts-expect-error: there is nothing to abort
      { signal: AbortSignal.abort() },
    ];
    expect(options).toHaveLength(3);
  });
});

describe('WaitOptions', () => {
  const wrong: readonly WaitOptions[] = [
    // @ts-expect-error: the name is timeout
    { timeoutMs: 1 },
    // @ts-expect-error: ms, as a number
    { timeout: '1s' },
    // @ts-expect-error: null is not "left out"
    { signal: null },
  ];

  it.each(wrong)('do not compile, and are refused by receive, drainCredit and close: %o', async (options) => {
    const { connection } = await connected();
    const receiver = await connection.createReceiver('q', { credit: 'manual' });
    expect((await failure(receiver.receive(options))).code).toBe('invalid-argument');
    expect((await failure(receiver.drainCredit(options))).code).toBe('invalid-argument');
    expect((await failure(receiver.close(options))).code).toBe('invalid-argument');
    expect((await failure(connection.close(options))).code).toBe('invalid-argument');
    await connection.close();
  });
});

describe('ConsumeOptions', () => {
  const wrong: readonly ConsumeOptions[] = [
    // @ts-expect-error: the name is concurrency
    { parallel: 4 },
    // @ts-expect-error: a number
    { concurrency: '4' },
    // @ts-expect-error: a function
    { onError: 'ignore' },
  ];

  it.each(wrong)('do not compile, and are refused: %o', async (options) => {
    const { connection } = await connected();
    const receiver = await connection.createReceiver('q');
    expect((await failure(receiver.consume(() => undefined, options))).code).toBe('invalid-argument');
    await connection.close();
  });
});

describe('ModifyOptions', () => {
  it('know three fields, and flags are true or false', () => {
    const options: readonly ModifyOptions[] = [
      { deliveryFailed: true, undeliverableHere: false, messageAnnotations: { 'x-opt-tries': 1 } },
      // @ts-expect-error: go-amqp's name; here it is messageAnnotations
      { annotations: {} },
      // @ts-expect-error: a flag is true or false
      { deliveryFailed: 1 },
    ];
    expect(options).toHaveLength(3);
  });
});

describe('MessageFields', () => {
  const wrong: readonly MessageFields[] = [
    // @ts-expect-error: rhea's name; here it is applicationProperties
    { body: 'x', application_properties: {} },
    // @ts-expect-error: rhea writes properties beside the body; here they have a section of their own
    { body: 'x', subject: 'greeting' },
    // @ts-expect-error: the name is messageId
    { properties: { message_id: 'a' } },
    // @ts-expect-error: a plain number leaves the type of the id open: it is a bigint
    { properties: { messageId: 1 } },
    // @ts-expect-error: a date, not ms
    { properties: { absoluteExpiryTime: 'tomorrow' } },
    // @ts-expect-error: a flag is true or false
    { header: { durable: 'yes' } },
    // @ts-expect-error: ms, as a number
    { header: { ttl: '1s' } },
    // @ts-expect-error: a body of kind data has octets
    { body: { kind: 'data', data: 'text' } },
    // @ts-expect-error: a sequence is a list of lists
    { body: { kind: 'sequence', sequence: [1, 2] } },
    // @ts-expect-error: there are four kinds of bodies
    { body: { kind: 'json', value: {} } },
  ];

  it.each(wrong)('do not compile, and are refused: %o', (message) => {
    expect(['encode-error', 'invalid-argument']).toContain(thrown(() => encodeMessage(message)).code);
  });
});

describe('DecodeOptions and EncodeOptions', () => {
  const decoding: readonly DecodeOptions[] = [
    // @ts-expect-error: the name is typed
    { types: true },
    // @ts-expect-error: a number of levels
    { maxDepth: '8' },
  ];
  const encoding: readonly EncodeOptions[] = [
    // @ts-expect-error: an option of decode
    { typed: true },
    // @ts-expect-error: a number of levels
    { maxDepth: true },
  ];

  it.each(decoding)('of decode do not compile, and are refused: %o', (options) => {
    expect(thrown(() => decode(Uint8Array.of(0x40), options)).code).toBe('invalid-argument');
  });

  it.each(encoding)('of encode do not compile, and are refused: %o', (options) => {
    expect(thrown(() => encode(null, options)).code).toBe('invalid-argument');
  });
});

describe('BrokerOptions', () => {
  const wrong: readonly BrokerOptions[] = [
    // @ts-expect-error: the name is queues
    { queue: 'a' },
    // @ts-expect-error: a number
    { port: '5672' },
    // @ts-expect-error: a list, also of one
    { queues: 'a' },
    // @ts-expect-error: ms, as a number
    { idleTimeout: '60s' },
    // @ts-expect-error: a queue has a name
    { queues: [{ maxDeliveries: 3 }] },
  ];

  it.each(wrong)('do not compile, and are refused: %o', async (options) => {
    await expect(startBroker(options)).rejects.toSatisfy(
      (error) => AmqpError.is(error) && error.code === 'invalid-argument',
    );
  });

  it('hold passwords by user', () => {
    const users: readonly BrokerOptions[] = [
      { users: { guest: 'guest' } },
      // @ts-expect-error: a list of users has no passwords
      { users: ['guest'] },
    ];
    expect(users).toHaveLength(2);
  });

  it('name what a queue may have', () => {
    const queues: readonly QueueOptions[] = [
      { name: 'orders', deadLetter: 'failed', maxDeliveries: 3 },
      // @ts-expect-error: RabbitMQ's name; here it is deadLetter
      { name: 'orders', deadLetterExchange: 'failed' },
    ];
    expect(queues).toHaveLength(2);
  });
});
