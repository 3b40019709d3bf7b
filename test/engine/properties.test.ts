import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accepted, released } from '../../src/definitions/index.ts';
import type { SenderLink } from '../../src/engine/index.ts';
import file from '../data/bad-inputs.json' with { type: 'json' };
import { amqpHeader, brief, concat, frame, hex, type Unit } from './support/frames.ts';
import { Sent, type Taken } from './support/hosts.ts';
import { Pair, type SenderPair } from './support/pair.ts';
import { RawPeer, attach, begin, flow, open, transfer } from './support/raw-peer.ts';

const summary = ({ id, payload, calls }: Taken): string =>
  `${id}: ${payload.join('').slice(0, 9)} ${payload.length} ${calls.join(' ')}`;

/** What an engine did with octets: what its hosts heard, and what it said, in order. */
function outcome(reads: readonly Uint8Array[]): unknown {
  const peer = new RawPeer({ maxFrameSize: 2000 });
  peer.credit = 10;
  // A peer that waits for answers sends them in reads of their own: each conversation begins with an open session.
  peer.bytes(amqpHeader).send(open, begin(), attach(), attach({ handle: 1, name: 'back', role: true }));
  peer.said();
  for (const read of reads) peer.bytes(read);
  return {
    connection: peer.log.types,
    ended: peer.connection.ended?.error.message,
    session: peer.session.types,
    links: peer.served.map(({ link, log }) => [log.types, log.taken.map(summary), link.credit]),
    said: peer.said().filter((what) => what !== 'flow'),
  };
}

const conversation: readonly Uint8Array[] = [
  frame(flow({ handle: 1, deliveryCount: 0, linkCredit: 5 })),
  frame(transfer(0, { more: true }), 0, new Uint8Array(700).fill(1)),
  frame(transfer(undefined), 0, new Uint8Array(900).fill(2)),
  frame(transfer(1), 0, Uint8Array.of(3)),
  hex('00000008 02000000'),
  frame({ type: 'disposition', role: true, first: 0, last: 9, settled: true, state: accepted }),
  frame(transfer(2, { settled: true }), 0, Uint8Array.of(4, 5)),
  frame({ type: 'detach', handle: 1, closed: true }),
  frame({ type: 'end' }),
  frame({ type: 'close' }),
];

const cuts = fc.array(fc.nat({ max: 2500 }), { maxLength: 30 });

function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % bytes.length)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe('the cut of the stream', () => {
  it('[F-18] [F-19] makes no difference', () => {
    const bytes = concat(conversation);
    const whole = outcome([bytes]);
    expect(whole).toMatchObject({
      connection: ['opened', 'sessionRequested', 'ended'],
      links: [
        [['ended'], ['0: 111111111 1600 delivered', '1: 3 1 delivered', '2: 45 2 delivered'], 7],
        [['ended'], [], 5],
      ],
    });
    fc.assert(
      fc.property(cuts, (places) => {
        expect(outcome(cutAt(bytes, places))).toEqual(whole);
      }),
    );
  });

  it('[F-18] makes no difference where the input is bad', () => {
    const rows = file.cases.flatMap(({ kind, chunks }) =>
      kind === 'server-input' ? [(chunks ?? []).at(-1) ?? ''] : [],
    );
    // What asks for an answer is left out: whether it comes before the end depends on when the peer ends.
    const asks = /00531[12]/;
    const bad = fc.constantFrom(
      ...rows.filter((text) => text !== 'EOF' && !text.startsWith('414d') && !asks.test(text)),
    );
    const before = fc.nat({ max: conversation.length - 3 });
    fc.assert(
      fc.property(bad, before, cuts, (text, count, places) => {
        const bytes = concat([
          ...conversation.slice(0, count),
          hex(text),
          frame({ type: 'end' }),
          frame({ type: 'close' }),
        ]);
        expect(outcome(cutAt(bytes, places))).toEqual(outcome([bytes]));
      }),
    );
  });

  it('no octets throw', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 8 });
    fc.assert(
      fc.property(changes, cuts, (swaps, places) => {
        const bytes = concat(conversation);
        for (const [place, octet] of swaps) bytes[place % bytes.length] = octet;
        expect(outcome(cutAt(bytes, places))).toEqual(outcome([bytes]));
      }),
      { numRuns: 300 },
    );
  });
});

/** Watches what a sender says, and holds it to what the receiver has granted. */
class Observer {
  #window = 0;
  readonly #limits = new Map<number, number>();
  readonly #counts = new Map<number, number>();
  #transfers = 0;

  granted({ body }: Unit): void {
    if (body?.type === 'begin') this.#window = body.incomingWindow;
    if (body?.type !== 'flow') return;
    this.#window = (body.nextIncomingId ?? 0) + body.incomingWindow;
    if (body.handle === undefined || body.linkCredit === undefined) return;
    const limit = (body.deliveryCount ?? 0) + body.linkCredit;
    this.#limits.set(body.handle, Math.max(limit, this.#limits.get(body.handle) ?? 0));
  }

