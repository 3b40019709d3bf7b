import { DeliveryError, type AmqpError, type ErrorCode } from '../errors/index.ts';
import type { Described } from '../codec/index.ts';
import type { DeliveryState as ProtocolState, ProtocolError } from '../definitions/index.ts';

/** What became of a message, as data (§3.4). */
export type DeliveryOutcome =
  | { readonly state: 'accepted' }
  | { readonly state: 'rejected'; readonly error: ProtocolError | undefined }
  | { readonly state: 'released' }
  | {
      readonly state: 'modified';
      readonly deliveryFailed: boolean;
      readonly undeliverableHere: boolean;
      readonly messageAnnotations: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly state: 'unknown'; readonly error: AmqpError };

/** The state of a delivery at the peer: its outcome, or how much of it has been received so far (§3.4.1). */
export type DeliveryState =
  DeliveryOutcome | { readonly state: 'received'; readonly sectionNumber: number; readonly sectionOffset: bigint };

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
