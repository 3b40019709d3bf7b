import type { Fields, Open } from '../definitions/index.ts';
import type { Ended } from './ended.ts';
import type { FrameTrace } from './frame-writer.ts';
import type { NegotiationOptions } from './negotiation.ts';
import type { Session } from './session.ts';

/** What an open says (§2.7.1), and the limits of this side. */
export interface ConnectionOptions extends NegotiationOptions {
  /** The name of this container (§2.4.1). */
  readonly containerId: string;
  /** The host that a client wants, where the peer serves several (§2.7.1). */
  readonly hostname?: string | undefined;
  /** The largest frame that we take, in octets, 512 or more. Default 65536. */
  readonly maxFrameSize?: number | undefined;
  /** The highest channel: one less than the number of sessions. Default 65535. */
  readonly channelMax?: number | undefined;
  /** How long the peer may be silent, in ms; half of it is announced. 0 for ever. Default 60000. */
  readonly idleTimeout?: number | undefined;
  /** What this side can do (§2.7.1). */
  readonly offeredCapabilities?: readonly string[] | undefined;
  /** What this side asks the peer to do (§2.7.1). */
  readonly desiredCapabilities?: readonly string[] | undefined;
  /** Properties of this side, by symbol (§2.7.1). */
  readonly properties?: Fields | undefined;
  /** How long headers, SASL and open may take, in ms from `start`. Default 30000. */
  readonly handshakeTimeout?: number | undefined;
  /** How long the peer may take to answer our close, in ms. Default 10000. */
  readonly closeTimeout?: number | undefined;
  /** Octets waiting in the transport above which no transfers are written. Default 1 MiB. */
  readonly highWaterMark?: number | undefined;
  /**
   * The most octets of messages that may wait for credit, window and transport, over all senders. Default 256 MiB; a
   * single message may be larger.
   */
  readonly maxQueuedSize?: number | undefined;
  /** The most octets of messages that have begun to come and are not complete, over all receivers. Default 256 MiB. */
  readonly maxIncompleteSize?: number | undefined;
  /**
   * Whether numbers within the delivery states of the peer, as annotations have them, come with their AMQP type, for one
   * that writes them on. Default false.
   */
  readonly typedStates?: boolean | undefined;
  /** Sees each frame, both ways. */
  readonly trace?: FrameTrace | undefined;
}

/** What happens to a connection. */
export type ConnectionEvent =
  | {
      readonly type: 'opened';
      /** The open of the peer (§2.7.1). */
      readonly remote: Open;
    }
  /** The peer begins a session: call its `begin` before the handler returns, or it is refused. */
  | {
      readonly type: 'sessionRequested';
      /** The session, to be begun from this side. */
      readonly session: Session;
    }
  | Ended;

/** What the user of a connection provides. */
export interface ConnectionHost {
  /** Something happened to the connection. It may call the engine at will. */
  event(event: ConnectionEvent): void;
  /** There are octets to send: call `transmit` soon. Called once until `transmit` has given them all. */
  wake(): void;
}
