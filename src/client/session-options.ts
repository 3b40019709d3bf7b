import { checkOptions, isInteger, isObject, isStrings, type OptionTable } from '../errors/index.ts';
import type { Fields } from '../definitions/index.ts';
import { isSignal, isTimeout, type WaitOptions } from './waiting.ts';

/** What a session may be asked for (§2.7.2). `signal` and `timeout` are those of the begin. */
export interface SessionOptions extends WaitOptions {
  /** How many transfer frames the peer may send before we let it go on, 1 to 2^31 - 1 (§2.5.6). Default 2048. */
  readonly incomingWindow?: number | undefined;
  /**
   * How many transfer frames we announce to send before we wait, 1 to 2^32 - 1 (§2.5.6); credit and the window of the
   * peer are what really bounds them. Default 2147483647.
   */
  readonly outgoingWindow?: number | undefined;
  /** How many links the session may have, 1 to 65536. Default 65536. */
  readonly maxLinks?: number | undefined;
  /** Properties of the session, as extensions of the peer use them. Default: none. */
  readonly properties?: Fields | undefined;
  /** The extensions that this program supports, by name. Default: none. */
  readonly offeredCapabilities?: readonly string[] | undefined;
  /** The extensions that this program would use if the peer supports them, by name. Default: none. */
  readonly desiredCapabilities?: readonly string[] | undefined;
}

const table: OptionTable<SessionOptions> = {
  signal: isSignal,
  timeout: isTimeout,
  incomingWindow: isInteger(1, 0x7fff_ffff),
  outgoingWindow: isInteger(1, 0xffff_ffff),
  maxLinks: isInteger(1, 65_536),
  properties: isObject,
  offeredCapabilities: isStrings,
  desiredCapabilities: isStrings,
};

/** Refuses what is not an option of a session. */
export function checkSessionOptions(options: SessionOptions): void {
  checkOptions(options, table, 'session options');
}
