import {
  AmqpError,
  amqpError,
  checkOptions,
  detailOf,
  isAnything,
  isBoolean,
  isDuration,
  isFunction,
  isInteger,
  isName,
  isObject,
  isOneOf,
  isString,
  type Check,
  type OptionTable,
} from '../errors/index.ts';
import type { LinkOptions as EngineLinkOptions } from '../engine/index.ts';
import type { Delivery } from './delivery.ts';
import { Described, ulong, symbol, type Limits } from '../codec/index.ts';
import { checkAddress, linkFields, linkName, linkTable, type LinkOptions } from './link-options.ts';
import type { DeliveryState } from './outcome.ts';
import {
  localTerminusTable,
  outcomes,
  terminusFields,
  terminusTable,
  type LocalTerminusOptions,
  type TerminusOptions,
} from './terminus-options.ts';

/** A filter of a source: what it is called, and the described value that it consists of (§3.5.8). */
export interface Filter {
  /** The descriptor: the symbolic name, or the numeric code. */
  readonly descriptor: string | bigint;
  /** What the descriptor describes: an AMQP value, as the kind of the filter asks for. */
  readonly value: unknown;
}

/** What a receiver may be asked for (§2.7.3). */
export interface ReceiverOptions extends LinkOptions {
  /** What is asked of the source, besides its address (§3.5.3). */
  readonly source?: TerminusOptions | undefined;
  /** What is told of the target, which is our end (§3.5.4). */
  readonly target?: LocalTerminusOptions | undefined;
  /**
   * How many messages may be unsettled or waiting here, 1 to 2^31 - 1; the credit is topped up as they are settled
   * (§2.6.7). `'manual'`: only {@link Receiver.issueCredit} grants credit. Default 100.
   */
  readonly credit?: number | 'manual' | undefined;
  /** The largest message taken, in octets; a larger one ends the link with `link-failed`. Default 0: no limit. */
  readonly maxMessageSize?: number | undefined;
  /**
   * What the values of a message may hold at most: how deep they nest (`maxDepth`, default 32), how many array items
   * without octets one has (`maxElements`, default 65536), how many octets a single one takes (`maxSize`, default no
   * limit). What exceeds it is a `decode-error` where the section is read; the delivery can still be settled.
   */
  readonly limits?: Limits | undefined;
  /** `move` consumes, `copy` browses. Default: as the node does (§3.5.7). */
  readonly distributionMode?: 'move' | 'copy' | undefined;
  /** A JMS-like selector, as most brokers know it (`apache.org:selector-filter:string`). Default: none. */
  readonly selector?: string | undefined;
  /** Further filters, by the name under which they are asked for (§3.5.8). Default: none. */
  readonly filters?: Readonly<Record<string, Filter>> | undefined;
  /**
   * Do not fail when the peer does not grant every filter that was asked for; see {@link Receiver.filters}. Default
   * false: the link is refused then.
   */
  readonly allowMissingFilters?: boolean | undefined;
  /**
   * After how long without a settlement, in ms, a receiver that holds as many messages as its credit allows is reported
   * by `connection.events()` as `receiverStalled`. 0: never. Default 30000.
   */
  readonly stalledAfter?: number | undefined;
  /**
   * Called when the peer changes the state of a delivery that we hold, as RabbitMQ does after a consumer timeout. What
   * it throws is an uncaught exception.
   */
  readonly onDeliveryState?: ((state: DeliveryState, delivery: Delivery) => void) | undefined;
}

const isCredit: Check = (value) =>
  value === 'manual'
    ? undefined
    : isInteger(1, 0x7fff_ffff)(value) && 'a whole number from 1 to 2147483647, or "manual"';

const isDescriptor: Check = (value) =>
  typeof value === 'bigint' || isName(value) === undefined ? undefined : 'a symbolic name or a bigint';

const filterTable: OptionTable<Filter> = { descriptor: isDescriptor, value: isAnything };

