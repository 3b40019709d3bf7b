import { describe, expect, it } from 'vitest';
import { amqpError } from '../../src/errors/index.ts';
import type { DeliveryState } from '../../src/definitions/index.ts';
import type { ConnectionOptions, SenderLink } from '../../src/engine/index.ts';
import { amqpHeader, concat, frame, type Unit } from './support/frames.ts';
import { Sent } from './support/hosts.ts';
import { RawPeer, attach, begin, flow } from './support/raw-peer.ts';

const transfers = (peer: RawPeer): Unit[] => peer.units().filter(({ type }) => type === 'transfer');
const counted = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, index) => index % 251);

interface Sending {
  readonly peer: RawPeer;
  readonly link: SenderLink;
}

/** An engine that sends to a peer whose frames hold 512 octets. */
function sending(credit: number, window = 1000, options: Partial<ConnectionOptions> = {}): Sending {
  const peer = new RawPeer(options).bytes(amqpHeader);
  peer.send({ type: 'open', containerId: 'raw', maxFrameSize: 512 }, begin({ incomingWindow: window }));
  peer.send(attach({ role: true }));
  if (credit > 0) peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: credit, incomingWindow: window }));
  peer.said();
  const { link } = peer.link;
  if (!('send' in link)) throw new Error('the link is no sender');
  return { peer, link };
}

/** Sends octets 3 to 3 + size of a larger piece of memory. */
function send(link: SenderLink, size: number, terms = {}, init: Partial<Sent> = {}): Sent {
  const delivery = Object.assign(new Sent(), init);
  if (link.send(delivery, counted(size + 10), 3, 3 + size, terms)) delivery.calls.push('sent');
  return delivery;
}

const grant = (credit: number, window = 1000): Uint8Array =>
  frame(flow({ handle: 0, nextIncomingId: 0, deliveryCount: 0, linkCredit: credit, incomingWindow: window }));

describe('the limit of what waits', () => {
  it('refuses a message that exceeds it, but takes one of any size where nothing waits', () => {
    const { peer, link } = sending(0, 1000, { maxQueuedSize: 100 });
    const { queued } = peer.connection;
    const large = send(link, 700);
    expect(queued.held).toBe(700);
    expect(() => send(link, 1)).toThrow(expect.objectContaining({ code: 'send-queue-full' }));
    expect(() => send(link, 1)).toThrow(
      'messages of 700 octets wait to be sent on the connection, and the limit is 100',
    );
    expect([link.queued, queued.held]).toEqual([1, 700]);
    expect(link.cancel(large)).toBe(true);
    expect(queued.held).toBe(0);
    send(link, 60);
    send(link, 40);
    expect(() => send(link, 1)).toThrow('the limit is 100');
    // What an earlier link has accepted is not refused again.
    send(link, 5, { readmitted: true });
    expect([link.queued, queued.held]).toEqual([3, 105]);
  });

  it('counts what is not sent yet, until it is sent, taken back or dropped', () => {
    const { peer, link } = sending(0, 1);
    const { queued } = peer.connection;
    const [first, second] = [send(link, 900), send(link, 50)];
    peer.bytes(grant(2, 1));
    const [unit] = transfers(peer);
    expect(queued.held).toBe(950 - (unit?.payload.length ?? 0));
    expect(link.cancel(first)).toBe(true);
    expect(queued.held).toBe(50);
    peer.send(flow({ nextIncomingId: 1, incomingWindow: 10 }));
    expect([second.calls, queued.held]).toEqual([['transferred'], 0]);
    send(link, 70);
    expect(queued.held).toBe(70);
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect([link.queued, queued.held]).toEqual([0, 0]);
  });

  it('counts what was taken back once, though its link ends before the abort could leave', () => {
    const { peer, link } = sending(5, 1);
    link.cancel(send(link, 900));
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect(peer.connection.queued.held).toBe(0);
  });

  it('counts the rest of a delivery that has begun at once', () => {
    const { peer, link } = sending(5, 1);
    send(link, 900);
    const [unit] = transfers(peer);
    expect(peer.connection.queued.held).toBe(900 - (unit?.payload.length ?? 0));
    peer.send(flow({ nextIncomingId: 1, incomingWindow: 10 }));
    expect(peer.connection.queued.held).toBe(0);
  });

  it('is for octets from start to end, as that of a message is', () => {
    const peer = new RawPeer({ maxQueuedSize: 8 }).opened(begin(), attach({ role: true, maxMessageSize: 8n }));
    const { link } = peer.link;
    if (!('send' in link)) throw new Error('the link is no sender');
    for (const start of [0, 4]) send(link, 4 - start / 2);
    expect(peer.connection.queued.held).toBe(6);
    expect(link.send(new Sent(), counted(9), 7, 9)).toBe(false);
    expect(peer.connection.queued.held).toBe(8);
  });
});

