import { expect } from 'vitest';
import type { BrokerOptions } from '../../../src/broker/index.ts';
import { Described, ulong } from '../../../src/codec/index.ts';
import type { AttachInit, PerformativeInit } from '../../../src/definitions/index.ts';
import { encodeMessageBytes } from '../../../src/message/index.ts';
import { settle } from '../../broker/support/setup.ts';
import { hex } from '../../engine/support/frames.ts';
import { attach, begin, open, transfer } from '../../engine/support/raw-peer.ts';
import { because, type Surface } from '../support/cases.ts';
import { Intruder } from '../support/intruder.ts';

type Run = (id: string) => Promise<void>;

const none = new Uint8Array(0);
const kib = new Uint8Array(1024);
const mib = 1_048_576;
const message = encodeMessageBytes('x');
const toQueue = { source: { type: 'source' }, target: { type: 'target', address: 'q' } } as const;

/** What the broker says to a client that sends to `q`, and does so badly. */
const sending =
  (
    said: readonly string[],
    attack: (intruder: Intruder) => void | Promise<void>,
    options: BrokerOptions = {},
    fields: Partial<AttachInit> = {},
  ): Run =>
  async () => {
    const intruder = await Intruder.begun(options, attach({ ...toQueue, ...fields, type: 'attach' }));
    await attack(intruder);
    await settle();
    expect([intruder.said(), intruder.ended]).toEqual([said, false]);
    await intruder.othersLiveOn();
  };

/** Parts without or with hardly any payload, as the window allows: they hold no memory, and the message ends after all. */
const crumbs =
  (size: number): Run =>
  async () => {
    const intruder = await Intruder.begun({}, attach(toQueue));
    const parts = Array.from({ length: 1000 }, () => transfer(0, { more: true }));
    for (let round = 0; round < 20; round++) await intruder.transfers(new Uint8Array(size), ...parts);
    await intruder.transfers(message, transfer(0));
    const said = intruder.said();
    expect([said.at(-1), said.filter((unit) => /detach|end|close/.test(unit))]).toEqual(['disposition', []]);
    // With zeros before it, it is a message no more, and is rejected.
    expect(intruder.broker.depth('q')).toBe(size === 0 ? 1 : 0);
    await intruder.othersLiveOn();
  };

/** More parts than the window takes, in one read. */
const crowded = sending(['end amqp:session:window-violation'], (intruder) =>
  intruder.transfers(none, ...Array.from({ length: 2049 }, () => transfer(0, { more: true }))),
);

/** A link each for parts of 16 MiB: what 256 MiB do not hold any more ends the session, and all of it is let go. */
async function manyUnfinished(): Promise<void> {
  const maxFrameSize = 17 * mib;
  const intruder = await Intruder.begun({ maxFrameSize });
  const part = new Uint8Array(16 * mib);
  for (let handle = 0; handle < 17; handle++) {
    await intruder.send(attach({ ...toQueue, name: `link ${handle}`, handle }));
    expect(intruder.said()).toEqual(['attach', 'flow']);
    await intruder.transfers(part, transfer(handle, { handle, more: true }));
  }
  expect(intruder.said()).toEqual(['end amqp:resource-limit-exceeded']);
  await intruder.othersLiveOn();
}

/** An attach that is refused: the broker's has a null terminus, and a detach follows that says why. */
const refused =
  (condition: string, fields: Partial<AttachInit>): Run =>
  async () => {
    const intruder = await Intruder.begun({});
    await intruder.send(attach({ ...toQueue, ...fields, type: 'attach' }));
    const units = intruder.units();
    const [answer, detach] = units.map(({ body }) => body);
    expect(units).toHaveLength(2);
    expect(answer).toMatchObject({ type: 'attach', [fields.role === true ? 'source' : 'target']: undefined });
    expect(detach).toMatchObject({ type: 'detach', closed: true, error: { condition: `amqp:${condition}` } });
    await intruder.othersLiveOn();
  };

const closing =
  (said: readonly string[], attack: (intruder: Intruder) => void | Promise<void>): Run =>
  async () => {
    const intruder = await Intruder.begun({});
    await attack(intruder);
    await settle();
    expect(intruder.said()).toEqual(said);
    expect(intruder.clock.pending).toBeGreaterThan(0);
    intruder.clock.advance(1000);
    await settle();
    expect(intruder.ended).toBe(true);
    await intruder.othersLiveOn();
  };

/** Frames of all kinds after the close that the broker has sent: nothing is said to them. */
async function afterClose(intruder: Intruder): Promise<void> {
  await intruder.send(open, begin(), attach(toQueue), { type: 'end' });
  intruder.bytes(hex('00000008 09000000'));
}

const unknownTerminus = new Described(ulong(0x99), []);
const inTransaction = { type: 'transactional-state', txnId: Uint8Array.of(1) } as const;
const source = (fields: object): Partial<AttachInit> => ({
  role: true,
  source: { type: 'source', address: 'q', ...fields },
});
/** A close with an error without any field. */
const emptyError = hex('00000012 02000000 005318 c00501 00531d45');
const end: PerformativeInit = { type: 'end' };

/** What a hostile client may do to sessions, and to links on which it sends. */
export const brokerLinks: Surface<Run> = {
  'BY-09': sending(
    ['detach amqp:link:message-size-exceeded'],
    (intruder) => intruder.transfers(kib, ...Array.from({ length: 100 }, () => transfer(0, { more: true }))),
    { maxMessageSize: 10_000 },
  ),
  'BY-10': async (id) => {
    await crowded(id);
    for (const size of [0, 1]) await crumbs(size)(id);
  },
  'BY-11': manyUnfinished,
  // It comes as it says: settled, whatever was agreed on.
  'BY-20': sending(
    [],
    async (intruder) => {
      await intruder.transfers(message, transfer(0, { settled: true }));
      expect(intruder.broker.depth('q')).toBe(1);
    },
    {},
    { sndSettleMode: 0 },
  ),
  'BY-21': sending(['detach amqp:invalid-field'], (intruder) =>
    intruder.transfers(message, transfer(0, { rcvSettleMode: 1 })),
  ),
  'BY-22': sending(['detach amqp:invalid-field'], (intruder) =>
    intruder.transfers(kib, transfer(0, { more: true }), transfer(0, { messageFormat: 1 })),
  ),
  'BY-35': refused('invalid-field', source({ address: 5 })),
  'BY-36': refused('not-implemented', { target: unknownTerminus }),
  'BY-37': refused('not-implemented', { target: { type: 'coordinator' } }),
  'BY-38': refused('invalid-field', source({ filter: { f: 'x' } })),
  'BY-40': refused('invalid-field', source({ dynamic: true })),
  ...because('the broker attaches no coordinator: see BY-37', 'BY-41', 'BY-42'),
  'BY-43': sending(['detach amqp:transaction:unknown-id'], (intruder) =>
    intruder.transfers(message, transfer(0, { state: inTransaction })),
  ),
  // The condition is mandatory (§2.8.14): the close is answered, and the answer says what was wrong with it.
  'BY-44': closing(['close amqp:decode-error'], (intruder) => intruder.bytes(emptyError)),
  'BY-46': closing(['end', 'close amqp:not-allowed'], (intruder) => intruder.send(end, end)),
  'BY-47': closing(['close amqp:illegal-state'], afterClose),
};
