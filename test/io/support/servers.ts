import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { connectTcp, listenTcp, type Listener, type ListenOptions, type Transport } from '../../../src/io/index.ts';

/** A file of the certificates that test/data/certs/make.sh has made. */
export const pem = (name: string): Uint8Array => readFileSync(new URL(`../../data/certs/${name}`, import.meta.url));

/** A name that is no name, so that it is known without asking any server. */
export const noSuchHost = `${'x'.repeat(64)}.invalid`;

/** A listener, and the transports that it hands over, in order. */
export class Accepting implements AsyncDisposable {
  #listener: Listener | undefined = undefined;
  readonly #transports: Transport[] = [];
  readonly #waiting: ((transport: Transport) => void)[] = [];

  static async at(options: Partial<ListenOptions> = {}): Promise<Accepting> {
    const accepting = new Accepting();
    accepting.#listener = await listenTcp({ host: '127.0.0.1', port: 0, ...options }, (transport) =>
      accepting.#accept(transport),
    );
    return accepting;
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  #accept(transport: Transport): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#transports.push(transport);
    else waiting(transport);
  }

  /** How many were handed over and not taken. */
  get ready(): number {
    return this.#transports.length;
  }

  next(): Promise<Transport> {
    const ready = this.#transports.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** A client and the server's side of it, by TCP. */
  async pair(): Promise<readonly [Transport, Transport]> {
    const client = await connectTcp({ host: '127.0.0.1', port: this.port });
    return [client, await this.next()];
  }

  close(): Promise<void> {
    return this.#listener?.close() ?? Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A bare TCP server that does as it is told with each socket. */
export async function bareServer(
  onSocket: (socket: Socket) => void,
): Promise<{ port: number; close(): Promise<void>; sockets: readonly Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const port = portOf(server);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { port, close, sockets };
}

/** The port at which a server listens. */
export function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  return address.port;
}

/** A port at which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = await bareServer(() => undefined);
  await server.close();
  return server.port;
}
