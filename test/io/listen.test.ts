import { Server } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { connectTcp, listenTcp } from '../../src/io/index.ts';
import { idle } from '../support/idle.ts';
import { opened, sent } from './support/recorder.ts';
import { Accepting } from './support/servers.ts';

const ignore = (): void => undefined;

describe('listenTcp', () => {
  it('lets the system choose a port, and says which', async () => {
    const first = await listenTcp({ host: '127.0.0.1', port: 0 }, ignore);
    const second = await listenTcp({ host: '127.0.0.1', port: 0 }, ignore);
    expect(first.host).toBe('127.0.0.1');
    expect(first.port).toBeGreaterThan(0);
    expect(second.port).not.toBe(first.port);
    await Promise.all([first.close(), second.close()]);
  });

  it('rejects where the port is taken', async () => {
    const first = await listenTcp({ host: '127.0.0.1', port: 0 }, ignore);
    await expect(listenTcp({ host: '127.0.0.1', port: first.port }, ignore)).rejects.toMatchObject({
      code: 'connect-failed',
      message: expect.stringContaining(`127.0.0.1:${first.port}`),
      cause: { code: 'EADDRINUSE' },
    });
    await first.close();
  });

  it('rejects a port out of range', async () => {
    await expect(listenTcp({ host: '127.0.0.1', port: 70_000 }, ignore)).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('close ends the connections that are left, and may be called again', async () => {
    const server = await Accepting.at();
    const [client, peer] = await server.pair();
    const [atClient, atPeer] = [opened(client), opened(peer)];
    await Promise.all([server.close(), server.close()]);
    await server.close();
    await atClient.end();
    await atPeer.end();
    await expect(connectTcp({ host: '127.0.0.1', port: server.port })).rejects.toMatchObject({
      code: 'connection-refused',
    });
  });

  it('forgets connections that have ended', async () => {
    const server = await Accepting.at();
    for (let index = 0; index < 20; index++) {
      const [client, peer] = await server.pair();
      const atPeer = opened(peer);
      await sent(client, 'x');
      client.end();
      await atPeer.end();
    }
    await server.close();
    expect(server.ready).toBe(0);
  });

  it('survives a client that resets at once', async () => {
    const server = await Accepting.at();
    for (let index = 0; index < 5; index++) {
      const [client, peer] = await server.pair();
      peer.send([new Uint8Array(1 << 20)], ignore);
      client.destroy();
      await opened(peer).end();
    }
    const [client] = await server.pair();
    expect(client.loopback).toBe(true);
    await server.close();
  });

  it('survives an error while accepting', async () => {
    const listen = vi.spyOn(Server.prototype, 'listen');
    const server = await Accepting.at();
    const [node] = listen.mock.contexts;
    listen.mockRestore();
    if (!(node instanceof Server)) throw new Error('no server was seen to listen');
    for (let index = 0; index < 2; index++) node.emit('error', new Error('too many open files'));
    const [client] = await server.pair();
    client.destroy();
    await server.close();
  });

  it('leaves no handle behind', async () => {
    // What other tests have closed may need a few turns of the loop.
    for (let turn = 0; turn < 100 && handles() > 0; turn++) await idle();
    const before = handles();
    const server = await Accepting.at();
    const [client, peer] = await server.pair();
    const ends = [opened(client).end(), opened(peer).end()];
    expect(handles()).toBe(before + 3);
    client.end();
    await Promise.all(ends);
    await server.close();
    for (let turn = 0; turn < 100 && handles() > before; turn++) await idle();
    expect(handles()).toBe(before);
  });
});

/** How many sockets and servers keep this process alive. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length;
}
