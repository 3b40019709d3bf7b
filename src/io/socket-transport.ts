import type { Socket } from 'node:net';
import { markAsUntransferable } from 'node:worker_threads';
import type { Transport, TransportEvents } from './transport.ts';

/** A read of fewer octets is not worth to be held: its messages share other memory. */
const LEAST_LASTING = 4096;

const isLoopbackAddress = (address: string): boolean =>
  address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');

/** A TCP or TLS socket of Node as a transport. The socket is connected and belongs to the transport from now on. */
export class SocketTransport implements Transport {
  readonly encrypted: boolean;
  readonly loopback: boolean;
  readonly peerName: string | undefined;
  readonly #socket: Socket;
  #error: Error | undefined = undefined;

  constructor(socket: Socket, encrypted: boolean, peerName?: string) {
    this.#socket = socket;
    this.encrypted = encrypted;
    this.loopback = isLoopbackAddress(socket.remoteAddress ?? '');
    this.peerName = peerName;
    // Whole batches are written at a time: to wait for more would only add delay.
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    // An error without a listener would end the process; what it means is told by `closed`.
    socket.on('error', (error) => {
      this.#error = error;
    });
  }

  open(events: TransportEvents): void {
    const socket = this.#socket;
    const closed = (): void => events.closed(this.#error);
    // A socket that closed before it was opened does not say so again.
    if (socket.closed) {
      queueMicrotask(closed);
      return;
    }
    socket.on('close', closed);
    socket.on('data', ({ buffer, byteOffset, length }: Buffer) => {
      // Node reads into new memory each time.
      const lasting = length >= LEAST_LASTING;
      // Messages lie side by side there: whoever transfers the octets of one must not take those of the others along.
      if (lasting) markAsUntransferable(buffer);
      // A plain view: the methods of Buffer cost several times as much where frames are cut out.
      events.received(new Uint8Array(buffer, byteOffset, length), lasting);
    });
  }

  send(chunks: readonly Uint8Array[], done: () => void): void {
    const socket = this.#socket;
    const last = chunks.length - 1;
    if (last < 0 || !socket.writable) {
      queueMicrotask(done);
      return;
    }
    let told = false;
    const tell = (): void => {
      if (told) return;
      told = true;
      done();
    };
    // One system call for all chunks. The callback comes also where the write fails.
    socket.cork();
    chunks.forEach((chunk, index) => {
      socket.write(chunk, index === last ? tell : undefined);
    });
    socket.uncork();
    // The system had room for all of it: more can be written in the same turn.
    if (socket.writableLength === 0) tell();
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
