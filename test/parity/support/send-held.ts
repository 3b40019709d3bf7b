import type { Connection, ConnectOptions } from '../../../src/client/index.ts';
import { FakeClock, ScriptedPeer } from '../../../src/testing/index.ts';
import { connectTo } from '../../client/support/scripted.ts';

/** A connection over a transport that can be told to take nothing, and to note how much each write has. */
export class HeldTransport {
  readonly peer: ScriptedPeer = new ScriptedPeer();
  readonly clock: FakeClock = new FakeClock();
  /** Whether octets that are sent stay where they are. */
  held = false;
  /** How many octets each write had. */
  readonly writes: number[] = [];
  #sent: Uint8Array = new Uint8Array(0);
  #waiting: (() => void)[] = [];

  connect(options: ConnectOptions = {}): Promise<Connection> {
    const inner = this.peer.transport;
    const send = (chunks: readonly Uint8Array[], done: () => void): void => {
      const write = Buffer.concat(chunks);
      this.writes.push(write.length);
      this.#sent = Buffer.concat([this.#sent, write]);
      if (this.held) this.#waiting.push(() => inner.send(chunks, done));
      else inner.send(chunks, done);
    };
    return connectTo(this.peer, { clock: this.clock, ...options, transport: () => ({ ...inner, send }) });
  }

  /** The size of each frame that was sent, in octets; a protocol header has 8. */
  frameSizes(): number[] {
    const sizes: number[] = [];
    const view = new DataView(this.#sent.buffer, this.#sent.byteOffset, this.#sent.byteLength);
    for (let at = 0; at < view.byteLength; at += sizes.at(-1) ?? 0) {
      sizes.push(view.getUint8(at) === 0x41 ? 8 : view.getUint32(at));
    }
    return sizes;
  }

  /** Lets everything through that was held. */
  release(): void {
    this.held = false;
    for (const send of this.#waiting.splice(0)) send();
  }
}