  said({ body, size }: Unit): void {
    expect(size).toBeLessThanOrEqual(512);
    if (body?.type === 'flow' && body.handle !== undefined) this.#counts.set(body.handle, body.deliveryCount ?? 0);
    if (body?.type !== 'transfer') return;
    this.#transfers++;
    expect(this.#transfers).toBeLessThanOrEqual(this.#window);
    if (body.deliveryId === undefined) return;
    const count = (this.#counts.get(body.handle) ?? 0) + 1;
    this.#counts.set(body.handle, count);
    expect(count).toBeLessThanOrEqual(this.#limits.get(body.handle) ?? 0);
  }
}

type Step = {
  readonly kind: 'send' | 'grant' | 'settle' | 'drain' | 'cancel' | 'pump';
  readonly link: number;
  readonly size: number;
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('send', 'send', 'grant', 'settle', 'drain', 'cancel', 'pump'),
  link: fc.nat({ max: 1 }),
  size: fc.nat({ max: 1500 }),
});

class World {
  readonly pair: Pair;
  readonly links: readonly SenderPair[];
  readonly sent: Sent[] = [];
  readonly #senders = new Map<Sent, SenderLink>();

  constructor(window: number) {
    this.pair = new Pair({
      server: { maxFrameSize: 512 },
      serverSession: { incomingWindow: window },
      client: { highWaterMark: 3000 },
    });
    const { session } = this.pair.session();
    this.links = ['a', 'b'].map((name) => this.pair.senderIn(session, name));
    for (const { sender, log } of this.links) log.onCredit = () => sender.drained();
  }

  take({ kind, link: index, size }: Step): void {
    const link = this.links[index];
    if (link === undefined) return;
    if (kind === 'send') {
      const delivery = new Sent();
      delivery.settled = size % 5 === 0;
      this.#senders.set(delivery, link.sender);
      this.sent.push(delivery);
      if (link.sender.send(delivery, new Uint8Array(size).fill(this.sent.length))) delivery.calls.push('transferred');
    } else if (kind === 'grant') link.receiver.grant(size % 7);
    else if (kind === 'drain') link.receiver.drainCredit();
    else if (kind === 'settle') this.settle(link, size % 3);
    else if (kind === 'cancel') {
      const victim = this.sent.findLast(({ progress }) => progress === 'queued' || progress === 'started');
      if (victim !== undefined) this.#senders.get(victim)?.cancel(victim);
    } else this.pair.pump();
  }

  settle({ receiver, receiverLog }: SenderPair, most: number): void {
    const unsettled = receiverLog.taken.filter(({ settled }) => !settled);
    for (const delivery of unsettled.slice(0, most))
      receiver.settle(delivery, delivery.id % 2 === 0 ? accepted : released);
  }

  /** Gives all the credit that is needed, and settles all. */
  finish(): void {
    for (let round = 0; round < 3; round++) {
      for (const { receiver } of this.links) receiver.grant(500);
      this.pair.pump();
      for (const link of this.links) this.settle(link, Infinity);
      this.pair.pump();
    }
  }
}

describe('two engines', () => {
  it('[S-09] [L-19] [F-11] keep to credit and windows, and settle everything in the end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(1, 2, 7, 2048), (steps, window) => {
        const world = new World(window);
        const observer = new Observer();
        const { client, server } = world.pair;
        for (const each of steps) world.take(each);
        world.finish();
        expect([client.connection.ended, server.connection.ended]).toEqual([undefined, undefined]);
        for (const delivery of world.sent) {
          if (delivery.progress === 'aborted') expect(delivery.calls).toEqual([]);
          else if (delivery.calls.length === 1) expect(delivery.settled).toBe(true);
          else expect(delivery.calls.filter((call) => call.endsWith('settled'))).toHaveLength(1);
        }
        const arrived = world.links.flatMap(({ receiverLog }) => receiverLog.taken.length).reduce((a, b) => a + b, 0);
        expect(arrived).toBe(world.sent.filter(({ progress }) => progress === 'transferred').length);
        expect(client.connection.buffered + server.connection.buffered).toBe(0);
        for (const { session } of world.links) expect(session.unsettledOutgoing).toBe(0);
        observe(world.pair, observer);
      }),
      { numRuns: 150 },
    );
  });
});

/** Goes through what both sides wrote, in the order in which it crossed. */
function observe(pair: Pair, observer: Observer): void {
  for (const { from, unit } of pair.crossed) {
    if (from === pair.server) observer.granted(unit);
    else observer.said(unit);
  }
  expect(pair.crossed.map(({ unit }) => brief(unit))).not.toContain('close');
}
