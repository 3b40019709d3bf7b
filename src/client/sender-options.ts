import { checkOptions, isObject, isString, type OptionTable } from '../errors/index.ts';
import type { SenderSettleMode } from '../definitions/index.ts';
import type { Fields } from '../definitions/index.ts';
import type { LinkOptions as EngineLinkOptions } from '../engine/index.ts';
import { checkAddress, linkFields, linkTable, type LinkOptions } from './link-options.ts';
import { terminusFields, terminusTable, type TerminusOptions } from './terminus-options.ts';

/** What a sender may be asked for. */
export interface SenderOptions extends LinkOptions {
  /** What is asked of the target, besides its address. */
  readonly target?: TerminusOptions;
  /** The address of our end; some brokers log it. */
  readonly sourceAddress?: string;
}

const table: OptionTable<SenderOptions> = { ...linkTable, target: isObject, sourceAddress: isString };

/** Sender options, checked and in the words of the protocol. */
export interface ParsedSenderOptions {
  readonly engine: EngineLinkOptions;
  readonly senderSettleMode: SenderSettleMode | undefined;
  readonly onFlowProperties: ((properties: Fields) => void) | undefined;
}

export function parseSenderOptions(address: string | null | undefined, options: SenderOptions): ParsedSenderOptions {
  checkOptions(options, table, 'sender options');
  if (options.target !== undefined) checkOptions(options.target, terminusTable, 'sender options.target');
  checkAddress(address, options.target, 'the address of the sender');
  const link = linkFields(options);
  return {
    engine: {
      ...link,
      source: { address: options.sourceAddress },
      target: { type: 'target', ...terminusFields(address ?? undefined, options.target) },
    },
    senderSettleMode: link.senderSettleMode,
    onFlowProperties: options.onFlowProperties,
  };
}
