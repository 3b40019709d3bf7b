import type { Transport, TransportEvents } from './transport.ts';

/** One end of an in-memory pipe. What is sent arrives in a later microtask, as a copy. */
class MemoryTransport implements Transport {
  readonly encrypted = true;
  readonly loopback = true;
  #other: MemoryTransport | undefined = undefined;
  #events: TransportEvents | undefined = undefined;
  /** What arrived before anyone listened. */
  #early: (() => void)[] = [];
  #ended = false;
  #closed = false;

  join(other: MemoryTransport): void {
    this.#other = other;
  }

  open(events: TransportEvents): void {
    this.#events = events;
    for (const deliver of this.#early.splice(0)) deliver();
  }

  #deliver(deliver: (events: TransportEvents) => void): void {
    const events = this.#events;
    if (events === undefined) this.#early.push(() => this.#deliver(deliver));
    else if (!this.#closed) deliver(events);
  }

  send(chunks: readonly Uint8Array[], done: () => void): void {
    const copies = chunks.map((chunk) => chunk.slice());
    queueMicrotask(() => {
      for (const copy of copies) this.#other?.take(copy);
      done();
    });
  }

  /** Octets from the other end. */
  take(bytes: Uint8Array): void {
    this.#deliver((events) => events.received(bytes));
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    queueMicrotask(() => {
      this.#other?.close();
      this.close();
    });
  }

  destroy(): void {
    this.end();
  }

  /** The pipe has ended. */
  close(): void {
    this.#deliver((events) => {
      this.#closed = true;
      events.closed();
    });
  }
}

/** Two transports that are joined to each other. */
export function memoryTransportPair(): readonly [Transport, Transport] {
  const left = new MemoryTransport();
  const right = new MemoryTransport();
  left.join(right);
  right.join(left);
  return [left, right];
}
