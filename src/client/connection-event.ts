import type { CloseInfo } from './close-info.ts';

/**
 * A receiver holds all the messages that its credit allows, and has settled none for {@link
 * ReceiverOptions.stalledAfter}: no more will come. Told once until it settles one.
 */
export interface ReceiverStalled {
  readonly type: 'receiverStalled';
  /** The name of the link. */
  readonly name: string;
  /** The address of its source. */
  readonly address: string;
  /** How many messages it holds. */
  readonly unsettled: number;
  /** For how long it has settled none, in ms; at least. */
  readonly forMs: number;
}

/** What happens to a connection, told apart by `type`; see {@link Connection.events}. */
export type ConnectionEvent =
  | { readonly type: 'connected' }
  | {
      readonly type: 'disconnected';
      /** How the connection ended; the same as {@link Connection.closed}. */
      readonly info: CloseInfo;
    }
  | ReceiverStalled;
