import type { Transport, TransportEvents } from '../io/index.ts';
import { readFrame, writeFrame, type CompositeValue, type WireFrame } from './wire-frame.ts';

/** Answers one kind of frame. What it returns is not used: it sends by the peer. */
export type FrameHandler = (frame: WireFrame, peer: ScriptedPeer) => void;

const HEADER_SIZE = 8;
const AMQP = Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 1, 0, 0);
const SASL = Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 3, 1, 0, 0);

/**
 * The other side of a connection, for tests: a server that behaves until it is told not to. It reads and writes by a
 * codec of its own. Handlers replace its behaviour for one kind of frame each, so a test states only what is different.
 * Give `peer.transport` to `connect()` as its `transport`.
 *
 * @example
 * ```ts
 * import { connect } from 'amqp1';
 * import { ScriptedPeer } from 'amqp1/testing';
 *
 * const peer = new ScriptedPeer();
 * peer.on('begin', () => peer.send({ is: 'close', error: { is: 'error', condition: 'amqp:not-allowed' } }));
 * const connection = await connect('amqp://peer', { transport: () => peer.transport });
 * await connection.createSession().catch((error) => console.log(error.condition));
 * ```
 */
export class ScriptedPeer {
  /** The frames that came, in their order; a protocol header is one too. */
  readonly frames: WireFrame[] = [];
  /** Send in pieces of this many octets. */
  chunkSize: number = Infinity;
  /** How many deliveries a sender may send from its attach on. */
  credit = 100;
  readonly #handlers = new Map<string, FrameHandler>(defaults);
  #events: TransportEvents | undefined = undefined;
  #input: Uint8Array = new Uint8Array(0);
  #ended = false;

  /** The end of the pipe that belongs to the party under test. */
  get transport(): Transport {
    return {
      encrypted: true,
      loopback: true,
      open: (events) => {
        this.#events = events;
      },
      send: (chunks, done) => {
        const copies = chunks.map((chunk) => chunk.slice());
        queueMicrotask(() => {
          for (const copy of copies) this.#receive(copy);
          done();
        });
      },
      end: () => queueMicrotask(() => this.end()),
      destroy: () => queueMicrotask(() => this.end()),
    };
  }

  /** Replaces what the peer does at one kind of frame: `header`, `open`, `attach`, `sasl-init`, … */
  on(is: string, handler: FrameHandler): this {
    this.#handlers.set(is, handler);
    return this;
  }

  /** Does what the peer does by default, from within a handler. */
  default(frame: WireFrame): void {
    defaults.get(frame.is)?.(frame, this);
  }

  /** Sends a frame. @throws Error as {@link writeFrame} does, and what the receiving side throws */
  send(composite: CompositeValue, payload?: Uint8Array, channel?: number): void {
    this.sendRaw(writeFrame(composite, payload, channel));
  }

  /** Sends octets as they are. @throws what the receiving side throws, an Error as a rule */
  sendRaw(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += this.chunkSize) {
      this.#events?.received(bytes.slice(at, Math.min(bytes.length, at + this.chunkSize)));
    }
  }

  /** Ends the transport. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events?.closed(error);
  }

  /** The frames of one kind that came. */
  framesOf(is: string): WireFrame[] {
    return this.frames.filter((frame) => frame.is === is);
  }

  #receive(bytes: Uint8Array): void {
    const input = new Uint8Array(this.#input.length + bytes.length);
    input.set(this.#input);
    input.set(bytes, this.#input.length);
    let at = 0;
    for (let size = this.#unit(input, at); size > 0 && !this.#ended; size = this.#unit(input, at)) {
      const unit = input.slice(at, at + size);
      at += size;
      const isHeader = unit[0] === AMQP[0];
      const frame = isHeader ? { is: 'header', channel: 0, fields: { id: unit[4] }, payload: unit } : readFrame(unit);
      this.frames.push(frame);
      this.#handlers.get(frame.is)?.(frame, this);
    }
    this.#input = input.slice(at);
  }

  /** The size of the header or frame at a place, or 0 while it is not whole. A frame never begins like a header. */
  #unit(input: Uint8Array, at: number): number {
    const left = input.length - at;
    if (left < HEADER_SIZE) return 0;
    if (input[at] === AMQP[0]) return HEADER_SIZE;
    const size = new DataView(input.buffer, at).getUint32(0);
    return size <= left ? size : 0;
  }
}

/** The terminus that the party under test asked for, with its address only. */
function terminus(is: 'source' | 'target', asked: unknown): CompositeValue | null {
  if (typeof asked !== 'object' || asked === null) return null;
  return 'address' in asked ? { is, address: String(asked.address) } : { is };
}

/** The settle mode that was asked for. */
function settleMode(asked: unknown): number | null {
  return typeof asked === 'number' ? asked : null;
}

/** What a server does that has nothing to say: it agrees. */
const defaults: ReadonlyMap<string, FrameHandler> = new Map<string, FrameHandler>([
  [
    'header',
    ({ fields }, peer) => {
      peer.sendRaw(fields['id'] === 3 ? SASL : AMQP);
      if (fields['id'] === 3) peer.send({ is: 'sasl-mechanisms', 'sasl-server-mechanisms': 'ANONYMOUS' });
    },
  ],
  ['sasl-init', (_frame, peer) => peer.send({ is: 'sasl-outcome', code: 0 })],
  ['open', (_frame, peer) => peer.send({ is: 'open', 'container-id': 'scripted-peer' })],
  [
    'begin',
    ({ channel }, peer) =>
      peer.send(
        {
          is: 'begin',
          'remote-channel': channel,
          'next-outgoing-id': 0,
          'incoming-window': 1000,
          'outgoing-window': 1000,
        },
        undefined,
        channel,
      ),
  ],
  [
    'attach',
    ({ channel, fields }, peer) => {
      const isSender = fields['role'] === false;
      const handle = Number(fields['handle']);
      peer.send(
        {
          is: 'attach',
          name: String(fields['name']),
          handle,
          role: isSender,
          'snd-settle-mode': settleMode(fields['snd-settle-mode']),
          'rcv-settle-mode': settleMode(fields['rcv-settle-mode']),
          source: terminus('source', fields['source']),
          target: terminus('target', fields['target']),
          'initial-delivery-count': isSender ? null : 0,
        },
        undefined,
        channel,
      );
      if (!isSender) return;
      const windows = {
        'next-incoming-id': 0,
        'incoming-window': 1000,
        'next-outgoing-id': 0,
        'outgoing-window': 1000,
      };
      peer.send(
        { is: 'flow', ...windows, handle, 'delivery-count': 0, 'link-credit': peer.credit },
        undefined,
        channel,
      );
    },
  ],
  [
    'transfer',
    ({ channel, fields }, peer) => {
      if (fields['more'] === true || fields['settled'] === true || fields['delivery-id'] === undefined) return;
      const state: CompositeValue = { is: 'accepted' };
      peer.send(
        { is: 'disposition', role: true, first: Number(fields['delivery-id']), settled: true, state },
        undefined,
        channel,
      );
    },
  ],
  [
    'detach',
    ({ channel, fields }, peer) =>
      peer.send(
        { is: 'detach', handle: Number(fields['handle']), closed: fields['closed'] === true },
        undefined,
        channel,
      ),
  ],
  ['end', ({ channel }, peer) => peer.send({ is: 'end' }, undefined, channel)],
  [
    'close',
    (_frame, peer) => {
      peer.send({ is: 'close' });
      peer.end();
    },
  ],
]);
