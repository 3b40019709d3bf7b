import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../../src/definitions/index.ts';
import type { SenderLink } from '../../src/engine/index.ts';
import { brief, frame, type Unit } from './support/frames.ts';
import { LinkLog, Sent } from './support/hosts.ts';
import { Pair } from './support/pair.ts';
import { RawPeer, attach, begin, flow } from './support/raw-peer.ts';

const bytes = (size: number, fill = 7): Uint8Array => new Uint8Array(size).fill(fill);
const transfers = (units: readonly Unit[]): Unit[] => units.filter(({ type }) => type === 'transfer');

/** An engine that sends to a peer written by hand. */
function sending(
  credit: number,
  options: { window?: number; maxFrameSize?: number; maxMessageSize?: bigint } = {},
): {
  readonly peer: RawPeer;
  readonly link: SenderLink;
} {
  const { window = 1000, maxFrameSize, maxMessageSize } = options;
  const peer = new RawPeer();
  peer.bytes(Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 1, 0, 0));
  peer.send({ type: 'open', containerId: 'raw', maxFrameSize }, begin({ incomingWindow: window }));
  peer.send(attach({ role: true, maxMessageSize }));
  if (credit > 0) peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: credit, incomingWindow: window }));
  peer.said();
  const { link } = peer.link;
  if (!('send' in link)) throw new Error('the link is no sender');
  return { peer, link };
}

function send(link: SenderLink, size = 1, init: Partial<Sent> = {}): Sent {
  const delivery = Object.assign(new Sent(), init);
  if (link.send(delivery, bytes(size))) delivery.calls.push('sent');
  return delivery;
}

describe('deliveries that are taken back while they wait', () => {
  it('leave the others in their order, even if they are many', () => {
    const { peer, link } = sending(0);
    const waiting = Array.from({ length: 20_000 }, () => send(link));
    // From the end, where a search from the front would be longest.
    for (const delivery of waiting.slice(0, -10).toReversed()) expect(link.cancel(delivery)).toBe(true);
    expect(link.queued).toBe(10);
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 100 }));
    expect(waiting.filter(({ calls }) => calls.length > 0)).toEqual(waiting.slice(-10));
    expect(
      transfers(peer.units()).map(({ body }) => body !== undefined && 'deliveryId' in body && body.deliveryId),
    ).toEqual(Array.from({ length: 10 }, (_, id) => id));
    expect([link.queued, link.credit]).toEqual([0, 90]);
  });

  it('are skipped wherever they stand among those that leave', () => {
    const { peer, link } = sending(0);
    const waiting = Array.from({ length: 8 }, () => send(link));
    for (const index of [0, 3, 4, 7]) {
      const delivery = waiting[index];
      expect(delivery !== undefined && link.cancel(delivery)).toBe(true);
    }
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 3 }));
    expect(waiting.map(({ calls }) => calls.length)).toEqual([0, 1, 1, 0, 0, 1, 0, 0]);
    expect(link.queued).toBe(1);
    peer.send(flow({ handle: 0, nextIncomingId: 3, deliveryCount: 3, linkCredit: 3 }));
    expect(waiting.map(({ calls }) => calls.length)).toEqual([0, 1, 1, 0, 0, 1, 1, 0]);
    expect([link.queued, link.credit]).toEqual([0, 2]);
  });
});

