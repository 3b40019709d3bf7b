/**
 * Wrong options of connections, sessions and links, twice: the compiler refuses each line (`@ts-expect-error` fails
 * where it does not), and a program without types is refused by the same call at run time.
 */
import { describe, expect, it } from 'vitest';
import {
  connect,
  type ConnectOptions,
  type ReceiverOptions,
  type SenderOptions,
  type SessionOptions,
  type TlsOptions,
} from '../../src/client/index.ts';
import { connected, failure } from '../client/support/scripted.ts';

describe('ConnectOptions', () => {
  const wrong: readonly ConnectOptions[] = [
    // @ts-expect-error: rhea's name; here it is containerId
    { container_id: 'me' },
    // @ts-expect-error: go-amqp's spelling; here it begins with a small letter
    { ContainerID: 'me' },
    // @ts-expect-error: there is no such option; the nearest is idleTimeout
    { heartbeat: 10 },
    // @ts-expect-error: durations are numbers, in ms
    { idleTimeout: '60s' },
    // @ts-expect-error: a duration is not a Date
    { connectTimeout: new Date(0) },
    // @ts-expect-error: sizes are plain numbers
    { maxFrameSize: 65_536n },
    // @ts-expect-error: mechanisms are made by plain(), external() and the like, not named
    { mechanisms: ['PLAIN'] },
    // @ts-expect-error: one mechanism comes in a list, too
    { mechanisms: 'PLAIN' },
    // @ts-expect-error: a flag is true or false
    { allowInsecurePlain: 'yes' },
    // @ts-expect-error: the signal, not its controller
    { signal: new AbortController() },
    // @ts-expect-error: a list of strings
    { desiredCapabilities: 'ANONYMOUS-RELAY' },
    // @ts-expect-error: properties are a record
    { properties: 'product' },
    // @ts-expect-error: null is not "left out"
    { user: null },
    // @ts-expect-error: a password is text
    { user: 'u', password: 1234 },
    // @ts-expect-error: a function that makes the transport, not its name
    { transport: 'tcp' },
    // @ts-expect-error: a number of octets
    { saslMaxFrameSize: true },
    // @ts-expect-error: a duration in ms
    { writeTimeout: [30] },
  ];

  it.each(wrong)('do not compile, and are refused: %o', async (options) => {
    expect((await failure(connect('amqp://host', options))).code).toBe('invalid-argument');
  });
});

describe('TlsOptions', () => {
  const wrong: readonly TlsOptions[] = [
    // @ts-expect-error: the name ends in -ized
    { rejectUnauthorised: false },
    // @ts-expect-error: the name belongs to the connect options
    { servername: 'host' },
    // @ts-expect-error: a flag is true or false
    { rejectUnauthorized: 0 },
    // @ts-expect-error: a passphrase is text
    { passphrase: 1234 },
  ];

  it.each(wrong)('do not compile, and are refused: %o', async (tls) => {
    expect((await failure(connect('amqps://host', { tls }))).code).toBe('invalid-argument');
  });

  it('take the versions of TLS by their names only', () => {
    const versions: readonly TlsOptions[] = [
      { minVersion: 'TLSv1.3' },
      // @ts-expect-error: not how Node names it
      { minVersion: 'TLS 1.3' },
    ];
    expect(versions).toHaveLength(2);
  });
});

describe('SessionOptions', () => {
  const wrong: readonly SessionOptions[] = [
    // @ts-expect-error: go-amqp's name; here it is maxLinks
    { maxHandles: 10 },
    // @ts-expect-error: a number of transfer frames
    { incomingWindow: '2048' },
    // @ts-expect-error: a plain number
    { outgoingWindow: 2048n },
    // @ts-expect-error: a number of links
    { maxLinks: null },
    // @ts-expect-error: ms, as a number
    { timeout: '1s' },
  ];

  it.each(wrong)('do not compile, and are refused: %o', async (options) => {
    const { connection } = await connected();
    expect((await failure(connection.createSession(options))).code).toBe('invalid-argument');
    await connection.close();
  });
});

describe('SenderOptions', () => {
  const wrong: readonly SenderOptions[] = [
    // @ts-expect-error: an option of receivers
    { credit: 10 },
    // @ts-expect-error: a mode is named, not numbered as on the wire
    { senderSettleMode: 1 },
    // @ts-expect-error: a mode of the other end
    { senderSettleMode: 'first' },
    // @ts-expect-error: a mode of the other end
    { receiverSettleMode: 'settled' },
    // @ts-expect-error: the address of the target is an argument of createSender
    { target: { address: 'q' } },
    // @ts-expect-error: the peer makes targets, not sources, of a sender
    { source: { dynamic: true } },
    // @ts-expect-error: not one of the four policies
    { target: { expiryPolicy: 'session-close' } },
    // @ts-expect-error: not one of the three durabilities
    { source: { durability: 'durable' } },
    // @ts-expect-error: not one of the four policies
    { target: { dynamic: true, lifetimePolicy: 'delete-on-detach' } },
    // @ts-expect-error: a list, also of one
    { target: { capabilities: 'queue' } },
    // @ts-expect-error: text
    { name: 7 },
    // @ts-expect-error: a function
    { onDeliveryState: 'accepted' },
    // @ts-expect-error: a flag is true or false
    { closeOnRejected: 'no' },
  ];

  it.each(wrong)('do not compile, and are refused: %o', async (options) => {
    const { connection } = await connected();
    expect((await failure(connection.createSender('q', options))).code).toBe('invalid-argument');
    await connection.close();
  });
});

describe('ReceiverOptions', () => {
  const wrong: readonly ReceiverOptions[] = [
    // @ts-expect-error: rhea's name; here it is credit
    { credit_window: 10 },
    // @ts-expect-error: a number or 'manual'
    { credit: 'auto' },
    // @ts-expect-error: a plain number
    { credit: 100n },
    // @ts-expect-error: go-amqp counts -1 as manual; here it is 'manual'
    { credit: { manual: true } },
    // @ts-expect-error: an option of senders
    { closeOnRejected: true },
    // @ts-expect-error: octets, as a number
    { maxMessageSize: '1 MiB' },
    // @ts-expect-error: not one of the two modes
    { distributionMode: 'browse' },
    // @ts-expect-error: text
    { selector: ['colour = 1'] },
    // @ts-expect-error: a numeric descriptor is a bigint, for it has 64 bits
    { filters: { mine: { descriptor: 1, value: 'x' } } },
    // @ts-expect-error: the address of the source is an argument of createReceiver
    { source: { address: 'q' } },
    // @ts-expect-error: our own end is not dynamic
    { target: { dynamic: true } },
    // @ts-expect-error: ms, as a number
    { stalledAfter: 'never' },
  ];

  it.each(wrong)('do not compile, and are refused: %o', async (options) => {
    const { connection } = await connected();
    expect((await failure(connection.createReceiver('q', options))).code).toBe('invalid-argument');
    await connection.close();
  });

  it('give each filter a descriptor', () => {
    const filtered: readonly ReceiverOptions[] = [
      { filters: { mine: { descriptor: 'example:filter:string', value: 'x' } } },
      // @ts-expect-error: without it nobody knows what the value means
      { filters: { mine: { value: 'x' } } },
    ];
    expect(filtered).toHaveLength(2);
  });
});
