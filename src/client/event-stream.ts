import { Queue } from './queue.ts';
import { Deferred } from './deferred.ts';

/** Lets any number of readers follow one series of events, each from when it began to read, until the series ends. */
export class EventStream<T> {
  readonly #readers = new Set<Reader<T>>();
  #ended = false;

  emit(event: T): void {
    for (const reader of this.#readers) reader.put(event);
  }

  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  /** Begins to read now, with a first event of its own. Leaving the loop ends the reading. */
  read(first: T): AsyncIterableIterator<T> {
    const reader = new Reader<T>(() => this.#readers.delete(reader));
    reader.put(first);
    if (this.#ended) reader.end();
    else this.#readers.add(reader);
    return reader;
  }
}

/** Events that nobody reads are not kept without bound: the oldest give way. */
const MOST_UNREAD = 1000;

class Reader<T> implements AsyncIterableIterator<T> {
  readonly #unread = new Queue<T>();
  readonly #waiting = new Queue<Deferred<IteratorResult<T, undefined>>>();
  readonly #left: () => void;
  #ended = false;

  constructor(left: () => void) {
    this.#left = left;
  }

  put(event: T): void {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) waiting.resolve({ done: false, value: event });
    else {
      if (this.#unread.size >= MOST_UNREAD) this.#unread.shift();
      this.#unread.push(event);
    }
  }

  end(): void {
    this.#ended = true;
    for (const waiting of this.#waiting.clear()) waiting.resolve({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const event = this.#unread.shift();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    const deferred = new Deferred<IteratorResult<T, undefined>>();
    this.#waiting.push(deferred);
    return deferred.promise;
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#left();
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
