import { unreachable } from '../errors/index.ts';
import { Reader, blockOf, type Block, type DecodeOptions } from '../codec/index.ts';
import {
  DispositionFields,
  FlowFields,
  readDescriptorCode,
  readDisposition,
  readFlow,
  readPerformative,
  readTransfer,
  TransferFields,
} from '../definitions/index.ts';
import type { Begin, Close, End, Open, Performative } from '../definitions/index.ts';
import type { Session } from './session.ts';

/** The descriptors of the performatives that pass often (§2.7). */
const Code = { flow: 0x13, transfer: 0x14, disposition: 0x15 } as const;

/** What the dispatcher asks of its connection. */
export interface FrameTarget {
  /** The session of a channel; undefined means that the frame was dealt with, as an error or as one to ignore. */
  sessionOf(channel: number, what: string): Session | undefined;
  receiveOpen(channel: number, open: Open): void;
  receiveBegin(channel: number, begin: Begin): void;
  receiveEnd(channel: number, end: End): void;
  receiveClose(close: Close): void;
}

/** Hands on a performative that does not pass often. */
export function routePerformative(target: FrameTarget, channel: number, performative: Performative): void {
  switch (performative.type) {
    case 'open':
      target.receiveOpen(channel, performative);
      return;
    case 'begin':
      target.receiveBegin(channel, performative);
      return;
    case 'attach':
      target.sessionOf(channel, 'attach')?.receiveAttach(performative);
      return;
    case 'detach':
      target.sessionOf(channel, 'detach')?.receiveDetach(performative);
      return;
    case 'end':
      target.receiveEnd(channel, performative);
      return;
    case 'close':
      target.receiveClose(performative);
      return;
    case 'transfer':
    case 'flow':
    case 'disposition':
      unreachable(`a ${performative.type} is decoded by the straight-line codecs`);
  }
}

const NOTHING = blockOf(new Uint8Array(0));

/** Decodes the bodies of frames. The three performatives that pass often take a path without intermediate objects. */
export class FrameDispatcher {
  readonly #target: FrameTarget;
  readonly #reader = new Reader(NOTHING);
  readonly #transfer = new TransferFields();
  readonly #flow = new FlowFields();
  readonly #disposition = new DispositionFields();

  /** How the values within delivery states are read. */
  readonly #states: DecodeOptions | undefined;

  /** @param typedStates - whether numbers within delivery states come with their AMQP type */
  constructor(target: FrameTarget, typedStates = false) {
    this.#target = target;
    this.#states = typedStates ? { typed: true } : undefined;
  }

  /** Decodes one body. Throws a decode-error for what is none of the nine performatives. */
  dispatch(channel: number, block: Block, start: number, end: number): void {
    const reader = this.#reader;
    reader.reset(block, start, end);
    switch (readDescriptorCode(reader)) {
      case Code.transfer:
        readTransfer(reader, this.#transfer);
        this.#target.sessionOf(channel, 'transfer')?.receiveTransfer(this.#transfer, block, reader.position, end);
        return;
      case Code.disposition:
        readDisposition(reader, this.#disposition, this.#states);
        this.#whole(reader);
        this.#target.sessionOf(channel, 'disposition')?.receiveDisposition(this.#disposition);
        return;
      case Code.flow:
        readFlow(reader, this.#flow);
        this.#whole(reader);
        this.#target.sessionOf(channel, 'flow')?.receiveFlow(this.#flow);
        return;
      default:
        reader.position = start;
        this.#rare(channel, reader);
    }
  }

  /** Lets the memory of the last frame go: a connection that falls silent must not hold it. */
  release(): void {
    this.#reader.reset(NOTHING, 0, 0);
  }

  #rare(channel: number, reader: Reader): void {
    const performative = readPerformative(reader);
    this.#whole(reader);
    routePerformative(this.#target, channel, performative);
  }

  /** §2.3.2: only a transfer has a payload. */
  #whole(reader: Reader): void {
    if (reader.remaining > 0) reader.fail(`${reader.remaining} octets follow a performative that has no payload`);
  }
}
