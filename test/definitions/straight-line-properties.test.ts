import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Described, symbol, type Reader } from '../../src/codec/index.ts';
import {
  DispositionFields,
  FlowFields,
  TransferFields,
  accepted,
  decodeComposite,
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
  type CompositeTable,
  type DeliveryState,
} from '../../src/definitions/index.ts';
import { list } from './support/bytes.ts';
import { listsOf, outcomeOf, readingOf } from './support/comparison.ts';

const runs = { numRuns: 1000 };

/** Edges of the encodings, and numbers that are no uint. */
const anyUint = fc.oneof(fc.constantFrom(0, 1, 255, 256, 0xffff_ffff), fc.nat(), {
  weight: 1,
  arbitrary: fc.constantFrom(-1, 0.5, 0x1_0000_0000, Number.NaN),
});
const optionalUint = fc.option(anyUint, { nil: undefined });
const states = fc.oneof(
  fc.constantFrom<DeliveryState | Described | undefined>(
    undefined,
    accepted,
    released,
    { type: 'accepted' },
    { type: 'received', sectionNumber: 1, sectionOffset: 1n },
    { type: 'received', sectionNumber: -1, sectionOffset: 1n },
    new Described(symbol('x'), 1),
    new Described(symbol('x'), undefined),
  ),
  fc.nat(300).map((size): DeliveryState => ({ type: 'declared', txnId: new Uint8Array(size) })),
);
const flag = fc.boolean();
const optionalFlag = fc.option(flag, { nil: undefined });

/** Fields with some of the values, in an object of their class. */
function filled<T extends object>(make: () => T, values: fc.Arbitrary<Partial<T>>): fc.Arbitrary<T> {
  return values.map((members) => Object.assign(make(), members));
}

const transfers = filled(
  () => new TransferFields(),
  fc.record<Partial<TransferFields>>({
    handle: anyUint,
    deliveryId: optionalUint,
    deliveryTag: fc.option(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.nat(400).map((size) => new Uint8Array(size)),
      ),
      {
        nil: undefined,
      },
    ),
    messageFormat: optionalUint,
    settled: optionalFlag,
    more: flag,
    rcvSettleMode: fc.constantFrom<0 | 1 | undefined>(undefined, 0, 1),
    state: states,
    resume: flag,
    aborted: flag,
    batchable: flag,
  }),
);
const dispositions = filled(
  () => new DispositionFields(),
  fc.record<Partial<DispositionFields>>({
    role: flag,
    first: anyUint,
    last: optionalUint,
    settled: flag,
    state: states,
    batchable: flag,
  }),
);
const flows = filled(
  () => new FlowFields(),
  fc.record<Partial<FlowFields>>({
    nextIncomingId: optionalUint,
    incomingWindow: anyUint,
    nextOutgoingId: anyUint,
    outgoingWindow: anyUint,
    handle: optionalUint,
    deliveryCount: optionalUint,
    linkCredit: optionalUint,
    available: optionalUint,
    drain: flag,
    echo: flag,
    properties: fc.constantFrom(undefined, {}, { a: 1 }, { a: undefined }, { a: new Uint8Array(300) }),
  }),
);

describe('straight-line writing is the same as writing by the table', () => {
  it('transfer', () => {
    fc.assert(
      fc.property(transfers, (fields) => {
        expect(outcomeOf((writer) => writeTransfer(writer, fields))).toBe(
          outcomeOf((writer) => encodeComposite(writer, transfer, fields)),
        );
      }),
      runs,
    );
  });

  it('disposition', () => {
    fc.assert(
      fc.property(dispositions, (fields) => {
        expect(outcomeOf((writer) => writeDisposition(writer, fields))).toBe(
          outcomeOf((writer) => encodeComposite(writer, disposition, fields)),
        );
      }),
      runs,
    );
  });

  it('flow', () => {
    fc.assert(
      fc.property(flows, (fields) => {
        expect(outcomeOf((writer) => writeFlow(writer, fields))).toBe(
          outcomeOf((writer) => encodeComposite(writer, flow, fields)),
        );
      }),
      runs,
    );
  });
});

const uints = ['40', '43', '5207', '7000000100'];
const flags = ['40', '41', '42', '5601'];
const someStates = ['40', '00532445', '005324c00100', '00532645', '00a3017840', `005333${list('a00101')}`];
const lists = {
  transfer: listsOf([
    uints.slice(1),
    uints,
    ['40', 'a00101', 'b00000000101'],
    uints,
    flags,
    flags,
    ['40', '5000', '5001'],
    someStates,
    flags,
    flags,
    flags,
    ['40'],
  ]),
  disposition: listsOf([flags.slice(1), uints.slice(1), uints, flags, someStates, flags, ['40']]),
  flow: listsOf([
    uints,
    uints.slice(1),
    uints.slice(1),
    uints.slice(1),
    uints,
    uints,
    uints,
    uints,
    flags,
    flags,
    ['40', 'c10100', 'c10402a3016140'],
    ['40'],
  ]),
};

function byTable<T extends object>(table: CompositeTable, shape: T): (reader: Reader) => T {
  return (reader) => {
    const entries = Object.entries(decodeComposite(reader, table)).filter(([key]) => key in shape);
    return Object.assign(Object.create(null), Object.fromEntries(entries));
  };
}

const plain = <T extends object>(fields: T): T => Object.assign(Object.create(null), fields);

describe('straight-line reading is the same as reading by the table', () => {
  it('transfer', () => {
    const reused = new TransferFields();
    fc.assert(
      fc.property(lists.transfer, (octets) => {
        const mine = readingOf(octets, (reader) => {
          readTransfer(reader, reused);
          const { deliveryTagStart, deliveryTagEnd, ...fields } = reused;
          const tag =
            deliveryTagStart < 0 ? undefined : new Uint8Array(reader.bytes.subarray(deliveryTagStart, deliveryTagEnd));
          return plain({ ...fields, deliveryTag: tag });
        });
        expect(mine).toStrictEqual(readingOf(octets, byTable(transfer, reused)));
      }),
      runs,
    );
  });

  it('disposition', () => {
    const reused = new DispositionFields();
    fc.assert(
      fc.property(lists.disposition, (octets) => {
        const mine = readingOf(octets, (reader) => {
          readDisposition(reader, reused);
          return plain(reused);
        });
        expect(mine).toStrictEqual(readingOf(octets, byTable(disposition, reused)));
      }),
      runs,
    );
  });

  it('flow', () => {
    const reused = new FlowFields();
    fc.assert(
      fc.property(lists.flow, (octets) => {
        const mine = readingOf(octets, (reader) => {
          readFlow(reader, reused);
          return plain(reused);
        });
        expect(mine).toStrictEqual(readingOf(octets, byTable(flow, reused)));
      }),
      runs,
    );
  });
});
