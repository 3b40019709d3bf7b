import { FrameStream, numberOf, type SizedFrame } from './frames.ts';
import type { Tap } from './network.ts';
import { ObservedSession } from './session-observer.ts';

const SMALLEST_MAX_FRAME_SIZE = 512;

/**
 * Watches one endpoint of a connection from outside: reads what it sends and what reaches it, and says where it breaks
 * a rule, by what it could know at that moment.
 */
export class Observer implements Tap {
  readonly who: string;
  readonly faults: string[] = [];
  /** The last frames, for the message of a fault. */
  readonly #recent: [direction: string, frame: SizedFrame][] = [];
  readonly #out = new FrameStream();
  readonly #in = new FrameStream();
  readonly #sessions = new Map<number, ObservedSession>();
  readonly #byRemoteChannel = new Map<number, ObservedSession>();
  #maxFrameSize = SMALLEST_MAX_FRAME_SIZE;
  #channelMax = 65_535;
  #opened = false;
  #closed = false;

  constructor(who: string) {
    this.who = who;
  }

  sent(bytes: Uint8Array): void {
    for (const frame of this.#out.take(bytes)) {
      this.#remember('>', frame);
      const fault = this.#said(frame);
      if (fault !== undefined) this.faults.push(`${this.who}: ${fault}\n${this.#recent.map(shown).join('\n')}`);
    }
  }

  received(bytes: Uint8Array): void {
    for (const frame of this.#in.take(bytes)) {
      this.#remember('<', frame);
      this.#heard(frame);
    }
  }

  #remember(direction: string, frame: SizedFrame): void {
    this.#recent.push([direction, frame]);
    if (this.#recent.length > 30) this.#recent.shift();
  }

  #said(frame: SizedFrame): string | undefined {
    if (frame.is === 'header' || frame.is.startsWith('sasl-')) return undefined;
    if (frame.size > this.#maxFrameSize)
      return `a ${frame.is} of ${frame.size} octets, and ${this.#maxFrameSize} are allowed`;
    if (this.#closed) return `a ${frame.is} was sent after the close`;
    if (frame.is === 'heartbeat') return undefined;
    if (frame.is === 'open') {
      this.#opened = true;
      return undefined;
    }
    if (!this.#opened) return `a ${frame.is} was sent before the open`;
    if (frame.is === 'close') {
      this.#closed = true;
      return undefined;
    }
    return this.#saidInSession(frame);
  }

  #saidInSession(frame: SizedFrame): string | undefined {
    const { channel } = frame;
    if (channel > this.#channelMax) return `the channel ${channel} is above the channel-max ${this.#channelMax}`;
    const session = this.#sessions.get(channel);
    if (frame.is !== 'begin') {
      if (session === undefined) return `a ${frame.is} on the channel ${channel}, which has no session`;
      const fault = session.said(frame);
      this.#forget(channel, session);
      return fault;
    }
    if (session !== undefined) return `a begin on the channel ${channel}, which has a session`;
    const remote = numberOf(frame, 'remote-channel');
    // The answer to a begin of the peer belongs to the session that this has made.
    const begun = (remote === undefined ? undefined : this.#byRemoteChannel.get(remote)) ?? new ObservedSession();
    begun.saidBegin(frame);
    this.#sessions.set(channel, begun);
    return undefined;
  }

  #heard(frame: SizedFrame): void {
    const { is, channel } = frame;
    if (is === 'open') {
      this.#maxFrameSize = Math.max(SMALLEST_MAX_FRAME_SIZE, numberOf(frame, 'max-frame-size') ?? Infinity);
      this.#channelMax = numberOf(frame, 'channel-max') ?? 65_535;
    } else if (is === 'begin') this.#heardBegin(frame);
    else {
      const session = this.#byRemoteChannel.get(channel);
      session?.heard(frame);
      if (is === 'end') this.#byRemoteChannel.delete(channel);
      const [own] = [...this.#sessions].find(([, other]) => other === session) ?? [];
      if (own !== undefined && session !== undefined) this.#forget(own, session);
    }
  }

  #heardBegin(frame: SizedFrame): void {
    const own = numberOf(frame, 'remote-channel');
    const session = (own === undefined ? undefined : this.#sessions.get(own)) ?? new ObservedSession();
    this.#byRemoteChannel.set(frame.channel, session);
    session.heardBegin(frame);
  }

  /** Both sides have ended: the channel may be used again. */
  #forget(channel: number, session: ObservedSession): void {
    if (session.ended && session.remoteEnded) this.#sessions.delete(channel);
  }
}

/** A frame as a fault shows it. */
function shown([direction, { is, channel, fields }]: [direction: string, frame: SizedFrame]): string {
  const text = JSON.stringify(fields, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  return `  ${direction} [${channel}] ${is} ${text.slice(0, 200)}`;
}
