import { Writer } from '../codec/index.ts';

const PAGE_SIZE = 65_536;
/** More than the frames that open a connection, a session and a link. */
const SMALL_PAGE_SIZE = 4096;
const MOST_FREE_PAGES = 32;

/** Memory for outgoing frames: what was written, handed to the transport (`sent`), and done with (`done`). */
class Page {
  readonly writer: Writer;
  sent = 0;
  done = 0;

  constructor(size: number) {
    this.writer = new Writer(size);
  }
}

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
  page.sent = 0;
  page.done = 0;
  pages.push(page);
}

/**
 * The bytes on their way out. Frames are written in place, one after the other, into pooled pages; `transmit` hands
 * out what is new, and those octets stay as they are until `written` says that the transport is done with them.
 */
export class Output {
  #pages: Page[] = [];
  #current: Page | undefined;
  #pending = 0;
  /** Counts the frames, for the heartbeat. */
  frames = 0;

  /** The octets that the transport has not finished with, including those it was not given yet. */
  get pending(): number {
    return this.#pending;
  }

  /** A writer with room for `size` octets. Call {@link commit} when they are written. */
  begin(size: number): Writer {
    let page = this.#current;
    if (page === undefined || page.writer.position + size > page.writer.bytes.length) {
      page = takePage(size, this.#pages.length === 0);
      this.#current = page;
      this.#pages.push(page);
    }
    return page.writer;
  }

  /** Counts what was written since `start`. */
  commit(writer: Writer, start: number): void {
    const length = writer.position - start;
    this.#pending += length;
    this.frames++;
  }

  /** The next octets for the transport, or undefined when it has them all. */
  transmit(): Uint8Array | undefined {
    for (const page of this.#pages) {
      const { position, bytes } = page.writer;
      if (page.sent === position) continue;
      const chunk = bytes.subarray(page.sent, position);
      page.sent = position;
      return chunk;
    }
    return undefined;
  }

  /** The transport is done with the next `count` octets. */
  written(count: number): void {
    this.#pending -= count;
    let left = count;
    let finished = 0;
    for (const page of this.#pages) {
      const step = Math.min(left, page.sent - page.done);
      page.done += step;
      left -= step;
      if (page.done < page.writer.position) break;
      finished++;
    }
    for (const page of this.#pages.splice(0, finished)) {
      if (page === this.#current) this.#current = undefined;
      recycle(page);
    }
  }

  /** Gives the memory back. Only for a transport that has ended: it must not read the octets any more. */
  clear(): void {
    this.#pages = [];
    this.#current = undefined;
    this.#pending = 0;
  }
}