describe('a payload that waits', () => {
  it('is copied, unless it lasts', () => {
    const { peer, link } = sending(0);
    const [memory, lasting] = [counted(20), counted(20)];
    const deliveries = [new Sent(), new Sent()] as const;
    link.send(deliveries[0], memory, 5, 15);
    link.send(deliveries[1], lasting, 5, 15, { lasting: true });
    expect(deliveries[1].payload).toBe(lasting);
    memory.fill(0);
    peer.bytes(grant(2));
    expect(transfers(peer).map(({ payload }) => payload)).toEqual([counted(15).slice(5), counted(15).slice(5)]);
    expect(deliveries.map(({ payload }) => payload)).toEqual([undefined, undefined]);
  });

  it.each([1, 2, 1000])('goes on in later frames where the earlier ones ended, with a window of %i', (window) => {
    for (const terms of [{ lasting: true }, {}]) {
      const { peer, link } = sending(1, window);
      const delivery = send(link, 2000, terms);
      const parts: Uint8Array[] = [];
      for (let round = 0; round < 6; round++) {
        parts.push(...transfers(peer).map(({ payload }) => payload));
        peer.send(flow({ nextIncomingId: parts.length, incomingWindow: window }));
      }
      expect(concat(parts)).toEqual(counted(2003).slice(3));
      expect(parts.length).toBeGreaterThan(4);
      expect(delivery.calls).toHaveLength(1);
    }
  });

  it('is cut where a state leaves it no room in the first frame', () => {
    const state: DeliveryState = { type: 'transactional-state', txnId: new Uint8Array(200), outcome: undefined };
    const { peer, link } = sending(1);
    send(link, 300, {}, { localState: state });
    const units = transfers(peer);
    expect(units.map(({ body }) => body?.type === 'transfer' && body.more)).toEqual([true, false]);
    expect(concat(units.map(({ payload }) => payload))).toEqual(counted(303).slice(3));
  });
});

describe('the order of what waits', () => {
  it('[S-27] holds for what a host sends when it hears of credit', () => {
    const { peer, link } = sending(0);
    const waiting = send(link, 1);
    const late = new Sent();
    peer.link.log.onCredit = () => {
      peer.link.log.onCredit = () => undefined;
      expect(link.send(late, counted(1))).toBe(false);
    };
    peer.bytes(grant(2));
    expect([waiting.id, late.id]).toEqual([0, 1]);
  });

  it('gives each link its turn where the window holds one transfer', () => {
    const { peer } = sending(9, 1);
    for (const handle of [1, 2]) {
      peer.send(attach({ role: true, handle, name: `link ${handle}` }));
      peer.send(flow({ handle, deliveryCount: 0, linkCredit: 9, incomingWindow: 1 }));
    }
    for (const { link } of peer.served) if ('send' in link) send(link, 1500);
    const handles = transfers(peer).map(({ body }) => body?.type === 'transfer' && body.handle);
    for (let next = 1; next < 9; next++) {
      peer.send(flow({ nextIncomingId: next, incomingWindow: 1 }));
      handles.push(...transfers(peer).map(({ body }) => body?.type === 'transfer' && body.handle));
    }
    // The first had begun before the others came.
    expect(handles).toEqual([0, 0, 1, 2, 0, 1, 2, 0, 1]);
  });

  it('[X-01] shows in the tags that the link chooses', () => {
    const { link } = sending(0);
    const sent = [send(link, 1), send(link, 1), send(link, 1, {}, { tag: 77 }), send(link, 1)];
    expect(sent.map(({ tag }) => tag)).toEqual([0, 1, 77, 2]);
    expect(link.nextTag).toBe(3);
  });

  it('counts what waits behind one that was taken back', () => {
    const { peer, link } = sending(0);
    const waiting = Array.from({ length: 10 }, () => send(link, 1));
    const [first] = waiting;
    if (first !== undefined) link.cancel(first);
    expect(link.queued).toBe(9);
    peer.bytes(grant(1));
    expect([link.queued, waiting[1]?.calls]).toEqual([8, ['transferred']]);
  });
});

/** Acts when it hears that it has left. */
class Acting extends Sent {
  readonly #act: () => void;

  constructor(act: () => void) {
    super();
    this.#act = act;
  }

  override transferred(): void {
    super.transferred();
    this.#act();
  }
}

