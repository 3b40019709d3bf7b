import { describe, expect, it } from 'vitest';
import { accepted } from '../../src/definitions/index.ts';
import { frame } from './support/frames.ts';
import { LinkLog, Sent } from './support/hosts.ts';
import { RawPeer, attach, began, begin, flow, transfer } from './support/raw-peer.ts';

describe('detaches that cross', () => {
  it('[L-32] a closing one that meets our plain one is the answer: the link is closed, and not attached again', () => {
    const { peer, session } = began();
    const log = new LinkLog();
    const link = session.attachReceiver('link', {}, log);
    peer.send(attach());
    link.detach({ closed: false });
    expect(peer.said()).toEqual(['attach', 'detach']);
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect(link.ended).toMatchObject({ by: 'local', clean: true, closed: true });
    expect(peer.said()).toEqual([]);
  });

  it('[L-32] a plain one that meets our closing one may be followed by an attach and a closing one', () => {
    const peer = new RawPeer().opened(begin(), attach());
    peer.link.link.detach({ closed: true });
    peer.said();
    peer.send({ type: 'detach', handle: 0, closed: false }, attach());
    peer.send({ type: 'detach', handle: 0, closed: true });
    const [attached, detached] = peer.units();
    expect([attached?.type, detached?.body]).toMatchObject(['attach', { type: 'detach', closed: true }]);
    expect(peer.served.map(({ link }) => link.state)).toEqual(['closed', 'closed']);
  });

  it('[L-32] each is answered in kind', () => {
    for (const closed of [false, true]) {
      const peer = new RawPeer().opened(begin(), attach());
      peer.said();
      peer.send({ type: 'detach', handle: 0, closed });
      expect(peer.units().map(({ body }) => body)).toMatchObject([{ type: 'detach', closed }]);
    }
  });

  it('[L-32] each is answered in kind, though it came before our attach', () => {
    for (const closed of [false, true]) {
      const peer = new RawPeer().opened(begin());
      peer.bytes(frame(attach()), frame({ type: 'detach', handle: 0, closed }));
      expect(peer.units().at(-1)?.body).toMatchObject({ type: 'detach', closed });
      expect(peer.link.link.ended?.closed).toBe(closed);
    }
  });
});

describe('an error on a link', () => {
  it('[L-34] ends it: all but the detach of the peer is dropped, and the session lives', () => {
    const peer = new RawPeer();
    peer.credit = 1;
    peer.opened(begin(), attach(), attach({ name: 'other', handle: 1 }));
    const [failed, other] = peer.served;
    peer.said();
    peer.transfer(transfer(0, { deliveryTag: undefined }), [1]);
    expect(peer.said()).toEqual(['detach amqp:invalid-field']);
    expect(failed?.link.ended).toMatchObject({ by: 'local', error: { code: 'link-failed' } });
    peer.transfer(transfer(1), [2]).send(flow({ handle: 0, deliveryCount: 0, echo: true }));
    peer.send({ type: 'disposition', role: false, first: 0, settled: true, state: accepted });
    expect(peer.said()).toEqual([]);
    expect(failed?.log.taken).toEqual([]);
    peer.transfer(transfer(2, { handle: 1 }), [3]);
    expect(other?.log.payloads).toEqual([[3]]);
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect(peer.said()).toEqual([]);
    peer.transfer(transfer(3), [4]);
    expect(peer.said()).toEqual(['end amqp:session:unattached-handle']);
  });
});

describe('a disposition after the detach of its link', () => {
  it('[L-36] is ignored: unsettled deliveries are forgotten with their link', () => {
    const peer = new RawPeer().opened(begin(), attach({ role: true }));
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 2 }));
    const { link } = peer.link;
    const delivery = new Sent();
    if ('send' in link) link.send(delivery, Uint8Array.of(1));
    peer.send({ type: 'detach', handle: 0, closed: false });
    expect(delivery.calls).toEqual(['dropped']);
    peer.said();
    peer.send({ type: 'disposition', role: true, first: 0, settled: true, state: accepted });
    expect(delivery.calls).toEqual(['dropped']);
    expect(peer.said()).toEqual([]);
  });

  it('[L-36] that crosses our own, and comes before the answer, still counts', () => {
    const peer = new RawPeer().opened(begin(), attach({ role: true }));
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 2 }));
    const { link } = peer.link;
    const delivery = new Sent();
    if ('send' in link) link.send(delivery, Uint8Array.of(1));
    link.detach({ closed: false });
    peer.send({ type: 'disposition', role: true, first: 0, settled: true, state: accepted });
    peer.send({ type: 'detach', handle: 0, closed: false });
    expect(delivery.calls).toEqual(['accepted settled']);
  });
});
