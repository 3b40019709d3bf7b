import { connect, type Socket } from 'node:net';
import { amqpError } from '../errors/index.ts';
import { connectError, withOptions } from './socket-error.ts';
import { SocketTransport } from './socket-transport.ts';
import type { Transport } from './transport.ts';

/** Where to connect to, and how to give up. */
export interface TcpOptions {
  /** A host name or an address of IPv4 or IPv6, without brackets. */
  readonly host: string;
  /** The port, 1 to 65535. */
  readonly port: number;
  /** Ends the attempt; nothing of it stays open. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for a socket to be ready; one that fails or is given up is destroyed.
 *
 * @param make - makes the socket, unless the attempt is already given up
 * @param event - what the socket emits once it is ready
 * @throws as {@link connectTcp}, and for a `secureConnect` as {@link connectTls}
 */
export async function whenReady(
  make: () => Socket,
  event: 'connect' | 'secureConnect',
  options: TcpOptions,
): Promise<Transport> {
  const { host, port, signal } = options;
  const secure = event === 'secureConnect';
  if (signal?.aborted === true) throw abortError(signal, options);
  const socket = withOptions(make);
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      socket.off(event, onReady);
      socket.off('error', onError);
      signal?.removeEventListener('abort', onAbort);
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
    const onAbort = (): void => {
      if (signal !== undefined) fail(abortError(signal, options));
    };
    socket.on(event, onReady);
    socket.on('error', onError);
    signal?.addEventListener('abort', onAbort);
  });
}

function abortError(signal: AbortSignal, { host, port }: TcpOptions): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error
    ? reason
    : amqpError('aborted', `connecting to ${host}:${port} was aborted`, { cause: reason });
}

/**
 * Connects by TCP. Resolves when the connection stands; it has no timeout but the signal and that of the system.
 *
 * @throws `host-not-found`, `connection-refused`, `connect-failed`, `invalid-argument` for a port out of range; for an
 * abort the reason of the signal if that is an Error, else `aborted`
 */
export function connectTcp(options: TcpOptions): Promise<Transport> {
  const { host, port } = options;
  return whenReady(() => connect({ host, port }), 'connect', options);
}
