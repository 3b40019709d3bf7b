import { describe, expect, it } from 'vitest';
import type { SenderLink } from '../../src/engine/index.ts';
import { amqpHeader } from './support/frames.ts';
import { LinkLog, Sent } from './support/hosts.ts';
import { RawPeer, attach, began, begin, flow, transfer } from './support/raw-peer.ts';

/** An engine that sends to a peer whose frames hold 512 octets. */
function sending(window: number): { readonly peer: RawPeer; readonly link: SenderLink } {
  const peer = new RawPeer().bytes(amqpHeader);
  peer.send({ type: 'open', containerId: 'raw', maxFrameSize: 512 }, begin({ incomingWindow: window }));
  peer.send(attach({ role: true }));
  peer.said();
  const { link } = peer.link;
  if (!('send' in link)) throw new Error('the link is no sender');
  return { peer, link };
}

function send(link: SenderLink, size = 1): Sent {
  const delivery = new Sent();
  link.send(delivery, new Uint8Array(size));
  return delivery;
}

describe('a flow of the receiver', () => {
  it('[L-20] [L-28] that sets the credit to 0 stops new deliveries, not the one that has begun', () => {
    const { peer, link } = sending(1);
    const begun = send(link, 900);
    const next = send(link);
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 5, incomingWindow: 1 }));
    expect(peer.said()).toEqual(['transfer']);
    peer.send(flow({ handle: 0, nextIncomingId: 1, deliveryCount: 1, linkCredit: 0, echo: true }));
    const units = peer.units();
    expect(units.map(({ type }) => type)).toEqual(['transfer', 'flow']);
    expect(units[1]?.body).toMatchObject({ handle: 0, deliveryCount: 1, linkCredit: 0, available: 1, echo: false });
    expect([begun.calls, next.calls]).toEqual([['transferred'], []]);
  });

  it('[L-28] takes what was under way when the credit became 0', () => {
    const { peer, session } = began();
    const log = new LinkLog();
    const link = session.attachReceiver('link', {}, log);
    peer.send(attach());
    link.grant(5);
    link.grant(0);
    expect(peer.units().at(-1)?.body).toMatchObject({ type: 'flow', linkCredit: 0 });
    peer.transfer(transfer(0), [1]).transfer(transfer(1), [2]);
    expect(log.payloads).toEqual([[1], [2]]);
    peer.send(flow({ handle: 0, deliveryCount: 2, linkCredit: 0 }));
    expect([link.credit, link.deliveryCount]).toEqual([0, 2]);
  });

  it('[L-21] counts a delivery from its first frame, and may come from one that counts from the last', () => {
    const { peer, link } = sending(1);
    send(link, 900);
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 1, incomingWindow: 1 }));
    expect([link.credit, link.deliveryCount]).toEqual([0, 1]);
    // The peer has not counted the delivery, of which it has one frame of two.
    peer.send(flow({ handle: 0, nextIncomingId: 1, deliveryCount: 0, linkCredit: 1, incomingWindow: 9 }));
    expect([link.credit, link.deliveryCount]).toEqual([0, 1]);
    peer.send(flow({ handle: 0, nextIncomingId: 2, deliveryCount: 1, linkCredit: 1, incomingWindow: 9 }));
    expect(link.credit).toBe(1);
  });
});

describe('a flow of the sender', () => {
  it('[L-21] between two frames does not take the credit of the delivery twice', () => {
    const { peer, session } = began();
    const log = new LinkLog();
    const link = session.attachReceiver('link', {}, log);
    peer.send(attach());
    link.grant(2);
    peer.transfer(transfer(0, { more: true }), [1]);
    for (const deliveryCount of [0, 1]) peer.send(flow({ handle: 0, deliveryCount, linkCredit: 1 }));
    expect([link.credit, link.deliveryCount]).toEqual([1, 1]);
    peer.transfer(transfer(undefined), [2]);
    expect(log.payloads).toEqual([[1, 2]]);
    expect([link.credit, link.deliveryCount]).toEqual([1, 1]);
  });

  it('[L-27] [L-30] carries its delivery-count, the credit that it knows, and what waits there', () => {
    const { peer, link } = sending(100);
    for (let count = 0; count < 3; count++) send(link);
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 2 }));
    peer.said();
    peer.send(flow({ handle: 0, nextIncomingId: 2, deliveryCount: 1, linkCredit: 1, echo: true }));
    expect(peer.units()[0]?.body).toMatchObject({ deliveryCount: 2, linkCredit: 0, available: 1, drain: false });
    peer.send(flow({ handle: 0, nextIncomingId: 2, deliveryCount: 2, linkCredit: 4, echo: true }));
    expect(peer.units().at(-1)?.body).toMatchObject({ deliveryCount: 3, linkCredit: 3, available: 0 });
  });

  it('[L-27] tells what the sender has in store, which is only a hint', () => {
    const { peer, session } = began();
    const log = new LinkLog();
    const link = session.attachReceiver('link', {}, log);
    peer.send(attach());
    link.grant(1);
    expect(link.available).toBe(0);
    peer.send(flow({ handle: 0, deliveryCount: 0, available: 0 }));
    peer.transfer(transfer(0), [1]);
    expect(log.payloads).toEqual([[1]]);
    peer.send(flow({ handle: 0, deliveryCount: 1, available: 9 }), flow({ handle: 0, deliveryCount: 1 }));
    expect(link.available).toBe(9);
  });
});

describe('a link that is attached again', () => {
  it('[L-22] begins without credit, without a drain and with nothing available', () => {
    const peer = new RawPeer().opened(begin(), attach({ role: true }), attach({ name: 'in', handle: 1 }));
    const drain = { drain: true, deliveryCount: 0, linkCredit: 5 };
    peer.send(flow({ handle: 0, ...drain }), flow({ handle: 1, deliveryCount: 0, available: 4 }));
    const [out, into] = peer.served.map(({ link }) => link);
    if (into !== undefined && 'grant' in into) into.grant(6);
    expect([out?.credit, into?.credit]).toEqual([5, 6]);
    for (const handle of [0, 1]) peer.send({ type: 'detach', handle, closed: false });
    peer.send(attach({ role: true }), attach({ name: 'in', handle: 1 }));
    expect(peer.served.slice(2).map(({ link }) => link)).toMatchObject([
      { name: 'link', credit: 0, drain: false, deliveryCount: 0 },
      { name: 'in', credit: 0, draining: false, available: 0 },
    ]);
    const again = peer.link.link;
    peer.said();
    peer.transfer(transfer(0, { handle: 1 }), [1]);
    expect(again.ended).toMatchObject({ error: { condition: 'amqp:link:transfer-limit-exceeded' } });
  });
});
