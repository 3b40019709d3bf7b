import { blockOf, type Block } from '../codec/index.ts';
import { giveBackFrameMemory, takeFrameMemory } from './memory.ts';

/** What a stream of octets consists of: protocol headers (§2.2) and frames (§2.3). Both begin with eight octets. */
export interface InputSink {
  /** Whether a protocol header comes next, and not a frame. */
  readonly expectsHeader: boolean;
  /** Whether the rest of the input does not matter any more. */
  readonly deaf: boolean;
  /** Whether what the input means is still to be decided: it is kept until {@link Input.resume}. */
  readonly paused: boolean;
  /** The largest frame that is taken. */
  readonly maxFrameSize: number;
  /** A protocol header, or eight other octets where one belongs. */
  header(octets: Uint8Array): void;
  /** A frame; the body lies at `start` to `end` and is only valid during the call. */
  frame(type: number, channel: number, block: Block, start: number, end: number): void;
  /** A frame whose header is not valid. The rest of the input is lost. */
  malformed(code: 'framing-error' | 'frame-too-large', detail: string): void;
}

const NOTHING = blockOf(new Uint8Array(0));
const HEADER_SIZE = 8;
/** The first octet of every protocol header. */
const HEADER_START = 0x41;
/** What is kept while the sink decides: more than any client says before it knows that its login succeeded. */
const MOST_KEPT = 65_536;
/** Small messages that come beside larger frames must not hold those. */
const COARSE = 8192;
/** So many reads after the last large frame, the next one is not expected. */
const COARSE_READS = 16;
/** Size and data offset: with these a frame is known to be valid or not. */
const SIZE_KNOWN = 5;

/**
 * Cuts a stream of octets into headers and frames, wherever the reads are cut. A frame that lies in one read is used
 * in place; only one that spans reads is put together, in memory that grows with the octets that are there.
 */
export class Input {
  readonly #sink: InputSink;
  /** The octets of a unit that earlier reads began. */
  #partial: Block = NOTHING;
  #length = 0;
  /** Whether a frame header was not valid: where the next frame begins is not known. */
  #lost = false;
  /** The read that is being taken in, where nobody will write to its memory again. */
  #lasting: Block = NOTHING;
  /** For how many reads more a large frame is expected among the small ones. */
  #coarse = 0;
  /** What came while the sink was deciding. */
  #kept: Uint8Array[] = [];
  #keptLength = 0;

  constructor(sink: InputSink) {
    this.#sink = sink;
  }

