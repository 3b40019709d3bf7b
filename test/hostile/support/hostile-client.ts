import type { Transport } from '../../../src/io/index.ts';
import type { WireFrame } from '../../../src/testing/index.ts';
import { FrameStream } from '../../simulation/support/frames.ts';
import { Observer } from '../../simulation/support/observer.ts';

/** The end of a pipe to a broker, in the hands of somebody who writes octets; what the broker says is read and watched. */
export class HostileClient {
  readonly observer = new Observer('the broker');
  /** What the broker has said. */
  readonly heard: WireFrame[] = [];
  /** Whether the broker has ended the transport. */
  ended = false;
  readonly #transport: Transport;
  readonly #stream = new FrameStream();

  constructor(transport: Transport) {
    this.#transport = transport;
    transport.open({
      received: (octets) => {
        this.observer.sent(octets);
        this.heard.push(...this.#stream.take(octets).filter(({ is }) => is !== 'heartbeat'));
      },
      closed: () => (this.ended = true),
    });
  }

  /** Sends octets; an observer that reads only the usual form is told what they stand for. */
  send(octets: Uint8Array, meant: Uint8Array = octets): void {
    try {
      this.observer.received(meant);
    } catch (error) {
      // It cannot read all that is wrong; what comes of that is judged by the level.
      if (!(error instanceof RangeError)) throw error;
    }
    this.#transport.send([octets], () => undefined);
  }

  /** Hangs up without a word. */
  hangUp(): void {
    this.#transport.destroy();
  }
}
