import { describe, expect, it } from 'vitest';
import type { ConnectionOptions, LinkOptions, ReceiverLink } from '../../src/engine/index.ts';
import { amqpHeader, frame } from './support/frames.ts';
import { LinkLog } from './support/hosts.ts';
import { RawPeer, attach, begin, flow, open, transfer } from './support/raw-peer.ts';

interface Receiving {
  readonly peer: RawPeer;
  readonly link: ReceiverLink;
  readonly log: LinkLog;
}

/** An engine that receives from a peer written by hand, with this much credit. */
function receiving(credit: number, options: LinkOptions = {}, limits: Partial<ConnectionOptions> = {}): Receiving {
  const peer = new RawPeer(limits).opened(begin());
  const log = new LinkLog();
  peer.session.onLink = ({ link }) => {
    if ('grant' in link) link.attach({ source: {}, target: {}, ...options }, log);
  };
  peer.send(attach());
  const link = peer.session.requested[0]?.link;
  if (link === undefined || !('grant' in link)) throw new Error('the link is no receiver');
  if (credit > 0) link.grant(credit);
  peer.said();
  return { peer, link, log };
}

describe('the limit of incomplete messages', () => {
  it('holds for all links together, and ends the session that exceeds it', () => {
    const peer = new RawPeer({ maxIncompleteSize: 4 });
    peer.credit = 9;
    peer.opened(begin(), attach(), attach({ name: 'other', handle: 1 }));
    peer.said();
    peer.transfer(transfer(0, { more: true }), [1, 2]).transfer(transfer(1, { more: true, handle: 1 }), [3, 4]);
    expect(peer.connection.incomplete.held).toBe(4);
    peer.transfer(transfer(undefined, { more: true }), [5]);
    const [unit] = peer.units();
    expect(unit?.body).toMatchObject({
      type: 'end',
      error: {
        condition: 'amqp:resource-limit-exceeded',
        description: 'incomplete messages hold 4 octets, and the limit is 4',
      },
    });
    expect(peer.served.map(({ link, log }) => [link.ended?.clean, log.taken.length])).toEqual([
      [false, 0],
      [false, 0],
    ]);
    expect(peer.connection.incomplete.held).toBe(0);
  });

  it('does not take a message whose last frame exceeds it', () => {
    const { peer, log } = receiving(9, {}, { maxIncompleteSize: 3 });
    peer.transfer(transfer(0, { more: true }), [1, 2]).transfer(transfer(undefined), [3, 4]);
    expect(peer.said()).toEqual(['end amqp:resource-limit-exceeded']);
    expect(log.taken).toEqual([]);
  });

  it('counts what is not complete: neither what has come, nor what was aborted, nor what was lost', () => {
    const { peer, link, log } = receiving(9, {}, { maxIncompleteSize: 3 });
    const { incomplete } = peer.connection;
    for (let id = 0; id < 3; id++) {
      peer.transfer(transfer(id, { more: true }), [1, 2]);
      expect(incomplete.held).toBe(2);
      peer.transfer(transfer(undefined, { aborted: id === 1 }), [3]);
      expect(incomplete.held).toBe(0);
    }
    expect([log.payloads, log.abortions]).toEqual([
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
      1,
    ]);
    peer.transfer(transfer(3, { more: true }), [1, 2]).send({ type: 'detach', handle: 0, closed: true });
    expect([incomplete.held, link.assembling]).toEqual([0, false]);
  });
});

describe('a message above the limit of the link', () => {
  it('[L-38] reaches nobody, in one frame or in several', () => {
    for (const parts of [[[1, 2, 3]], [[1, 2], [3]], [[1], [2], [3]]]) {
      const { peer, log } = receiving(9, { maxMessageSize: 2n });
      parts.forEach((part, index) => {
        peer.transfer(transfer(index === 0 ? 0 : undefined, { more: index < parts.length - 1 }), part);
      });
      expect(log.taken).toEqual([]);
      expect(log.types).toEqual(['ended']);
      expect(peer.connection.incomplete.held).toBe(0);
    }
  });

  it('is counted by its payload alone, at every frame', () => {
    const { peer, log } = receiving(9, { maxMessageSize: 6n });
    const tag = new Uint8Array(32);
    peer.transfer(transfer(0, { more: true, deliveryTag: tag }), [1, 2]);
    peer.transfer(transfer(undefined, { more: true }), [3, 4]).transfer(transfer(undefined), [5, 6]);
    expect(log.payloads).toEqual([[1, 2, 3, 4, 5, 6]]);
  });
});

