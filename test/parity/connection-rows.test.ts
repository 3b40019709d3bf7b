import { describe, expect, it } from 'vitest';
import {
  anonymous,
  connect,
  decodeMessage,
  external,
  json,
  plain,
  xoauth2,
  type ConnectOptions,
} from '../../src/client/index.ts';
import { FakeClock, ScriptedPeer } from '../../src/testing/index.ts';
import { connected, connectTo, failure, frameOf, isPending, mute, until } from '../client/support/scripted.ts';
import { openingWith, symbolMap } from './support/send-scene.ts';

/** A peer that offers one mechanism, and the sasl-init that it gets. */
async function saslInit(url: string, mechanism: string, options: ConnectOptions = {}) {
  const peer = new ScriptedPeer();
  peer.on('header', (frame) => {
    if (frame.fields['id'] !== 3) return peer.default(frame);
    peer.sendRaw(frame.payload);
    return peer.send({ is: 'sasl-mechanisms', 'sasl-server-mechanisms': mechanism });
  });
  const connection = await connect(url, { transport: () => peer.transport, ...options });
  await connection.close();
  return (await frameOf(peer, 'sasl-init')).fields;
}

const text = (fields: Readonly<Record<string, unknown>>): string => {
  const response = fields['initial-response'];
  return response instanceof Uint8Array ? Buffer.from(response).toString() : 'none';
};

describe('functions (§1.1)', () => {
  it.each([
    ['amqp://peer', 'peer', 5672],
    ['amqps://peer', 'peer', 5671],
    ['amqp+ssl://peer', 'peer', 5671],
    ['amqp://[::1]:7000', '::1', 7000],
  ])('row Dial: the scheme of %s chooses TLS and the port', async (url, host, port) => {
    const peer = new ScriptedPeer();
    const asked: unknown[] = [];
    const transport: ConnectOptions['transport'] = (...given) => {
      asked.push(...given.slice(0, 2));
      return peer.transport;
    };
    await (await connect(url, { transport })).close();
    expect(asked).toEqual([host, port]);
    expect((await frameOf(peer, 'open')).fields['hostname']).toBe(host);
  });

  it('row Dial: another scheme is refused before anything is opened', async () => {
    const refused: ConnectOptions = { transport: () => new ScriptedPeer().transport };
    expect((await failure(connect('http://peer', refused))).code).toBe('invalid-argument');
    expect((await failure(connect('peer:5672', refused))).code).toBe('invalid-argument');
  });

  it('row Dial: userinfo means PLAIN, percent-decoded, and comes before the options', async () => {
    const fields = await saslInit('amqp://us%40er:p%3Aw@peer', 'PLAIN', { user: 'other', password: 'no' });
    expect(fields).toMatchObject({ mechanism: 'PLAIN', hostname: 'peer' });
    expect(text(fields)).toBe('\0us@er\0p:w');
  });

  it('row Dial: a signal that is aborted already opens nothing', async () => {
    let opened = 0;
    const transport: ConnectOptions['transport'] = () => {
      opened++;
      return new ScriptedPeer().transport;
    };
    const failed = await failure(connect('amqp://peer', { transport, signal: AbortSignal.abort() }));
    expect([failed.code, opened]).toEqual(['aborted', 0]);
  });

  it('row Dial: connectTimeout, 30 s by default, bounds the whole handshake', async () => {
    const clock = new FakeClock();
    const peer = new ScriptedPeer();
    mute(peer, 'open');
    const failed = failure(connectTo(peer, { clock }));
    await frameOf(peer, 'open');
    clock.advance(29_999);
    expect(await isPending(failed)).toBe(true);
    clock.advance(1);
    expect((await failed).code).toBe('connect-timeout');
    expect(clock.pending).toBe(0);
  });

  it('row NewConn: a stream of the caller carries the connection, and is ended where the handshake fails', async () => {
    const peer = new ScriptedPeer();
    openingWith(peer, { 'max-frame-size': 1 });
    peer.on('close', () => peer.send({ is: 'close' }));
    const inner = peer.transport;
    const ends: string[] = [];
    const own = {
      ...inner,
      end: () => {
        ends.push('end');
        inner.end();
      },
    };
    expect((await failure(connect('amqp://peer', { transport: () => own }))).code).toBe('framing-error');
    await until(() => ends.length === 1);
  });

  it.each([
    ['SASLTypePlain', 'PLAIN', plain('u', 'p'), '\0u\0p'],
    ['SASLTypeAnonymous', 'ANONYMOUS', anonymous('trace'), 'trace'],
    ['SASLTypeExternal', 'EXTERNAL', external('me'), 'me'],
    ['SASLTypeXOAUTH2', 'XOAUTH2', xoauth2('u', 't0k'), 'user=u\u0001auth=Bearer t0k\u0001\u0001'],
  ])('row %s: %s sends its initial-response', async (_name, name, mechanism, response) => {
    const fields = await saslInit('amqp://peer', name, { mechanisms: [mechanism] });
    expect([fields['mechanism'], text(fields)]).toEqual([name, response]);
  });

  it('row SASLTypeXOAUTH2: the error document is answered with nothing, and a token must be printable', async () => {
    const peer = new ScriptedPeer();
    peer.on('header', ({ payload }) => {
      peer.sendRaw(payload);
      peer.send({ is: 'sasl-mechanisms', 'sasl-server-mechanisms': 'XOAUTH2' });
    });
    peer.on('sasl-init', () => peer.send({ is: 'sasl-challenge', challenge: new Uint8Array(8) }));
    peer.on('sasl-response', () => peer.send({ is: 'sasl-outcome', code: 1 }));
    const failed = failure(connectTo(peer, { mechanisms: [xoauth2('u', 't')] }));
    expect((await failed).code).toBe('authentication-failed');
    expect((await frameOf(peer, 'sasl-response')).fields['response']).toEqual(new Uint8Array(0));
    expect(() => xoauth2('u', 'a\nb')).toThrow('printable');
    expect(() => xoauth2('u\u0001', 'a')).toThrow('U+0001');
  });

  it('row NewMessage: octets are one data section', async () => {
    const { connection, peer } = await connected();
    await (await connection.createSender('q')).send(Uint8Array.of(1, 2));
    expect((await frameOf(peer, 'transfer')).payload).toEqual(Uint8Array.of(0, 0x53, 0x75, 0xa0, 2, 1, 2));
    await (await connection.createSender('q')).send(json([1]));
    expect(decodeMessage((await frameOf(peer, 'transfer', 1)).payload).json()).toEqual([1]);
    await connection.close();
  });

  it('row NewLinkFilter, NewSelectorFilter: a filter is a described value under its name', async () => {
    const { connection, peer } = await connected();
    await connection.createReceiver('q', {
      selector: "colour = 'red'",
      filters: { mine: { descriptor: 'x:mine', value: 1 }, other: { descriptor: 7n, value: 'v' } },
      allowMissingFilters: true,
    });
    expect((await frameOf(peer, 'attach')).fields['source']).toMatchObject({
      filter: [
        'apache.org:selector-filter:string',
        { descriptor: 0x0000_468c_0000_0004n, value: "colour = 'red'" },
        'mine',
        { descriptor: 'x:mine', value: 1 },
        'other',
        { descriptor: 7n, value: 'v' },
      ],
    });
    await connection.close();
  });
});

