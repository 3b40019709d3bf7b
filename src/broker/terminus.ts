import { Described, ulong } from '../codec/index.ts';
import { DescriptorCode, ErrorCondition, TerminusDurability, TerminusExpiryPolicy } from '../definitions/index.ts';
import type {
  Attach,
  Fields,
  ProtocolErrorInit,
  Source,
  SourceInit,
  Target,
  TargetInit,
} from '../definitions/index.ts';
import { faultFor } from './fault.ts';

/** The source that a client asks for; a described value of another kind is none that is known here. */
export function sourceOf({ source }: Attach): Source | undefined {
  return source !== undefined && 'type' in source ? source : undefined;
}

/** The target that a client asks for; a coordinator of transactions is none that is known here. */
export function targetOf({ target }: Attach): Target | undefined {
  return target !== undefined && 'type' in target && target.type === 'target' ? target : undefined;
}

/** Whether a target is the anonymous terminus: each message names its own node. */
export function isAnonymous({ address, dynamic }: Target): boolean {
  return !dynamic && (address === undefined || address === null);
}

const invalid = (description: string): ProtocolErrorInit => faultFor(ErrorCondition.invalidField, description);

/** Why a terminus cannot be had, whatever nodes there are; undefined if it can. */
export function faultOf(terminus: Source | Target): ProtocolErrorInit | undefined {
  const { address, dynamic } = terminus;
  const isNull = address === undefined || address === null;
  // §3.5.3: who asks for a dynamic node cannot name it.
  if (dynamic && !isNull) return invalid('a dynamic node has no address before it is made');
  if (!isNull && typeof address !== 'string') return invalid('an address is a string');
  if (terminus.type === 'target') return undefined;
  if (isNull && !dynamic) return invalid('the source has no address');
  const wrong = Object.entries(terminus.filter ?? {}).find(([, filter]) => !isFilter(filter));
  // §3.5.8: a filter is a described value; without a descriptor nobody can tell what it does.
  return wrong && invalid(`the filter ${wrong[0]} is not a described value`);
}

const isFilter = (filter: unknown): boolean => filter === null || filter instanceof Described;

/** What is true of every terminus here: nothing is kept once the link is gone. */
const fleeting = { durable: TerminusDurability.none, expiryPolicy: TerminusExpiryPolicy.linkDetach, timeout: 0 };

const deleteOnClose = new Described(ulong(DescriptorCode.deleteOnClose), []);

/** A dynamic node lives as long as the link that asked for it (§3.5.10). */
const lifetime = (dynamic: boolean): Fields | undefined => (dynamic ? { 'lifetime-policy': deleteOnClose } : undefined);

/** The source as it is here. What is left out of the filter set is not applied, and the client sees that (§3.5.3). */
export function grantedSource(source: Source, address: string): SourceInit {
  const dynamicNodeProperties = lifetime(source.dynamic);
  return {
    ...source,
    ...fleeting,
    address: source.dynamic ? address : source.address,
    dynamicNodeProperties,
    filter: undefined,
  };
}

/** The target as it is here. */
export function grantedTarget(target: Target, address: string | undefined): TargetInit {
  const dynamicNodeProperties = lifetime(target.dynamic);
  return { ...target, ...fleeting, address: target.dynamic ? address : target.address, dynamicNodeProperties };
}
