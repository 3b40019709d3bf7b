import type { CloseInfo } from './close-info.ts';

/** A receiver holds all the messages that its credit allows, and has settled none for long: no more will come. */
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

/** What happens to a connection. */
export type ConnectionEvent =
  { readonly type: 'connected' } | { readonly type: 'disconnected'; readonly info: CloseInfo } | ReceiverStalled;
