import { amqpError, isFunction, isName, isObject, isOneOf, isStrings, type OptionTable } from '../errors/index.ts';
import { ReceiverSettleMode, SenderSettleMode } from '../definitions/index.ts';
import type { Attach, Fields } from '../definitions/index.ts';
import type { TerminusOptions } from './terminus-options.ts';
import { isSignal, isTimeout, type WaitOptions } from './waiting.ts';

/** What senders and receivers may be asked for alike (§2.7.3). `signal` and `timeout` are those of the attach. */
export interface LinkOptions extends WaitOptions {
  /**
   * The link name; with the container-id it identifies the link at the peer (§2.6.1). Default: the address and a random
   * part.
   */
  readonly name?: string | undefined;
  /**
   * Whether the sender sends all messages `unsettled`, all `settled`, or each as it says (`mixed`). A peer that grants
   * another mode than the one asked for is a refusal, unless it grants `mixed`. Default: as the peer does (§2.8.2).
   */
  readonly senderSettleMode?: 'unsettled' | 'settled' | 'mixed' | undefined;
  /**
   * Whether the receiver settles `first`, or `second` after the sender has. A peer that grants the other mode than the
   * one asked for is a refusal. Default `first`; of a sender: as the peer does (§2.8.3).
   */
  readonly receiverSettleMode?: 'first' | 'second' | undefined;
  /** Properties of the link, as broker-specific extensions use them. Default: none. */
  readonly properties?: Fields | undefined;
  /** The extensions that this program supports, by name. Default: none. */
  readonly offeredCapabilities?: readonly string[] | undefined;
  /** The extensions that this program would use if the peer supports them, by name. Default: none. */
  readonly desiredCapabilities?: readonly string[] | undefined;
  /** Called when the peer sends properties with a flow (§2.7.4). What it throws is an uncaught exception. */
  readonly onFlowProperties?: ((properties: Fields) => void) | undefined;
}

export const linkTable: OptionTable<LinkOptions> = {
  signal: isSignal,
  timeout: isTimeout,
  name: isName,
  senderSettleMode: isOneOf('unsettled', 'settled', 'mixed'),
  receiverSettleMode: isOneOf('first', 'second'),
  properties: isObject,
  offeredCapabilities: isStrings,
  desiredCapabilities: isStrings,
  onFlowProperties: isFunction,
};

/** The names of the settle modes, by their value on the wire. */
export const senderModeNames = ['unsettled', 'settled', 'mixed'] as const;
export const receiverModeNames = ['first', 'second'] as const;

/** The settle modes that a link was asked for; undefined leaves the choice to the peer. */
export interface SettleModes {
  readonly senderSettleMode?: SenderSettleMode | undefined;
  readonly receiverSettleMode?: ReceiverSettleMode | undefined;
}

/** What is wrong with the settle modes that the peer granted, if anything: what was asked for must hold. */
export function settleModeFault(asked: SettleModes, granted: Attach): string | undefined {
  const sender = asked.senderSettleMode ?? granted.sndSettleMode;
  // A sender that may settle as it likes can keep to either of the others.
  if (sender !== granted.sndSettleMode && granted.sndSettleMode !== SenderSettleMode.mixed)
    return `the peer granted the sender settle mode ${senderModeNames[granted.sndSettleMode]}, not ${senderModeNames[sender]}`;
  const receiver = asked.receiverSettleMode ?? granted.rcvSettleMode;
  if (receiver === granted.rcvSettleMode) return undefined;
  return `the peer granted the receiver settle mode ${receiverModeNames[granted.rcvSettleMode]}, not ${receiverModeNames[receiver]}`;
}

const senderModes = {
  unsettled: SenderSettleMode.unsettled,
  settled: SenderSettleMode.settled,
  mixed: SenderSettleMode.mixed,
} as const;
const receiverModes = { first: ReceiverSettleMode.first, second: ReceiverSettleMode.second } as const;

/** The fields of an attach that both roles take from their options. */
export function linkFields(options: LinkOptions): {
  readonly senderSettleMode: SenderSettleMode | undefined;
  readonly receiverSettleMode: ReceiverSettleMode | undefined;
  readonly properties: Fields | undefined;
  readonly offeredCapabilities: readonly string[] | undefined;
  readonly desiredCapabilities: readonly string[] | undefined;
} {
  return {
    senderSettleMode: options.senderSettleMode && senderModes[options.senderSettleMode],
    receiverSettleMode: options.receiverSettleMode && receiverModes[options.receiverSettleMode],
    properties: options.properties,
    offeredCapabilities: options.offeredCapabilities,
    desiredCapabilities: options.desiredCapabilities,
  };
}

/** How much of an address is in the name of its link. */
const NAMED = 64;

/** A name that no other link has, and that tells the address in errors, in traces and at the peer. */
export function linkName(address: string | null | undefined): string {
  const id = crypto.randomUUID();
  if (address === undefined || address === null || address === '') return id;
  return `${address.slice(0, NAMED).replaceAll(/[^\x20-\x7e]/g, '_')}:${id}`;
}

/** An address and a dynamic node exclude each other, and only a dynamic node has properties (§3.5.3). */
export function checkAddress(
  address: string | null | undefined,
  dynamic: TerminusOptions | undefined,
  path: string,
): void {
  if (address !== undefined && address !== null && typeof address !== 'string') {
    throw amqpError('invalid-argument', `${path} must be a string`);
  }
  if (dynamic?.dynamic === true && typeof address === 'string') {
    throw amqpError('invalid-argument', `${path} must be left out: the peer names a dynamic node`);
  }
  if (dynamic?.dynamic !== true && (dynamic?.lifetimePolicy ?? dynamic?.dynamicNodeProperties) !== undefined) {
    throw amqpError('invalid-argument', 'lifetimePolicy and dynamicNodeProperties are for a node with dynamic: true');
  }
}
