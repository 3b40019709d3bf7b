import type { Transport } from '../../../src/io/index.ts';
import { ScriptedPeer, type WireFrame } from '../../../src/testing/index.ts';
import { Observer } from '../../simulation/support/observer.ts';
import { serverReplies, type Reply } from './server-script.ts';
import { rightOctets, type Misbehaviour, type Step } from './misbehaviour.ts';

/** A server that keeps to the script but for one step. */
export class HostileServer {
  readonly peer = new ScriptedPeer();
  readonly observer = new Observer('the client');
  readonly faults: string[] = [];
  /** How many frames of the client had come when the step was done wrong; undefined before. */
  brokenAt: number | undefined = undefined;
  readonly #replies = new Set<Reply>(serverReplies);
  readonly #step: Step | undefined;
  readonly #misbehaviour: Misbehaviour | undefined;
  /** Whether the client has ended the transport. */
  ended = false;

  constructor(step?: Step, misbehaviour?: Misbehaviour) {
    this.#step = step;
    this.#misbehaviour = misbehaviour;
    for (const on of new Set(serverReplies.map((reply) => reply.on))) this.peer.on(on, (frame) => this.#heard(frame));
  }

  /** The end of the pipe that the client has, with an observer at it. */
  get transport(): Transport {
    const { transport } = this.peer;
    const hangUp = (end: () => void): void => {
      this.ended = true;
      end();
    };
    return {
      ...transport,
      send: (chunks, done) => {
        for (const chunk of chunks) this.observer.sent(chunk);
        transport.send(chunks, done);
      },
      end: () => hangUp(() => transport.end()),
      destroy: () => hangUp(() => transport.destroy()),
    };
  }

  #heard(frame: WireFrame): void {
    for (const reply of this.#replies) {
      if (reply.on !== frame.is || reply.where?.(frame.fields) === false) continue;
      this.#replies.delete(reply);
      for (const step of reply.steps) if (!this.#say(step)) return;
      if (frame.is === 'close') this.peer.end();
      return;
    }
  }

  /** Sends the frame of a step; says whether the reply goes on. */
  #say(step: Step): boolean {
    const wrong = step === this.#step ? this.#misbehaviour : undefined;
    if (wrong !== undefined) this.brokenAt = this.peer.frames.length;
    const octets = wrong === undefined ? rightOctets(step) : wrong.octets;
    if (octets === undefined) return false;
    this.#hear(wrong?.heard ?? octets);
    try {
      this.peer.sendRaw(octets);
    } catch (error) {
      this.faults.push(`the client threw at its transport: ${String(error)}`);
    }
    return true;
  }

  /** The observer cannot read all that is wrong; what comes of such octets is judged by the level. */
  #hear(octets: Uint8Array): void {
    try {
      this.observer.received(octets);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
}
