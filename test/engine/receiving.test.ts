import { describe, expect, it } from 'vitest';
import { accepted, ReceiverSettleMode, released } from '../../src/definitions/index.ts';
import type { LinkOptions, ReceiverLink } from '../../src/engine/index.ts';
import { IncomingDelivery } from '../../src/engine/index.ts';
import { concat, frame } from './support/frames.ts';
import { LinkLog } from './support/hosts.ts';
import { RawPeer, attach, begin, flow, transfer } from './support/raw-peer.ts';

/** An engine that receives from a peer written by hand. */
function receiving(
  credit: number,
  options: LinkOptions = {},
  window = 2048,
): {
  readonly peer: RawPeer;
  readonly link: ReceiverLink;
  readonly log: LinkLog;
} {
  const peer = new RawPeer().opened();
  const log = new LinkLog();
  peer.log.onSession = (session) => {
    session.begin(
      { incomingWindow: window },
      {
        event: (event) => {
          if (event.type !== 'linkRequested') return;
          const { link } = event;
          peer.served.push({ link, log });
          link.attach({ source: {}, target: {}, ...options }, log);
          if ('grant' in link && credit > 0) link.grant(credit);
        },
      },
    );
  };
  peer.send(begin(), attach());
  peer.said();
  const { link } = peer.link;
  if (!('grant' in link)) throw new Error('the link is no receiver');
  return { peer, link, log };
}

