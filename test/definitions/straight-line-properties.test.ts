import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AmqpError } from '../../src/errors/index.ts';
import { Described, symbol, type Reader, type Writer } from '../../src/codec/index.ts';
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
import { list, readerOf, written } from './support/bytes.ts';

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

/** The octets that are written, or the words of the error. */
function outcomeOf(write: (writer: Writer) => void): string {
  try {
    // A small writer has to grow on the way.
    return written(write);
  } catch (error) {
    expect(error).toBeInstanceOf(AmqpError);
    return String(error);
  }
}

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

/** Items of a list that often are what the field at their place wants. */
const items = fc.oneof(
  { weight: 3, arbitrary: fc.constant('40') },
  { weight: 6, arbitrary: fc.constantFrom('41', '42', '5600', '43', '5207', '7000000100', '5000', '5001', '5002') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'a00101',
      'b00000000101',
      '00532445',
      '005324c00100',
      `005323${list('43', '44')}`,
      '00a3017840',
      'c10100',
      'c10402a3016140',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('a10161', '5602', '0053', '45', '00532441', 'ff', 'c1020140') },
);

/** Lists for a table: sensible ones, sensible ones with one item changed, any, and broken ones. */
function listsOf(good: readonly (readonly string[])[]): fc.Arbitrary<string> {
  const sensible = fc
    .tuple(fc.tuple(...good.map((choices) => fc.constantFrom(...choices))), fc.nat(good.length))
    .map(([chosen, count]) => chosen.slice(0, count));
  const changed = fc
    .tuple(sensible, fc.nat(12), items)
    .map(([chosen, place, item]) => chosen.map((old, index) => (index === place ? item : old)));
  const whole = fc.oneof(sensible, changed, fc.array(items, { maxLength: 14 })).map((chosen) => list(...chosen));
  const broken = fc.tuple(whole, fc.nat(4), fc.nat(255)).map(([octets, place, octet]) => {
    const bytes = Buffer.from(octets, 'hex');
    bytes[place % bytes.length] = octet;
    return bytes.toString('hex');
  });
  const cut = fc
    .tuple(whole, fc.nat(20))
    .map(([octets, count]) => octets.slice(0, Math.max(0, octets.length - count * 2)));
  return fc.oneof({ weight: 4, arbitrary: whole }, broken, cut, fc.constantFrom('45', 'd00000000400000000', '41'));
}

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

/** What is read and where the reading ends, or the words of the error. */
function readingOf<T>(
  octets: string,
  read: (reader: Reader) => T,
): { value: T; position: number; end: number } | string {
  // More octets follow, as a payload does.
  const reader = readerOf(`${octets}4141`);
  try {
    return { value: read(reader), position: reader.position, end: reader.end };
  } catch (error) {
    expect(error).toMatchObject({ code: 'decode-error' });
    return String(error);
  }
}

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
