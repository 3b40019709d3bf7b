import { formatCode, type Described, type Limits, type Reader, type Writer } from '../codec/index.ts';
import {
  accepted as acceptedTable,
  declared,
  modified,
  received,
  rejected,
  released as releasedTable,
  transactionalState,
  type Accepted,
  type DeliveryState,
  type Outcome,
  type Released,
} from './generated/delivery-state.ts';
import type { Tables } from './spec.ts';
import { readOpen } from './table-reader.ts';
import { writeComposite } from './table-writer.ts';

/** The state of a message that was processed (§3.4.2); one object for all. */
export const accepted: Accepted = Object.freeze({ type: 'accepted' });

/** The state of a message that was not and will not be processed here (§3.4.4); one object for all. */
export const released: Released = Object.freeze({ type: 'released' });

/** 00 53 24 45: accepted, as nearly every peer writes it. */
const ACCEPTED = 0x00532445;

const outcomes: Tables<Outcome> = [acceptedTable, rejected, releasedTable, modified, declared];
const states: Tables<DeliveryState> = [...outcomes, received, transactionalState];

/**
 * Reads a delivery state with its descriptor (§3.4); a described value of another type is returned as it is.
 *
 * @throws decode-error if something else is next.
 */
export function readDeliveryState(reader: Reader, limits?: Limits): DeliveryState | Described {
  if (reader.remaining >= 4 && reader.view.getUint32(reader.position) === ACCEPTED) {
    reader.position += 4;
    return accepted;
  }
  return readOpen(reader, states, limits);
}

/**
 * Reads an outcome with its descriptor (§3.4); a described value of another type is returned as it is.
 *
 * @throws decode-error if something else is next.
 */
export function readOutcome(reader: Reader, limits?: Limits): Outcome | Described {
  return readOpen(reader, outcomes, limits);
}

/** Writes a delivery state with its descriptor. @throws encode-error naming the field. */
export function writeDeliveryState(writer: Writer, state: DeliveryState | Described): void {
  writeComposite(writer, states, true, state, 'state');
}

/** A step of the straight-line codecs: writes the state accepted, or null; four octets at most. */
export function putPlainState(view: DataView, at: number, state: Accepted | undefined): number {
  if (state === undefined) {
    view.setUint8(at, formatCode.null);
    return at + 1;
  }
  view.setUint32(at, ACCEPTED);
  return at + 4;
}