describe('deliveries', () => {
  it.each([1000, 20_000, 50_000, 65_536])(
    '[X-07] come in large frames that are cut into reads of %i octets',
    (size) => {
      const { peer, log } = receiving(10);
      const parts = (octet: number): Uint8Array => new Uint8Array(40_000).fill(octet);
      const frames = [0, 1].flatMap((id) => [
        frame(transfer(id, { more: true }), 0, parts(3 * id)),
        frame(transfer(undefined, { more: true }), 0, parts(3 * id + 1)),
        frame(transfer(undefined), 0, parts(3 * id + 2)),
      ]);
      const octets = concat(frames);
      for (let at = 0; at < octets.length; at += size) peer.bytes(octets.subarray(at, at + size));
      const runs = log.payloads.map((payload) => [payload.length, payload[0], payload[40_000], payload[119_999]]);
      // The second message, of which parts came in the same memory, has left the first as it was.
      expect(runs).toEqual([
        [120_000, 0, 1, 2],
        [120_000, 3, 4, 5],
      ]);
      expect(log.payloads.flat().filter((octet) => octet === 4)).toHaveLength(40_000);
    },
  );

  it('[X-07] come in one frame or in many, cut anywhere', () => {
    const { peer, log } = receiving(10);
    peer.transfer(transfer(0), [1, 2]);
    peer.transfer(transfer(1, { more: true, messageFormat: 7 }), [3]);
    peer.transfer(transfer(undefined, { more: true, messageFormat: undefined }));
    peer.transfer(transfer(1, { more: true, messageFormat: 7 }), [4, 5]);
    peer.transfer(transfer(undefined, { messageFormat: undefined }), [6]);
    expect(log.payloads).toEqual([
      [1, 2],
      [3, 4, 5, 6],
    ]);
    expect(log.taken.map(({ id, tag, messageFormat }) => [id, [...tag], messageFormat])).toEqual([
      [0, [0], 0],
      [1, [1], 7],
    ]);
    expect(log.taken.map(({ calls }) => calls)).toEqual([['delivered'], ['delivered']]);
  });

  it('[X-06] of several links may come in between each other', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.opened(begin(), attach(), attach({ handle: 1, name: 'b' }));
    peer.transfer(transfer(0, { more: true }), [1]).transfer(transfer(1, { handle: 1, more: true }), [2]);
    peer.transfer(transfer(undefined), [3]).transfer(transfer(undefined, { handle: 1 }), [4]);
    expect(peer.served.map(({ log }) => log.payloads)).toEqual([[[1, 3]], [[2, 4]]]);
  });

  it('do not keep the octets of the read', () => {
    const { peer, log } = receiving(10);
    const bytes = frame(transfer(0), 0, Uint8Array.of(1, 2, 3));
    peer.connection.receive(bytes, 0);
    bytes.fill(0);
    expect(log.payloads).toEqual([[1, 2, 3]]);
    expect([...(log.taken[0]?.tag ?? [])]).toEqual([0]);
  });

  it('are left in a read that lasts, and copied from any other', () => {
    const { peer, log } = receiving(10);
    const read = (from: number, size: number): Uint8Array =>
      concat([from, from + 1].map((id) => frame(transfer(id), 0, new Uint8Array(size).fill(id + 1))));
    const [lasting, other] = [read(0, 2100), read(2, 1000)];
    peer.connection.receive(lasting, 0, true);
    peer.connection.receive(other, 0);
    const isIn = ({ buffer }: Uint8Array): number[] =>
      log.taken.filter(({ block }) => block?.bytes.buffer === buffer).map(({ id }) => id);
    expect([lasting, other].map(isIn)).toEqual([[0, 1], []]);
    expect(log.payloads.map((payload) => [payload.length, ...new Set(payload)])).toEqual([
      [2100, 1],
      [2100, 2],
      [1000, 3],
      [1000, 4],
    ]);
    expect(log.taken.map(({ tag }) => [...tag])).toEqual([[0], [1], [2], [3]]);
  });

  it('are copied from a read that lasts where large frames come too, unless they are large themselves', () => {
    const { peer, log } = receiving(100);
    let id = 0;
    const left = (...sizes: readonly number[]): boolean[] => {
      const before = log.taken.length;
      const read = concat(sizes.map((size) => frame(transfer(id++), 0, new Uint8Array(size))));
      peer.connection.receive(read, 0, true);
      return log.taken.slice(before).map(({ block }) => block?.bytes.buffer === read.buffer);
    };
    expect(left(100, 20_000, 100)).toEqual([true, true, false]);
    expect(left(20_000, 20_000, 5000)).toEqual([true, true, false]);
    for (let reads = 0; reads < 15; reads++) expect(left(100, 5000, 4000, 4000, 4000, 4000)[0]).toBe(false);
    expect(left(100, 5000)).toEqual([true, true]);
  });

  it('[S-06] [S-07] number from anywhere, around 2^32', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.opened(begin({ nextOutgoingId: 0xffff_ffff }), attach({ initialDeliveryCount: 0xffff_ffff }));
    peer.transfer(transfer(0xffff_ffff), [1]).transfer(transfer(0), [2]);
    expect(peer.link.log.taken.map(({ id }) => id)).toEqual([0xffff_ffff, 0]);
    expect(peer.link.link.deliveryCount).toBe(1);
    peer.said();
    peer.send(flow({ nextOutgoingId: 1, handle: 0, deliveryCount: 1, echo: true }));
    expect(peer.units()[0]?.body).toMatchObject({ nextIncomingId: 1, deliveryCount: 1, linkCredit: 3 });
  });

  it('[X-03] may have tags from 0 to 32 octets', () => {
    const { peer, log } = receiving(10);
    peer.transfer(transfer(0, { deliveryTag: new Uint8Array(0) }), [1]);
    peer.transfer(transfer(1, { deliveryTag: new Uint8Array(32).fill(3) }), [2]);
    expect(log.taken.map(({ tag }) => tag.length)).toEqual([0, 32]);
    peer.transfer(transfer(2, { deliveryTag: new Uint8Array(33) }), [3]);
    expect(log.taken).toHaveLength(2);
    expect(peer.said()).toEqual(['detach amqp:invalid-field']);
  });

  it.each([{ deliveryId: undefined }, { deliveryTag: undefined }])(
    '[X-01] begin with a delivery-id and a delivery-tag: %o costs the link',
    (missing) => {
      const { peer, log } = receiving(10);
      peer.transfer(transfer(0, missing), [1]);
      expect(log.taken).toEqual([]);
      expect(peer.said()).toEqual(['detach amqp:invalid-field']);
    },
  );

  it('[X-01] are taken without a message-format, and leave all three out behind the first transfer', () => {
    const { peer, log } = receiving(10);
    peer.transfer(transfer(0, { messageFormat: undefined }), [1]);
    peer.transfer(transfer(1, { more: true }), [2]);
    peer.transfer(transfer(undefined, { messageFormat: undefined, deliveryTag: undefined }), [3]);
    expect(log.payloads).toEqual([[1], [2, 3]]);
    expect(log.taken.map(({ messageFormat }) => messageFormat)).toEqual([undefined, 0]);
  });

  it('[X-04] [BE-57] are known by their id: a tag that is in use already is taken', () => {
    const { peer, log, link } = receiving(10);
    const deliveryTag = Uint8Array.of(7);
    peer.transfer(transfer(0, { deliveryTag }), [1]).transfer(transfer(1, { deliveryTag }), [2]);
    const [first, second] = log.taken;
    if (first !== undefined) link.settle(first, released);
    if (second !== undefined) link.settle(second, accepted);
    expect(peer.units().map(({ body }) => body)).toMatchObject([
      { type: 'disposition', first: 0, state: released },
      { type: 'disposition', first: 1, state: accepted },
    ]);
  });

  it('[X-05] of two links may have one tag', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.opened(begin(), attach(), attach({ handle: 1, name: 'b' }));
    const deliveryTag = Uint8Array.of(7);
    peer.transfer(transfer(0, { deliveryTag }), [1]).transfer(transfer(1, { deliveryTag, handle: 1 }), [2]);
    expect(peer.served.map(({ log }) => log.payloads)).toEqual([[[1]], [[2]]]);
  });

  it('[X-09] [BY-20] are settled or not as their transfers say, whatever mode the sender named', () => {
    for (const sndSettleMode of [0, 1] as const) {
      const peer = new RawPeer();
      peer.credit = 5;
      peer.opened(begin(), attach({ sndSettleMode }));
      peer.transfer(transfer(0, { settled: true }), [1]).transfer(transfer(1), [2]);
      expect(peer.link.log.taken.map(({ settled }) => settled)).toEqual([true, false]);
    }
  });

  it('[X-14] may be batchable, which changes nothing', () => {
    const { peer, log } = receiving(10);
    peer.transfer(transfer(0, { batchable: true, more: true }), [1]).transfer(transfer(undefined), [2]);
    peer.transfer(transfer(1, { more: true }), [3]).transfer(transfer(undefined, { batchable: true }), [4]);
    expect(log.payloads).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('[R-13] [X-15] that are resumed are ignored, for nobody knows them; they use their id, window and credit', () => {
    const { peer, log, link } = receiving(10, {}, 8);
    peer.transfer(transfer(0, { resume: true, state: accepted }), [1]);
    // The flag may be left out behind the first transfer.
    peer.transfer(transfer(1, { resume: true, more: true }), [2]).transfer(transfer(undefined), [3]);
    peer.transfer(transfer(2, { resume: true, more: true }), [4]).transfer(transfer(undefined, { aborted: true }));
    peer.transfer(transfer(3, { resume: true, aborted: true }));
    expect([log.payloads, log.abortions, log.types]).toEqual([[], 4, []]);
    expect([link.credit, link.deliveryCount, link.assembling]).toEqual([6, 4, false]);
    expect(peer.units().map(({ body }) => body)).toMatchObject([{ type: 'flow', nextIncomingId: 6 }]);
    peer.transfer(transfer(4), [5]);
    expect(log.payloads).toEqual([[5]]);
    expect(peer.said()).toEqual([]);
  });

  it('[X-15] that are resumed hold no memory', () => {
    const peer = new RawPeer({ maxIncompleteSize: 2 });
    peer.credit = 5;
    peer.opened(begin(), attach());
    for (const id of [0, 1]) {
      peer.transfer(transfer(id, { resume: true, more: true }), [1, 2, 3]).transfer(transfer(undefined), [4]);
    }
    peer.transfer(transfer(2, { more: true }), [5]).transfer(transfer(undefined), [6]);
    expect(peer.link.log.payloads).toEqual([[5, 6]]);
  });

  it('have no tag before they are filled in', () => {
    class Empty extends IncomingDelivery {
      delivered(): void {}
      updated(): void {}
    }
    expect(new Empty().tag).toEqual(new Uint8Array(0));
  });

  it('[X-08] are settled once any frame says so', () => {
    const { peer, log } = receiving(10);
    peer.transfer(transfer(0, { more: true, settled: true }), [1]).transfer(transfer(undefined), [2]);
    peer.transfer(transfer(1, { more: true }), [1]).transfer(transfer(undefined, { settled: true }), [2]);
    peer.transfer(transfer(2, { settled: true }), [3]).transfer(transfer(3), [4]);
    expect(log.taken.map(({ settled, remoteSettled }) => settled && remoteSettled)).toEqual([true, true, true, false]);
  });

  it('[X-10] [X-11] that are aborted reach nobody, and use their id, window and credit', () => {
    const { peer, log, link } = receiving(10);
    peer.transfer(transfer(0, { more: true }), [1]).transfer(transfer(undefined, { aborted: true, more: true }), [2]);
    peer.transfer(transfer(1, { aborted: true }), [3]).transfer(transfer(2), [4]);
    expect(log.payloads).toEqual([[4]]);
    expect(log.abortions).toBe(2);
    expect([link.credit, link.deliveryCount]).toEqual([7, 3]);
  });

  it('[X-02] [X-06] [BY-22] keep their id and format to the end', () => {
    for (const change of [transfer(1), transfer(undefined, { messageFormat: 1 })]) {
      const { peer } = receiving(10);
      peer.transfer(transfer(0, { more: true }), [1]).transfer(change, [2]);
      expect(peer.said()).toEqual(['detach amqp:invalid-field']);
    }
  });

  it('[L-37] [L-38] above the limit end the link, at the first frame above it', () => {
    const { peer, log, link } = receiving(10, { maxMessageSize: 3n });
    peer.transfer(transfer(0), [1, 2, 3]);
    peer.transfer(transfer(1, { more: true }), [1, 2]).transfer(transfer(undefined, { more: true }), [3, 4]);
    expect(peer.said()).toEqual(['detach amqp:link:message-size-exceeded']);
    expect(log.taken).toHaveLength(1);
    expect(link.assembling).toBe(false);
    const single = receiving(10, { maxMessageSize: 3n });
    single.peer.transfer(transfer(0), [1, 2, 3, 4]);
    expect(single.peer.said()).toEqual(['detach amqp:link:message-size-exceeded']);
    const unlimited = receiving(10, { maxMessageSize: 0n });
    unlimited.peer.transfer(transfer(0), [1, 2, 3, 4]);
    expect(unlimited.log.taken).toHaveLength(1);
  });

  it('[L-15] [X-12] settle second where the link does, unless the transfer says first', () => {
    const { peer, log } = receiving(10, { receiverSettleMode: ReceiverSettleMode.second });
    peer
      .transfer(transfer(0))
      .transfer(transfer(1, { rcvSettleMode: 1 }))
      .transfer(transfer(2, { rcvSettleMode: 0 }));
    peer.transfer(transfer(3, { rcvSettleMode: 0, more: true })).transfer(transfer(undefined));
    expect(log.taken.map(({ settlesSecond }) => settlesSecond)).toEqual([true, true, false, false]);
    const first = receiving(10);
    first.peer.transfer(transfer(0)).transfer(transfer(1, { rcvSettleMode: 0 }));
    expect(first.log.taken.map(({ settlesSecond }) => settlesSecond)).toEqual([false, false]);
  });

  it('[X-12] [BY-21] may not ask for the mode second on a link of mode first, unless they come settled', () => {
    const { peer, log } = receiving(10);
    peer.transfer(transfer(0, { rcvSettleMode: 1, settled: true }), [1]);
    expect(log.taken.map(({ settlesSecond }) => settlesSecond)).toEqual([false]);
    peer.transfer(transfer(1, { rcvSettleMode: 1, more: true }), [2]).transfer(transfer(undefined), [3]);
    expect(peer.said()).toEqual(['detach amqp:invalid-field']);
    expect(log.payloads).toEqual([[1]]);
  });

  it('[X-13] carry the state that was told last', () => {
    const { peer, log } = receiving(10);
    peer.transfer(transfer(0, { more: true, state: released }), [1]).transfer(transfer(undefined), [2]);
    peer.transfer(transfer(1, { more: true, state: released })).transfer(transfer(undefined, { state: accepted }));
    peer.transfer(transfer(2)).transfer(transfer(3, { state: accepted }));
    expect(log.taken.map(({ remoteState }) => remoteState)).toEqual([released, accepted, undefined, accepted]);
  });

  it('[X-24] that are not complete when the link ends are dropped', () => {
    const { peer, log, link } = receiving(10);
    peer.transfer(transfer(0, { more: true }), [1]).send({ type: 'detach', handle: 0, closed: true });
    expect(log.taken).toEqual([]);
    expect(link.assembling).toBe(false);
    expect(log.types).toEqual(['ended']);
  });

  it('[S-14] [S-15] fit the window, which is opened again at half', () => {
    const { peer } = receiving(100, {}, 4);
    peer.transfer(transfer(0));
    expect(peer.said()).toEqual([]);
    peer.transfer(transfer(1));
    expect(peer.units()[0]?.body).toMatchObject({ type: 'flow', nextIncomingId: 2, incomingWindow: 4 });
    peer.bytes(...[2, 3, 4, 5].map((id) => frame(transfer(id))));
    peer.bytes(frame(transfer(6)));
    expect(peer.said()).toEqual(['end amqp:session:window-violation']);
  });

  it('[S-12] are counted from what the peer says', () => {
    const { peer } = receiving(10);
    peer.send(flow({ nextOutgoingId: 77, echo: true }));
    expect(peer.units()[0]?.body).toMatchObject({ nextIncomingId: 77 });
  });
});