describe('a host of a sender', () => {
  it('that throws when its message has left holds up no other message, link or session', () => {
    const { peer } = sending(0);
    const other = 1;
    peer.send(attach({ role: true, handle: 1, name: 'second' }));
    peer.bytes(frame(begin(), other), frame(attach({ role: true }), other));
    const deliveries = peer.served.flatMap(({ link }, index) => {
      const throwing = new Acting(() => {
        throw new Error(`host ${index}`);
      });
      const both = [throwing, new Sent()];
      for (const delivery of both) if ('send' in link) link.send(delivery, counted(1));
      return both;
    });
    peer.said();
    const credit = { deliveryCount: 0, linkCredit: 2 };
    const all = [
      frame(flow({ handle: 0, ...credit })),
      frame(flow({ handle: 1, ...credit })),
      frame(flow({ handle: 0, ...credit }), other),
    ];
    expect(() => peer.bytes(...all)).toThrow('host 0');
    expect(() => peer.units()).toThrow('host 1');
    expect(() => peer.units()).toThrow('host 2');
    expect(transfers(peer)).toHaveLength(6);
    expect(deliveries.map(({ calls }) => calls)).toEqual(deliveries.map(() => ['transferred']));
    expect(peer.served.map(({ link }) => 'queued' in link && link.queued)).toEqual([0, 0, 0]);
  });

  it('may give the link up when its message has left', () => {
    const { peer, link } = sending(0);
    const failure = amqpError('link-closed', 'enough');
    const first = new Acting(() => link.giveUp(failure));
    const second = new Sent();
    for (const delivery of [first, second]) link.send(delivery, counted(1));
    peer.bytes(grant(2));
    expect([first.calls, second.calls]).toEqual([['transferred', 'dropped'], ['dropped']]);
    expect([link.queued, transfers(peer).length]).toEqual([0, 1]);
  });

  it('hears of credit when it changes or a drain waits, and not otherwise', () => {
    const { peer, link } = sending(0, 0);
    const { log } = peer.link;
    const [first, second] = [send(link, 1), send(link, 1)];
    expect(link.cancel(second)).toBe(true);
    peer.said();
    expect(log.creditChanges).toBe(0);
    peer.bytes(grant(5));
    peer.said();
    expect([first.calls, log.creditChanges]).toEqual([['transferred'], 1]);
    expect(log.types).toEqual([]);
    peer.send(flow({ handle: 0, nextIncomingId: 1, deliveryCount: 1, properties: { a: 1 } }));
    expect(log.types).toEqual(['flowProperties']);
  });

  it('hears of no credit once the link is detached, and can give none back', () => {
    const { peer, link } = sending(0);
    const { log } = peer.link;
    peer.bytes(
      frame(flow({ handle: 0, deliveryCount: 0, linkCredit: 5, drain: true })),
      frame({ type: 'detach', handle: 0, closed: true }),
    );
    expect([log.creditChanges, log.types]).toEqual([0, ['ended']]);
    link.drained();
    expect([link.credit, link.deliveryCount]).toEqual([5, 0]);
    expect(peer.said()).toEqual(['detach']);
  });

  it('hears that a delivery was dropped only where it had not left, or was not settled', () => {
    const { peer, link } = sending(0);
    const [first, second] = [send(link, 1, {}, { settled: true }), send(link, 1, {}, { settled: true })];
    peer.bytes(grant(1));
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect([first.calls, second.calls]).toEqual([['transferred'], ['dropped']]);
    expect(link.queued).toBe(0);
  });

  it('settles nothing after the end of the link', () => {
    const { peer, link } = sending(1);
    const delivery = send(link, 1);
    peer.send({ type: 'detach', handle: 0, closed: true });
    link.settle(delivery);
    expect(delivery.settled).toBe(false);
  });

  it('finds a delivery settled that the peer has settled', () => {
    const { peer, link } = sending(1);
    const delivery = send(link, 1);
    peer.send({ type: 'disposition', role: true, first: 0, settled: true });
    expect([delivery.settled, delivery.remoteSettled]).toEqual([true, true]);
  });
});

describe('a delivery', () => {
  it('[X-10] that is aborted says that no more comes', () => {
    const { peer, link } = sending(5, 1);
    link.cancel(send(link, 900));
    peer.said();
    peer.send(flow({ nextIncomingId: 1, incomingWindow: 10 }));
    expect(transfers(peer).map(({ body }) => body)).toMatchObject([{ aborted: true, more: false }]);
  });

  it('can be sent once more over another link, with its tag, when the first has dropped it', () => {
    const { peer, link } = sending(1);
    const [gone, waiting] = [send(link, 3, {}, { tag: 9 }), send(link, 4)];
    peer.send({ type: 'disposition', role: true, first: 0, state: { type: 'released' } });
    peer.send({ type: 'detach', handle: 0, closed: true });
    const again = sending(5).link;
    for (const delivery of [gone, waiting]) {
      const { tag } = delivery;
      delivery.renew();
      expect(delivery).toMatchObject({ id: -1, tag, progress: 'new', settled: false, remoteSettled: false });
      expect(delivery).toMatchObject({ remoteState: undefined, payload: undefined, offset: 0, end: 0 });
      expect(delivery).toMatchObject({ owner: undefined, previous: undefined, next: undefined });
      expect(again.send(delivery, counted(3))).toBe(true);
    }
    expect(new Sent().progress).toBe('new');
    expect([gone.id, waiting.id]).toEqual([0, 1]);
    expect(again.unsettled.all()).toEqual([gone, waiting]);
  });
});
