import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { amqpError } from '../errors/index.ts';
import { SocketTransport } from './socket-transport.ts';
import { nodeTlsOptions, type TlsOptions } from './tls.ts';
import type { Transport } from './transport.ts';

/** Where to listen. */
export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Take TLS only, with this certificate; with `requestCert` clients are asked for theirs. */
  readonly tls?: (TlsOptions & { readonly requestCert?: boolean }) | undefined;
}

/** A server that listens. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Stops to listen and ends the connections that are left. */
  close(): Promise<void>;
}

function makeServer(options: ListenOptions): Server {
  const { tls } = options;
  if (tls === undefined) return createTcpServer({ noDelay: true });
  return createTlsServer({
    ...nodeTlsOptions(tls),
    requestCert: tls.requestCert ?? false,
    rejectUnauthorized: tls.rejectUnauthorized ?? false,
  });
}

/** Listens by TCP or TLS and hands over each connection. A client that fails at TLS is dropped. */
export async function listenTcp(options: ListenOptions, accept: (transport: Transport) => void): Promise<Listener> {
  const server = makeServer(options);
  const sockets = new Set<Socket>();
  const secure = options.tls !== undefined;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    if (!secure) accept(new SocketTransport(socket, false));
  });
  server.on('secureConnection', (socket: Socket) => accept(new SocketTransport(socket, true)));
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        amqpError('connect-failed', `listening at ${options.host}:${options.port} failed: ${error.message}`, {
          cause: error,
        }),
      );
    });
    server.listen({ host: options.host, port: options.port }, resolve);
  });
  return { host: options.host, port: portOf(server.address()), close: () => closeServer(server, sockets) };
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  await closed;
}
