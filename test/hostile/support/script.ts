import {
  acceptedSpec,
  disposition,
  open,
  protocolError,
  receivedSpec,
  transfer,
} from '../../../src/definitions/index.ts';
import { composite, frame, type Frame, type Plain } from './frame.ts';
import type { Step } from './misbehaviour.ts';

/** A protocol header (§2.2): layer 0 is AMQP, 3 is SASL. */
export const header = (layer: number): Uint8Array => Uint8Array.of(0x41, 0x4d, 0x51, 0x50, layer, 1, 0, 0);

/** The windows of a side that has sent nothing. */
export const windows = { 'incoming-window': 1000, 'next-outgoing-id': 0, 'outgoing-window': 1000 } as const;

/** The handle of the link on which the client sends, and of that on which it receives; both sides give the same. */
export const SENDER = 0;
export const RECEIVER = 1;

/** The open of either side; it takes no larger frames than it must. */
export const opened: Frame = frame(open, { 'container-id': 'hostile', 'max-frame-size': 512, 'idle-time-out': 60_000 });

export const accepted = composite(acceptedSpec);
export const error = composite(protocolError, { condition: 'amqp:not-found', description: 'why not' });

/** An amqp-value section with the string x (§3.2.8). */
export const message = Uint8Array.of(0x00, 0x53, 0x77, 0xa1, 1, 0x78);
/** The same with a binary of 300 octets, for three transfers. */
const long = Uint8Array.of(0x00, 0x53, 0x77, 0xb0, 0, 0, 1, 44, ...new Uint8Array(300));

/** The first transfer of a delivery. */
export function transferOf(
  id: number,
  fields: Readonly<Record<string, Plain>>,
  payload: Uint8Array,
  handle: number,
): Frame {
  const first = { 'delivery-id': id, 'delivery-tag': Uint8Array.of(id), 'message-format': 0 };
  return frame(transfer, { handle, ...first, ...fields }, payload);
}

/** A message of one frame, and one of three. */
export function transfers(handle: number): Step[] {
  const phase = 'session';
  const rest = { handle, more: true };
  const state = composite(receivedSpec, { 'section-number': 0, 'section-offset': 0 });
  const first = transferOf(1, { more: true, state }, long.subarray(0, 100), handle);
  return [
    { name: 'transfer', phase, right: transferOf(0, {}, message, handle) },
    { name: 'first of three transfers', phase, right: first },
    { name: 'second of three transfers', phase, right: frame(transfer, rest, long.subarray(100, 200)) },
    { name: 'third of three transfers', phase, right: frame(transfer, { handle }, long.subarray(200)) },
  ];
}

/** A disposition that settles one delivery. */
export const settles = (role: boolean, first: number, state = accepted): Frame =>
  frame(disposition, { role, first, settled: true, state });
