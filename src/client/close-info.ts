import type { AmqpError } from '../errors/index.ts';
import type { Ended } from '../engine/index.ts';

/** How a connection, session or link ended. */
export interface CloseInfo {
  /** Who ended it: this program, the peer, or a transport that broke. */
  readonly by: 'local' | 'peer' | 'transport';
  /** Why, unless it was closed in order. */
  readonly error?: AmqpError;
}

export function closeInfo(ended: Ended): CloseInfo {
  return ended.clean ? { by: ended.by } : { by: ended.by, error: ended.error };
}
