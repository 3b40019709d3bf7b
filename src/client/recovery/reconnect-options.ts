import {
  checkOptions,
  isBoolean,
  isFunction,
  isInteger,
  isOneOf,
  type Check,
  type OptionTable,
} from '../../errors/index.ts';
import type { AmqpError } from '../../errors/index.ts';
import type { RecoveryAction } from './recovery-table.ts';

/** How a connection recovers. */
export interface ReconnectOptions {
  /**
   * The longest pause before the first new attempt, in ms, 1 or more; it doubles with each round of attempts, and with each
   * connection that is lost sooner than `maxDelay` after it was made. The pause is a random part of it, so that many
   * clients do not come back at once. Default 100.
   */
  readonly initialDelay?: number | undefined;
  /** What the longest pause grows to, in ms, 1 or more. Default 5000. */
  readonly maxDelay?: number | undefined;
  /** How many attempts an outage may take, 1 or more, or Infinity. Default Infinity. */
  readonly maxAttempts?: number | undefined;
  /** How long an outage may take, in ms, 1 or more, or Infinity; an attempt under way is not cut off. Default Infinity. */
  readonly maxTime?: number | undefined;
  /** Whether the addresses are tried as listed, or in an order drawn for each outage. Default `listed`. */
  readonly order?: 'listed' | 'shuffled' | undefined;
  /**
   * What becomes of messages that have left and whose outcome is not known when the connection is lost. False: their
   * sends reject with `outcome-unknown`. True: they are sent again under the same delivery-tag, so the peer may get them
   * twice, and never less than once. Default false.
   */
  readonly resend?: boolean | undefined;
  /**
   * Decides what an error costs, in place of the {@link recoveryTable}, which gives `action`. It is asked for each
   * endpoint that has ended and each attempt that has failed; what it throws makes the error fatal.
   */
  readonly decide?: ((error: AmqpError, action: RecoveryAction) => RecoveryAction) | undefined;
  /** Where pauses and orders get their randomness, from 0 to 1 without 1, as tests may want. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

const isCount: Check = (value) =>
  value === Infinity ? undefined : isInteger(1, Number.MAX_SAFE_INTEGER)(value) && 'a whole number from 1, or Infinity';

const table: OptionTable<ReconnectOptions> = {
  initialDelay: isInteger(1, 0x7fff_ffff),
  maxDelay: isInteger(1, 0x7fff_ffff),
  maxAttempts: isCount,
  maxTime: isCount,
  order: isOneOf('listed', 'shuffled'),
  resend: isBoolean,
  decide: isFunction,
  random: isFunction,
};

/** The options with their defaults. */
export type ParsedReconnectOptions = Pick<ReconnectOptions, 'decide'> & {
  readonly [Key in Exclude<keyof ReconnectOptions, 'decide'>]-?: Exclude<ReconnectOptions[Key], undefined>;
};

const defaults: ParsedReconnectOptions = {
  initialDelay: 100,
  maxDelay: 5000,
  maxAttempts: Infinity,
  maxTime: Infinity,
  order: 'listed',
  resend: false,
  random: Math.random,
};

/** The option `reconnect`, checked; without it, what counts for the first connection. */
export function parseReconnectOptions(options: boolean | ReconnectOptions | undefined): {
  readonly recovers: boolean;
  readonly parsed: ParsedReconnectOptions;
} {
  if (typeof options !== 'object') return { recovers: options === true, parsed: defaults };
  checkOptions(options, table, 'connect options.reconnect');
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { recovers: true, parsed: { ...defaults, ...given } };
}
