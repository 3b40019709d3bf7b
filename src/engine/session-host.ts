import type { Block } from '../codec/index.ts';
import type { Attach, Begin, Fields } from '../definitions/index.ts';
import type { AmqpError } from '../errors/index.ts';
import type { Budget } from './budget.ts';
import type { Ended } from './ended.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { Notice } from './mailbox.ts';
import type { PayloadStore } from './payload-store.ts';
import type { ReceiverLink } from './receiver-link.ts';
import type { SenderLink } from './sender-link.ts';

/** What a begin says (§2.7.2). */
export interface SessionOptions {
  /** Transfer frames that the peer may send before we refresh the window. Default 2048. */
  readonly incomingWindow?: number | undefined;
  /** The number of transfers that we announce as outgoing-window; credit and the peer's window bound ours. Default 2^31 - 1. */
  readonly outgoingWindow?: number | undefined;
  /** Where the ids of our transfers and deliveries begin, from 0 to 2^32 - 1 (§2.5.6). Default 0. */
  readonly nextOutgoingId?: number | undefined;
  /** The highest handle: one less than the number of links. Default 65535. */
  readonly handleMax?: number | undefined;
  /** What this side can do (§2.7.2). */
  readonly offeredCapabilities?: readonly string[] | undefined;
  /** What this side asks the peer to do (§2.7.2). */
  readonly desiredCapabilities?: readonly string[] | undefined;
  /** Properties of this session, by symbol (§2.7.2). */
  readonly properties?: Fields | undefined;
}

/** What happens to a session. */
export type SessionEvent =
  | {
      /** The peer has answered our begin. A session that it asked for does not hear this. */
      readonly type: 'begun';
      /** The begin of the peer (§2.7.2). */
      readonly remote: Begin;
    }
  /** The peer attaches a link: answer with its `attach` or `refuse`, now or later. */
  | {
      readonly type: 'linkRequested';
      /** Our end: a sender where the peer receives. */
      readonly link: SenderLink | ReceiverLink;
      /** The attach of the peer (§2.7.3). */
      readonly remote: Attach;
    }
  | Ended;

/** What the user of a session provides. */
export interface SessionHost {
  /** Something happened to the session. It may call the engine at will. */
  event(event: SessionEvent): void;
}

/** What a session asks of its connection. */
export interface SessionConnection {
  readonly frames: FrameWriter;
  readonly store: PayloadStore;
  /** Messages that wait to leave. */
  readonly queued: Budget;
  /** Messages that have come in part. */
  readonly incomplete: Budget;
  /** Takes over the memory of the frame that is being read, where it is not that of a read. */
  adopt(block: Block): boolean;
  /** Whether a payload of `size` octets may be left in the memory of the frame that is being read. */
  lasts(block: Block, size: number): boolean;
  /** Whether frames may be sent: nothing follows our close (§2.4.3). */
  readonly sending: boolean;
  /** Why frames may not be sent; undefined while they may. */
  readonly closure: AmqpError | undefined;
  /** Whether the transport takes more transfers. */
  readonly writable: boolean;
  post(notice: Notice): void;
  /** Has `flush` called before the next transmit. */
  scheduleFlush(session: ScheduledSession): void;
  /** Has `pump` called when transfers may be written again. */
  schedulePump(session: ScheduledSession): void;
  /** Both sides have ended: the channel is free. */
  released(session: ScheduledSession): void;
  /** Closes the connection because the peer broke one of its rules. */
  fail(condition: string, description: string): void;
}

/** What the connection calls a session back for. */
export interface ScheduledSession {
  readonly channel: number;
  /** Whether `flush` will be called. */
  flushScheduled: boolean;
  /** Whether `pump` will be called. */
  pumpScheduled: boolean;
  flush(): void;
  pump(): boolean;
}
