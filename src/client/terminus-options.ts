import { isBoolean, isDuration, isObject, isOneOf, isStrings, type OptionTable } from '../errors/index.ts';
import { TerminusDurability, TerminusExpiryPolicy } from '../definitions/index.ts';
import type { Fields } from '../definitions/index.ts';

/** What is asked of a source or target, besides its address (§3.5.3, §3.5.4). */
export interface TerminusOptions {
  /** Whether the peer keeps the terminus, and its deliveries, over a restart. Default `none`. */
  readonly durability?: 'none' | 'configuration' | 'unsettled-state';
  /** When the terminus begins to expire. Default `session-end`. */
  readonly expiryPolicy?: TerminusExpiryPolicy;
  /** How long the terminus lives after that, in ms; sent as whole seconds. Default 0. */
  readonly expiryTimeout?: number;
  /** Ask the peer to make the node and name it; the address must be left out. */
  readonly dynamic?: boolean;
  /** What the dynamic node shall be like, for example its lifetime policy (§3.5.9). */
  readonly dynamicNodeProperties?: Fields;
  /** Extensions, by name: for example `queue` or `topic` on ActiveMQ Artemis. */
  readonly capabilities?: readonly string[];
}

export const terminusTable: OptionTable<TerminusOptions> = {
  durability: isOneOf('none', 'configuration', 'unsettled-state'),
  expiryPolicy: isOneOf('link-detach', 'session-end', 'connection-close', 'never'),
  expiryTimeout: isDuration,
  dynamic: isBoolean,
  dynamicNodeProperties: isObject,
  capabilities: isStrings,
};

const durabilities = {
  none: TerminusDurability.none,
  configuration: TerminusDurability.configuration,
  'unsettled-state': TerminusDurability.unsettledState,
} as const;

/** The fields that source and target share. */
export interface TerminusFields {
  readonly address: string | undefined;
  readonly durable: TerminusDurability | undefined;
  readonly expiryPolicy: TerminusExpiryPolicy | undefined;
  readonly timeout: number | undefined;
  readonly dynamic: boolean | undefined;
  readonly dynamicNodeProperties: Fields | undefined;
  readonly capabilities: readonly string[] | undefined;
}

/** Makes the fields of a terminus of its options. */
export function terminusFields(address: string | undefined, options: TerminusOptions = {}): TerminusFields {
  return {
    address,
    durable: options.durability === undefined ? undefined : durabilities[options.durability],
    expiryPolicy: options.expiryPolicy,
    timeout: options.expiryTimeout === undefined ? undefined : Math.ceil(options.expiryTimeout / 1000),
    dynamic: options.dynamic,
    dynamicNodeProperties: options.dynamicNodeProperties,
    capabilities: options.capabilities,
  };
}
