import type { Transport, TransportEvents } from '../../../src/io/index.ts';

/** A transport that writes down what it is told, and frees memory only when the test says so. */
export class FakeTransport implements Transport {
  readonly encrypted = true;
  readonly loopback = true;
  /** What was called, in order; a send with the number of its octets. */
  readonly calls: string[] = [];
  readonly sent: Uint8Array[] = [];
  /** What happens during the next send. */
  duringSend: (() => void) | undefined = undefined;
  readonly #done: (() => void)[] = [];
  #events: TransportEvents | undefined = undefined;

  open(events: TransportEvents): void {
    this.calls.push('open');
    this.#events = events;
  }

  send(chunks: readonly Uint8Array[], done: () => void): void {
    const bytes = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
    this.calls.push(`send ${bytes.length}`);
    this.sent.push(bytes);
    this.#done.push(done);
    const { duringSend } = this;
    this.duringSend = undefined;
    duringSend?.();
  }

  end(): void {
    this.calls.push('end');
  }

  destroy(): void {
    this.calls.push('destroy');
  }

  /** The octets came from the peer. */
  receive(bytes: Uint8Array): void {
    this.#events?.received(bytes);
  }

  /** The transport has ended. */
  close(error?: Error): void {
    this.#events?.closed(error);
  }

  /** Everything that was sent is done. */
  free(): void {
    for (const done of this.#done.splice(0)) done();
  }
}
