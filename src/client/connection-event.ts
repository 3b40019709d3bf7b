import type { AmqpError } from '../errors/index.ts';
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
      /** How the connection ended; without recovery the same as {@link Connection.closed}. */
      readonly info: CloseInfo;
    }
  | {
      /** Another attempt to connect will be made. */
      readonly type: 'reconnecting';
      /** The number of the attempt within this outage, from 1. */
      readonly attempt: number;
      /** After which pause it will be made, in ms. */
      readonly delay: number;
      /** Why it is needed: how the connection was lost, or the last attempt failed. */
      readonly error: Error;
    }
  | {
      /** The connection is there again; its sessions and links are attached again from now on. */
      readonly type: 'recovered';
      /** How many attempts it took. */
      readonly attempts: number;
      /** How long the outage lasted, in ms. */
      readonly lasted: number;
    }
  | {
      /** No further attempt is made: the connection has ended, with all that was made from it. */
      readonly type: 'failed';
      /** Why. */
      readonly error: AmqpError;
    }
  | ReceiverStalled;
