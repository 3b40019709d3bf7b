import type { Transport, TransportEvents } from './transport.ts';

/** The octets of all chunks in one copy: the sender writes its memory again once they are taken. */
function copyOf(chunks: readonly Uint8Array[]): Uint8Array {
  const copy = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) {
    copy.set(chunk, position);
    position += chunk.length;
  }
  return copy;
}

/**
 * So many times in a row the other end is told in a microtask. Then timers and input of the process have their turn:
 * two ends that answer each other for ever must not keep them from it.
 */
const MOST_IN_A_ROW = 256;

/** One end of an in-memory pipe. What happens at one end is seen at the other soon, as a rule in a later microtask. */
class MemoryTransport implements Transport {
  readonly encrypted = true;
  readonly loopback = true;
  #other: MemoryTransport = this;
  #events: TransportEvents | undefined = undefined;
  /** What has come and was not told yet. */
  #inbox: Uint8Array[] = [];
  /** Nothing more is sent. */
  #ended = false;
  /** Nothing more will come. */
  #closed = false;
  #told = false;
  #scheduled = false;
  #inARow = 0;

  join(other: MemoryTransport): void {
    this.#other = other;
  }

  open(events: TransportEvents): void {
    this.#events = events;
    this.#schedule();
  }

  send(chunks: readonly Uint8Array[], done: () => void): void {
    if (!this.#ended) this.#other.take(copyOf(chunks));
    queueMicrotask(done);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    // Both ends at once, as with a socket that is never half open; what has been sent before still arrives.
    this.#other.hangUp();
    this.hangUp();
  }

  destroy(): void {
    this.#inbox = [];
    this.end();
  }

  /** Octets from the other end. */
  take(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#inbox.push(bytes);
    this.#schedule();
  }

  /** Nothing more comes from the other end. */
  hangUp(): void {
    this.#ended = true;
    this.#closed = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#events === undefined) return;
    this.#scheduled = true;
    if (++this.#inARow < MOST_IN_A_ROW) queueMicrotask(() => this.#tell());
    else {
      setImmediate(() => {
        this.#inARow = 0;
        this.#tell();
      });
    }
  }

  #tell(): void {
    this.#scheduled = false;
    for (let bytes = this.#inbox.shift(); bytes !== undefined; bytes = this.#inbox.shift()) {
      this.#events?.received(bytes, true);
    }
    if (!this.#closed || this.#told) return;
    this.#told = true;
    this.#events?.closed();
  }
}

/**
 * Two transports that are joined to each other, for tests and for a broker in the same process. Both count as encrypted
 * and as of this machine; when one is ended, the other gets what was sent before and ends too.
 */
export function memoryTransportPair(): readonly [Transport, Transport] {
  const left = new MemoryTransport();
  const right = new MemoryTransport();
  left.join(right);
  right.join(left);
  return [left, right];
}