describe('granting credit', () => {
  it('[L-18] sets it, and says so in one flow', () => {
    const { peer, link } = receiving(0);
    link.grant(5);
    link.grant(10);
    expect(peer.units().map(({ body }) => body)).toMatchObject([
      { type: 'flow', handle: 0, linkCredit: 10, deliveryCount: 0, drain: false },
    ]);
    peer.transfer(transfer(0));
    expect(link.credit).toBe(9);
  });

  it('[L-29] [L-17] counts from where the sender begins, though that is not known yet', () => {
    const peer = new RawPeer({ role: 'client' }).opened();
    const session = peer.connection.createSession({}, { event: () => undefined });
    const log = new LinkLog();
    const link = session.attachReceiver('link', {}, log);
    link.grant(2);
    expect(peer.units().at(-1)?.body).toMatchObject({
      type: 'flow',
      deliveryCount: undefined,
      nextIncomingId: undefined,
    });
    peer.send(begin({ remoteChannel: 0 }), attach({ initialDeliveryCount: 40 }));
    link.grant(0);
    peer.transfer(transfer(0)).transfer(transfer(1));
    expect(log.taken.map(({ id }) => id)).toEqual([0, 1]);
    expect(link.deliveryCount).toBe(42);
    expect(peer.units()[0]?.body).toMatchObject({ type: 'flow', linkCredit: 0 });
  });

  it('[L-23] takes what was in flight when credit was lowered, and an overrun by what was granted before', () => {
    const { peer, link, log } = receiving(3);
    link.grant(1);
    for (let id = 0; id < 6; id++) peer.transfer(transfer(id));
    expect(log.taken).toHaveLength(6);
    expect(link.credit).toBe(0);
    expect(peer.said()).toEqual(['flow']);
    peer.transfer(transfer(6));
    expect(peer.said()).toEqual(['detach amqp:link:transfer-limit-exceeded']);
  });

  it('[L-23] leaves a sender that takes more than it was given', () => {
    const { peer, log } = receiving(2);
    for (let id = 0; id < 3; id++) peer.transfer(transfer(id));
    expect(log.taken).toHaveLength(2);
    expect(peer.said()).toEqual(['detach amqp:link:transfer-limit-exceeded']);
  });

  it('does nothing where the link has ended', () => {
    const { peer, link } = receiving(3);
    peer.send({ type: 'detach', handle: 0, closed: true });
    peer.said();
    link.grant(5);
    link.drainCredit();
    expect(peer.said()).toEqual([]);
  });
});

