import { describe, expect, it } from 'vitest';
import { Described, Writer, encodeValue, symbol, ubyte, uint, type Reader } from '../../src/codec/index.ts';
import {
  DispositionFields,
  FlowFields,
  TransferFields,
  accepted,
  disposition,
  encodeComposite,
  flow,
  readDisposition,
  readFlow,
  readTransfer,
  released,
  transfer,
  writeDisposition,
  writeFlow,
  writeTransfer,
} from '../../src/definitions/index.ts';
import { explainDecodeError, explainEncodeError } from '../../src/definitions/composite.ts';
import { list, nulls, readerOf, toHex, written } from './support/bytes.ts';

/** Each field alone, so that the list ends with it, and all of them. */
const transferMembers: Partial<TransferFields>[] = [
  { handle: 300 },
  { deliveryId: 1 },
  { deliveryTag: new Uint8Array(2) },
  { deliveryTag: new Uint8Array(256) },
  { messageFormat: 0 },
  { settled: false },
  { settled: true },
  { more: true },
  { rcvSettleMode: 1 },
  { state: accepted },
  { state: released },
  { resume: true },
  { aborted: true },
  { batchable: true },
];
const dispositionMembers: Partial<DispositionFields>[] = [
  { role: true },
  { last: 1 },
  { settled: true },
  { state: accepted },
  { state: released },
  { batchable: true },
];
const flowMembers: Partial<FlowFields>[] = [
  { nextIncomingId: 1 },
  { handle: 1 },
  { deliveryCount: 1 },
  { linkCredit: 1 },
  { available: 1 },
  { drain: true },
  { echo: true },
  { properties: {} },
];

describe('straight-line codecs field by field', () => {
  it.each([...transferMembers, Object.assign({}, ...transferMembers)])('transfer %o', (members) => {
    const fields = Object.assign(new TransferFields(), members);
    const octets = written((writer) => writeTransfer(writer, fields));
    expect(octets).toBe(written((writer) => encodeComposite(writer, transfer, fields)));
    const reader = readerOf(octets.slice(6));
    const read = new TransferFields();
    readTransfer(reader, read);
    const { deliveryTag, ...rest } = fields;
    expect(read).toMatchObject({
      ...rest,
      deliveryTagStart: read.deliveryTagStart,
      deliveryTagEnd: read.deliveryTagEnd,
    });
    expect(read.deliveryTagEnd - read.deliveryTagStart).toBe(deliveryTag?.length ?? 0);
  });

  it.each([...dispositionMembers, Object.assign({}, ...dispositionMembers)])('disposition %o', (members) => {
    const fields = Object.assign(new DispositionFields(), members);
    const octets = written((writer) => writeDisposition(writer, fields));
    expect(octets).toBe(written((writer) => encodeComposite(writer, disposition, fields)));
    const read = new DispositionFields();
    readDisposition(readerOf(octets.slice(6)), read);
    expect(read).toStrictEqual(fields);
  });

  it.each([...flowMembers, Object.assign({}, ...flowMembers)])('flow %o', (members) => {
    const fields = Object.assign(new FlowFields(), members);
    const octets = written((writer) => writeFlow(writer, fields));
    expect(octets).toBe(written((writer) => encodeComposite(writer, flow, fields)));
    const read = new FlowFields();
    readFlow(readerOf(octets.slice(6)), read);
    expect(Object.assign({}, read, { properties: { ...read.properties } })).toStrictEqual({
      ...fields,
      properties: { ...fields.properties },
    });
  });

  it.each([
    ['transfer.handle: -1 is not a uint', Object.assign(new TransferFields(), { handle: -1 })],
    ['transfer.rcv-settle-mode: 2 is none of 0, 1', Object.assign(new TransferFields(), { rcvSettleMode: 2 })],
  ])('name the field that cannot be written: %s', (message, fields) => {
    const writer = new Writer();
    expect(() => writeTransfer(writer, fields)).toThrow(message);
    expect(writer.position).toBe(0);
  });

  it('name the field that cannot be written: flow and disposition', () => {
    expect(() => writeFlow(new Writer(), Object.assign(new FlowFields(), { handle: 0.5 }))).toThrow('flow.handle: 0.5');
    expect(() => writeDisposition(new Writer(), Object.assign(new DispositionFields(), { last: -1 }))).toThrow(
      'disposition.last: -1',
    );
  });

  it.each<[string, (octets: Reader) => void, string]>([
    [
      'transfer.handle: a mandatory field is missing',
      (reader) => readTransfer(reader, new TransferFields()),
      list('40'),
    ],
    ['transfer.handle: a mandatory field is missing', (reader) => readTransfer(reader, new TransferFields()), '45'],
    [
      'transfer.delivery-tag: expected binary',
      (reader) => readTransfer(reader, new TransferFields()),
      list('43', '40', '43'),
    ],
    [
      'transfer.rcv-settle-mode: 2 is none',
      (reader) => readTransfer(reader, new TransferFields()),
      list('43', ...nulls(5), '5002'),
    ],
    [
      'disposition.role: a mandatory field is missing',
      (reader) => readDisposition(reader, new DispositionFields()),
      '45',
    ],
    [
      'disposition.first: a mandatory field is missing',
      (reader) => readDisposition(reader, new DispositionFields()),
      list('41'),
    ],
    ['flow.incoming-window: a mandatory field is missing', (reader) => readFlow(reader, new FlowFields()), '45'],
    [
      'flow.next-outgoing-id: a mandatory field is missing',
      (reader) => readFlow(reader, new FlowFields()),
      list('40', '43'),
    ],
    [
      'flow.outgoing-window: a mandatory field is missing',
      (reader) => readFlow(reader, new FlowFields()),
      list('40', '43', '43', '40'),
    ],
    [
      'transfer: there are more fields',
      (reader) => readTransfer(reader, new TransferFields()),
      list('43', ...nulls(10), '43'),
    ],
  ])('[T-43] %s', (message, read, octets) => {
    expect(() => read(readerOf(octets))).toThrow(message);
  });
});

