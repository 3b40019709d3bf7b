import { AmqpError } from '../errors/index.ts';
import type { Limits, Reader, Writer } from '../codec/index.ts';
import { encodeComposite } from './composite.ts';
import { performatives, type Performative, type PerformativeInit } from './generated/performatives.ts';
import { saslFrames, type SaslFrame, type SaslFrameInit } from './generated/sasl-frames.ts';
import type { CompositeTable } from './spec.ts';
import { readClosed } from './table-reader.ts';

/**
 * Reads one of the nine performatives with its descriptor (§2.7); the payload of a transfer is next then.
 *
 * @throws decode-error for anything else, and for one with a wrong field.
 */
export function readPerformative(reader: Reader, limits?: Limits): Performative {
  return readClosed(reader, performatives, limits);
}

/** Writes a performative. @throws encode-error naming the field. */
export function writePerformative(writer: Writer, performative: PerformativeInit): void {
  encodeComposite(writer, tableOf(performatives, performative.type), performative);
}

/**
 * Reads one of the five SASL frame bodies with its descriptor (§5.3.3).
 *
 * @throws decode-error for anything else, and for one with a wrong field.
 */
export function readSaslFrame(reader: Reader, limits?: Limits): SaslFrame {
  return readClosed(reader, saslFrames, limits);
}

/** Writes the body of a SASL frame. @throws encode-error naming the field. */
export function writeSaslFrame(writer: Writer, frame: SaslFrameInit): void {
  encodeComposite(writer, tableOf(saslFrames, frame.type), frame);
}

function tableOf(tables: readonly CompositeTable[], type: string): CompositeTable {
  const table = tables.find((candidate) => candidate.type === type);
  if (table === undefined) throw new AmqpError('encode-error', `${type} is the name of no such frame`);
  return table;
}
