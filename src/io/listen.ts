import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { amqpError } from '../errors/index.ts';
import { withOptions } from './socket-error.ts';
import { SocketTransport } from './socket-transport.ts';
import { nodeTlsOptions, type TlsOptions } from './tls.ts';
import type { Transport } from './transport.ts';

/** How long a client may take for its TLS handshake, in ms. */
const HANDSHAKE_TIMEOUT = 10_000;

/** Where to listen. */
export interface ListenOptions {
  /** The name or address to listen at. */
  readonly host: string;
  /** The port, 1 to 65535; 0 lets the system choose. */
  readonly port: number;
  /**
   * Take TLS only, with this certificate. With `requestCert` clients must show theirs, signed by `ca`; with
   * `rejectUnauthorized: false` they may also come without.
   */
  readonly tls?:
    | (TlsOptions & {
        /** Whether clients are asked for a certificate. Default false. */
        readonly requestCert?: boolean;
      })
    | undefined;
}

/** A server that listens. */
export interface Listener {
  /** The host that was asked for. */
  readonly host: string;
  /** The port that is listened at: the one that the system chose for 0. */
  readonly port: number;
  /**
   * Stops to listen and ends the connections that are left. Resolves when all is closed; a second call does too.
   *
   * @throws nothing
   */
  close(): Promise<void>;
}

function makeServer({ tls }: ListenOptions, accept: (transport: Transport) => void): Server {
  if (tls === undefined) return createTcpServer((socket) => accept(new SocketTransport(socket, false)));
  const { requestCert = false, rejectUnauthorized = requestCert } = tls;
  const options = { ...nodeTlsOptions(tls), requestCert, rejectUnauthorized, handshakeTimeout: HANDSHAKE_TIMEOUT };
  // A name counts only where no client without a good certificate gets this far.
  const nameOf = (socket: TLSSocket): string | undefined => (rejectUnauthorized ? commonName(socket) : undefined);
  const server = createTlsServer(options, (socket) => accept(new SocketTransport(socket, true, nameOf(socket))));
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

/** A resumed session may come without a certificate, and a certificate with several names. */
function commonName(socket: TLSSocket): string | undefined {
  const certificate: Partial<ReturnType<TLSSocket['getPeerCertificate']>> = socket.getPeerCertificate();
  const name: unknown = certificate.subject?.CN;
  return typeof name === 'string' ? name : undefined;
}

/**
 * Listens by TCP or TLS and hands over each connection. A client that fails at TLS, or takes longer than 10 s for it,
 * is dropped. Resolves when it listens.
 *
 * @throws `connect-failed` if the address cannot be had, `invalid-argument` for wrong options
 */
export async function listenTcp(options: ListenOptions, accept: (transport: Transport) => void): Promise<Listener> {
  const { host, port } = options;
  const server = withOptions(() => makeServer(options, accept));
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // Also one that is still at its TLS handshake.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    // Stays for good: an error while accepting concerns one client, not the process.
    server.on('error', (cause) => {
      reject(amqpError('connect-failed', `listening at ${host}:${port} failed: ${cause.message}`, { cause }));
    });
    withOptions(() => server.listen({ host, port }, resolve));
  });
  return { host, port: portOf(server.address()), close: () => closeServer(server, sockets) };
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  for (const socket of sockets) socket.destroy();
  await closed;
}