describe('credit', () => {
  it('[L-19] one delivery takes one credit, and the next waits', () => {
    const { peer, link } = sending(1);
    const [first, second] = [send(link), send(link)];
    expect([first.calls, second.calls]).toEqual([['sent'], []]);
    expect([link.credit, link.queued, link.sendable]).toEqual([0, 1, false]);
    expect(peer.said()).toEqual(['transfer']);
    peer.send(flow({ handle: 0, nextIncomingId: 1, deliveryCount: 1, linkCredit: 1 }));
    expect(second.calls).toEqual(['transferred']);
    expect(peer.units()[0]?.body).toMatchObject({ type: 'transfer', deliveryId: 1 });
  });

  it('[L-17] [L-18] is what the flow says, less what is in flight', () => {
    const { peer, link } = sending(10);
    for (let count = 0; count < 3; count++) send(link);
    peer.send(flow({ handle: 0, nextIncomingId: 1, deliveryCount: 1, linkCredit: 10 }));
    expect(link.credit).toBe(8);
    peer.send(flow({ handle: 0, nextIncomingId: 1, deliveryCount: 1, linkCredit: 1 }));
    expect(link.credit).toBe(0);
    peer.send(flow({ handle: 0, nextIncomingId: 1, deliveryCount: undefined, linkCredit: 5 }));
    expect(link.credit).toBe(2);
    peer.send(flow({ handle: 0, nextIncomingId: 1 }));
    expect(link.credit).toBe(2);
    expect(peer.link.log.creditChanges).toBe(5);
  });

  it('[S-07] [L-17] counts around 2^32', () => {
    const peer = new RawPeer().opened(begin());
    peer.session.onLink = ({ link }) => {
      if ('send' in link) link.attach({ source: {}, initialDeliveryCount: 0xffff_ffff }, new LinkLog());
    };
    peer.send(attach({ role: true }), flow({ handle: 0, deliveryCount: 0xffff_ffff, linkCredit: 3 }));
    const link = peer.session.requested[0]?.link;
    if (link === undefined || !('send' in link)) throw new Error('the link is no sender');
    send(link);
    send(link);
    expect(link.deliveryCount).toBe(1);
    peer.send(flow({ handle: 0, nextIncomingId: 2, deliveryCount: 0, linkCredit: 4 }));
    expect(link.credit).toBe(3);
  });

  it('[L-18] is told once for all flows of a read', () => {
    const { peer } = sending(0);
    const read = frame(flow({ handle: 0, deliveryCount: 0, linkCredit: 2 }));
    peer.bytes(read, read);
    expect(peer.link.log.creditChanges).toBe(1);
  });

  it('[BY-12] may be as large as there is', () => {
    const { link } = sending(0xffff_ffff);
    expect(link.credit).toBe(0xffff_ffff);
  });

  it('[L-24] [L-26] is given back where the peer drains and nothing is left', () => {
    const { peer, link } = sending(3);
    link.drained();
    expect(peer.said()).toEqual([]);
    peer.link.log.onCredit = () => link.drained();
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 3, drain: true }));
    expect(peer.units().map(({ body }) => body)).toMatchObject([
      { type: 'flow', deliveryCount: 3, linkCredit: 0, drain: true, available: 0 },
    ]);
    peer.send(flow({ handle: 0, deliveryCount: 3, linkCredit: 0, drain: true }));
    expect(peer.units()[0]?.body).toMatchObject({ deliveryCount: 3, linkCredit: 0, drain: true });
  });

  it('[L-24] is used up before it is given back', () => {
    const { peer, link } = sending(0);
    const waiting = [send(link), send(link)];
    peer.link.log.onCredit = () => link.drained();
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 5, drain: true }));
    expect(peer.said()).toEqual(['transfer', 'transfer', 'flow']);
    expect(waiting.map(({ calls }) => calls)).toEqual([['transferred'], ['transferred']]);
    expect([link.deliveryCount, link.credit]).toEqual([5, 0]);
  });

  it('[L-24] is given back once the last waiting delivery was taken back', () => {
    const { peer, link } = sending(0, { window: 0 });
    const waiting = send(link);
    peer.link.log.onCredit = () => link.drained();
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 5, drain: true, incomingWindow: 0 }));
    expect(peer.said()).toEqual([]);
    expect(link.cancel(waiting)).toBe(true);
    expect(peer.units()[0]?.body).toMatchObject({ deliveryCount: 5, linkCredit: 0 });
  });
});