const limitsTable: OptionTable<Limits> = {
  maxDepth: isInteger(1, 1024),
  maxElements: isInteger(0, 0xffff_ffff),
  maxSize: isInteger(0, Number.MAX_SAFE_INTEGER),
};

const table: OptionTable<ReceiverOptions> = {
  ...linkTable,
  source: isObject,
  target: isObject,
  credit: isCredit,
  maxMessageSize: isInteger(0, Number.MAX_SAFE_INTEGER),
  limits: isObject,
  distributionMode: isOneOf('move', 'copy'),
  selector: isString,
  filters: isObject,
  allowMissingFilters: isBoolean,
  stalledAfter: isDuration,
  onDeliveryState: isFunction,
};

/** Receiver options, checked and in the words of the protocol. */
export interface ParsedReceiverOptions {
  readonly name: string;
  readonly engine: EngineLinkOptions;
  /** 0 stands for manual. */
  readonly credit: number;
  readonly stalledAfter: number;
  readonly limits: Limits | undefined;
  /** The names of the filters that the peer must grant. */
  readonly requiredFilters: readonly string[];
  readonly onFlowProperties: LinkOptions['onFlowProperties'];
  readonly onDeliveryState: ReceiverOptions['onDeliveryState'];
}

/** The code under which brokers know the selector filter (registry of Apache Qpid). */
const SELECTOR = { name: 'apache.org:selector-filter:string', code: 0x0000_468c_0000_0004n } as const;

function descriptorOf({ descriptor }: Filter, path: string): ReturnType<typeof ulong | typeof symbol> {
  if (descriptor === undefined) throw amqpError('invalid-argument', `${path} is missing`);
  try {
    return typeof descriptor === 'bigint' ? ulong(descriptor) : symbol(descriptor);
  } catch (error) {
    throw AmqpError.is(error) ? amqpError(error.code, `${path}: ${detailOf(error)}`, { cause: error }) : error;
  }
}

function filterSet(options: ReceiverOptions): Record<string, Described> {
  const filters: Record<string, Described> = Object.create(null);
  if (options.selector !== undefined) filters[SELECTOR.name] = new Described(ulong(SELECTOR.code), options.selector);
  for (const [name, filter] of Object.entries(options.filters ?? {})) {
    checkOptions(filter, filterTable, `receiver options.filters.${name}`);
    filters[name] = new Described(descriptorOf(filter, `receiver options.filters.${name}.descriptor`), filter.value);
  }
  return filters;
}

export function parseReceiverOptions(
  address: string | null | undefined,
  options: ReceiverOptions,
): ParsedReceiverOptions {
  checkOptions(options, table, 'receiver options');
  if (options.source !== undefined) checkOptions(options.source, terminusTable, 'receiver options.source');
  if (options.target !== undefined) checkOptions(options.target, localTerminusTable, 'receiver options.target');
  if (options.limits !== undefined) checkOptions(options.limits, limitsTable, 'receiver options.limits');
  checkAddress(address, options.source, 'the address of the receiver');
  const filter = filterSet(options);
  const names = Object.keys(filter);
  const { credit = 100, maxMessageSize } = options;
  return {
    name: options.name ?? linkName(address),
    engine: {
      ...linkFields(options),
      source: {
        ...terminusFields(address ?? undefined, options.source),
        distributionMode: options.distributionMode,
        filter: names.length === 0 ? undefined : filter,
        outcomes,
      },
      target: { type: 'target', ...terminusFields(options.target?.address, options.target) },
      maxMessageSize: maxMessageSize === undefined ? undefined : BigInt(maxMessageSize),
    },
    credit: credit === 'manual' ? 0 : credit,
    stalledAfter: options.stalledAfter ?? 30_000,
    limits: options.limits && { ...options.limits },
    requiredFilters: options.allowMissingFilters === true ? [] : names,
    onFlowProperties: options.onFlowProperties,
    onDeliveryState: options.onDeliveryState,
  };
}
