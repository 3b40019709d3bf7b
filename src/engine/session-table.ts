import { amqpError } from '../errors/index.ts';
import { ErrorCondition } from '../definitions/index.ts';
import type { Begin } from '../definitions/index.ts';
import { NumberPool } from './number-pool.ts';
import type { SessionConnection, SessionHost, SessionOptions } from './session-host.ts';
import { Session } from './session.ts';

/** What the table asks of its connection, besides what a session does. */
export interface SessionTableHost extends SessionConnection {
  /** The highest channel that both sides can use. */
  readonly highestChannel: number;
  /** The peer has begun a session. */
  requested(session: Session): void;
}

/** The sessions of a connection: by our channel, and by the peer's, which may be another (§2.5.1). */
export class SessionTable {
  readonly #host: SessionTableHost;
  readonly #numbers = new NumberPool();
  readonly #local = new Map<number, Session>();
  readonly #remote = new Map<number, Session>();
  #recentChannel = -1;
  #recent: Session | undefined = undefined;

  constructor(host: SessionTableHost) {
    this.#host = host;
  }

  /** Whether another session can be begun. */
  get hasFree(): boolean {
    return this.#numbers.count <= this.#host.highestChannel;
  }

  /** Begins a session; one that cannot be begun leaves nothing behind. */
  begin(options: SessionOptions, host: SessionHost): Session {
    const session = this.create();
    try {
      session.begin(options, host);
    } catch (error) {
      this.release(session.channel);
      throw error;
    }
    return session;
  }

  /** Makes a session on the lowest free channel. */
  create(): Session {
    const channel = this.#numbers.take(this.#host.highestChannel);
    if (channel === undefined) {
      throw amqpError(
        'channels-exhausted',
        `all ${this.#host.highestChannel + 1} channels of the connection are in use`,
      );
    }
    const session = new Session(this.#host, channel);
    this.#local.set(channel, session);
    return session;
  }

  release(channel: number): void {
    this.#local.delete(channel);
    this.#numbers.release(channel);
  }

  /** The session that the peer means by its channel. */
  of(channel: number): Session | undefined {
    if (channel === this.#recentChannel) return this.#recent;
    const session = this.#remote.get(channel);
    if (session !== undefined) {
      this.#recentChannel = channel;
      this.#recent = session;
    }
    return session;
  }

  /** The peer's channel means nothing any more. */
  unmap(channel: number): void {
    this.#remote.delete(channel);
    this.#recentChannel = -1;
    this.#recent = undefined;
  }

  all(): Session[] {
    return [...this.#local.values()];
  }

  /** The peer begins a session, or answers our begin. */
  receiveBegin(channel: number, begin: Begin): void {
    if (this.#remote.has(channel)) {
      this.#host.fail(ErrorCondition.notAllowed, `a begin came on channel ${channel}, which has a session`);
      return;
    }
    const session = begin.remoteChannel === undefined ? this.#requested() : this.#answered(begin.remoteChannel);
    if (session === undefined) return;
    this.#remote.set(channel, session);
    session.receiveBegin(begin, channel);
    if (begin.remoteChannel === undefined) this.#host.requested(session);
  }

  #requested(): Session | undefined {
    if (this.hasFree) return this.create();
    this.#host.fail(ErrorCondition.resourceLimitExceeded, 'no channel is free to answer a begin');
    return undefined;
  }

  #answered(remoteChannel: number): Session | undefined {
    const session = this.#local.get(remoteChannel);
    if (session?.state === 'openSent' || session?.state === 'closePipe') return session;
    this.#host.fail(ErrorCondition.notAllowed, `a begin answers channel ${remoteChannel}, where nothing was begun`);
    return undefined;
  }
}
