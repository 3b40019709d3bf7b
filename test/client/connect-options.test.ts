import { describe, expect, it } from 'vitest';
import { connect, plain, type ConnectOptions } from '../../src/client/index.ts';
import { ScriptedPeer } from '../../src/testing/index.ts';
import { connected, failure, frameOf, untyped } from './support/scripted.ts';

const never = (): never => {
  throw new Error('the transport must not be opened');
};

describe('connect options', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ signal: {} }, 'connect options.signal must be an AbortSignal'],
    [{ connectTimeout: -1 }, 'connect options.connectTimeout must be a whole number from 0 to 2147483647, not -1'],
    [{ connectTimeout: 2 ** 31 }, 'connect options.connectTimeout'],
    [{ connectTimeout: '1s' }, 'connect options.connectTimeout'],
    [{ containerId: '' }, 'connect options.containerId must be a string that is not empty, not ""'],
    [{ hostname: 1 }, 'connect options.hostname must be a string'],
    [{ saslHostname: null }, 'connect options.saslHostname'],
    [{ user: 1 }, 'connect options.user'],
    [{ password: 1234567 }, 'connect options.password must be a string'],
    [{ mechanisms: [] }, 'connect options.mechanisms must be a list of SASL mechanisms'],
    [{ mechanisms: 'PLAIN' }, 'connect options.mechanisms'],
    [{ mechanisms: ['PLAIN'] }, 'connect options.mechanisms'],
    [{ allowInsecurePlain: 1 }, 'connect options.allowInsecurePlain must be true or false'],
    [{ tls: true }, 'connect options.tls must be an object'],
    [{ servername: '' }, 'connect options.servername'],
    [{ idleTimeout: 1.5 }, 'connect options.idleTimeout'],
    [{ maxFrameSize: 511 }, 'connect options.maxFrameSize must be a whole number from 512 to 4294967295, not 511'],
    [{ maxFrameSize: 2 ** 32 }, 'connect options.maxFrameSize'],
    [{ maxSessions: 0 }, 'connect options.maxSessions must be a whole number from 1 to 65536'],
    [{ maxSessions: 65_537 }, 'connect options.maxSessions'],
    [{ closeTimeout: NaN }, 'connect options.closeTimeout'],
    [{ writeTimeout: -1 }, 'connect options.writeTimeout'],
    [{ saslMaxFrameSize: 511 }, 'connect options.saslMaxFrameSize must be a whole number from 512'],
    [{ clock: 1 }, 'connect options.clock must be an object'],
    [{ clock: { now: () => 0 } }, 'connect options.clock must be a clock with now() and setTimer()'],
    [{ hostname: [] }, 'connect options.hostname must be a string, not a list'],
    [{ password: '1234567' }, 'a password is given without a user'],
    [{ highWaterMark: 0 }, 'connect options.highWaterMark'],
    [{ properties: 'x' }, 'connect options.properties must be an object'],
    [{ offeredCapabilities: 'x' }, 'connect options.offeredCapabilities must be a list of strings'],
    [{ desiredCapabilities: [1] }, 'connect options.desiredCapabilities'],
    [{ transport: {} }, 'connect options.transport must be a function'],
    [{ heartbeat: 10 }, 'connect options.heartbeat is not an option'],
  ])('refuses %o with the path of what is wrong', async (options, path) => {
    const error = await failure(connect('amqp://h', { transport: never, ...options }));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain(path);
    expect(error.message).not.toContain('1234567');
  });

  it('refuses options that are no object', async () => {
    for (const options of [untyped<ConnectOptions>(null), untyped<ConnectOptions>('x'), untyped<ConnectOptions>([])]) {
      expect((await failure(connect('amqp://h', options))).message).toContain('connect options must be an object');
    }
  });

  it('refuses a password without a user, which would mean ANONYMOUS; the two may come from two places', async () => {
    let asked = 0;
    const transport = (): never => {
      asked++;
      throw new Error('no network');
    };
    for (const [url, options] of [
      ['amqp://:secret@h', {}],
      ['amqp://h', { password: 'secret' }],
      ['amqp://:secret@h', { password: 'other' }],
    ] as const) {
      const error = await failure(connect(url, { ...options, transport }));
      expect(error.code).toBe('invalid-argument');
      expect(error.message).toContain('a password is given without a user');
    }
    expect(asked).toBe(0);
    for (const [url, options] of [
      ['amqp://:secret@h', { user: 'u' }],
      ['amqp://u@h', { password: 'secret' }],
    ] as const)
      expect((await failure(connect(url, { ...options, transport }))).code).toBe('connect-failed');
    expect(asked).toBe(2);
  });

  it('refuses TLS options for amqp:, and unknown ones for amqps:', async () => {
    expect((await failure(connect('amqp://h', { tls: {} }))).message).toContain('use amqps:');
    const misspelt = untyped<ConnectOptions>({ tls: { rejectUnauthorised: false }, transport: never });
    const error = await failure(connect('amqps://h', misspelt));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain('connect options.tls.rejectUnauthorised');
  });

  it('takes the boundaries of each range', async () => {
    const { peer, connection } = await connected(undefined, {
      maxFrameSize: 512,
      maxSessions: 1,
      idleTimeout: 0,
      containerId: 'me',
      hostname: 'vhost:tests',
      properties: { product: 'tests' },
      desiredCapabilities: ['x'],
      offeredCapabilities: [],
    });
    const { fields } = await frameOf(peer, 'open');
    expect(fields).toMatchObject({
      'container-id': 'me',
      hostname: 'vhost:tests',
      'max-frame-size': 512,
      'channel-max': 0,
      properties: ['product', 'tests'],
    });
    expect(fields['idle-time-out']).toBeUndefined();
    await connection.close();
  });

  it('leaves no transport behind when credentials cannot be written', async () => {
    const peer = new ScriptedPeer();
    let destroyed = 0;
    const transport = { ...peer.transport, destroy: () => destroyed++ };
    const error = await failure(connect('amqp://h', { transport: () => transport, user: 'a\0b', password: 'hunter2' }));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).not.toContain('hunter2');
    expect(destroyed).toBe(1);
  });

  it('tells of properties that AMQP cannot hold, and leaves no transport behind', async () => {
    const peer = new ScriptedPeer();
    const error = await failure(
      connect('amqp://h', { transport: () => peer.transport, properties: { oops: () => 1 } }),
    );
    expect(['encode-error', 'invalid-argument']).toContain(error.code);
    expect(error.message).toContain('oops');
  });

  it('takes user and password of the URL before those of the options', async () => {
    const peer = new ScriptedPeer();
    peer.on('header', ({ fields }) => {
      if (fields['id'] !== 3) return peer.default({ is: 'header', channel: 0, fields, payload: new Uint8Array(0) });
      peer.sendRaw(Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 3, 1, 0, 0));
      peer.send({ is: 'sasl-mechanisms', 'sasl-server-mechanisms': 'PLAIN' });
    });
    const connection = await connect('amqp://me:mine@h', {
      transport: () => peer.transport,
      user: 'other',
      password: 'theirs',
      saslHostname: 'sasl.example',
    });
    const init = await frameOf(peer, 'sasl-init');
    expect(init.fields).toMatchObject({ mechanism: 'PLAIN', hostname: 'sasl.example' });
    expect(init.fields['initial-response']).toEqual(Uint8Array.from(Buffer.from('\0me\0mine')));
    await connection.close();
  });

  it('tries the mechanisms that are given', async () => {
    const { peer, connection } = await connected(undefined, {
      mechanisms: [plain('u', 'p'), { name: 'ANONYMOUS', clearText: false, start: () => Uint8Array.of(1) }],
    });
    expect((await frameOf(peer, 'sasl-init')).fields).toMatchObject({ mechanism: 'ANONYMOUS' });
    await connection.close();
  });
});

describe('a program without types', () => {
  it('is told of a transport that is none, and of session options that are none', async () => {
    const none = await failure(connect('amqp://h', { transport: untyped(() => undefined) }));
    expect(none.code).toBe('invalid-argument');
    expect(none.message).toContain('gave no transport');
    const { connection } = await connected();
    expect((await failure(connection.createSession(untyped(null, { value: {} })))).code).toBe('invalid-argument');
    await connection.close();
  });
});
