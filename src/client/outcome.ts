import { DeliveryError, type AmqpError, type ErrorCode } from '../errors/index.ts';
import type { Described } from '../codec/index.ts';
import type { DeliveryState as ProtocolState, ProtocolError } from '../definitions/index.ts';

/** What became of a message, as data (§3.4), told apart by `state`. */
export type DeliveryOutcome =
  | { readonly state: 'accepted' }
  | {
      readonly state: 'rejected';
      /** Why the message is not valid, if the peer told (§3.4.3). */
      readonly error: ProtocolError | undefined;
    }
  | { readonly state: 'released' }
  | {
      readonly state: 'modified';
      /** Whether the delivery counts as a failed attempt (§3.4.5). */
      readonly deliveryFailed: boolean;
      /** Whether the message must not be sent to this link again (§3.4.5). */
      readonly undeliverableHere: boolean;
      /** What is to be merged into the message annotations, by key (§3.4.5). */
      readonly messageAnnotations: Readonly<Record<string, unknown>> | undefined;
    }
  | {
      readonly state: 'unknown';
      /** Why the outcome will never be known, mostly `outcome-unknown`: the peer may have the message or not. */
      readonly error: AmqpError;
    };

/** The state of a delivery at the peer: its outcome, or how much of it has been received so far (§3.4.1). */
export type DeliveryState =
  | DeliveryOutcome
  | {
      readonly state: 'received';
      /** The index of the first section of the message, from 0, that may not have arrived in full. */
      readonly sectionNumber: number;
      /** The offset in octets, within that section, of what may not have arrived. */
      readonly sectionOffset: bigint;
    };

const accepted: DeliveryOutcome = Object.freeze({ state: 'accepted' });
const released: DeliveryOutcome = Object.freeze({ state: 'released' });

/** The outcome that a state of the peer stands for; undefined for one that is not an outcome, as received. */
export function outcomeOf(state: ProtocolState | Described | undefined): DeliveryOutcome | undefined {
  if (state === undefined || !('type' in state)) return undefined;
  switch (state.type) {
    case 'accepted':
      return accepted;
    case 'released':
      return released;
    case 'rejected':
      return { state: 'rejected', error: state.error };
    case 'modified':
      return {
        state: 'modified',
        deliveryFailed: state.deliveryFailed === true,
        undeliverableHere: state.undeliverableHere === true,
        messageAnnotations: state.messageAnnotations,
      };
    case 'transactional-state':
      return outcomeOf(state.outcome);
    default:
      return undefined;
  }
}

/** What a state of the peer says, final or not; undefined for one of an extension. */
export function stateOf(state: ProtocolState | Described | undefined): DeliveryState | undefined {
  if (state === undefined || !('type' in state) || state.type !== 'received') return outcomeOf(state);
  return { state: 'received', sectionNumber: state.sectionNumber, sectionOffset: state.sectionOffset };
}

/** The error of a send whose outcome is another one than accepted. */
export function outcomeError(outcome: Exclude<DeliveryOutcome, { state: 'accepted' }>, address: string): Error {
  if (outcome.state === 'unknown') return outcome.error;
  const code: ErrorCode = outcome.state;
  const error = outcome.state === 'rejected' ? outcome.error : undefined;
  const why = [error?.condition, error?.description].filter((part) => part !== undefined).join(': ');
  return new DeliveryError(code, `the message to ${address} was ${code}${why === '' ? '' : `: ${why}`}`, {
    condition: error?.condition,
    description: error?.description,
    info: error?.info,
    outcome,
  });
}