describe('the counts of a receiver', () => {
  it('[L-21] do not go back with a flow of the sender that is behind', () => {
    const { peer, link } = receiving(5);
    peer.transfer(transfer(0)).transfer(transfer(1));
    peer.send(flow({ handle: 0, deliveryCount: 1, linkCredit: 4 }));
    expect([link.deliveryCount, link.credit, link.received]).toEqual([2, 3, 2]);
  });

  it('[L-25] go on with a flow that gives back a part of the credit', () => {
    const { peer, link } = receiving(10);
    peer.send(flow({ handle: 0, deliveryCount: 3, linkCredit: 7 }));
    expect([link.deliveryCount, link.credit, link.received]).toEqual([3, 7, 0]);
  });

  it('are what the host sees: a delivery that was settled is not held', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.opened(begin(), attach()).transfer(transfer(0), [1]).transfer(transfer(1), [2]);
    const [session] = peer.log.sessions;
    const { link, log } = peer.link;
    expect(session?.unsettledIncoming).toBe(2);
    for (const taken of log.taken) if ('grant' in link) link.settle(taken, { type: 'accepted' });
    expect(session?.unsettledIncoming).toBe(0);
  });

  it('stay as they are after the end', () => {
    const { peer, link } = receiving(3);
    peer.send({ type: 'detach', handle: 0, closed: true });
    link.grant(9);
    expect(link.credit).toBe(3);
  });
});

describe('a drain', () => {
  it('[L-24] goes on while credit is left, whatever flows and deliveries come', () => {
    const { peer, link, log } = receiving(4);
    link.drainCredit();
    peer.send(flow({ handle: 0, deliveryCount: 1, linkCredit: 3, drain: true }));
    peer.transfer(transfer(0, { aborted: true })).transfer(transfer(1), [1]);
    expect([log.drains, link.draining, link.credit]).toEqual([0, true, 1]);
    peer.transfer(transfer(2, { more: true })).transfer(transfer(undefined, { aborted: true }));
    expect([log.drains, link.draining, link.credit]).toEqual([1, false, 0]);
  });

  it('[L-24] ends only where one was asked for', () => {
    const { peer, log } = receiving(1);
    peer.transfer(transfer(0, { aborted: true }));
    peer.send(flow({ handle: 0, deliveryCount: 1, linkCredit: 0 }));
    expect([log.abortions, log.drains]).toEqual([1, 0]);
  });
});

describe('a flow of the sender', () => {
  it('[S-19] is not answered unless it asks for that, and tells nothing without properties', () => {
    const { peer, log } = receiving(4);
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 4 }));
    expect([peer.said(), log.types]).toEqual([[], []]);
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 4, properties: { a: 1 } }));
    expect([peer.said(), log.types]).toEqual([[], ['flowProperties']]);
  });

  it('with properties is heard by nobody before the answer to the attach', () => {
    const peer = new RawPeer().opened(begin());
    peer.session.onLink = () => undefined;
    peer.send(attach(), flow({ handle: 0, deliveryCount: 0, properties: { a: 1 } }));
    const [request] = peer.session.requested;
    expect(request?.link.handle).toBe(-1);
    if (request !== undefined) peer.serve(request);
    expect(peer.link.log.types).toEqual([]);
    expect(request?.link.handle).toBe(0);
  });
});

describe('a fault in one delivery', () => {
  it('[X-01] costs only the link, though deliveries came before', () => {
    const { peer } = receiving(4);
    peer.transfer(transfer(0), [1]).transfer(transfer(undefined, { deliveryTag: Uint8Array.of(1) }), [2]);
    expect(peer.said()).toEqual(['detach amqp:invalid-field']);
  });
});

describe('the refusal of a link', () => {
  it('[L-11] repeats the terminus of the peer and closes the link', () => {
    const peer = new RawPeer().opened(begin());
    peer.session.onLink = ({ link }) => link.refuse({ condition: 'amqp:not-found' });
    for (const role of [false, true]) {
      peer.said();
      peer.send(
        attach({ role, name: `${role}`, handle: Number(role), source: { address: 'a' }, target: { address: 'b' } }),
      );
      const [attached, detached] = peer.units().slice(-2);
      expect(attached?.body).toMatchObject(
        role
          ? { role: false, source: undefined, target: { address: 'b' }, initialDeliveryCount: 0 }
          : { role: true, source: { address: 'a' }, target: undefined },
      );
      expect(detached?.body).toMatchObject({ type: 'detach', closed: true });
    }
  });

  it('[L-08] has the count of a sender even where the terminus is too large to repeat', () => {
    const peer = new RawPeer().bytes(amqpHeader).send({ ...open, maxFrameSize: 512 }, begin());
    peer.session.onLink = ({ link }) => link.refuse({ condition: 'amqp:not-found' });
    peer.said();
    peer.send(attach({ role: true, target: { address: 'a'.repeat(600) } }));
    expect(peer.units()[0]?.body).toMatchObject({ type: 'attach', target: undefined, initialDeliveryCount: 0 });
  });

  it('[L-02] of one that is stolen closes it', () => {
    const peer = new RawPeer().opened(begin());
    peer.bytes(frame(attach()), frame(attach({ handle: 1 })));
    const detach = peer.units().find(({ type }) => type === 'detach');
    expect(detach?.body).toMatchObject({ closed: true, error: { condition: 'amqp:link:stolen' } });
  });
});
