import { expect } from 'vitest';
import { Described, ulong } from '../../../src/codec/index.ts';
import type { DispositionInit, FlowInit } from '../../../src/definitions/index.ts';
import { memoryTransportPair } from '../../../src/io/index.ts';
import { FakeClock } from '../../../src/testing/index.ts';
import { client, settle, start, take } from '../../broker/support/setup.ts';
import { amqpHeader, concat, frame } from '../../engine/support/frames.ts';
import { attach, begin, flow, open } from '../../engine/support/raw-peer.ts';
import type { Surface } from '../support/cases.ts';
import { Intruder } from '../support/intruder.ts';

type Run = (id: string) => Promise<void>;

const MOST = 0xffff_ffff;
const fromQueue = attach({ role: true, source: { type: 'source', address: 'q' }, target: { type: 'target' } });
const granting = (fields: Partial<FlowInit> = {}) =>
  flow({ handle: 0, deliveryCount: 0, incomingWindow: 1000, ...fields, type: 'flow' });

/** Has another client put messages into `q`. */
async function fill(intruder: Intruder, count: number, body: string | Uint8Array = 'x'): Promise<void> {
  const other = await client(intruder.broker);
  const sender = await other.createSender('q');
  await Promise.all(Array.from({ length: count }, () => sender.send({ body })));
  await other.close();
}

/** A client to which two messages of `q` were sent, and that has settled none. */
async function holdingTwo(): Promise<Intruder> {
  const intruder = await Intruder.begun({}, fromQueue);
  await fill(intruder, 2);
  await intruder.send(granting({ linkCredit: 2 }));
  expect(intruder.said()).toEqual(['transfer', 'transfer']);
  return intruder;
}

/** What the broker says to dispositions of that client, and how many messages are back in the queue when it is gone. */
const telling =
  (said: readonly string[], left: number, ...dispositions: readonly Partial<DispositionInit>[]): Run =>
  async () => {
    const intruder = await holdingTwo();
    for (const fields of dispositions)
      await intruder.send({ role: true, first: 0, settled: true, ...fields, type: 'disposition' });
    expect([intruder.said(), intruder.ended]).toEqual([said, false]);
    await intruder.othersLiveOn();
    intruder.end();
    await settle();
    expect(intruder.broker.depth('q')).toBe(left);
  };

/** Credit without end: it gets what there is, and no more is prepared. */
async function creditWithoutEnd(): Promise<void> {
  const intruder = await Intruder.begun({}, fromQueue);
  await fill(intruder, 100);
  await intruder.send(granting({ linkCredit: MOST, incomingWindow: MOST }));
  expect(intruder.said()).toEqual(Array.from({ length: 100 }, () => 'transfer'));
  await intruder.othersLiveOn();
}

/** A window that stays shut holds up one message, until the link goes; all others can be had by others. */
async function windowShut(): Promise<void> {
  const intruder = await Intruder.begun({}, fromQueue);
  await intruder.send(granting({ linkCredit: 100, incomingWindow: 0 }));
  await fill(intruder, 3);
  expect([intruder.said(), intruder.broker.depth('q')]).toEqual([[], 2]);
  const other = await client(intruder.broker);
  const receiver = await other.createReceiver('q');
  for (const delivery of await take(receiver, 2)) await delivery.accept();
  await intruder.send({ type: 'detach', handle: 0, closed: true });
  await take(receiver, 1);
  await other.close();
}

/** A client that reads nothing: what waits for it is bounded, a timer ends it, and others get its messages. */
async function neverReads(): Promise<void> {
  const clock = new FakeClock();
  const broker = await start({ clock, idleTimeout: 0 });
  const intruder = new Intruder(broker, clock);
  await fill(intruder, 300, new Uint8Array(10 * 1024));
  const [near, far] = memoryTransportPair();
  let handed = 0;
  let ended = false;
  near.open({ received: () => undefined, closed: () => (ended = true) });
  broker.accept({
    ...far,
    encrypted: true,
    loopback: true,
    open: (events) => far.open(events),
    send: (chunks) => (handed += concat(chunks).length),
    end: () => far.end(),
    destroy: () => far.destroy(),
  });
  const frames = [
    open,
    begin({ incomingWindow: MOST }),
    fromQueue,
    granting({ linkCredit: MOST, incomingWindow: MOST }),
  ];
  near.send([amqpHeader, ...frames.map((each) => frame(each))], () => undefined);
  await settle();
  // The high-water mark is 1 MiB; the queue has three.
  expect(handed).toBeLessThan(1_200_000);
  expect(ended).toBe(false);
  clock.advance(60_000);
  clock.advance(60_000);
  await settle();
  expect([ended, broker.depth('q')]).toEqual([true, 300]);
  await intruder.othersLiveOn();
}

const accepted = { type: 'accepted' } as const;

/** What a hostile client may do on links on which it receives. */
export const brokerConsumers: Surface<Run> = {
  'BY-12': creditWithoutEnd,
  'BY-13': windowShut,
  'BY-14': neverReads,
  'BY-16': telling([], 0, { last: 0x7fff_ffff, state: accepted }),
  'BY-17': telling(['detach amqp:invalid-field'], 2, { state: new Described(ulong(0x99), []) }),
  'BY-18': telling([], 2, { role: false, last: 1, state: accepted }),
  'BY-19': telling([], 1, { state: accepted }, { state: { type: 'released' } }),
};
