import { getEventListeners } from 'node:events';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AmqpError } from '../../src/errors/index.ts';
import { connectTcp, SocketTransport, type TcpOptions } from '../../src/io/index.ts';
import { idle } from '../support/idle.ts';
import { octets, opened, sent } from './support/recorder.ts';
import { Accepting, bareServer, closedPort, noSuchHost } from './support/servers.ts';

let server: Accepting;
beforeEach(async () => {
  server = await Accepting.at();
});
afterEach(() => server.close());

/** Transfers memory, as to a worker; newer versions of Node refuse what must not be transferred, others ignore the wish. */
function transfer(buffer: ArrayBufferLike): void {
  try {
    if (buffer instanceof ArrayBuffer) structuredClone(0, { transfer: [buffer] });
  } catch (error) {
    expect(error).toMatchObject({ name: 'DataCloneError' });
  }
}

/** The error of an attempt that must fail. */
async function failure(options: TcpOptions): Promise<unknown> {
  const outcome: unknown = await connectTcp(options).then(
    (transport) => {
      transport.destroy();
      return 'connected';
    },
    (error: unknown) => error,
  );
  return outcome;
}

describe('connectTcp', () => {
  it('carries octets both ways in clear text on this machine', async () => {
    const [client, peer] = await server.pair();
    expect([client.encrypted, client.loopback, peer.encrypted, peer.loopback]).toEqual([false, true, false, true]);
    expect(client.peerName).toBeUndefined();
    const [atClient, atPeer] = [opened(client), opened(peer)];
    await sent(client, 'many ', 'small ', 'chunks');
    await sent(peer, 'answer');
    await atPeer.until(({ text }) => text === 'many small chunks');
    await atClient.until(({ text }) => text === 'answer');
    client.destroy();
    expect(await atPeer.end()).toBeUndefined();
  });

  it('writes the chunks of one send in one piece', async () => {
    const [client, peer] = await server.pair();
    const atPeer = opened(peer);
    await sent(client, ...Array.from({ length: 50 }, () => '0123456789'));
    await atPeer.until(({ size }) => size === 500);
    expect(atPeer.chunks.length).toBe(1);
    client.destroy();
  });

  it('leaves each read as it was when others come', async () => {
    const [client, peer] = await server.pair();
    const atPeer = opened(peer);
    const many = Uint8Array.from({ length: 4_000_000 }, (_, index) => (index * 7) % 253);
    client.send([many], () => undefined);
    await atPeer.until(({ size }) => size === many.length);
    expect(atPeer.lasting.length).toBeGreaterThan(50);
    expect(Buffer.concat(atPeer.chunks).equals(many)).toBe(true);
    // What one message of a read is transferred with takes no other along.
    for (const { buffer } of atPeer.lasting) transfer(buffer);
    expect(Buffer.concat(atPeer.chunks).equals(many)).toBe(true);
    client.destroy();
  });

  it('frees memory at once where the system takes all of it, and once', async () => {
    const [client, peer] = await server.pair();
    const atPeer = opened(peer);
    let done = 0;
    client.send([octets('two '), octets('chunks')], () => done++);
    expect(done).toBe(1);
    await atPeer.until(({ text }) => text === 'two chunks');
    await idle();
    expect(done).toBe(1);
    client.destroy();
  });

  it('does not free memory before the system has taken it', async () => {
    const [client, peer] = await server.pair();
    let isDone = false;
    // Nobody reads at the other side yet, and no socket buffer is as large as this.
    client.send([new Uint8Array(16 << 20).fill(7)], () => {
      isDone = true;
    });
    await idle();
    await idle();
    expect(isDone).toBe(false);
    const atPeer = opened(peer);
    await atPeer.until(({ size }) => size === 16 << 20);
    await idle();
    expect(isDone).toBe(true);
    client.destroy();
  });

  it('reports that no host has this name', async () => {
    const error = await failure({ host: noSuchHost, port: 5672 });
    expect(error).toMatchObject({ code: 'host-not-found', retryable: true, cause: expect.any(Error) });
    expect(error).toMatchObject({ message: expect.stringContaining(noSuchHost) });
  });

  it('reports that nobody listens, also for a name with several addresses', async () => {
    const port = await closedPort();
    for (const host of ['127.0.0.1', 'localhost']) {
      const error = await failure({ host, port });
      expect(error).toMatchObject({ code: 'connection-refused', message: expect.stringContaining(`${host}:${port}`) });
    }
  });

  it('reports any other failure with its cause', async () => {
    // A broadcast address is no address of a TCP peer.
    const error = await failure({ host: '255.255.255.255', port: 9 });
    expect(error).toMatchObject({ code: 'connect-failed', cause: expect.any(Error) });
  });

  it('rejects a port out of range, and does not throw', async () => {
    expect(await failure({ host: '127.0.0.1', port: 70_000 })).toMatchObject({ code: 'invalid-argument' });
  });
});