describe('windows', () => {
  it('[S-08] [S-09] each frame takes one, and the rest waits for a flow', () => {
    const { peer, link } = sending(10, { window: 2, maxFrameSize: 512 });
    const delivery = send(link, 1200);
    const behind = send(link, 1);
    expect(delivery.calls).toEqual([]);
    expect(transfers(peer.units()).map(({ body }) => body)).toMatchObject([
      { deliveryId: 0, more: true },
      { deliveryId: undefined, more: true },
    ]);
    expect(peer.sessions[0]?.types).toEqual(['linkRequested']);
    peer.send(flow({ nextIncomingId: 2, incomingWindow: 2 }));
    const rest = transfers(peer.units());
    expect(rest.map(({ body }) => body)).toMatchObject([{ more: false }, { deliveryId: 1, more: false }]);
    expect([delivery.calls, behind.calls]).toEqual([['transferred'], ['transferred']]);
  });

  it('[S-09] a delivery that waited goes on with each flow', () => {
    const { peer, link } = sending(0, { window: 1, maxFrameSize: 512 });
    const delivery = send(link, 1200);
    const flows = [0, 1, 2].map((next) =>
      flow({ handle: 0, nextIncomingId: next, incomingWindow: 1, deliveryCount: 0, linkCredit: 1 }),
    );
    const sizes = flows.map((each) => transfers(peer.send(each).units()).map(({ payload }) => payload.length));
    expect(sizes.flat().reduce((sum, size) => sum + size, 0)).toBe(1200);
    expect(sizes.map(({ length }) => length)).toEqual([1, 1, 1]);
    expect([delivery.calls, link.credit]).toEqual([['transferred'], 0]);
  });

  it('[X-23] a link without credit does not hold up another', () => {
    const { peer, link } = sending(0);
    peer.send(attach({ role: true, handle: 1, name: 'other' }), flow({ handle: 1, deliveryCount: 0, linkCredit: 1 }));
    peer.said();
    const other = peer.link.link;
    send(link);
    if ('send' in other) send(other);
    // [S-27] ids are given in the order in which deliveries leave
    expect(peer.units()[0]?.body).toMatchObject({ handle: 1, deliveryId: 0 });
    peer.send(flow({ handle: 0, nextIncomingId: 1, deliveryCount: 0, linkCredit: 1 }));
    expect(peer.units()[0]?.body).toMatchObject({ handle: 0, deliveryId: 1 });
  });

  it('[S-09] links take turns where the window is small', () => {
    const { peer, link } = sending(10, { window: 1, maxFrameSize: 512 });
    peer.send(attach({ role: true, handle: 1, name: 'b' }));
    peer.send(flow({ handle: 1, deliveryCount: 0, linkCredit: 10, incomingWindow: 1 }));
    const other = peer.link.link;
    if (!('send' in other)) throw new Error('the link is no sender');
    send(link, 900);
    send(other, 1);
    peer.said();
    const handles: number[] = [];
    for (let next = 1; next < 4; next++) {
      peer.send(flow({ nextIncomingId: next, incomingWindow: 1 }));
      for (const { body } of transfers(peer.units())) if (body?.type === 'transfer') handles.push(body.handle);
    }
    expect(new Set(handles)).toEqual(new Set([0, 1]));
  });

  it('[BY-14] stops where the transport does not take more, and goes on when it does', () => {
    const pair = new Pair({ client: { highWaterMark: 2000 } });
    const { sender, receiverLog } = pair.sender({}, 100);
    const { connection } = pair.client;
    const deliveries = Array.from({ length: 10 }, () => send(sender, 900));
    expect(deliveries.map(({ calls }) => calls.length)).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(sender.queued).toBe(7);
    expect(connection.writable).toBe(false);
    const first = connection.transmit() ?? bytes(0);
    expect(connection.transmit()).toBeUndefined();
    pair.server.connection.receive(first.slice(), 0);
    connection.written(first.length);
    expect(sender.queued).toBe(4);
    pair.pump();
    expect(receiverLog.taken).toHaveLength(10);
    expect(connection.buffered).toBe(0);
  });
});

