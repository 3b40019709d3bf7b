import { describe, expect, it } from 'vitest';
import {
  DispositionFields,
  FlowFields,
  TransferFields,
  decodeComposite,
  encodeComposite,
  readDescriptorCode,
  readDisposition,
  readFlow,
  readPerformative,
  readSaslFrame,
  readTransfer,
  writePerformative,
  writeSaslFrame,
} from '../../src/definitions/index.ts';
import file from '../data/vectors.json' with { type: 'json' };
import type { Notation } from '../codec/support/notation.ts';
import { readerOf, written } from './support/bytes.ts';
import { compositeOf } from './support/notation.ts';
import { tables } from './support/tables.ts';

type DescribedNotation = Extract<Notation, { type: 'described' }>;

interface Vector<T> {
  readonly name: string;
  readonly value: T;
  readonly hex: string;
}

interface FrameNotation {
  readonly frame: 'amqp' | 'sasl';
  readonly performative: DescribedNotation | null;
  readonly payload: string;
}

function pick<T>(...groups: string[]): Vector<T>[] {
  return JSON.parse(JSON.stringify(file.vectors.filter(({ group }) => groups.includes(group))));
}

/** What follows the header of a frame (§2.3.1). */
function bodyOf(frame: string): string {
  return frame.slice(Number.parseInt(frame.slice(8, 10), 16) * 8);
}

/** An array of one symbol is this much longer, in digits, than the bare symbol that means the same [T-44]. */
const ARRAY_OF_ONE = 6;

function roomFor(type: string): number {
  const fields = tables.find((table) => table.type === type)?.fields ?? [];
  return fields.filter((field) => field.multiple === true).length * ARRAY_OF_ONE;
}

const composites = pick<DescribedNotation['value']>('composite');
const frames = pick<FrameNotation>('frame', 'wire-capture').flatMap(({ name, value, hex }) =>
  value.performative === null
    ? []
    : [{ name, frame: value.frame, notation: value.performative, payload: value.payload, body: bodyOf(hex) }],
);

describe('composite vectors', () => {
  it.each(composites)('[T-39] reads $name', ({ value, hex }) => {
    const reader = readerOf(hex);
    const code = readDescriptorCode(reader);
    const table = tables.find((candidate) => candidate.code === code);
    expect(table).toBeDefined();
    if (table === undefined) return;
    const decoded = decodeComposite(reader, table);
    expect(decoded).toStrictEqual(compositeOf({ type: 'described', value }));
    expect(reader.remaining).toBe(0);
    // Nothing is lost when it is written again, and nothing is added.
    const again = written((writer) => encodeComposite(writer, table, decoded));
    expect(again.length).toBeLessThanOrEqual(hex.length + roomFor(table.type));
    const reread = readerOf(again);
    readDescriptorCode(reread);
    expect(decodeComposite(reread, table)).toStrictEqual(decoded);
  });
});

describe('frame vectors', () => {
  it.each(frames.filter(({ frame }) => frame === 'amqp'))('[F-06] reads $name', ({ notation, payload, body }) => {
    const reader = readerOf(body);
    const performative = readPerformative(reader);
    expect(performative).toStrictEqual(compositeOf(notation));
    expect(body.slice(reader.position * 2)).toBe(payload);
    const again = written((writer) => writePerformative(writer, performative));
    expect(again.length).toBeLessThanOrEqual(reader.position * 2 + roomFor(performative.type));
    expect(readPerformative(readerOf(again))).toStrictEqual(performative);
  });

  it.each(frames.filter(({ frame }) => frame === 'sasl'))('[A-09] reads $name', ({ notation, body }) => {
    const reader = readerOf(body);
    const frame = readSaslFrame(reader);
    expect(frame).toStrictEqual(compositeOf(notation));
    expect(reader.remaining).toBe(0);
    const again = written((writer) => writeSaslFrame(writer, frame));
    expect(again.length).toBeLessThanOrEqual(body.length + roomFor(frame.type));
    expect(readSaslFrame(readerOf(again))).toStrictEqual(frame);
  });

  it.each(frames.filter(({ body }) => /^0053(13|14|15)/.test(body)))(
    'reads $name by straight-line code',
    ({ notation, body }) => {
      const reader = readerOf(body);
      const code = readDescriptorCode(reader);
      const expected = Object.assign(Object.create(null), compositeOf(notation), {
        type: undefined,
        deliveryTag: undefined,
      });
      if (code === 0x14) {
        const fields = new TransferFields();
        readTransfer(reader, fields);
        expect(Object.assign({ type: undefined }, fields)).toMatchObject(expected);
      } else if (code === 0x15) {
        const fields = new DispositionFields();
        readDisposition(reader, fields);
        expect(Object.assign({ type: undefined, deliveryTag: undefined }, fields)).toMatchObject(expected);
      } else {
        const fields = new FlowFields();
        readFlow(reader, fields);
        expect(Object.assign({ type: undefined, deliveryTag: undefined }, fields)).toMatchObject(expected);
      }
    },
  );
});
