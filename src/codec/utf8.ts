import { AmqpError } from '../errors/index.ts';

const encoder = new TextEncoder();
// §1.6.20: ill-formed UTF-8 is an error, and a leading U+FEFF is part of the string.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Below this length a loop over ASCII beats every call. */
const SHORT = 8;
/** From this length on the decoder is quick enough. */
const LONG = 256;

/** Node makes a text of octets below 128 several times as quick as its decoder does. */
const latin1Slice = typeof Buffer === 'undefined' ? undefined : Buffer.prototype.latin1Slice;

/** The number of octets that a string takes in UTF-8. A lone surrogate is an encode-error: UTF-8 cannot hold it. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (unit < 0xd800 || unit > 0xdfff) length += 2;
    else {
      // A pair is two units and four octets. Past the end charCodeAt gives NaN, which is no low surrogate.
      const low = text.charCodeAt(++index);
      if (unit > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) {
        throw new AmqpError('encode-error', `a string holds a lone surrogate at position ${index - 1}`);
      }
      length += 2;
    }
  }
  return length;
}

/** Writes a string of `length` octets at `position`. `length` comes from {@link utf8Length}. */
export function writeUtf8(text: string, length: number, bytes: Uint8Array, position: number): void {
  if (length === text.length && length < LONG) writeAscii(text, bytes, position);
  else encoder.encodeInto(text, bytes.subarray(position, position + length));
}

/** Writes a string that is known to be ASCII. */
export function writeAscii(text: string, bytes: Uint8Array, position: number): void {
  for (let index = 0; index < text.length; index++) bytes[position + index] = text.charCodeAt(index);
}

/** Writes a string as long as it is ASCII, and says whether all of it was. */
export function writeShortAscii(text: string, bytes: Uint8Array, position: number): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) return false;
    bytes[position + index] = unit;
  }
  return true;
}

/** Reads `end - start` octets of UTF-8. Ill-formed octets are a decode-error. */
export function readUtf8(bytes: Uint8Array, view: DataView, start: number, end: number): string {
  if (end - start < LONG && isAscii(view, start, end)) return readAsciiText(bytes, view, start, end);
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch (cause) {
    throw new AmqpError('decode-error', `a string at octet ${start} is not valid UTF-8`, { cause });
  }
}

/** Reads `end - start` octets of ASCII. An octet above 127 is a decode-error (§1.6.21). */
export function readAscii(bytes: Uint8Array, view: DataView, start: number, end: number): string {
  if (isAscii(view, start, end)) return readAsciiText(bytes, view, start, end);
  let wrong = start;
  while (view.getUint8(wrong) < 0x80) wrong++;
  const octet = view.getUint8(wrong).toString(16);
  throw new AmqpError('decode-error', `a symbol holds the octet 0x${octet}, which is not ASCII`);
}

function readAsciiText(bytes: Uint8Array, view: DataView, start: number, end: number): string {
  if (latin1Slice !== undefined && end - start >= SHORT) return latin1Slice.call(bytes, start, end);
  let text = '';
  for (let index = start; index < end; index++) text += String.fromCharCode(view.getUint8(index));
  return text;
}

function isAscii(view: DataView, start: number, end: number): boolean {
  let index = start;
  for (; index + 4 <= end; index += 4) if ((view.getInt32(index) & 0x8080_8080) !== 0) return false;
  for (; index < end; index++) if (view.getUint8(index) >= 0x80) return false;
  return true;
}

/** The position of the first unit that is not ASCII, or -1. */
export function firstNonAscii(text: string): number {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >= 0x80) return index;
  return -1;
}