describe('transfers', () => {
  it('[F-11] [X-06] [X-22] fill frames as far as the peer takes them', () => {
    for (let size = 400; size < 1600; size++) {
      const { peer, link } = sending(5, { maxFrameSize: 512 });
      send(link, size, { tag: bytes(size % 33) });
      const frames = transfers(peer.units());
      expect(frames.reduce((sum, { payload }) => sum + payload.length, 0)).toBe(size);
      for (const { size: octets } of frames) expect(octets).toBeLessThanOrEqual(512);
      for (const { size: octets } of frames.slice(0, -1)) expect(octets).toBe(512);
      expect(frames.map(({ body }) => body?.type === 'transfer' && body.more)).toEqual(
        frames.map((_, index) => index < frames.length - 1),
      );
    }
  });

  it('[F-16] fit a page, however large the frames of the peer may be', () => {
    const { peer, link } = sending(5, { maxFrameSize: 0xffff_ffff });
    send(link, 200_000);
    const sizes = transfers(peer.units()).map(({ size }) => size);
    expect(Math.max(...sizes)).toBe(65_536);
    expect(sizes).toHaveLength(4);
  });

  it('[X-01] name tag and format on the first frame; tags are numbers unless told otherwise', () => {
    const { peer, link } = sending(5, { maxFrameSize: 512 });
    const [numbered, named] = [send(link, 600), send(link, 0, { tag: bytes(32), messageFormat: 0x8001_3700 })];
    expect(transfers(peer.units()).map(({ body }) => body)).toMatchObject([
      { deliveryTag: bytes(4, 0), messageFormat: 0 },
      { deliveryTag: undefined, messageFormat: undefined, settled: undefined },
      { deliveryTag: bytes(32), messageFormat: 0x8001_3700 },
    ]);
    expect(numbered.tagOctets).toEqual(bytes(4, 0));
    expect(named.tagOctets).toEqual(bytes(32));
    expect(new Sent().tagOctets).toEqual(bytes(0));
  });

  it('[X-03] refuse a tag or format that cannot be, and use no credit for it', () => {
    const { peer, link } = sending(1);
    for (const init of [{ tag: bytes(33) }, { messageFormat: -1 }, { messageFormat: 2 ** 32 }, { messageFormat: 0.5 }])
      expect(() => send(link, 1, init)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    expect([link.credit, link.deliveryCount]).toEqual([1, 0]);
    expect(peer.said()).toEqual([]);
  });

  it('[X-13] carry a state, which must fit', () => {
    const { peer, link } = sending(5, { maxFrameSize: 512 });
    const state = (size: number): DeliveryState => ({
      type: 'transactional-state',
      txnId: bytes(size),
      outcome: undefined,
    });
    send(link, 3, { localState: state(4) });
    send(link, 600, { localState: state(300) });
    const frames = transfers(peer.units());
    expect(frames.map(({ body }) => body)).toMatchObject([
      { state: state(4), more: false },
      { state: state(300), more: true },
      { state: undefined, more: false },
    ]);
    for (const { size } of frames) expect(size).toBeLessThanOrEqual(512);
    expect(() => send(link, 1, { localState: state(600) })).toThrow('does not fit');
    expect(link.credit).toBe(3);
  });

  it('[X-08] that are settled while they wait are sent settled', () => {
    const { peer, link } = sending(0);
    const delivery = send(link);
    link.settle(delivery);
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 2 }));
    expect(peer.units().map(({ body }) => body)).toMatchObject([{ type: 'transfer', settled: true }]);
    expect(peer.sessions[0]?.requested).toHaveLength(1);
  });

  it('[L-37] refuse a message above what the peer takes', () => {
    const { link } = sending(5, { maxMessageSize: 100n });
    expect(link.maxMessageSize).toBe(100);
    expect(() => send(link, 101)).toThrow(expect.objectContaining({ code: 'message-too-large' }));
    expect(send(link, 100).calls).toEqual(['sent']);
    expect(sending(5, { maxMessageSize: 0n }).link.maxMessageSize).toBe(Infinity);
  });

  it('[X-10] can be taken back: before they began, and in the middle by an abort', () => {
    const { peer, link } = sending(10, { window: 1, maxFrameSize: 512 });
    const started = send(link, 900);
    const queued = send(link, 5);
    const kept = send(link, 5);
    peer.said();
    expect(link.cancel(queued)).toBe(true);
    expect(link.cancel(started)).toBe(true);
    expect(link.cancel(started)).toBe(false);
    peer.send(flow({ nextIncomingId: 1, incomingWindow: 10 }));
    const units = transfers(peer.units());
    expect(units.map(({ body }) => body)).toMatchObject([{ aborted: true }, { deliveryId: 1, aborted: false }]);
    expect(units[0]?.payload).toHaveLength(0);
    expect(kept.calls).toEqual(['transferred']);
    expect(link.cancel(kept)).toBe(false);
    expect([started.calls, queued.calls]).toEqual([[], []]);
  });

  it('wait in a queue whose front is given back as it moves', () => {
    const { peer, link } = sending(0);
    const deliveries = Array.from({ length: 3000 }, () => send(link));
    for (const granted of [1500, 3000]) {
      peer.send(
        flow({
          handle: 0,
          nextIncomingId: link.deliveryCount,
          incomingWindow: 5000,
          deliveryCount: 0,
          linkCredit: granted,
        }),
      );
      expect(link.queued).toBe(3000 - granted);
    }
    expect(deliveries.every(({ id }, index) => id === index)).toBe(true);
  });
});

