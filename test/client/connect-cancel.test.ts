import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { AmqpError, connect, type ConnectOptions } from '../../src/client/index.ts';
import type { Transport } from '../../src/io/index.ts';
import { ScriptedPeer } from '../../src/testing/index.ts';
import { connected, failure, frameOf, mute, settle, until } from './support/scripted.ts';
import { rawServer, released, resources } from './support/servers.ts';

/** A transport that says whether it was destroyed. */
function watched(peer: ScriptedPeer): { transport: Transport; readonly destroyed: boolean } {
  const inner = peer.transport;
  const state = { destroyed: false };
  const transport: Transport = {
    ...inner,
    destroy: () => {
      state.destroyed = true;
      inner.destroy();
    },
  };
  return {
    transport,
    get destroyed() {
      return state.destroyed;
    },
  };
}

describe('an aborted connect', () => {
  it('does not begin where the signal was aborted before', async () => {
    const options: ConnectOptions = {
      signal: AbortSignal.abort(),
      transport: () => {
        throw new Error('must not be called');
      },
    };
    expect((await failure(connect('amqp://h', options))).code).toBe('aborted');
  });

  it('rejects with the reason of the signal if that is an error of the caller', async () => {
    const reason = new TypeError('enough');
    await expect(connect('amqp://h', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const error = await failure(connect('amqp://h', { signal: AbortSignal.abort('a text') }));
    expect(error.code).toBe('aborted');
    expect(error.cause).toBe('a text');
  });

  it.each(['header', 'sasl-init', 'open'])('leaves nothing open where the peer is silent after the %s', async (is) => {
    const peer = new ScriptedPeer();
    mute(peer, is);
    const watch = watched(peer);
    const abort = new AbortController();
    const attempt = connect('amqp://peer', { signal: abort.signal, transport: () => watch.transport });
    const failed = failure(attempt);
    await frameOf(peer, is);
    abort.abort();
    expect((await failed).code).toBe('aborted');
    expect(watch.destroyed).toBe(true);
  });

  it('closes the socket of a peer that is silent', async () => {
    const sockets = new Set<Socket>();
    const port = await rawServer((socket) => socket.resume(), sockets);
    const before = resources();
    const abort = new AbortController();
    const failed = failure(connect(`amqp://127.0.0.1:${port}`, { signal: abort.signal }));
    await until(() => sockets.size === 1);
    abort.abort();
    expect((await failed).code).toBe('aborted');
    await until(() => sockets.size === 0);
    await released(before);
  });

  it('does not wait for a transport that heeds no signal, and destroys it when it comes late', async () => {
    const peer = new ScriptedPeer();
    const watch = watched(peer);
    const abort = new AbortController();
    let late: (transport: Transport) => void = () => undefined;
    const transport = (): Promise<Transport> =>
      new Promise((resolve) => {
        late = resolve;
      });
    const failed = failure(connect('amqp://peer', { signal: abort.signal, transport }));
    await settle();
    abort.abort();
    expect((await failed).code).toBe('aborted');
    late(watch.transport);
    await settle();
    expect(watch.destroyed).toBe(true);
    expect(peer.frames).toEqual([]);
  });

  it('leaves no listener at the signal when it succeeds', async () => {
    const abort = new AbortController();
    const { connection } = await connected(undefined, { signal: abort.signal });
    abort.abort();
    await settle();
    const session = await connection.createSession();
    await session.close();
    await connection.close();
    expect(await connection.closed).toEqual({ by: 'local' });
  });

  it('is an AmqpError that says what was aborted', async () => {
    const error = await failure(connect('amqp://h:1', { signal: AbortSignal.abort() }));
    expect(AmqpError.is(error)).toBe(true);
    expect(error.message).toContain('connecting to h:1');
  });
});

describe('a connection that is left alone', () => {
  it('leaves no socket and no timer behind after its close', async () => {
    const before = resources();
    const { connection } = await connected();
    const receiver = await connection.createReceiver('q');
    const sender = await connection.createSender('q');
    await sender.send('x', { timeout: 1000 });
    const waiting = receiver.receive({ timeout: 1000 });
    await connection.close();
    expect((await failure(waiting)).code).toBe('connection-closed');
    await released(before);
  });
});
