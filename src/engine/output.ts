import { Writer } from '../codec/index.ts';

const PAGE_SIZE = 65_536;
/** More than the frames that open a connection, a session and a link. */
const SMALL_PAGE_SIZE = 4096;
const MOST_FREE_PAGES = 32;

/** Memory for outgoing frames. */
class Page {
  readonly writer: Writer;
  /** How many segments of it are not done with. */
  segments = 0;

  constructor(size: number) {
    this.writer = new Writer(size);
  }
}

/** Whoever owns the memory of a payload. */
export interface PayloadOwner {
  /** All of the payload was sent, and the transport is done with its memory. */
  written(payload: Uint8Array): void;
}

/** Octets in one piece of memory: handed to the transport up to `sent`, and done with up to `done`. */
class Segment {
  bytes: Uint8Array;
  sent: number;
  done: number;
  end: number;
  /** Where the octets were written; undefined for a payload that stays where it is. */
  readonly page: Page | undefined;
  /** Who is told when all is done with, where a payload ends here. */
  readonly owner: PayloadOwner | undefined;

  constructor(bytes: Uint8Array, start: number, end: number, page?: Page, owner?: PayloadOwner) {
    this.bytes = bytes;
    this.sent = start;
    this.done = start;
    this.end = end;
    this.page = page;
    this.owner = owner;
  }
}

/** Takes the place of a page where there is none: nothing has room in it. */
const NO_PAGE = new Page(0);

/** Pages that no connection uses; shared by all connections of the process. */
const free: Page[] = [];

const freeSmall: Page[] = [];

/**
 * A page for `size` octets. The `first` that a connection fills is a small one where no other is free: a thousand
 * connections that say a few words each in one turn of the event loop would take 64 MiB.
 */
function takePage(size: number, first: boolean): Page {
  if (size > PAGE_SIZE) return new Page(size);
  const page = free.pop();
  if (page !== undefined) return page;
  return first && size <= SMALL_PAGE_SIZE ? (freeSmall.pop() ?? new Page(SMALL_PAGE_SIZE)) : new Page(PAGE_SIZE);
}

function recycle(page: Page): void {
  const { length } = page.writer.bytes;
  if (length > PAGE_SIZE) return;
  const pages = length === PAGE_SIZE ? free : freeSmall;
  if (pages.length >= MOST_FREE_PAGES) return;
  page.writer.position = 0;
  pages.push(page);
}

/**
 * The bytes on their way out. Frames are written in place, one after the other, into pooled pages; a large payload is
 * not copied there but sent from where it lies. `transmit` hands out what is new, and those octets stay as they are until
 * `written` says that the transport is done with them.
 */
export class Output {
  #segments: Segment[] = [];
  /** The first segment that may have octets for the transport. */
  #next = 0;
  #page = NO_PAGE;
  /** The last segment, where it is one of the page and may still grow. */
  #growing: Segment | undefined;
  #pending = 0;
  /** Counts the frames, for the heartbeat. */
  frames = 0;

  /** The octets that the transport has not finished with, including those it was not given yet. */
  get pending(): number {
    return this.#pending;
  }

  /** A writer with room for `size` octets. Call {@link commit} when they are written. */
  begin(size: number): Writer {
    const { writer } = this.#page;
    if (writer.position + size <= writer.bytes.length) return writer;
    this.#page = takePage(size, this.#segments.length === 0);
    this.#growing = undefined;
    return this.#page.writer;
  }

  /** Counts what was written since `start`. */
  commit(writer: Writer, start: number): void {
    const { bytes, position } = writer;
    const segment = this.#growing ?? this.#grow(start);
    // The memory of a page is another one where it had to grow.
    segment.bytes = bytes;
    segment.end = position;
    this.#pending += position - start;
    this.frames++;
  }

  #grow(start: number): Segment {
    const page = this.#page;
    const segment = new Segment(page.writer.bytes, start, start, page);
    page.segments++;
    this.#growing = segment;
    this.#segments.push(segment);
    return segment;
  }

  /** Sends octets from where they lie, behind what was committed. The owner, if any, is told when they are written. */
  refer(bytes: Uint8Array, start: number, end: number, owner: PayloadOwner | undefined): void {
    this.#segments.push(new Segment(bytes, start, end, undefined, owner));
    this.#growing = undefined;
    this.#pending += end - start;
  }

  /** The next octets for the transport, or undefined when it has them all. */
  transmit(): Uint8Array | undefined {
    const segments = this.#segments;
    for (let segment = segments[this.#next]; segment !== undefined; segment = segments[++this.#next]) {
      const { bytes, sent, end } = segment;
      if (sent < end) {
        segment.sent = end;
        return bytes.subarray(sent, end);
      }
      if (segment === this.#growing) break;
    }
    return undefined;
  }

  /** The transport is done with the next `count` octets. */
  written(count: number): void {
    this.#pending -= count;
    let left = count;
    let finished = 0;
    for (const segment of this.#segments) {
      const step = Math.min(left, segment.sent - segment.done);
      segment.done += step;
      left -= step;
      if (segment.done < segment.end) break;
      finished++;
    }
    this.#next = Math.max(0, this.#next - finished);
    for (const segment of this.#segments.splice(0, finished)) this.#finish(segment);
  }

  #finish(segment: Segment): void {
    const { page, bytes, owner } = segment;
    if (segment === this.#growing) this.#growing = undefined;
    owner?.written(bytes);
    if (page === undefined || --page.segments > 0) return;
    if (page === this.#page) this.#page = NO_PAGE;
    recycle(page);
  }

  /** Gives the memory back. Only for a transport that has ended: it must not read the octets any more. */
  clear(): void {
    this.#segments = [];
    this.#next = 0;
    this.#page = NO_PAGE;
    this.#growing = undefined;
    this.#pending = 0;
  }
}
