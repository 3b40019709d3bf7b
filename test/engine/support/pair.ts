import {
  Connection,
  type ConnectionOptions,
  type LinkOptions,
  type ReceiverLink,
  type SenderLink,
  type Session,
  type SessionOptions,
} from '../../../src/engine/index.ts';
import { ConnectionLog, LinkLog, SessionLog, drainOutput, type Requested, type ServedLink } from './hosts.ts';
import { concat, units, type Unit } from './frames.ts';

export interface PairOptions {
  readonly client?: Partial<ConnectionOptions>;
  readonly server?: Partial<ConnectionOptions>;
  /** How the server begins the sessions that the client asks for. */
  readonly serverSession?: SessionOptions;
  /** What the server says in its answers to links. */
  readonly serverLink?: LinkOptions;
  /** The size of the pieces in which octets cross. */
  readonly chunk?: number;
}

/** One engine of a pair with what its host saw and what it wrote. */
export class End {
  readonly log: ConnectionLog = new ConnectionLog();
  readonly connection: Connection;
  readonly written: Uint8Array[] = [];

  constructor(options: ConnectionOptions) {
    this.connection = new Connection(options, this.log);
  }

  /** All that was written so far. */
  get units(): Unit[] {
    return units(concat(this.written));
  }
}

/** A client and a server that are joined in memory. The server takes all sessions and links unless told otherwise. */
export class Pair {
  readonly client: End;
  readonly server: End;
  readonly serverSessions: { readonly session: Session; readonly log: SessionLog }[] = [];
  readonly served: ServedLink[] = [];
  /** All that has crossed, in order. */
  readonly crossed: { readonly from: End; readonly unit: Unit }[] = [];
  now = 0;
  readonly #options: PairOptions;

  constructor(options: PairOptions = {}) {
    this.#options = options;
    this.client = new End({ role: 'client', containerId: 'client', ...options.client });
    this.server = new End({ role: 'server', containerId: 'server', ...options.server });
    this.server.log.onSession = (session) => this.#serveSession(session);
    this.client.connection.start(0);
    this.server.connection.start(0);
  }

  #serveSession(session: Session): void {
    const log = new SessionLog();
    log.onLink = (request) => this.serveLink(request);
    this.serverSessions.push({ session, log });
    session.begin(this.#options.serverSession ?? {}, log);
  }

  /** Answers a link as the options say; its log is the newest of `served`. */
  serveLink(request: Requested): void {
    const log = new LinkLog();
    const { link } = request;
    this.served.push({ link, log });
    link.attach(this.#options.serverLink ?? { source: {}, target: {} }, log);
  }

  /** The link of the server that answers the newest one of the client. */
  get lastServed(): ServedLink {
    const last = this.served.at(-1);
    if (last === undefined) throw new Error('the server has no link');
    return last;
  }

  #cross(from: End, to: End): boolean {
    const bytes = concat(drainOutput(from.connection));
    if (bytes.length === 0) return false;
    from.written.push(bytes);
    for (const unit of units(bytes)) this.crossed.push({ from, unit });
    const step = this.#options.chunk ?? bytes.length;
    for (let at = 0; at < bytes.length; at += step) to.connection.receive(bytes.slice(at, at + step), this.now);
    return true;
  }

  /** Lets octets cross until there are none. */
  pump(): void {
    for (let round = 0; round < 10_000; round++) {
      const forth = this.#cross(this.client, this.server);
      const back = this.#cross(this.server, this.client);
      if (!forth && !back) return;
    }
    throw new Error('the engines never fall silent');
  }

  /** A session of the client, begun on both sides. */
  session(options: SessionOptions = {}): { readonly session: Session; readonly log: SessionLog } {
    const log = new SessionLog();
    const session = this.client.connection.createSession(options, log);
    this.pump();
    return { session, log };
  }

  /** A sender of the client in a session of its own, with its receiver at the server. */
  sender(options: LinkOptions = {}, credit = 0): SenderPair {
    const { session } = this.session();
    return this.senderIn(session, 'sender', options, credit);
  }

  /** A sender in a session that exists. */
  senderIn(session: Session, name: string, options: LinkOptions = {}, credit = 0): SenderPair {
    const log = new LinkLog();
    const sender = session.attachSender(name, { source: {}, target: {}, ...options }, log);
    this.pump();
    const { link, log: peerLog } = this.lastServed;
    if (!('grant' in link)) throw new Error('the answer of a sender is a receiver');
    if (credit > 0) link.grant(credit);
    this.pump();
    return { session, sender, log, receiver: link, receiverLog: peerLog };
  }

  /** A receiver of the client with its sender at the server. */
  receiver(options: LinkOptions = {}, credit = 0): SenderPair {
    const { session } = this.session();
    const receiverLog = new LinkLog();
    const receiver = session.attachReceiver('receiver', { source: {}, target: {}, ...options }, receiverLog);
    this.pump();
    const { link, log } = this.lastServed;
    if (!('send' in link)) throw new Error('the answer of a receiver is a sender');
    if (credit > 0) receiver.grant(credit);
    this.pump();
    return { session, sender: link, log, receiver, receiverLog };
  }
}

/** Both ends of a link. `session` is that of the client. */
export interface SenderPair {
  readonly session: Session;
  readonly sender: SenderLink;
  readonly log: LinkLog;
  readonly receiver: ReceiverLink;
  readonly receiverLog: LinkLog;
}