describe('straight-line codecs', () => {
  it('take numbers as they come and use one object again', () => {
    const fields = new TransferFields();
    readTransfer(
      readerOf(list('5205', '5201', 'a0026162', '43', '41', '41', '5001', '00532445', '41', '41', '41')),
      fields,
    );
    expect(fields).toMatchObject({
      handle: 5,
      deliveryId: 1,
      messageFormat: 0,
      settled: true,
      more: true,
      rcvSettleMode: 1,
    });
    expect(fields).toMatchObject({
      deliveryTagStart: 9,
      deliveryTagEnd: 11,
      resume: true,
      aborted: true,
      batchable: true,
    });
    expect(fields.state).toBe(accepted);
    readTransfer(readerOf(list('43')), fields);
    expect(fields).toStrictEqual(new TransferFields());
  });

  it('pass limits on', () => {
    const deep = written((writer) => encodeValue(writer, new Described(symbol('x'), [[[]]])));
    const properties = written((writer) => encodeValue(writer, new Map([[symbol('x'), [[[uint(1), ubyte(1)]]]]])));
    const limits = { maxDepth: 2 };
    expect(() => readTransfer(readerOf(list('43', ...nulls(6), deep)), new TransferFields(), limits)).toThrow(
      'transfer.state',
    );
    expect(() =>
      readDisposition(readerOf(list('41', '43', '40', '40', deep)), new DispositionFields(), limits),
    ).toThrow('disposition.state');
    const windows = ['40', '43', '43', '43', ...nulls(6)];
    expect(() => readFlow(readerOf(list(...windows, properties)), new FlowFields(), limits)).toThrow('flow.properties');
  });

  it('write into memory that others use, in its place', () => {
    const writer = new Writer(8);
    writer.octet(0x41);
    writeDisposition(
      writer,
      Object.assign(new DispositionFields(), { role: true, first: 1, settled: true, state: accepted }),
    );
    writer.octet(0x42);
    expect(toHex(writer.finish())).toBe(`41005315${list('41', '5201', '40', '41', '00532445')}42`);
  });

  it('show the first error where the table finds nothing wrong', () => {
    const error = new RangeError('mine');
    expect(() => explainDecodeError(readerOf(list('43')), transfer, undefined, error)).toThrow(error);
    expect(() => explainEncodeError(new Writer(), transfer, { handle: 0 }, error)).toThrow(error);
  });
});
