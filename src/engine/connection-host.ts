import type { Fields, Open } from '../definitions/index.ts';
import type { Ended } from './ended.ts';
import type { FrameTrace } from './frame-writer.ts';
import type { NegotiationOptions } from './negotiation.ts';
import type { Session } from './session.ts';

/** What an open says (§2.7.1), and the limits of this side. */
export interface ConnectionOptions extends NegotiationOptions {
  readonly containerId: string;
  readonly hostname?: string | undefined;
  /** The largest frame that we take, in octets, 512 or more. Default 65536. */
  readonly maxFrameSize?: number | undefined;
  /** The highest channel: one less than the number of sessions. Default 65535. */
  readonly channelMax?: number | undefined;
  /** How long the peer may be silent, in ms; half of it is announced. 0 for ever. Default 60000. */
  readonly idleTimeout?: number | undefined;
  readonly offeredCapabilities?: readonly string[] | undefined;
  readonly desiredCapabilities?: readonly string[] | undefined;
  readonly properties?: Fields | undefined;
  /** How long headers, SASL and open may take, in ms from `start`. Default 30000. */
  readonly handshakeTimeout?: number | undefined;
  /** How long the peer may take to answer our close, in ms. Default 10000. */
  readonly closeTimeout?: number | undefined;
  /** Octets waiting in the transport above which no transfers are written. Default 1 MiB. */
  readonly highWaterMark?: number | undefined;
  readonly trace?: FrameTrace | undefined;
}

/** What happens to a connection. */
export type ConnectionEvent =
  | { readonly type: 'opened'; readonly remote: Open }
  /** The peer begins a session: call its `begin` before the handler returns, or it is refused. */
  | { readonly type: 'sessionRequested'; readonly session: Session }
  | Ended;

/** What the user of a connection provides. */
export interface ConnectionHost {
  event(event: ConnectionEvent): void;
  /** There are octets to send: call `transmit` soon. Called once until `transmit` has given them all. */
  wake(): void;
}
