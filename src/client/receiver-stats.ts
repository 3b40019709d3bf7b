/** What a receiver is doing. */
export interface ReceiverStats {
  /** How many messages the sender may still send (§2.6.7); 0 during an outage. */
  readonly credit: number;
  /** How many messages have arrived and wait to be received. */
  readonly prefetched: number;
  /** How many messages were received and are not settled. */
  readonly unsettled: number;
  /** How many messages the sender has in store, as its last flow told; 0 if none did (§2.7.4). */
  readonly available: number;
  /** What a waiting receive waits for. */
  readonly waitingFor: 'nothing' | 'message' | 'settlement' | 'credit' | 'connection';
}