describe('a sender that ends', () => {
  it('drops what waits and what is not settled, each once', () => {
    const { peer, link } = sending(3, { window: 3, maxFrameSize: 512 });
    const settled = send(link, 1, { settled: true });
    const unsettled = send(link);
    const started = send(link, 900);
    const queued = send(link);
    const back = send(link);
    link.cancel(back);
    expect(peer.connection.ended).toBeUndefined();
    peer.send({ type: 'detach', handle: 0, closed: true, error: { condition: 'amqp:link:detach-forced' } });
    expect([settled, unsettled, started, queued, back].map(({ calls }) => calls)).toEqual([
      ['sent'],
      ['sent', 'dropped'],
      ['dropped'],
      ['dropped'],
      [],
    ]);
    expect(unsettled.error).toMatchObject({ code: 'link-detached-by-peer', condition: 'amqp:link:detach-forced' });
    expect(() => send(link)).toThrow('detach-forced');
    expect(link.cancel(started)).toBe(true);
    link.settle(unsettled);
    expect(peer.said().map((what) => what)).toEqual(['transfer', 'transfer', 'transfer', 'detach']);
  });

  it('drops a pre-settled delivery that has begun, and none whose fate is known or that was aborted', () => {
    const { peer, link } = sending(3, { window: 1, maxFrameSize: 512 });
    const started = send(link, 900, { settled: true });
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect(started.calls).toEqual(['dropped']);
    const second = sending(3, { window: 1, maxFrameSize: 512 });
    const rejected = send(second.link, 900);
    second.peer.send({ type: 'disposition', role: true, first: 0, settled: true, state: { type: 'released' } });
    second.peer.send({ type: 'detach', handle: 0, closed: true });
    expect(rejected.calls).toEqual(['released settled']);
    const third = sending(3, { window: 1, maxFrameSize: 512 });
    const aborted = send(third.link, 900);
    third.link.cancel(aborted);
    third.peer.send({ type: 'detach', handle: 0, closed: true });
    expect(aborted.calls).toEqual([]);
  });

  it('does not pump after its detach', () => {
    const { peer, link } = sending(5, { window: 1, maxFrameSize: 512 });
    send(link, 900);
    link.detach({ closed: true });
    peer.said();
    peer.send(flow({ nextIncomingId: 1, incomingWindow: 10 }));
    expect(peer.units().map(brief)).toEqual([]);
  });
});

describe('the ids of transfers and deliveries', () => {
  it('[S-07] begin where the session says, and wrap around at 2^32 on both sides', () => {
    const pair = new Pair({ client: { maxFrameSize: 512 }, server: { maxFrameSize: 512 } });
    const { session } = pair.session({ nextOutgoingId: 0xffff_fffd });
    const initialDeliveryCount = 0xffff_fffe;
    const { sender, receiver, receiverLog } = pair.senderIn(session, 'wrapping', { initialDeliveryCount }, 10);
    receiverLog.onDelivery = (taken) => receiver.settle(taken, { type: 'accepted' });
    // Each is two frames, so the transfers wrap around before the deliveries do.
    const sent = Array.from({ length: 5 }, () => send(sender, 600));
    pair.pump();
    for (const delivery of sent) expect(delivery.calls.at(-1)).toBe('accepted settled');
    expect(sent.map(({ id }) => id)).toEqual([0xffff_fffd, 0xffff_fffe, 0xffff_ffff, 0, 1]);
    expect([sender.deliveryCount, receiver.deliveryCount]).toEqual([3, 3]);
    receiver.grant(3);
    pair.pump();
    const last = pair.crossed.findLast(({ unit }) => unit.type === 'flow')?.unit.body;
    expect(last).toMatchObject({ nextIncomingId: 7, deliveryCount: 3 });
    expect(sender.credit).toBe(3);
  });
});
