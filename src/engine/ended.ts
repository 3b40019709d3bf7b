import type { AmqpError } from '../errors/index.ts';

/** Who ended a connection, session or link: this side, the peer, or a transport that broke. */
export type EndedBy = 'local' | 'peer' | 'transport';

/** The last event of every endpoint; it comes exactly once. */
export interface Ended {
  readonly type: 'ended';
  /** Who ended it. */
  readonly by: EndedBy;
  /** What calls that still wait shall be told; also set after a clean end. */
  readonly error: AmqpError;
  /** Whether neither side reported an error. */
  readonly clean: boolean;
}
