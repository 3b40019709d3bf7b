import { describe, expect, it } from 'vitest';
import { Described, ubyte, ulong } from '../../src/codec/index.ts';
import { accepted, released, type DeliveryState } from '../../src/definitions/index.ts';
import { Sent } from './support/hosts.ts';
import { Pair, type SenderPair } from './support/pair.ts';
import { RawPeer, attach, begin, flow, transfer } from './support/raw-peer.ts';

const octet = Uint8Array.of(1);

function send({ sender }: SenderPair, count: number): Sent[] {
  return Array.from({ length: count }, () => {
    const delivery = new Sent();
    sender.send(delivery, octet);
    return delivery;
  });
}

const dispositions = (pair: Pair): unknown[] =>
  pair.server.units.flatMap(({ body }) =>
    body?.type === 'disposition' ? [[body.first, body.last, body.settled]] : [],
  );

describe('settling', () => {
  it('[D-02] [D-07] of neighbours leaves as one range', () => {
    const pair = new Pair();
    const link = pair.sender({}, 10);
    const sent = send(link, 5);
    pair.pump();
    expect([link.session.unsettledOutgoing, link.receiverLog.taken.length]).toEqual([5, 5]);
    for (const delivery of link.receiverLog.taken) expect(link.receiver.settle(delivery, accepted)).toBe(true);
    pair.pump();
    expect(dispositions(pair)).toEqual([[0, 4, true]]);
    for (const { calls } of sent) expect(calls).toEqual(['accepted settled']);
    expect(link.session.unsettledOutgoing).toBe(0);
  });

  it('[C-09] after our close leaves nothing: neighbours or not', () => {
    const pair = new Pair();
    const link = pair.sender({}, 10);
    send(link, 3);
    pair.pump();
    pair.server.connection.close();
    const [first, , third] = link.receiverLog.taken;
    if (first === undefined || third === undefined) throw new Error('three deliveries were sent');
    // The second breaks the range of the first, which would leave at once.
    link.receiver.settle(first, accepted);
    link.receiver.settle(third, accepted);
    pair.pump();
    expect(dispositions(pair)).toEqual([]);
    expect(pair.client.connection.ended).toMatchObject({ by: 'peer', clean: true });
  });

  it('[D-02] [D-03] [D-05] [D-12] covers deliveries of several links, skips what is not there, and is not answered', () => {
    const peer = new RawPeer().opened(begin());
    for (const handle of [0, 1]) {
      peer.send(attach({ role: true, handle, name: `link ${handle}` }));
      peer.send(flow({ handle, deliveryCount: 0, linkCredit: 9, nextIncomingId: 0 }));
    }
    const sent = [0, 1, 0, 1].map((index) => {
      const delivery = new Sent();
      const link = peer.served[index]?.link;
      if (link !== undefined && 'send' in link) link.send(delivery, octet);
      return delivery;
    });
    peer.said();
    const settle = (first: number, last: number | undefined): unknown =>
      peer.send({ type: 'disposition', role: true, first, last, settled: true, state: accepted });
    settle(1, undefined);
    expect(sent.map(({ calls }) => calls.length)).toEqual([0, 1, 0, 0]);
    settle(0, 2);
    settle(0, 1000);
    for (const { calls } of sent) expect(calls).toEqual(['accepted settled']);
    // Of the other direction, there are none with these ids.
    peer.send({ type: 'disposition', role: false, first: 0, last: 9, settled: true });
    expect(peer.said()).toEqual([]);
  });

  it('[D-04] does not walk the numbers that the peer names, nor a range that runs backwards', () => {
    const peer = new RawPeer().opened(begin());
    const began = performance.now();
    for (let round = 0; round < 100; round++)
      peer.send({ type: 'disposition', role: true, first: 0, last: 0x7fff_ffff, settled: true });
    expect(performance.now() - began).toBeLessThan(500);
    expect(peer.said()).toEqual(['header 0', 'open', 'begin']);
    peer.send({ type: 'disposition', role: true, first: 0, last: 0x8000_0000, settled: true });
    expect(peer.said()).toEqual(['close amqp:not-allowed']);
  });

  it('[D-01] [BY-18] is told of the deliveries of one direction only, though both have the same ids', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.opened(begin(), attach(), attach({ name: 'out', handle: 1, role: true }));
    peer.send(flow({ handle: 1, deliveryCount: 0, linkCredit: 5 })).transfer(transfer(0), [1]);
    const { link } = peer.link;
    const sent = new Sent();
    if ('send' in link) link.send(sent, octet);
    const taken = peer.served[0]?.log.taken[0];
    expect([sent.id, taken?.id]).toEqual([0, 0]);
    peer.send({ type: 'disposition', role: true, first: 0, settled: true, state: accepted });
    expect([sent.calls, taken?.calls]).toEqual([['accepted settled'], ['delivered']]);
    peer.send({ type: 'disposition', role: false, first: 0, settled: true, state: released });
    expect([sent.calls, taken?.calls]).toEqual([['accepted settled'], ['delivered', 'released settled']]);
  });

  it('[D-10] [BY-17] in a state of an unknown type ends the links of those deliveries, and nothing else', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.opened(begin(), attach(), ...[1, 2].map((handle) => attach({ name: `${handle}`, handle, role: true })));
    peer.transfer(transfer(0), [1]);
    const [receiving, first, second] = peer.served;
    const sent = [first, second].map((served, index) => {
      peer.send(flow({ handle: index + 1, deliveryCount: 0, linkCredit: 5 }));
      const delivery = new Sent();
      if (served !== undefined && 'send' in served.link) served.link.send(delivery, octet);
      return delivery;
    });
    peer.said();
    const state = new Described(ulong(0x99), []);
    peer.send({ type: 'disposition', role: true, first: 0, settled: true, state });
    expect(peer.said()).toEqual(['detach amqp:invalid-field']);
    expect(sent.map(({ calls }) => calls)).toEqual([['dropped'], []]);
    // What crosses our detach, and what nobody knows, costs nothing more.
    peer.send(
      { type: 'disposition', role: true, first: 0, state },
      { type: 'disposition', role: true, first: 9, state },
    );
    expect(peer.said()).toEqual([]);
    peer.send({ type: 'disposition', role: false, first: 0, last: 9, state });
    expect(peer.said()).toEqual(['detach amqp:invalid-field']);
    expect(receiving?.link.failure?.condition).toBe('amqp:invalid-field');
    peer.send({ type: 'disposition', role: true, first: 1, settled: true, state: accepted });
    expect(sent[1]?.calls).toEqual(['accepted settled']);
  });

  it('[D-06] in mode second leaves the last word to the sender', () => {
    const pair = new Pair();
    const link = pair.sender({}, 10);
    const [sent] = send(link, 1);
    pair.pump();
    const [taken] = link.receiverLog.taken;
    if (sent === undefined || taken === undefined) throw new Error('nothing came');
    link.receiver.settle(taken, accepted, false);
    pair.pump();
    expect(sent.calls).toEqual(['accepted']);
    expect(taken.settled).toBe(false);
    link.sender.settle(sent, accepted);
    link.sender.settle(sent, accepted);
    pair.pump();
    expect(taken.calls).toEqual(['delivered', 'accepted settled']);
    expect(pair.serverSessions[0]?.session.unsettledIncoming).toBe(0);
    expect(link.session.unsettledOutgoing).toBe(0);
    expect(pair.client.units.filter(({ type }) => type === 'disposition')).toHaveLength(1);
    // Both have settled: nothing is left to say.
    expect(link.receiver.settle(taken, accepted)).toBe(true);
    pair.pump();
    expect(dispositions(pair)).toEqual([[0, undefined, false]]);
  });

  it('has values in its states as they are read by default, or each with its type', () => {
    const messageAnnotations = { 'x-small': ubyte(5) };
    const state = { type: 'modified', deliveryFailed: true, undeliverableHere: undefined, messageAnnotations } as const;
    for (const [typedStates, read] of [[true, ubyte(5)] as const, [undefined, 5] as const]) {
      const peer = new RawPeer({ typedStates }).opened(begin(), attach({ role: true }));
      peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 9 }));
      const delivery = new Sent();
      const { link } = peer.link;
      if ('send' in link) link.send(delivery, octet);
      peer.send({ type: 'disposition', role: true, first: 0, settled: true, state });
      expect(delivery.remoteState).toEqual({ ...state, messageAnnotations: { 'x-small': read } });
    }
  });

  it('[D-08] may come after states that are not the last', () => {
    const peer = new RawPeer().opened(begin(), attach({ role: true }));
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 9 }));
    const delivery = new Sent();
    const { link } = peer.link;
    if ('send' in link) link.send(delivery, octet);
    const received: DeliveryState = { type: 'received', sectionNumber: 0, sectionOffset: 5n };
    for (let times = 0; times < 3; times++) peer.send({ type: 'disposition', role: true, first: 0, state: received });
    peer.send({ type: 'disposition', role: true, first: 0, settled: true });
    peer.send({ type: 'disposition', role: true, first: 0, settled: true, state: accepted });
    expect(delivery.calls).toEqual(['received', 'received', 'received', 'received settled']);
    if ('send' in link) link.settle(delivery);
    expect(delivery.remoteSettled).toBe(true);
  });

  it('by the sender on its own is told', () => {
    const pair = new Pair();
    const link = pair.sender({}, 10);
    const [sent] = send(link, 1);
    pair.pump();
    if (sent !== undefined) link.sender.settle(sent, released);
    pair.pump();
    const [taken] = link.receiverLog.taken;
    expect(taken?.calls).toEqual(['delivered', 'released settled']);
  });

  it('tells what the sender says of a delivery that is not settled yet', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.opened(begin(), attach()).transfer(transfer(0));
    peer.send({ type: 'disposition', role: false, first: 0, state: released });
    peer.send({ type: 'disposition', role: false, first: 0 });
    expect(peer.link.log.taken[0]?.calls).toEqual(['delivered', 'released', 'released']);
  });

  it('[X-21] [D-12] is not told twice, nor for what came settled, nor after the end of the link', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer
      .opened(begin(), attach())
      .transfer(transfer(0, { settled: true }))
      .transfer(transfer(1))
      .transfer(transfer(2));
    const { link, log } = peer.link;
    if (!('grant' in link)) throw new Error('the link is no receiver');
    peer.said();
    const [presettled, once, late] = log.taken;
    if (presettled === undefined || once === undefined || late === undefined) throw new Error('three came');
    expect(link.settle(presettled, accepted)).toBe(false);
    expect(link.settle(once, accepted)).toBe(true);
    expect(link.settle(once, accepted)).toBe(false);
    link.detach({ closed: true });
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect(link.settle(late, accepted)).toBe(false);
    // What was told before the detach leaves before it.
    expect(peer.said()).toEqual(['disposition', 'detach']);
  });

  it('refuses a state that cannot be written, and changes nothing', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.bytes(Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 1, 0, 0));
    peer.send({ type: 'open', containerId: 'x', maxFrameSize: 512 }, begin(), attach()).transfer(transfer(0));
    const { link, log } = peer.link;
    const [taken] = log.taken;
    if (!('grant' in link) || taken === undefined) throw new Error('nothing came');
    const rejected = (description: string, info = {}): DeliveryState => ({
      type: 'rejected',
      error: { type: 'error', condition: 'x:y', description, info },
    });
    expect(() => link.settle(taken, rejected('x'.repeat(600)))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
    expect(() => link.settle(taken, rejected('', { bad: Symbol('no') }))).toThrow(
      expect.objectContaining({ code: 'encode-error' }),
    );
    expect(taken.settled).toBe(false);
    peer.said();
    expect(link.settle(taken, rejected('x'.repeat(350)))).toBe(true);
    const [unit] = peer.units();
    expect(unit?.body).toMatchObject({ type: 'disposition', state: { type: 'rejected' } });
    expect(unit?.size).toBeLessThanOrEqual(512);
  });

  it('[L-36] is forgotten with the link', () => {
    const pair = new Pair();
    const link = pair.sender({}, 10);
    const other = pair.senderIn(link.session, 'other', {}, 10);
    const [mine, others] = [send(link, 2), send(other, 1)];
    pair.pump();
    const [served] = pair.serverSessions;
    expect(served?.session.unsettledIncoming).toBe(3);
    link.sender.detach({ closed: true });
    pair.pump();
    expect(mine.map(({ calls }) => calls)).toEqual([['dropped'], ['dropped']]);
    expect(others[0]?.calls).toEqual([]);
    expect([link.session.unsettledOutgoing, served?.session.unsettledIncoming]).toEqual([1, 1]);
    expect(link.session.remoteIncomingWindow).toBeGreaterThan(0);
  });
});
