import type { Transport, TransportEvents } from '../../../src/io/index.ts';

/** Writes down what a transport tells, and lets a test wait for it. */
export class Recorder implements TransportEvents {
  readonly chunks: Uint8Array[] = [];
  /** Those that were said to stay as they are. */
  readonly lasting: Uint8Array[] = [];
  readonly ends: (Error | undefined)[] = [];
  #changed: () => void = () => undefined;

  received(bytes: Uint8Array, lasting = false): void {
    if (this.ends.length > 0) throw new Error('octets came after the end');
    if (lasting) this.lasting.push(bytes);
    // Only valid during the call, unless they last.
    this.chunks.push(lasting ? bytes : bytes.slice());
    this.#changed();
  }

  closed(error?: Error): void {
    this.ends.push(error);
    this.#changed();
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  get size(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** Resolves once a condition holds. */
  async until(condition: (recorder: this) => boolean): Promise<void> {
    while (!condition(this)) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  /** Resolves with the error, if there was one, once the transport has ended. */
  async end(): Promise<Error | undefined> {
    await this.until(({ ends }) => ends.length > 0);
    return this.ends[0];
  }
}

/** Opens a transport with a recorder. */
export function opened(transport: Transport): Recorder {
  const recorder = new Recorder();
  transport.open(recorder);
  return recorder;
}

export const octets = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

/** Sends, and resolves when the memory is free. */
export const sent = (transport: Transport, ...texts: string[]): Promise<void> =>
  new Promise((resolve) => transport.send(texts.map(octets), resolve));

/** Lets everything that is ready run. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