describe('draining', () => {
  it('[L-24] [L-25] ends when the sender gives the credit back', () => {
    const { peer, link, log } = receiving(10);
    link.drainCredit();
    expect(peer.units()[0]?.body).toMatchObject({ drain: true, linkCredit: 10 });
    peer.transfer(transfer(0));
    expect(log.drains).toBe(0);
    peer.send(flow({ handle: 0, deliveryCount: 10, linkCredit: 0, available: 3, drain: true }));
    expect([log.drains, link.credit, link.deliveryCount, link.available, link.draining]).toEqual([1, 0, 10, 3, false]);
    peer.send(flow({ handle: 0, deliveryCount: 10, linkCredit: 0 }));
    expect(log.drains).toBe(1);
  });

  it('[L-24] ends when the sender uses the credit up', () => {
    const { peer, link, log } = receiving(1);
    link.drainCredit();
    peer.transfer(transfer(0, { more: true }));
    expect(log.drains).toBe(0);
    peer.transfer(transfer(undefined));
    expect([log.drains, log.taken.length]).toEqual([1, 1]);
  });

  it('[X-15] ends when the last credit was used for what was resumed', () => {
    const { peer, link, log } = receiving(1);
    link.drainCredit();
    peer.transfer(transfer(0, { resume: true }), [1]);
    expect([log.drains, log.abortions, log.taken.length]).toEqual([1, 1, 0]);
  });

  it('[X-11] ends when the last credit was used for what was aborted', () => {
    const { peer, link, log } = receiving(1);
    link.drainCredit();
    peer.transfer(transfer(0, { more: true })).transfer(transfer(undefined, { aborted: true }));
    expect([log.drains, log.abortions, log.taken.length]).toEqual([1, 1, 0]);
  });

  it('[L-26] with no credit ends with the next flow', () => {
    const { peer, link, log } = receiving(0);
    link.drainCredit();
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 0, drain: true }));
    expect(log.drains).toBe(1);
  });

  it('takes deliveries that come after the flow that gives their credit back', () => {
    const { peer, link, log } = receiving(2);
    link.drainCredit();
    peer.send(flow({ handle: 0, deliveryCount: 2, linkCredit: 0, drain: true }));
    peer.transfer(transfer(0)).transfer(transfer(1));
    expect(log.taken).toHaveLength(2);
    expect(log.drains).toBe(1);
  });
});
