import type { PerformativeInit, SaslFrameInit } from '../../../src/definitions/index.ts';
import { Connection, type ConnectionOptions, type Session } from '../../../src/engine/index.ts';
import { amqpHeader, brief, concat, frame, saslFrame, units, type Unit } from './frames.ts';
import { ConnectionLog, LinkLog, SessionLog, drainOutput, type Requested, type ServedLink } from './hosts.ts';

export const open: Extract<PerformativeInit, { type: 'open' }> = { type: 'open', containerId: 'raw' };

export function begin(fields: Partial<Extract<PerformativeInit, { type: 'begin' }>> = {}): PerformativeInit {
  return { type: 'begin', nextOutgoingId: 0, incomingWindow: 100, outgoingWindow: 100, ...fields };
}

/** The attach of a sender unless told otherwise. */
export function attach(fields: Partial<Extract<PerformativeInit, { type: 'attach' }>> = {}): PerformativeInit {
  return {
    type: 'attach',
    name: 'link',
    handle: 0,
    role: false,
    source: {},
    target: {},
    initialDeliveryCount: fields.role === true ? undefined : 0,
    ...fields,
  };
}

export function flow(fields: Partial<Extract<PerformativeInit, { type: 'flow' }>> = {}): PerformativeInit {
  return { type: 'flow', nextIncomingId: 0, incomingWindow: 100, nextOutgoingId: 0, outgoingWindow: 100, ...fields };
}

/** The first transfer of a delivery. */
export function transfer(
  deliveryId: number | undefined,
  fields: Partial<Extract<PerformativeInit, { type: 'transfer' }>> = {},
): PerformativeInit {
  const deliveryTag = deliveryId === undefined ? undefined : Uint8Array.of(deliveryId & 0xff);
  return { type: 'transfer', handle: 0, deliveryId, deliveryTag, messageFormat: 0, ...fields };
}

/** An engine whose peer is written by hand. */
export class RawPeer {
  readonly log: ConnectionLog = new ConnectionLog();
  readonly connection: Connection;
  readonly sessions: SessionLog[] = [];
  readonly served: ServedLink[] = [];
  /** How many deliveries the links that the engine answers may get. */
  credit = 0;
  now = 0;

  constructor(options: Partial<ConnectionOptions> = {}) {
    this.connection = new Connection({ role: 'server', containerId: 'engine', ...options }, this.log);
    this.log.onSession = (session) => {
      const log = new SessionLog();
      log.onLink = (request) => this.serve(request);
      this.sessions.push(log);
      session.begin({}, log);
    };
    this.connection.start(0);
  }

  serve({ link }: Requested): void {
    const log = new LinkLog();
    this.served.push({ link, log });
    link.attach({ source: {}, target: {} }, log);
    if ('grant' in link && this.credit > 0) link.grant(this.credit);
  }

  /** The session that was begun last. */
  get session(): SessionLog {
    const last = this.sessions.at(-1);
    if (last === undefined) throw new Error('no session was begun');
    return last;
  }

  /** The link that was answered last. */
  get link(): ServedLink {
    const last = this.served.at(-1);
    if (last === undefined) throw new Error('no link was answered');
    return last;
  }

  /** Gives octets to the engine, in one read. */
  bytes(...parts: readonly Uint8Array[]): this {
    this.connection.receive(concat(parts), this.now);
    return this;
  }

  /** Gives performatives to the engine, each in a read of its own. */
  send(...performatives: readonly PerformativeInit[]): this {
    for (const performative of performatives) this.bytes(frame(performative));
    return this;
  }

  sasl(...frames: readonly SaslFrameInit[]): this {
    for (const body of frames) this.bytes(saslFrame(body));
    return this;
  }

  transfer(performative: PerformativeInit, payload: readonly number[] = [], channel = 0): this {
    return this.bytes(frame(performative, channel, Uint8Array.from(payload)));
  }

  /** Header and open, and what the caller has besides. */
  opened(...performatives: readonly PerformativeInit[]): this {
    this.bytes(amqpHeader).send(open, ...performatives);
    return this;
  }

  /** What the engine wrote since the last call. */
  units(): Unit[] {
    return units(concat(drainOutput(this.connection)));
  }

  /** The same in few words. */
  said(): string[] {
    return this.units().map(brief);
  }
}

/** A client whose session is open, with the answers of its peer written by hand. */
export function began(): { readonly peer: RawPeer; readonly session: Session } {
  const peer = new RawPeer({ role: 'client' }).opened();
  const session = peer.connection.createSession({}, new SessionLog());
  peer.send(begin({ remoteChannel: 0 }));
  peer.said();
  return { peer, session };
}
