import type { AmqpError, ErrorCode } from '../errors/index.ts';
import type { Ended } from '../engine/index.ts';

/** How a connection, session or link ended (§2.4.3, §2.5.2, §2.6.4). */
export interface CloseInfo {
  /** Who ended it: this side, also where the peer had broken a rule; the peer; or a transport that broke. */
  readonly by: 'local' | 'peer' | 'transport';
  /** Why; left out where it was closed in order, by either side and without an error. */
  readonly error?: AmqpError;
}

export function closeInfo(ended: Ended): CloseInfo {
  return ended.clean ? { by: ended.by } : { by: ended.by, error: ended.error };
}

/** The codes of what this program ended itself, in order or with an error that crossed it. */
const OWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'link-closed',
  'session-ended',
  'connection-closed',
  'link-detached-by-peer',
  'session-ended-by-peer',
  'connection-closed-by-peer',
  'connection-lost',
]);

/** Whether this program ended it. A peer that broke a rule was ended by this side too, but not by the program. */
export function isOwnEnd({ by, error }: Ended): boolean {
  return by === 'local' && OWN.has(error.code);
}
