import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:tls';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { AmqpError, connect, type ConnectOptions, type ErrorCode } from '../../src/client/index.ts';
import { connectTo, failure } from './support/scripted.ts';
import { ScriptedPeer } from '../../src/testing/index.ts';
import { answering, listening, pem, rawServer, released, resources } from './support/servers.ts';

const unhandled: unknown[] = [];
const note = (reason: unknown): number => unhandled.push(reason);
beforeEach(() => process.on('unhandledRejection', note));
afterEach(() => {
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

/** Fails to connect, and checks that nothing is left of it. */
async function fails(url: string, code: ErrorCode, options: ConnectOptions = {}): Promise<AmqpError> {
  const before = resources();
  const error = await failure(connect(url, { connectTimeout: 3000, ...options }));
  expect(error.code).toBe(code);
  expect(error.scope).toBe('connection');
  await released(before);
  return error;
}

describe('a connect that fails', () => {
  it('tells of a host that does not exist', async () => {
    const error = await fails(`amqp://${'x'.repeat(64)}.invalid`, 'host-not-found');
    expect(error.retryable).toBe(true);
  });

  it('tells of a port at which nobody listens', async () => {
    const broker = await startBroker();
    const { port: closedPort } = broker;
    await broker.close();
    const error = await fails(`amqp://127.0.0.1:${closedPort}`, 'connection-refused');
    expect(error.message).toContain(`127.0.0.1:${closedPort}`);
  });

  it('tells of a wrong password, without showing it', async () => {
    await using broker = await startBroker({ users: { ann: 'right-one' } });
    const error = await fails(`amqp://ann:hunter2@127.0.0.1:${broker.port}`, 'authentication-failed');
    expect(error.retryable).toBe(false);
    expect(`${error.message}${error.stack}`).not.toContain('hunter2');
  });

  it('tells of credentials that are missing', async () => {
    await using broker = await startBroker({ users: { ann: 'right-one' } });
    await fails(broker.url, 'mechanism-unavailable');
  });

  it('does not send a password in clear text to another machine', async () => {
    const peer = new ScriptedPeer();
    peer.on('header', () => {
      peer.sendRaw(Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 3, 1, 0, 0));
      peer.send({ is: 'sasl-mechanisms', 'sasl-server-mechanisms': 'PLAIN' });
    });
    const transport = { ...peer.transport, encrypted: false, loopback: false };
    const error = await fails('amqp://u:hunter2@broker', 'insecure-credentials', { transport: () => transport });
    expect(error.message).toContain('allowInsecurePlain');
    expect(peer.framesOf('sasl-init')).toEqual([]);
  });

  it('tells of an HTTP server', async () => {
    const port = await listening(createHttpServer((_request, response) => response.end('hello')));
    const error = await fails(`amqp://127.0.0.1:${port}`, 'protocol-mismatch');
    expect(error.message).toContain('HTTP');
  });

  it('tells of a peer that speaks AMQP 0-9-1 only', async () => {
    const port = await answering(Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1), true);
    const error = await fails(`amqp://127.0.0.1:${port}`, 'protocol-mismatch');
    expect(error.message).toMatch(/0-9-1|0\.9\.1/);
  });

  it('tells of a TLS server behind an amqp: URL by its alert, which is shorter than a header', async () => {
    const port = await answering(Uint8Array.of(0x15, 3, 1, 0, 2, 2, 0x46), true);
    const error = await fails(`amqp://127.0.0.1:${port}`, 'protocol-mismatch');
    expect(error.message).toContain('amqps:');
  });

  it('tells of a peer that hangs up before a word', async () => {
    const port = await rawServer((socket) => socket.resume().end());
    const error = await fails(`amqp://127.0.0.1:${port}`, 'connection-lost');
    expect(error.message).toContain('header');
  });

  it('tells of a broken certificate', async () => {
    const port = await listening(createTlsServer({ cert: pem('expired-cert'), key: pem('expired-key') }));
    await fails(`amqps://localhost:${port}`, 'certificate-rejected', { tls: { ca: pem('ca-cert') } });
  });

  it('tells of a certificate for another host', async () => {
    const port = await listening(createTlsServer({ cert: pem('elsewhere-cert'), key: pem('elsewhere-key') }));
    await fails(`amqps://localhost:${port}`, 'certificate-rejected', { tls: { ca: pem('ca-cert') } });
  });

  it('tells of a server without TLS behind an amqps: URL', async () => {
    await using broker = await startBroker();
    await fails(`amqps://127.0.0.1:${broker.port}`, 'tls-failed');
  });

  it('tells of a SASL frame that is too large', async () => {
    const header = Buffer.from('414d515003010000', 'hex');
    const port = await answering(Buffer.concat([header, Buffer.from('7fffffff02010000', 'hex')]), false);
    await fails(`amqp://127.0.0.1:${port}`, 'frame-too-large');
  });

  it('tells of a frame that is cut off', async () => {
    const header = Buffer.from('414d515003010000', 'hex');
    const port = await answering(Buffer.concat([header, Buffer.from('0000001902010000005340c0', 'hex')]), true);
    await fails(`amqp://127.0.0.1:${port}`, 'connection-lost');
  });

  it('tells of octets that are no frame', async () => {
    const header = Buffer.from('414d515003010000', 'hex');
    const port = await answering(Buffer.concat([header, Buffer.from('0000000800010000', 'hex')]), false);
    await fails(`amqp://127.0.0.1:${port}`, 'framing-error');
  });

  it('gives up in time on a peer that accepts and says nothing', async () => {
    const sockets = new Set<Socket>();
    const port = await rawServer((socket) => socket.resume(), sockets);
    const startedAt = performance.now();
    const error = await fails(`amqp://127.0.0.1:${port}`, 'connect-timeout', { connectTimeout: 50 });
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(error.message).toContain('50 ms');
    expect(sockets.size).toBe(0);
  });

  it.each(['sasl-init', 'open'])('gives up in time on a peer that is silent after the %s', async (is) => {
    const peer = new ScriptedPeer();
    peer.on(is, () => undefined);
    await fails('amqp://peer', 'connect-timeout', { connectTimeout: 30, transport: () => peer.transport });
  });

  it('gives up in time on a transport that never opens', async () => {
    const transport = (): Promise<never> => new Promise(() => undefined);
    await fails('amqp://peer', 'connect-timeout', { connectTimeout: 30, transport });
  });

  it('tells what a transport function throws', async () => {
    const cause = new Error('no route');
    const outcome = connect('amqp://peer', { transport: () => Promise.reject(cause) });
    const error = await failure(outcome);
    expect(error).toMatchObject({ code: 'connect-failed', retryable: true, cause });
    expect(error.message).toContain('the transport could not be opened: no route');
  });

  it('tells of a peer that closes at once, even where its open looked well', async () => {
    const peer = new ScriptedPeer();
    peer.on('open', (frame) => {
      peer.default(frame);
      const error = { is: 'error', condition: 'amqp:not-allowed', description: 'no such vhost' };
      peer.send({ is: 'close', error });
    });
    expect(await failure(connectTo(peer))).toMatchObject({
      code: 'connection-closed-by-peer',
      condition: 'amqp:not-allowed',
    });
  });
});
