import { amqpError } from '../errors/index.ts';
import { Writer } from '../codec/index.ts';
import { writePerformative, writeSaslFrame, type PerformativeInit, type SaslFrameInit } from '../definitions/index.ts';
import { Output, type PayloadOwner } from './output.ts';

/** The octets before the body: size, doff, type, channel (§2.3.1). */
export const FRAME_HEADER_SIZE = 8;
/** What every peer takes before it has said more (§2.4.1). */
export const MIN_MAX_FRAME_SIZE = 512;
/** A frame fits into a page, however large the peer's limit is. */
const MOST_FRAME_SIZE = 65_536;

/** Sees each frame: direction, channel, type, and the body, which is only valid during the call. */
export type FrameTrace = (direction: 'in' | 'out', channel: number, type: number, body: Uint8Array) => void;

/** Writes frames to the output, none larger than the peer takes. */
export class FrameWriter {
  readonly output: Output = new Output();
  /** The largest frame that may be written now. */
  maxFrameSize: number = MIN_MAX_FRAME_SIZE;
  readonly #trace: FrameTrace | undefined;
  readonly #scratch = new Writer(512);

  readonly #wake: () => void;

  constructor(wake: () => void, trace: FrameTrace | undefined) {
    this.#wake = wake;
    this.#trace = trace;
  }

  /** Takes the limit of the peer's open (§2.7.1). */
  setLimit(maxFrameSize: number): void {
    this.maxFrameSize = Math.min(maxFrameSize, MOST_FRAME_SIZE);
  }

  /** Octets that are no frame: a protocol header. */
  header(octets: Uint8Array): void {
    const writer = this.output.begin(octets.length);
    const start = writer.position;
    writer.raw(octets);
    this.output.commit(writer, start);
    this.#wake();
  }

  /** An empty frame: it only shows that we live (§2.4.5). */
  heartbeat(): void {
    const writer = this.begin(0, 0, FRAME_HEADER_SIZE);
    this.end(writer, writer.position - FRAME_HEADER_SIZE);
  }

  performative(channel: number, performative: PerformativeInit): void {
    this.#scratch.position = 0;
    writePerformative(this.#scratch, performative);
    this.#body(0, channel, performative.type);
  }

  /** Whether the peer takes the frame of a performative. */
  fits(performative: PerformativeInit): boolean {
    this.#scratch.position = 0;
    writePerformative(this.#scratch, performative);
    return FRAME_HEADER_SIZE + this.#scratch.position <= this.maxFrameSize;
  }

  sasl(frame: SaslFrameInit): void {
    this.#scratch.position = 0;
    writeSaslFrame(this.#scratch, frame);
    this.#body(1, 0, frame.type);
  }

  #body(type: number, channel: number, name: string): void {
    const size = FRAME_HEADER_SIZE + this.#scratch.position;
    if (size > this.maxFrameSize) {
      throw amqpError(
        'invalid-argument',
        `the ${name} frame has ${size} octets, and the peer takes ${this.maxFrameSize}: shorten its names and properties`,
      );
    }
    const writer = this.begin(type, channel, size);
    const start = writer.position - FRAME_HEADER_SIZE;
    writer.raw(this.#scratch.bytes.subarray(0, this.#scratch.position));
    this.end(writer, start);
  }

  /** Begins a frame with room for `size` octets; returns the writer behind the header. */
  begin(type: number, channel: number, size: number): Writer {
    const writer = this.output.begin(size);
    const start = writer.reserve(FRAME_HEADER_SIZE);
    writer.view.setUint16(start + 4, 0x0200 | type);
    writer.view.setUint16(start + 6, channel);
    return writer;
  }

  /** Whether a payload may be sent from where it lies; a trace wants to see each frame in one piece. */
  get refers(): boolean {
    return this.#trace === undefined;
  }

  /** Ends the frame that began at `start` with octets that stay where they are; their owner is told when they are written. */
  endWith(
    writer: Writer,
    start: number,
    payload: Uint8Array,
    from: number,
    to: number,
    owner: PayloadOwner | undefined,
  ): void {
    writer.view.setUint32(start, writer.position - start + to - from);
    this.output.commit(writer, start);
    this.output.refer(payload, from, to, owner);
    this.#wake();
  }

  /** Ends the frame that began at `start`. */
  end(writer: Writer, start: number): void {
    writer.view.setUint32(start, writer.position - start);
    this.output.commit(writer, start);
    this.#wake();
    if (this.#trace === undefined) return;
    const { view, bytes, position } = writer;
    this.#trace(
      'out',
      view.getUint16(start + 6),
      view.getUint8(start + 5),
      bytes.subarray(start + FRAME_HEADER_SIZE, position),
    );
  }
}
