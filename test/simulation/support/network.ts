import type { Transport, TransportEvents } from '../../../src/io/index.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** What a network does to what is sent over it. */
export interface Weather {
  /** The most that a piece of a write takes to arrive, in ms. */
  readonly latency: number;
  /** The largest piece that arrives at once, in octets. */
  readonly piece: number;
  /** How long a write may occupy the memory that it was given, in ms. */
  readonly lingering: number;
}

/** Sees the octets at one end of a pipe: what it sends, and what reaches it. */
export interface Tap {
  sent(bytes: Uint8Array): void;
  received(bytes: Uint8Array): void;
}

/** One end of a simulated connection. */
class SimulatedTransport implements Transport {
  readonly encrypted = true;
  readonly loopback = true;
  readonly #pipe: Pipe;
  readonly #tap: Tap;
  #other: SimulatedTransport = this;
  #events: TransportEvents | undefined = undefined;
  /** Writes arrive in their order: none before this time. */
  #arrivesAt = 0;
  #doneAt = 0;
  #ended = false;
  #closed = false;

  constructor(pipe: Pipe, tap: Tap) {
    this.#pipe = pipe;
    this.#tap = tap;
  }

  join(other: SimulatedTransport): void {
    this.#other = other;
  }

  open(events: TransportEvents): void {
    this.#events = events;
  }

  send(chunks: readonly Uint8Array[], done: () => void): void {
    const { world, random, weather } = this.#pipe;
    const bytes = joined(chunks);
    if (!this.#ended) {
      this.#tap.sent(bytes);
      for (let at = 0; at < bytes.length;) {
        const size = random.int(1, Math.min(weather.piece, bytes.length - at));
        this.#arrive(bytes.slice(at, at + size));
        at += size;
      }
    }
    // The memory is given back late but in order, and spoilt, as the next user of it will.
    this.#doneAt = Math.max(this.#doneAt, world.now() + random.int(0, weather.lingering));
    world.after(this.#doneAt - world.now(), () => {
      for (const chunk of chunks) chunk.fill(0xee);
      done();
    });
  }

  #arrive(piece: Uint8Array): void {
    const { world, random, weather } = this.#pipe;
    this.#arrivesAt = Math.max(this.#arrivesAt, world.now() + random.int(0, weather.latency));
    world.after(this.#arrivesAt - world.now(), () => this.#other.#take(piece));
  }

  #take(piece: Uint8Array): void {
    if (this.#closed || this.#pipe.silent) return;
    const allowed = this.#pipe.carry(piece.length);
    if (allowed > 0) {
      const bytes = piece.subarray(0, allowed);
      this.#tap.received(bytes);
      // Some transports write to the memory of a read again, others never do.
      const lasting = bytes.length % 2 === 0;
      this.#events?.received(bytes, lasting);
      if (!lasting) bytes.fill(0xee);
    }
    if (allowed < piece.length) this.#pipe.cut();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { world } = this.#pipe;
    world.after(Math.max(0, this.#arrivesAt - world.now()), () => {
      if (!this.#pipe.silent) this.#other.closed();
      this.closed();
    });
  }

  destroy(): void {
    this.#ended = true;
    const { world } = this.#pipe;
    world.after(0, () => {
      if (!this.#pipe.silent) this.#other.closed();
      this.closed();
    });
  }

  closed(error?: Error): void {
    this.#ended = true;
    if (this.#closed) return;
    this.#closed = true;
    this.#events?.closed(error);
  }
}

/** A connection over the simulated network: two transports, and what goes wrong between them. */
export class Pipe {
  readonly world: World;
  readonly random: Random;
  readonly weather: Weather;
  readonly near: Transport;
  readonly far: Transport;
  /** Nothing arrives any more, and nobody is told: a half-open connection. */
  silent = false;
  /** Whether it was cut or went silent: what was in flight is lost. */
  broken = false;
  /** How many octets it still carries before it is cut. */
  #life = Infinity;
  readonly #ends: readonly SimulatedTransport[];

  constructor(world: World, random: Random, weather: Weather, taps: { readonly near: Tap; readonly far: Tap }) {
    this.world = world;
    this.random = random;
    this.weather = weather;
    const near = new SimulatedTransport(this, taps.near);
    const far = new SimulatedTransport(this, taps.far);
    near.join(far);
    far.join(near);
    this.near = near;
    this.far = far;
    this.#ends = [near, far];
  }

  /** How many of the next octets arrive. */
  carry(octets: number): number {
    const allowed = Math.min(octets, this.#life);
    this.#life -= allowed;
    return allowed;
  }

  /** Cuts it after some more octets, wherever in a frame that is. */
  cutAfter(octets: number): void {
    this.#life = Math.min(this.#life, octets);
  }

  cut(): void {
    if (this.broken) return;
    this.broken = true;
    for (const end of this.#ends) this.world.after(this.random.int(0, 20), () => end.closed(new Error('cut')));
  }

  /** Ends both ends, however it stands: what is half open is noticed at last. */
  hangUp(): void {
    for (const end of this.#ends) end.closed(new Error('gone'));
  }

  /** Goes silent; the side that gives up first ends it for itself only. */
  silence(): void {
    this.broken = true;
    this.silent = true;
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
