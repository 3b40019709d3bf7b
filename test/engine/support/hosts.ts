import {
  IncomingDelivery,
  OutgoingDelivery,
  type Connection,
  type ConnectionEvent,
  type ConnectionHost,
  type LinkEvent,
  type ReceiverHost,
  type ReceiverLink,
  type SenderHost,
  type SenderLink,
  type Session,
  type SessionEvent,
  type SessionHost,
} from '../../../src/engine/index.ts';
import type { AmqpError } from '../../../src/errors/index.ts';

/** The state of a delivery at the peer, in words. */
function stateOf({ remoteState, remoteSettled }: OutgoingDelivery | IncomingDelivery): string {
  const name = remoteState === undefined ? 'none' : 'type' in remoteState ? remoteState.type : 'unknown';
  return remoteSettled ? `${name} settled` : name;
}

/** A delivery to send that writes down what it is told. */
export class Sent extends OutgoingDelivery {
  readonly calls: string[] = [];
  error: AmqpError | undefined = undefined;

  transferred(): void {
    this.calls.push('transferred');
  }

  updated(): void {
    this.calls.push(stateOf(this));
  }

  dropped(error: AmqpError): void {
    this.calls.push('dropped');
    this.error = error;
  }
}

/** A delivery that was received, and writes down what it is told. */
export class Taken extends IncomingDelivery {
  readonly calls: string[] = [];
  readonly #log: LinkLog;

  constructor(log: LinkLog) {
    super();
    this.#log = log;
  }

  get payload(): Uint8Array {
    return this.block?.bytes.slice(this.payloadStart, this.payloadEnd) ?? new Uint8Array(0);
  }

  delivered(): void {
    this.calls.push('delivered');
    this.#log.taken.push(this);
    this.#log.onDelivery(this);
  }

  updated(): void {
    this.calls.push(stateOf(this));
  }
}

/** The host of a link of either role. */
export class LinkLog implements SenderHost, ReceiverHost {
  readonly events: LinkEvent[] = [];
  readonly taken: Taken[] = [];
  creditChanges = 0;
  drains = 0;
  abortions = 0;
  onCredit: () => void = () => undefined;
  onDelivery: (delivery: Taken) => void = () => undefined;
  onEvent: (event: LinkEvent) => void = () => undefined;

  /** The types of the events, in order. */
  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  get payloads(): number[][] {
    return this.taken.map(({ payload }) => [...payload]);
  }

  event(event: LinkEvent): void {
    this.events.push(event);
    this.onEvent(event);
  }

  creditChanged(): void {
    this.creditChanges++;
    this.onCredit();
  }

  createDelivery(): Taken {
    return new Taken(this);
  }

  aborted(): void {
    this.abortions++;
  }

  drained(): void {
    this.drains++;
  }
}

/** What a peer asked for: a link that waits for its answer. */
export type Requested = Extract<SessionEvent, { readonly type: 'linkRequested' }>;

/** The host of a session. It leaves requested links to `onLink`. */
export class SessionLog implements SessionHost {
  readonly events: SessionEvent[] = [];
  readonly requested: Requested[] = [];
  onLink: (request: Requested) => void = () => undefined;

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  event(event: SessionEvent): void {
    this.events.push(event);
    if (event.type !== 'linkRequested') return;
    this.requested.push(event);
    this.onLink(event);
  }
}

/** The host of a connection. Sessions that the peer begins go to `onSession`. */
export class ConnectionLog implements ConnectionHost {
  readonly events: ConnectionEvent[] = [];
  readonly sessions: Session[] = [];
  wakes = 0;
  onSession: (session: Session) => void = () => undefined;

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  event(event: ConnectionEvent): void {
    this.events.push(event);
    if (event.type !== 'sessionRequested') return;
    this.sessions.push(event.session);
    this.onSession(event.session);
  }

  wake(): void {
    this.wakes++;
  }
}

/** A link that a server took, with its log. */
export interface ServedLink {
  readonly link: SenderLink | ReceiverLink;
  readonly log: LinkLog;
}

/** Everything that the engine has to send now. */
export function drainOutput(connection: Connection, written = true): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let chunk = connection.transmit(); chunk !== undefined; chunk = connection.transmit()) {
    chunks.push(chunk.slice());
    if (written) connection.written(chunk.length);
  }
  return chunks;
}
