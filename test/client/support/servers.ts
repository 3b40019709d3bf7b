import { createServer, type Server, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { until } from './scripted.ts';

/** A certificate or key that test/data/certs/make.sh has made. */
export const pem = (name: string): Buffer => readFileSync(new URL(`../../data/certs/${name}.pem`, import.meta.url));

/** Listens on loopback until the test is over; gives the port. */
export async function listening(server: Server, sockets: Set<Socket> = new Set()): Promise<number> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  });
  return address.port;
}

/** A TCP server that does as told with each socket. */
export const rawServer = (onSocket: (socket: Socket) => void, sockets?: Set<Socket>): Promise<number> =>
  listening(createServer(onSocket), sockets);

/** A server that answers the first octets that come with `answer`, and then hangs up if asked to. */
export const answering = (answer: string | Uint8Array, end: boolean): Promise<number> =>
  rawServer((socket) =>
    socket.once('data', () => {
      socket.write(answer);
      if (end) socket.end();
    }),
  );

/** The sockets and timers that keep the process alive. */
export function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { TCPSocketWrap: 0, Timeout: 0 };
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind === 'TCPSocketWrap' || kind === 'Timeout') counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Waits until no more sockets and timers are there than before. */
export async function released(before: Readonly<Record<string, number>>): Promise<void> {
  await until(
    () => Object.entries(resources()).every(([kind, count]) => count <= (before[kind] ?? 0)),
    'the release of sockets and timers',
  );
}