  get #done(): boolean {
    return this.#lost || this.#sink.deaf;
  }

  /** Takes in a read. Nobody writes to its memory again where it is `lasting`; else it is the caller's afterwards. */
  receive(bytes: Uint8Array, lasting = false): void {
    let offset = 0;
    if (this.#coarse > 0) this.#coarse--;
    while (this.#length > 0 && offset < bytes.length && this.#reading) offset = this.#complete(bytes, offset);
    if (offset < bytes.length && this.#reading) {
      const block = blockOf(bytes);
      if (lasting) this.#lasting = block;
      offset = this.#whole(block, offset);
      this.#lasting = NOTHING;
    }
    if (offset === bytes.length || this.#done) return;
    // A copy: slice() of a Buffer is a view, and the memory is the caller's again afterwards.
    if (this.#sink.paused) this.#postpone(new Uint8Array(bytes.subarray(offset)));
    else this.#begin(blockOf(bytes.subarray(offset)));
  }

  /** Keeps the first octets of a unit; the reads to come bring the others. */
  #begin(rest: Block): void {
    const { length } = rest.bytes;
    this.#keep(rest.bytes, 0, length, this.#unitSize(rest, 0, length));
  }

  get #reading(): boolean {
    return !this.#done && !this.#sink.paused;
  }

  #postpone(bytes: Uint8Array): void {
    this.#kept.push(bytes);
    this.#keptLength += bytes.length;
    if (this.#keptLength <= MOST_KEPT) return;
    this.#lost = true;
    this.#kept = [];
    this.#sink.malformed('framing-error', `more than ${MOST_KEPT} octets came before the SASL exchange was over`);
  }

  /** The sink has decided: takes what came meanwhile. */
  resume(): void {
    const kept = this.#kept;
    this.#kept = [];
    this.#keptLength = 0;
    for (const bytes of kept) this.receive(bytes);
  }

  /**
   * Whether a payload of `size` octets may be left in the memory of the frame that is being handed out: it stays as it is,
   * and the rest of it is no more than several times the payload, or is payloads as well.
   */
  lasts(block: Block, size: number): boolean {
    return block === this.#lasting && (this.#coarse === 0 || size * 4 >= block.bytes.length);
  }

  /**
   * Takes the memory of the frame that is being handed out, so that its payload need not be copied. False where it is
   * that of a read, which will be written again.
   */
  adopt(block: Block): boolean {
    if (block !== this.#partial) return false;
    this.#partial = NOTHING;
    return true;
  }

  /** No more octets come. Fewer than a header in the place of one can still tell what the peer speaks: a TLS alert. */
  end(): void {
    const rest = this.#partial.bytes.subarray(0, this.#length);
    if (rest.length > 0 && rest[0] !== HEADER_START && this.#sink.expectsHeader) this.#sink.header(rest);
  }

  /** Takes all units that lie in the block as a whole; returns where the rest begins. */
  #whole(block: Block, from: number): number {
    const { length } = block.bytes;
    let offset = from;
    while (this.#reading) {
      const size = this.#unitSize(block, offset, length - offset);
      if (size === 0 || size > length - offset) break;
      this.#unit(block, offset, size);
      offset += size;
    }
    return offset;
  }

  /** Adds octets to the unit that earlier reads began, and takes it when it is whole. Returns the new offset. */
  #complete(bytes: Uint8Array, offset: number): number {
    const wanted = this.#unitSize(this.#partial, 0, this.#length);
    const end = Math.min(bytes.length, offset + Math.max(1, wanted - this.#length));
    this.#keep(bytes, offset, end, wanted);
    const size = this.#unitSize(this.#partial, 0, this.#length);
    if (size === this.#length) {
      this.#length = 0;
      this.#unit(this.#partial, 0, size);
      giveBackFrameMemory(this.#partial);
      this.#partial = NOTHING;
    }
    return end;
  }

  #keep(bytes: Uint8Array, start: number, end: number, wanted: number): void {
    const needed = this.#length + end - start;
    if (this.#partial.bytes.length < needed) {
      const grown = takeFrameMemory(Math.max(HEADER_SIZE, needed), wanted);
      grown.bytes.set(this.#partial.bytes.subarray(0, this.#length));
      giveBackFrameMemory(this.#partial);
      this.#partial = grown;
    }
    this.#partial.bytes.set(bytes.subarray(start, end), this.#length);
    this.#length = needed;
  }

  /**
   * The size of the header or frame at `offset`, as far as the octets that are there tell: 0 where they do not, or
   * where the frame is not valid; then the sink knows.
   */
  #unitSize(block: Block, offset: number, available: number): number {
    if (this.#sink.expectsHeader) return HEADER_SIZE;
    if (available < SIZE_KNOWN) return 0;
    const size = block.view.getUint32(offset);
    const dataOffset = block.view.getUint8(offset + 4) * 4;
    if (size > this.#sink.maxFrameSize) {
      // Decided from the first octets: what is too large is not buffered (§2.7.1).
      this.#sink.malformed(
        'frame-too-large',
        `a frame of ${size} octets is above our max-frame-size of ${this.#sink.maxFrameSize}`,
      );
    } else if (dataOffset < HEADER_SIZE || dataOffset > size) {
      this.#sink.malformed('framing-error', `a frame of ${size} octets has its data at octet ${dataOffset}`);
    } else return size;
    this.#lost = true;
    return 0;
  }

  #unit(block: Block, offset: number, size: number): void {
    if (size > COARSE) this.#coarse = COARSE_READS;
    if (this.#sink.expectsHeader) {
      this.#sink.header(block.bytes.subarray(offset, offset + HEADER_SIZE));
      return;
    }
    const { view } = block;
    const start = offset + view.getUint8(offset + 4) * 4;
    this.#sink.frame(view.getUint8(offset + 5), view.getUint16(offset + 6), block, start, offset + size);
  }
}