describe('Conn (§1.2)', () => {
  it('row Conn.NewSession: waits for the begin of the peer', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'begin'));
    const creating = connection.createSession();
    const begin = await frameOf(peer, 'begin');
    expect(await isPending(creating)).toBe(true);
    peer.default(begin);
    await creating;
    await connection.close();
  });

  it('row Conn.Close: waits for the close of the peer, and a second one for the same end', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'close'));
    const closing = [connection.close(), connection.close()];
    const close = await frameOf(peer, 'close');
    expect(close.fields).toEqual({});
    expect(await isPending(Promise.race(closing))).toBe(true);
    peer.default(close);
    await Promise.all(closing);
    await connection.close();
    expect(peer.framesOf('close')).toHaveLength(1);
  });

  it('row Conn.Done: closed is pending until the connection has ended', async () => {
    const { connection, peer } = await connected();
    expect(await isPending(connection.closed)).toBe(true);
    peer.end();
    expect((await connection.closed).by).toBe('transport');
  });

  it('FIX §1.2 Conn.Err: closed tells a clean close by the peer from our own', async () => {
    const byPeer = await connected((scripted) => mute(scripted, 'close'));
    byPeer.peer.send({ is: 'close' });
    const own = await connected();
    await own.connection.close();
    expect([await byPeer.connection.closed, await own.connection.closed]).toEqual([{ by: 'peer' }, { by: 'local' }]);
  });

  it('FIX §1.2 Conn.Properties: container-id and capabilities of the peer can be read too', async () => {
    const { connection } = await connected((scripted) =>
      openingWith(scripted, {
        properties: symbolMap({ product: 'it' }),
        'offered-capabilities': { type: 'symbol', value: 'ANONYMOUS-RELAY' },
        'desired-capabilities': { type: 'symbol', value: 'd' },
      }),
    );
    expect({ ...connection.properties }).toEqual({ product: 'it' });
    expect(connection).toMatchObject({
      remoteContainerId: 'scripted-peer',
      offeredCapabilities: ['ANONYMOUS-RELAY'],
      desiredCapabilities: ['d'],
    });
    await connection.close();
  });

  it('row Conn.Properties: is empty where the peer gives none', async () => {
    const { connection } = await connected();
    expect({ ...connection.properties }).toEqual({});
    await connection.close();
  });
});
