import { Reader, Writer, blockOf } from '../../../src/codec/index.ts';

/** Octets of hexadecimal text; white space is for the eye. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

/** The hexadecimal text of octets. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** What is written, as hexadecimal text. */
export function written(write: (writer: Writer) => void): string {
  const writer = new Writer(16);
  write(writer);
  return toHex(writer.finish());
}

/** A reader of octets, or of their hexadecimal text. */
export function readerOf(bytes: Uint8Array | string): Reader {
  return new Reader(blockOf(typeof bytes === 'string' ? hex(bytes) : bytes));
}

/** A list8 of encoded items. */
export function list(...items: readonly string[]): string {
  const data = items.join('').replaceAll(/\s/g, '');
  return `c0${octet(data.length / 2 + 1)}${octet(items.length)}${data}`;
}

/** Nulls. */
export function nulls(count: number): string[] {
  return Array.from({ length: count }, () => '40');
}

function octet(value: number): string {
  return value.toString(16).padStart(2, '0');
}
