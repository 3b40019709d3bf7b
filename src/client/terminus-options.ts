import { isBoolean, isDuration, isObject, isOneOf, isString, isStrings, type OptionTable } from '../errors/index.ts';
import { Described, symbol } from '../codec/index.ts';
import { TerminusDurability, TerminusExpiryPolicy } from '../definitions/index.ts';
import type { Fields } from '../definitions/index.ts';

/** What sources and targets have in common, whichever end they are at (§3.5.3, §3.5.4). */
interface SharedOptions {
  /** What of the terminus survives a failure of its container (§3.5.5). Default `none`. */
  readonly durability?: 'none' | 'configuration' | 'unsettled-state' | undefined;
  /** When the terminus begins to expire (§3.5.6). Default `session-end`. */
  readonly expiryPolicy?: TerminusExpiryPolicy | undefined;
  /** How long the terminus lives after that, in ms, 0 to 2^31 - 1; sent as seconds, rounded up. Default 0. */
  readonly expiryTimeout?: number | undefined;
  /** Extensions, by name: for example `queue` or `topic` on ActiveMQ Artemis. Default: none. */
  readonly capabilities?: readonly string[] | undefined;
}

/** What is asked of the terminus of the peer, besides its address (§3.5.3, §3.5.4). */
export interface TerminusOptions extends SharedOptions {
  /** Ask the peer to make the node and name it; the address must be left out. Default false. */
  readonly dynamic?: boolean | undefined;
  /** When the peer deletes the dynamic node (§3.5.10 to §3.5.13). Default: as the peer does. */
  readonly lifetimePolicy?:
    'delete-on-close' | 'delete-on-no-links' | 'delete-on-no-messages' | 'delete-on-no-links-or-messages' | undefined;
  /** What the dynamic node shall be like besides (§3.5.9). Default: none. */
  readonly dynamicNodeProperties?: Fields | undefined;
}

/** What is told of the terminus at our own end (§3.5.3, §3.5.4). Most brokers only log it. */
export interface LocalTerminusOptions extends SharedOptions {
  /** The name of our end. Default: none. */
  readonly address?: string | undefined;
}

const sharedTable: OptionTable<SharedOptions> = {
  durability: isOneOf('none', 'configuration', 'unsettled-state'),
  expiryPolicy: isOneOf('link-detach', 'session-end', 'connection-close', 'never'),
  expiryTimeout: isDuration,
  capabilities: isStrings,
};

export const terminusTable: OptionTable<TerminusOptions> = {
  ...sharedTable,
  dynamic: isBoolean,
  lifetimePolicy: isOneOf(
    'delete-on-close',
    'delete-on-no-links',
    'delete-on-no-messages',
    'delete-on-no-links-or-messages',
  ),
  dynamicNodeProperties: isObject,
};

export const localTerminusTable: OptionTable<LocalTerminusOptions> = { ...sharedTable, address: isString };

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

/** The lifetime policy is one of the properties of a dynamic node: a described list without fields (§3.5.9). */
function nodeProperties({ lifetimePolicy, dynamicNodeProperties }: TerminusOptions): Fields | undefined {
  if (lifetimePolicy === undefined) return dynamicNodeProperties;
  const policy = new Described(symbol(`amqp:${lifetimePolicy}:list`), []);
  return { ...dynamicNodeProperties, 'lifetime-policy': policy };
}

/**
 * The outcomes that messages of a source may have. Without them a receiver may only accept (§3.5.3): Broker-J then
 * detaches the link where it would reject a message.
 */
export const outcomes: readonly string[] = [
  'amqp:accepted:list',
  'amqp:rejected:list',
  'amqp:released:list',
  'amqp:modified:list',
];

/** Makes the fields of a terminus of its options. */
export function terminusFields(address: string | undefined, options: TerminusOptions = {}): TerminusFields {
  return {
    address,
    durable: options.durability === undefined ? undefined : durabilities[options.durability],
    expiryPolicy: options.expiryPolicy,
    timeout: options.expiryTimeout === undefined ? undefined : Math.ceil(options.expiryTimeout / 1000),
    dynamic: options.dynamic,
    dynamicNodeProperties: nodeProperties(options),
    capabilities: options.capabilities,
  };
}
