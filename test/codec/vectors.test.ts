import { describe, expect, it } from 'vitest';
import { Reader, blockOf, decode, decodeValue, encode, skipValue } from '../../src/codec/index.ts';
import file from '../data/vectors.json' with { type: 'json' };
import { hex, toHex } from './support/hex.ts';
import { shapeOf, valueOf, type Notation } from './support/notation.ts';

interface Vector<T> {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly type: string;
  readonly value: T;
  readonly hex: string;
  readonly decodable_only: boolean;
}

interface FrameNotation {
  readonly performative: Notation | null;
  readonly payload: string;
}

/** The vectors whose value has the form T. */
function pick<T>(choose: (vector: Vector<unknown>) => boolean): Vector<T>[] {
  return JSON.parse(JSON.stringify(file.vectors.filter(choose)));
}

const single = new Set(['primitive', 'compound', 'described', 'composite', 'message']);
const messages = pick<Notation[]>(({ type }) => type === 'message');
const frames = pick<FrameNotation>(({ type }) => type === 'frame');
const values = pick<unknown>(({ group, type }) => single.has(group) && type !== 'message').map((vector) => {
  const notation: Notation = JSON.parse(JSON.stringify({ type: vector.type, value: vector.value }));
  return Object.assign(vector, { notation });
});

/** All values that follow one another. */
function sequence(bytes: Uint8Array): unknown[] {
  const reader = new Reader(blockOf(bytes));
  const found: unknown[] = [];
  while (reader.remaining > 0) found.push(decodeValue(reader, {}, true));
  return found;
}

describe('vectors of one value', () => {
  it('has them all', () => {
    const headers = pick(({ group }) => group === 'header');
    expect(values.length + messages.length + frames.length + headers.length).toBe(file.vectors.length);
    expect(values.length).toBeGreaterThan(180);
  });

  it.each(values)('[T-05] $id decodes $name', (vector) => {
    const expected = valueOf(vector.notation);
    const decoded = decode(hex(vector.hex), { typed: true });
    expect(shapeOf(decoded)).toStrictEqual(shapeOf(expected));
    expect(decoded).toStrictEqual(expected);
  });

  it.each(values)('$id encodes again with the same types: $name', (vector) => {
    const encoded = encode(decode(hex(vector.hex), { typed: true }));
    expect(toHex(encoded)).toBe(toHex(encode(valueOf(vector.notation))));
    expect(encoded.length).toBeLessThanOrEqual(vector.type === 'array' ? Infinity : vector.hex.length / 2);
  });

  it.each(values.filter((vector) => !vector.decodable_only))('[T-06][T-34] $id encodes $name', (vector) => {
    expect(toHex(encode(valueOf(vector.notation)))).toBe(vector.hex);
  });

  it.each(values)('$id is skipped as a whole: $name', (vector) => {
    const bytes = hex(`${vector.hex}40`);
    const reader = new Reader(blockOf(bytes));
    skipValue(reader);
    expect(reader.position).toBe(bytes.length - 1);
  });

  it.each(values)('[T-50] $id cut at any octet is a decode-error: $name', (vector) => {
    const bytes = hex(vector.hex);
    const stride = Math.max(1, Math.floor(bytes.length / 400));
    for (let length = 0; length < bytes.length; length += stride) {
      expect(() => decode(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: 'decode-error' }));
    }
  });
});

describe('vectors of several values', () => {
  it.each(messages)('$id decodes the sections of $name', (vector) => {
    const expected = vector.value.map(valueOf);
    expect(sequence(hex(vector.hex)).map(shapeOf)).toStrictEqual(expected.map(shapeOf));
    if (!vector.decodable_only) expect(expected.map((value) => toHex(encode(value))).join('')).toBe(vector.hex);
  });

  it.each(frames)('$id decodes the performative of $name', (vector) => {
    const { performative, payload } = vector.value;
    const bytes = hex(vector.hex);
    const dataOffset = Number(bytes[4]) * 4;
    const body = bytes.subarray(dataOffset, bytes.length - payload.length / 2);
    const expected = performative === null ? [] : [valueOf(performative)];
    expect(sequence(body).map(shapeOf)).toStrictEqual(expected.map(shapeOf));
    if (!vector.decodable_only) expect(expected.map((value) => toHex(encode(value))).join('')).toBe(toHex(body));
  });
});
