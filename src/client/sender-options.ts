import { checkOptions, isBoolean, isFunction, isInteger, isObject, type OptionTable } from '../errors/index.ts';
import type { LinkOptions as EngineLinkOptions } from '../engine/index.ts';
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

/** Sends without an outcome that a sender has at most unless told otherwise. */
const MOST_PENDING = 1_048_576;

/** What a sender may be asked for (§2.7.3). */
export interface SenderOptions extends LinkOptions {
  /** What is asked of the target, besides its address (§3.5.4). */
  readonly target?: TerminusOptions | undefined;
  /** What is told of the source, which is our end (§3.5.3). */
  readonly source?: LocalTerminusOptions | undefined;
  /**
   * How many sends may be without a known outcome at a time, those included that wait; one more is refused with
   * `send-queue-full`. 1 to 2^32 - 1. Default 1048576.
   */
  readonly maxPending?: number | undefined;
  /**
   * Close the sender when the peer rejects a message, so that less is sent behind the one that failed: what still
   * waits then fails with `link-closed`. Default false: a rejection concerns its message alone.
   */
  readonly closeOnRejected?: boolean | undefined;
  /**
   * Called with every state that the peer tells for a delivery, final or not, before its send settles. It is told the
   * delivery-tag by which the receipt names the delivery too. What it throws is an uncaught exception.
   */
  readonly onDeliveryState?: ((state: DeliveryState, deliveryTag: Uint8Array) => void) | undefined;
}

const table: OptionTable<SenderOptions> = {
  ...linkTable,
  target: isObject,
  source: isObject,
  maxPending: isInteger(1, 0xffff_ffff),
  closeOnRejected: isBoolean,
  onDeliveryState: isFunction,
};

/** Sender options, checked and in the words of the protocol. */
export interface ParsedSenderOptions {
  readonly name: string;
  readonly engine: EngineLinkOptions;
  readonly maxPending: number;
  readonly closeOnRejected: boolean;
  readonly onFlowProperties: LinkOptions['onFlowProperties'];
  readonly onDeliveryState: SenderOptions['onDeliveryState'];
}

export function parseSenderOptions(address: string | null | undefined, options: SenderOptions): ParsedSenderOptions {
  checkOptions(options, table, 'sender options');
  if (options.target !== undefined) checkOptions(options.target, terminusTable, 'sender options.target');
  if (options.source !== undefined) checkOptions(options.source, localTerminusTable, 'sender options.source');
  checkAddress(address, options.target, 'the address of the sender');
  return {
    name: options.name ?? linkName(address),
    engine: {
      ...linkFields(options),
      source: { ...terminusFields(options.source?.address, options.source), outcomes },
      target: { type: 'target', ...terminusFields(address ?? undefined, options.target) },
    },
    maxPending: options.maxPending ?? MOST_PENDING,
    closeOnRejected: options.closeOnRejected ?? false,
    onFlowProperties: options.onFlowProperties,
    onDeliveryState: options.onDeliveryState,
  };
}