describe('connectTcp with a signal', () => {
  it('does not even begin where the signal is aborted', async () => {
    const reason = new Error('not any more');
    expect(await failure({ host: '127.0.0.1', port: server.port, signal: AbortSignal.abort(reason) })).toBe(reason);
    await idle();
    expect(server.ready).toBe(0);
  });

  it('rejects with the reason, and leaves no listener on the signal', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const attempt = failure({ host: '127.0.0.1', port: server.port, signal });
    const reason = new Error('changed my mind');
    controller.abort(reason);
    expect(await attempt).toBe(reason);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('makes an error of a reason that is none', async () => {
    const controller = new AbortController();
    const attempt = failure({ host: '127.0.0.1', port: server.port, signal: controller.signal });
    controller.abort('a text');
    const error = await attempt;
    expect(AmqpError.is(error) && error.code).toBe('aborted');
    expect(error).toMatchObject({ cause: 'a text' });
  });

  it('does not touch the transport once it is connected', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const client = await connectTcp({ host: '127.0.0.1', port: server.port, signal });
    const atPeer = opened(await server.next());
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    controller.abort();
    await sent(client, 'still here');
    await atPeer.until(({ text }) => text === 'still here');
    client.destroy();
    await atPeer.end();
  });
});

describe('SocketTransport', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['12.7.0.1', false],
    ['10.127.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['fe80::1', false],
    [undefined, false],
  ])('[A-13] knows whether %s is this machine: %s', (remoteAddress, loopback) => {
    const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
    expect(new SocketTransport(socket, false).loopback).toBe(loopback);
    socket.destroy();
  });

  it('ends after what was sent', async () => {
    const [client, peer] = await server.pair();
    const [atClient, atPeer] = [opened(client), opened(peer)];
    client.send([new Uint8Array(1 << 20)], () => undefined);
    client.end();
    await atPeer.end();
    await atClient.end();
    expect(atPeer.size).toBe(1 << 20);
    expect([atClient.ends, atPeer.ends]).toEqual([[undefined], [undefined]]);
  });

  it('sends nothing after the end, and frees the memory all the same', async () => {
    const [client, peer] = await server.pair();
    const [atClient, atPeer] = [opened(client), opened(peer)];
    client.end();
    await sent(client, 'too late');
    client.destroy();
    await sent(client, 'much too late');
    await sent(client);
    expect(await atClient.end()).toBeUndefined();
    await atPeer.end();
    expect(atPeer.text).toBe('');
  });

  it('frees memory that can no longer be sent', async () => {
    const [client, peer] = await server.pair();
    const done = new Promise<void>((resolve) => client.send([new Uint8Array(16 << 20)], resolve));
    opened(peer);
    client.destroy();
    await done;
    expect(await opened(client).end()).toBeUndefined();
  });

  it('tells once that the peer has reset the connection', async () => {
    const bare = await bareServer(() => undefined);
    const client = await connectTcp({ host: '127.0.0.1', port: bare.port });
    const atClient = opened(client);
    await sent(client, 'hello');
    while (bare.sockets.length === 0) await idle();
    bare.sockets[0]?.resetAndDestroy();
    expect(await atClient.end()).toMatchObject({ code: 'ECONNRESET' });
    client.destroy();
    client.end();
    await idle();
    expect(atClient.ends.length).toBe(1);
    await bare.close();
  });

  it('tells the end also where it came before the transport was opened', async () => {
    const bare = await bareServer((socket) => {
      socket.end('last words');
    });
    const client = await connectTcp({ host: '127.0.0.1', port: bare.port });
    await idle();
    await idle();
    const atClient = opened(client);
    expect(await atClient.end()).toBeUndefined();
    expect(atClient.text).toBe('last words');

    const second = await connectTcp({ host: '127.0.0.1', port: bare.port });
    second.destroy();
    await idle();
    await idle();
    const atSecond = opened(second);
    expect(atSecond.ends).toEqual([]);
    await atSecond.end();
    expect(atSecond.ends.length).toBe(1);
    await bare.close();
  });

  it('keeps a socket without Nagle and with keep-alive', async () => {
    const calls: unknown[][] = [];
    const bare = await bareServer((socket: Socket) => {
      socket.setNoDelay = (...args) => {
        calls.push(['setNoDelay', ...args]);
        return socket;
      };
      socket.setKeepAlive = (...args) => {
        calls.push(['setKeepAlive', ...args]);
        return socket;
      };
      new SocketTransport(socket, false).end();
    });
    const atClient = opened(await connectTcp({ host: '127.0.0.1', port: bare.port }));
    await atClient.end();
    expect(calls).toEqual([
      ['setNoDelay', true],
      ['setKeepAlive', true],
    ]);
    await bare.close();
  });

  it('gives octets as they are', async () => {
    const [client, peer] = await server.pair();
    const atPeer = opened(peer);
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    client.send([all.subarray(0, 100), octets(''), all.subarray(100)], () => undefined);
    await atPeer.until(({ size }) => size === 256);
    expect(Buffer.concat(atPeer.chunks)).toEqual(Buffer.from(all));
    client.destroy();
  });
});
