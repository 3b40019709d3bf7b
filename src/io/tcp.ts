import { connect, type Socket } from 'node:net';
import { connectError } from './socket-error.ts';
import { SocketTransport } from './socket-transport.ts';
import type { Transport } from './transport.ts';

/** Where to connect to, and how to give up. */
export interface TcpOptions {
  readonly host: string;
  readonly port: number;
  /** Ends the attempt; the promise rejects with the reason. */
  readonly signal: AbortSignal;
}

/** Waits for a socket to be ready; one that fails or is given up is destroyed. */
export function whenReady(socket: Socket, event: 'connect' | 'secureConnect', options: TcpOptions): Promise<Transport> {
  const { host, port, signal } = options;
  const secure = event === 'secureConnect';
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      socket.off(event, onReady);
      socket.off('error', onError);
      socket.off('close', onClose);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error): void => {
      stop();
      // A late error of a socket that nobody wants must not end the process.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const onReady = (): void => {
      stop();
      resolve(new SocketTransport(socket, secure));
    };
    const onError = (error: Error): void => fail(connectError(error, host, port, secure));
    const onClose = (): void => fail(connectError(new Error('the socket was closed'), host, port, secure));
    const onAbort = (): void => fail(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    socket.on(event, onReady);
    socket.on('error', onError);
    socket.on('close', onClose);
    signal.addEventListener('abort', onAbort);
  });
}

/**
 * Connects by TCP.
 *
 * @throws `host-not-found`, `connection-refused`, `connect-failed`, or the reason of the signal
 */
export function connectTcp(options: TcpOptions): Promise<Transport> {
  const { host, port } = options;
  return whenReady(connect({ host, port, keepAlive: true, noDelay: true }), 'connect', options);
}
