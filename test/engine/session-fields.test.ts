import { expect, describe, it } from 'vitest';
import { frame } from './support/frames.ts';
import { LinkLog, Sent, SessionLog } from './support/hosts.ts';
import { RawPeer, attach, began, begin, flow, transfer } from './support/raw-peer.ts';

const octet = Uint8Array.of(1);

describe('the flow of a session', () => {
  it('[S-16] tells the next transfer that is expected, but not before the begin of the peer came', () => {
    const peer = new RawPeer({ role: 'client' }).opened();
    const session = peer.connection.createSession({}, new SessionLog());
    const link = session.attachReceiver('link', {}, new LinkLog());
    link.grant(1);
    expect(peer.units().at(-1)?.body).toMatchObject({ type: 'flow', nextIncomingId: undefined });
    peer.send(begin({ remoteChannel: 0, nextOutgoingId: 70 }), attach());
    link.grant(2);
    expect(peer.units().at(-1)?.body).toMatchObject({ type: 'flow', nextIncomingId: 70 });
  });

  it('[S-17] says nothing of a link where it names none', () => {
    const peer = new RawPeer().opened(begin(), attach({ role: true }));
    peer.said();
    peer.send(flow({ echo: true }));
    expect(peer.units().map(({ body }) => body)).toMatchObject([
      {
        type: 'flow',
        handle: undefined,
        deliveryCount: undefined,
        linkCredit: undefined,
        available: undefined,
        drain: false,
      },
    ]);
  });

  it('[S-17] gives no link credit where the peer names none', () => {
    const { peer, session } = began();
    const link = session.attachSender('link', {}, new LinkLog());
    peer.send(attach({ role: true }), flow({ deliveryCount: 0, linkCredit: 5, drain: true }));
    expect(link.credit).toBe(0);
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 5 }));
    expect(link.credit).toBe(5);
    expect(peer.said()).toEqual(['attach']);
  });
});

describe('delivery-ids', () => {
  it('[S-27] are one sequence for all links of a session, in the order in which deliveries leave', () => {
    const { peer, session } = began();
    const links = ['one', 'two'].map((name) => session.attachSender(name, {}, new LinkLog()));
    peer.send(attach({ name: 'one', role: true }), attach({ name: 'two', role: true, handle: 1 }));
    for (const handle of [1, 0]) peer.send(flow({ handle, deliveryCount: 0, linkCredit: 5 }));
    peer.said();
    for (let round = 0; round < 2; round++) for (const link of links) link.send(new Sent(), octet);
    expect(peer.units().map(({ body }) => body)).toMatchObject([
      { type: 'transfer', handle: 0, deliveryId: 0 },
      { type: 'transfer', handle: 1, deliveryId: 1 },
      { type: 'transfer', handle: 0, deliveryId: 2 },
      { type: 'transfer', handle: 1, deliveryId: 3 },
    ]);
  });

  it('[S-27] that arrive are one sequence for all links of the session', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.opened(begin(), attach(), attach({ handle: 1, name: 'other' }));
    peer
      .transfer(transfer(0), [1])
      .transfer(transfer(1, { handle: 1 }), [2])
      .transfer(transfer(2), [3]);
    expect(peer.served.map(({ log }) => log.payloads)).toEqual([[[1], [3]], [[2]]]);
  });

  it.each([0, 2, 5])('[S-28] come one after the other: %i behind 0 ends the session', (next) => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.opened(begin(), attach()).said();
    peer.bytes(frame(transfer(0), 0, octet), frame(transfer(next), 0, octet));
    expect(peer.said()).toEqual(['end amqp:invalid-field']);
    expect(peer.link.log.payloads).toEqual([[1]]);
  });
});
