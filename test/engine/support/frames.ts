import { Reader, Writer, blockOf } from '../../../src/codec/index.ts';
import {
  readPerformative,
  readSaslFrame,
  writePerformative,
  writeSaslFrame,
  type Performative,
  type PerformativeInit,
  type SaslFrame,
  type SaslFrameInit,
} from '../../../src/definitions/index.ts';

/** Octets of hexadecimal text; white space is for the eye. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

export const amqpHeader: Uint8Array = hex('414d5150 00010000');
export const saslHeader: Uint8Array = hex('414d5150 03010000');
export const heartbeat: Uint8Array = hex('00000008 02000000');
const none = new Uint8Array(0);

/** A unit of a stream: a protocol header, or a frame with its decoded body. */
export interface Unit {
  /** The name of the performative or SASL frame; `header 0`, `header 3`, `heartbeat`. */
  readonly type: string;
  readonly channel: number;
  readonly size: number;
  readonly body: Performative | SaslFrame | undefined;
  readonly payload: Uint8Array;
}

/** Cuts what an engine wrote into units. What is left over is an error of the engine. */
export function units(bytes: Uint8Array): Unit[] {
  const found: Unit[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0x41) {
      found.push({ type: `header ${bytes[at + 4]}`, channel: 0, size: 8, body: undefined, payload: none });
      at += 8;
      continue;
    }
    const size = view.getUint32(at);
    if (size < 8 || at + size > bytes.length) throw new Error(`a frame of ${size} octets lies at ${at}`);
    found.push(unit(bytes, at, size));
    at += size;
  }
  return found;
}

function unit(bytes: Uint8Array, at: number, size: number): Unit {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, size);
  const channel = view.getUint16(6);
  if (size === 8) return { type: 'heartbeat', channel, size, body: undefined, payload: none };
  const reader = new Reader(blockOf(bytes), at + view.getUint8(4) * 4, at + size);
  const body = view.getUint8(5) === 1 ? readSaslFrame(reader) : readPerformative(reader);
  return { type: body.type, channel, size, body, payload: bytes.slice(reader.position, at + size) };
}

/** A unit in few words: its type, and the condition of its error. */
export function brief({ type, body }: Unit): string {
  const error = body !== undefined && 'error' in body ? body.error : undefined;
  return error === undefined ? type : `${type} ${error.condition}`;
}

function framed(type: number, channel: number, write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer();
  writer.reserve(8);
  write(writer);
  writer.view.setUint32(0, writer.position);
  writer.view.setUint16(4, 0x0200 | type);
  writer.view.setUint16(6, channel);
  return writer.finish();
}

/** A frame of a performative, and of a payload where it has one. */
export function frame(performative: PerformativeInit, channel = 0, payload: Uint8Array = none): Uint8Array {
  return framed(0, channel, (writer) => {
    writePerformative(writer, performative);
    writer.raw(payload);
  });
}

/** A frame of the SASL layer. */
export function saslFrame(body: SaslFrameInit): Uint8Array {
  return framed(1, 0, (writer) => writeSaslFrame(writer, body));
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
