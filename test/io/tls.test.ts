import { createServer, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import {
  connectTcp,
  connectTls,
  type ListenOptions,
  type TlsConnectOptions,
  type Transport,
} from '../../src/io/index.ts';
import { idle } from '../support/idle.ts';
import { opened, sent } from './support/recorder.ts';
import { Accepting, bareServer, closedPort, noSuchHost, pem, portOf } from './support/servers.ts';

const ca = pem('ca-cert.pem');
const identity = (name: string): { cert: Uint8Array; key: Uint8Array } => ({
  cert: pem(`${name}-cert.pem`),
  key: pem(`${name}-key.pem`),
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serving(tls: ListenOptions['tls'] = identity('server')): Promise<Accepting> {
  const server = await Accepting.at({ tls });
  closers.push(() => server.close());
  return server;
}

const connecting = (port: number, more: Partial<TlsConnectOptions> = {}): Promise<Transport> =>
  connectTls({ host: 'localhost', port, tls: { ca }, ...more });

/** The error of an attempt that must fail. */
async function failure(port: number, more?: Partial<TlsConnectOptions>): Promise<unknown> {
  const outcome: unknown = await connecting(port, more).then(
    (transport) => {
      transport.destroy();
      return 'connected';
    },
    (error: unknown) => error,
  );
  return outcome;
}

describe('connectTls', () => {
  it('[A-02] carries octets both ways, protected from the first one', async () => {
    const server = await serving();
    const client = await connecting(server.port);
    const peer = await server.next();
    expect([client.encrypted, peer.encrypted]).toEqual([true, true]);
    const [atClient, atPeer] = [opened(client), opened(peer)];
    await sent(client, 'to ', 'the ', 'server');
    await sent(peer, 'answer');
    await atPeer.until(({ text }) => text === 'to the server');
    await atClient.until(({ text }) => text === 'answer');
    client.end();
    expect(await atPeer.end()).toBeUndefined();
    expect(await atClient.end()).toBeUndefined();
  });

  it('leaves each read as it was when others come', async () => {
    const server = await serving();
    const client = await connecting(server.port);
    const atPeer = opened(await server.next());
    const many = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7) % 253);
    client.send([many], () => undefined);
    await atPeer.until(({ size }) => size === many.length);
    expect(atPeer.lasting.length).toBeGreaterThan(15);
    expect(Buffer.concat(atPeer.chunks).equals(many)).toBe(true);
    client.destroy();
  });

  it.each([
    ['[A-03] an unknown authority', 'server', { tls: {} }],
    ['[A-03] a self-signed certificate', 'self', {}],
    ['[A-03] an expired certificate', 'expired', {}],
    ['[A-03] a certificate of another host', 'elsewhere', {}],
    ['[A-03] a certificate without the name that was asked for', 'server', { servername: 'broker.example' }],
    ['[A-03] a certificate without the address that was asked for', 'elsewhere', { host: '127.0.0.1' }],
    ['[A-03] a name that is an address, and not the one of the host', 'server', { servername: '10.9.8.7' }],
  ])('rejects %s', async (_title, name, more) => {
    const server = await serving(identity(name));
    const error = await failure(server.port, more);
    expect(error).toMatchObject({ code: 'certificate-rejected', retryable: false, cause: expect.any(Error) });
  });

  it.each([
    ['[A-03] the address of the host is in the certificate', 'server', { host: '127.0.0.1' }],
    ['the name is set apart from the host', 'elsewhere', { host: '127.0.0.1', servername: 'broker.example' }],
    ['authorities are a list', 'server', { tls: { ca: [ca, pem('self-cert.pem').toString()] } }],
    ['verification is off', 'self', { tls: { rejectUnauthorized: false } }],
    ['the version is asked for', 'server', { tls: { ca, minVersion: 'TLSv1.3' } }],
  ] as const)('connects where %s', async (_title, name, more) => {
    const server = await serving(identity(name));
    const client = await connecting(server.port, more);
    expect(client.encrypted).toBe(true);
    client.destroy();
  });

  it('[A-04] sends SNI for a name, and none for an address', async () => {
    const names: (string | false | null)[] = [];
    const server = createServer({ cert: Buffer.from(pem('server-cert.pem')), key: Buffer.from(pem('server-key.pem')) });
    server.on('secureConnection', (socket: TLSSocket) => {
      names.push(socket.servername);
      socket.on('error', () => undefined);
      socket.end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const port = portOf(server);
    for (const more of [{}, { host: '127.0.0.1' }, { host: '127.0.0.1', servername: 'localhost' }]) {
      await opened(await connecting(port, more)).end();
    }
    await new Promise((resolve) => server.close(resolve));
    expect(names).toEqual(['localhost', false, 'localhost']);
  });

  it('[H-10] reports a port that does not speak TLS', async () => {
    const http = await bareServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    const amqp = await bareServer((socket) => socket.once('data', () => socket.end('AMQP\0\x01\0\0')));
    const silent = await bareServer((socket) => socket.once('data', () => socket.end()));
    const rude = await bareServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    for (const bare of [http, amqp, silent, rude]) closers.push(() => bare.close());
    for (const { port } of [http, amqp, silent, rude]) {
      expect(await failure(port)).toMatchObject({ code: 'tls-failed', cause: expect.any(Error) });
    }
  });

  it('reports a version that the peer does not have', async () => {
    const server = createServer({
      cert: Buffer.from(pem('server-cert.pem')),
      key: Buffer.from(pem('server-key.pem')),
      maxVersion: 'TLSv1.2',
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const port = portOf(server);
    expect(await failure(port, { tls: { ca, minVersion: 'TLSv1.3' } })).toMatchObject({ code: 'tls-failed' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('reports a host or port that is not there as TCP does', async () => {
    expect(await failure(await closedPort())).toMatchObject({ code: 'connection-refused' });
    expect(await failure(5671, { host: noSuchHost })).toMatchObject({ code: 'host-not-found' });
  });

  it.each([
    ['a certificate that is none', { cert: 'nonsense', key: pem('client-key.pem') }],
    ['a key that is locked', { cert: pem('client-cert.pem'), key: pem('client-locked-key.pem') }],
    ['a key of another certificate', { cert: pem('client-cert.pem'), key: pem('server-key.pem') }],
    ['a PKCS#12 with another passphrase', { pfx: pem('client.p12'), passphrase: 'wrong' }],
  ])('rejects %s, and does not throw', async (_title, tls) => {
    const server = await serving();
    expect(await failure(server.port, { tls })).toMatchObject({ code: 'invalid-argument', cause: expect.any(Error) });
  });

  it('gives up a handshake by the signal, and leaves nothing open', async () => {
    const silent = await bareServer(() => undefined);
    closers.push(() => silent.close());
    const controller = new AbortController();
    const attempt = failure(silent.port, { host: '127.0.0.1', signal: controller.signal });
    while (silent.sockets.length === 0) await idle();
    const reason = new Error('too slow');
    controller.abort(reason);
    expect(await attempt).toBe(reason);
    const [socket] = silent.sockets;
    await new Promise<void>((resolve) => {
      socket?.on('close', () => resolve());
      socket?.resume();
    });
    expect(socket?.destroyed).toBe(true);
  });
});

describe('client certificates', () => {
  const asking = { ...identity('server'), ca, requestCert: true };

  it.each([
    ['a certificate and a key', { ca, ...identity('client') }],
    [
      'a key that is locked',
      { ca, cert: pem('client-cert.pem'), key: pem('client-locked-key.pem'), passphrase: 'secret' },
    ],
    ['a PKCS#12', { ca, pfx: pem('client.p12'), passphrase: 'secret' }],
  ])('are taken as %s, and name the peer', async (_title, tls) => {
    const server = await serving(asking);
    const client = await connecting(server.port, { tls });
    const peer = await server.next();
    expect(peer.peerName).toBe('tester');
    client.destroy();
  });

  it.each([
    ['no certificate', { ca }],
    ['one of an unknown authority', { ca, ...identity('self') }],
  ])('a server that asks drops a client with %s', async (_title, tls) => {
    const server = await serving(asking);
    // With TLS 1.3 the client hears of it only after its own handshake, and not always why.
    const end = await connecting(server.port, { tls }).then(
      async (client) => {
        await opened(client).end();
        return 'dropped';
      },
      () => 'dropped',
    );
    expect(end).toBe('dropped');
    expect(server.ready).toBe(0);
  });

  it('do not name a peer where a bad one would do as well', async () => {
    const server = await serving({ ...asking, rejectUnauthorized: false });
    for (const tls of [{ ca }, { ca, ...identity('self') }, { ca, ...identity('client') }]) {
      const client = await connecting(server.port, { tls });
      const peer = await server.next();
      expect(peer.peerName).toBeUndefined();
      client.destroy();
    }
  });

  it.each(['two-names', 'no-name'])('with %s are taken, and name nobody', async (name) => {
    const server = await serving(asking);
    const client = await connecting(server.port, { tls: { ca, ...identity(name) } });
    expect((await server.next()).peerName).toBeUndefined();
    client.destroy();
  });

  it('are not asked for by default', async () => {
    const server = await serving();
    const client = await connecting(server.port, { tls: { ca, ...identity('client') } });
    expect((await server.next()).peerName).toBeUndefined();
    client.destroy();
  });
});

describe('listenTcp with TLS', () => {
  it('[H-10] survives clients that do not speak TLS', async () => {
    const server = await serving();
    for (const words of ['GET / HTTP/1.1\r\n\r\n', 'AMQP\0\x01\0\0', '\x16\x03\x01\xff\xff', '']) {
      const client = await connectTcp({ host: '127.0.0.1', port: server.port });
      const atClient = opened(client);
      await sent(client, words);
      client.end();
      await atClient.end();
    }
    expect(server.ready).toBe(0);
    const good = await connecting(server.port);
    await server.next();
    good.destroy();
  });

  it('close ends connections, also those at their handshake', async () => {
    const server = await serving();
    const ready = opened(await connecting(server.port));
    const atHandshake = opened(await connectTcp({ host: '127.0.0.1', port: server.port }));
    await server.next();
    await server.close();
    await ready.end();
    await atHandshake.end();
    expect([ready.ends.length, atHandshake.ends.length]).toEqual([1, 1]);
  });

  it('refuses a certificate that is none', async () => {
    await expect(Accepting.at({ tls: { cert: 'nonsense', key: 'nonsense' } })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});
