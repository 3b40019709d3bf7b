import { describe, expect, it } from 'vitest';
import { amqpHeader, brief, frame } from './support/frames.ts';
import { LinkLog, Sent } from './support/hosts.ts';
import { Pair } from './support/pair.ts';
import { RawPeer, attach, began, begin, flow, open, transfer } from './support/raw-peer.ts';

describe('attaching', () => {
  it('[L-07] answers with the other role and the same name', () => {
    const pair = new Pair({ serverLink: { source: {}, target: { address: 'c' } } });
    const { sender, log, receiver } = pair.sender({ source: { address: 'a' }, target: { address: 'b' } });
    expect(log.events).toMatchObject([{ type: 'attached', remote: { name: 'sender', role: true } }]);
    expect(sender.remote).toMatchObject({ target: { address: 'c' } });
    expect(receiver.remote).toMatchObject({ role: false, source: { address: 'a' }, initialDeliveryCount: 0 });
    expect([sender.attached, receiver.attached]).toEqual([true, true]);
    expect(() => receiver.attach({}, new LinkLog())).toThrow(expect.objectContaining({ code: 'illegal-state' }));
  });

  it('[L-01] a name stands for two links, one each way', () => {
    const pair = new Pair();
    const { session } = pair.session();
    const logs = [new LinkLog(), new LinkLog()] as const;
    session.attachSender('x', {}, logs[0]);
    session.attachReceiver('x', {}, logs[1]);
    pair.pump();
    expect(logs.map(({ types }) => types)).toEqual([['attached'], ['attached']]);
    for (const attachAgain of [
      () => session.attachSender('x', {}, new LinkLog()),
      () => session.attachReceiver('x', {}, new LinkLog()),
    ])
      expect(attachAgain).toThrow(expect.objectContaining({ code: 'illegal-state' }));
  });

  it('[L-03] [L-05] [S-21] uses the lowest free handle, up to what both sides take', () => {
    const pair = new Pair({ serverSession: { handleMax: 1 } });
    const { session } = pair.session({ handleMax: 4 });
    const links = ['a', 'b'].map((name) => pair.senderIn(session, name).sender);
    expect(links.map(({ handle }) => handle)).toEqual([0, 1]);
    expect(session.hasHandle).toBe(false);
    expect(() => session.attachSender('c', {}, new LinkLog())).toThrow(
      expect.objectContaining({ code: 'handles-exhausted' }),
    );
    links[0]?.detach({ closed: true });
    pair.pump();
    expect(session.hasHandle).toBe(true);
    expect(pair.senderIn(session, 'c').sender.handle).toBe(0);
  });

  it('[S-21] refuses a handle above its own limit', () => {
    const peer = new RawPeer().opened(begin(), attach({ handle: 65_536 }));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'close amqp:connection:framing-error']);
  });

  it('[L-04] refuses a handle in use', () => {
    const peer = new RawPeer().opened(begin(), attach(), attach({ name: 'other' }));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'attach', 'close amqp:session:handle-in-use']);
  });

  it('takes no handle for an attach that is too large', () => {
    const { peer, session } = began();
    const properties = { text: 'x'.repeat(70_000) };
    expect(() => session.attachSender('a', { properties }, new LinkLog())).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
    expect(session.attachSender('a', {}, new LinkLog()).handle).toBe(0);
    expect(peer.said()).toEqual(['attach']);
  });

  it('[L-08] leaves an attach without initial-delivery-count, as client and as server', () => {
    const { peer, session } = began();
    const log = new LinkLog();
    const link = session.attachReceiver('link', {}, log);
    peer.send(attach({ initialDeliveryCount: undefined }));
    expect(peer.said()).toEqual(['attach', 'detach amqp:invalid-field']);
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect(link.ended).toMatchObject({ by: 'local', clean: false, error: { code: 'link-failed' } });
    const server = new RawPeer().opened(begin(), attach({ initialDeliveryCount: undefined }));
    expect(server.said()).toEqual(['header 0', 'open', 'begin', 'attach', 'detach amqp:invalid-field']);
    expect(server.link.link.failure?.condition).toBe('amqp:invalid-field');
  });

  it('[L-11] [L-12] is refused with a null terminus and a detach', () => {
    for (const role of [false, true]) {
      const { peer, session } = began();
      const log = new LinkLog();
      const link = role ? session.attachReceiver('link', {}, log) : session.attachSender('link', {}, log);
      const refused = role ? { source: undefined, initialDeliveryCount: undefined } : { target: undefined };
      peer.send(attach({ role: !role, ...refused }));
      expect(log.types).toEqual([]);
      peer.send({ type: 'detach', handle: 0, closed: true, error: { condition: 'amqp:not-found' } });
      expect(log.events).toMatchObject([
        {
          type: 'ended',
          by: 'peer',
          clean: false,
          closed: true,
          error: { code: 'link-refused', condition: 'amqp:not-found' },
        },
      ]);
      expect(link.ended).toBe(log.events[0]);
      expect(peer.said()).toEqual(['attach', 'detach']);
    }
  });

  it('[L-11] refuses with a null terminus and a detach', () => {
    const pair = new Pair();
    const { session } = pair.session();
    const [served] = pair.serverSessions;
    if (served === undefined) throw new Error('no session');
    served.log.onLink = ({ link }) => link.refuse({ condition: 'amqp:not-found', description: 'no such node' });
    const logs = [new LinkLog(), new LinkLog()] as const;
    session.attachSender('s', { source: {}, target: { address: 'a' } }, logs[0]);
    session.attachReceiver('r', { source: { address: 'a' }, target: {} }, logs[1]);
    pair.pump();
    for (const { events } of logs) expect(events).toMatchObject([{ type: 'ended', error: { code: 'link-refused' } }]);
    const attaches = pair.server.units.filter(({ type }) => type === 'attach').map(({ body }) => body);
    expect(attaches).toMatchObject([
      { role: true, target: undefined },
      { role: false, source: undefined, target: {} },
    ]);
    expect(served.session.ended).toBeUndefined();
  });

  it('[F-11] [F-17] refuses what a peer says in frames larger than it takes itself', () => {
    const small = (): RawPeer => {
      const peer = new RawPeer().bytes(amqpHeader).send({ ...open, maxFrameSize: 512 }, begin());
      peer.session.onLink = ({ link }) => link.refuse({ condition: 'amqp:not-found' });
      peer.said();
      return peer;
    };
    const address = 'a'.repeat(600);
    for (const role of [true, false]) {
      const peer = small().send(attach({ role, source: { address }, target: { address } }));
      const units = peer.units();
      expect(units.map(brief)).toEqual(['attach', 'detach amqp:not-found']);
      expect(units[0]?.body).toMatchObject({ source: undefined, target: undefined });
    }
    const named = small().send(attach({ name: 'x'.repeat(500) }));
    expect(named.said()).toEqual(['end amqp:frame-size-too-small']);
    const longest = small().send(attach({ name: 'x'.repeat(460) }));
    expect(longest.said()).toEqual(['attach', 'detach amqp:not-found']);
  });

  it('may be answered later, after flows of the peer', () => {
    const peer = new RawPeer().opened(begin());
    const [session] = peer.sessions;
    if (session === undefined) throw new Error('no session');
    session.onLink = () => undefined;
    peer.send(attach({ role: true }), flow({ handle: 0, deliveryCount: undefined, linkCredit: 3 }));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin']);
    const [request] = session.requested;
    if (request === undefined) throw new Error('no link');
    peer.serve(request);
    expect(peer.said()).toEqual(['attach']);
    expect(request.link.credit).toBe(3);
  });
});

describe('detaching', () => {
  it('[L-31] [L-33] waits for the answer, which says whether the terminus is closed', () => {
    for (const closed of [false, true]) {
      const pair = new Pair();
      const { sender, log, receiverLog } = pair.sender({}, 1);
      sender.detach({ closed });
      sender.detach({ closed });
      expect(sender.closingError).toMatchObject({ code: 'link-closed' });
      expect(() => sender.send(new Sent(), Uint8Array.of(1))).toThrow(`the link ${sender.name} is closing`);
      pair.pump();
      expect(log.events.at(-1)).toMatchObject({ type: 'ended', by: 'local', clean: true, closed });
      expect(receiverLog.events.at(-1)).toMatchObject({ type: 'ended', by: 'peer', clean: true, closed });
      expect(pair.client.units.filter(({ type }) => type === 'detach')).toHaveLength(1);
      expect(() => sender.send(new Sent(), Uint8Array.of(1))).toThrow(sender.ended?.error);
    }
  });

  it('takes a detach that crosses its own as the answer', () => {
    const pair = new Pair();
    const { sender, receiver, log, receiverLog } = pair.sender();
    sender.detach({ closed: true });
    receiver.detach({ closed: true, error: { condition: 'amqp:link:detach-forced' } });
    pair.pump();
    expect(log.types).toEqual(['attached', 'ended']);
    expect(receiverLog.events.at(-1)).toMatchObject({ by: 'local' });
    expect(pair.client.units.filter(({ type }) => type === 'detach')).toHaveLength(1);
  });

  it('may detach before the peer has answered, whose answer may be late', () => {
    const { peer, session } = began();
    const log = new LinkLog();
    const link = session.attachSender('link', {}, log);
    link.detach({ closed: true });
    expect(peer.said()).toEqual(['attach', 'detach']);
    expect(() => session.attachSender('link', {}, new LinkLog())).toThrow('already');
    peer.send(attach({ role: true }), flow({ handle: 0, deliveryCount: 0, linkCredit: 5 }));
    expect(log.types).toEqual([]);
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect(log.types).toEqual(['ended']);
    expect(session.attachSender('link', {}, new LinkLog()).handle).toBe(0);
  });

  it('may attach the name again while the answer to the detach is awaited', () => {
    const { peer, session } = began();
    const old = session.attachSender('link', {}, new LinkLog());
    peer.send(attach({ role: true, handle: 4 }));
    old.detach({ closed: true });
    const log = new LinkLog();
    const link = session.attachSender('link', {}, log);
    peer.send({ type: 'detach', handle: 4, closed: true }, attach({ role: true, handle: 4 }));
    expect(old.ended?.clean).toBe(true);
    expect(link.attached).toBe(true);
    expect(log.types).toEqual(['attached']);
  });

  it('[L-02] is stolen by another attach of its name', () => {
    const pair = new Pair();
    const { session } = pair.session();
    const log = new LinkLog();
    session.attachSender('x', { source: {}, target: {} }, log);
    pair.pump();
    const peer = new RawPeer().opened(begin(), attach(), attach({ handle: 1 }));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'attach', 'detach amqp:link:stolen', 'attach']);
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect(peer.served[0]?.link.ended).toMatchObject({ clean: false, error: { condition: 'amqp:link:stolen' } });
    expect(peer.served[1]?.link.attached).toBe(true);
  });

  it('[L-02] is stolen before it was answered', () => {
    const peer = new RawPeer().opened(begin());
    peer.bytes(frame(attach()), frame(attach({ handle: 1 })));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'attach', 'detach amqp:link:stolen', 'attach']);
  });

  it('answers a link that the peer has detached already', () => {
    const peer = new RawPeer().opened(begin());
    peer.bytes(frame(attach()), frame({ type: 'detach', handle: 0, closed: true }));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'attach', 'detach']);
    expect(peer.link.log.events).toMatchObject([{ type: 'ended', by: 'peer', closed: true }]);
    expect(peer.link.link.handle).toBe(0);
  });

  it('refuses a link that the peer has detached already', () => {
    const peer = new RawPeer().opened(begin());
    peer.session.onLink = ({ link }) => link.refuse({ condition: 'amqp:not-found' });
    peer.bytes(frame(attach()), frame({ type: 'detach', handle: 0, closed: true }));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'attach', 'detach amqp:not-found']);
  });

  it('[L-35] [S-13] drops transfers that cross its detach, and counts them', () => {
    const peer = new RawPeer();
    peer.credit = 10;
    peer.opened(begin(), attach(), attach({ handle: 1, name: 'other' }));
    const [first, second] = peer.served;
    peer.transfer(transfer(0, { more: true }), [1]);
    first?.link.detach({ closed: true });
    // The rest of the delivery, the next one, and then one of another link.
    peer
      .transfer(transfer(0, { more: false }), [2])
      .transfer(transfer(1), [3])
      .send(flow({ handle: 0 }));
    peer.transfer(transfer(2, { handle: 1 }), [4]);
    expect(second?.log.payloads).toEqual([[4]]);
    expect(first?.log.taken).toEqual([]);
    peer.said();
    peer.send(flow({ echo: true, nextOutgoingId: 4 }));
    expect(peer.units()[0]?.body).toMatchObject({ type: 'flow', nextIncomingId: 4 });
    expect(peer.session.types).toEqual(['linkRequested', 'linkRequested']);
  });

  it('[L-41] tells of the properties of a flow', () => {
    const peer = new RawPeer().opened(begin(), attach(), attach({ handle: 1, name: 'x', role: true }));
    peer.send(flow({ handle: 0, deliveryCount: 0, properties: { a: 1 } }), flow({ handle: 1, properties: { b: 2 } }));
    expect(peer.served.map(({ log }) => log.events[0])).toMatchObject([
      { properties: { a: 1 } },
      { properties: { b: 2 } },
    ]);
  });

  it('[S-18] [S-20] refuses flows for what is not there', () => {
    const peer = new RawPeer().opened(begin(), flow({ handle: 3 }));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'end amqp:session:unattached-handle']);
    const early = new RawPeer().opened(begin(), flow({ nextIncomingId: 1 }));
    expect(early.said()).toEqual(['header 0', 'open', 'begin', 'end amqp:session:window-violation']);
  });

  it('[S-19] answers an echo once, and asks for none', () => {
    const peer = new RawPeer().opened(begin(), attach(), attach({ handle: 1, name: 'x', role: true }));
    peer.said();
    peer.bytes(frame(flow({ echo: true })), frame(flow({ echo: true })));
    expect(peer.units().map(({ body }) => body)).toMatchObject([{ type: 'flow', handle: undefined, echo: false }]);
    peer.send(flow({ handle: 0, echo: true }), flow({ handle: 1, echo: true }), flow({ echo: true }));
    expect(peer.units().map(({ body }) => body)).toMatchObject([
      { type: 'flow', handle: 0, echo: false, deliveryCount: 0 },
      { type: 'flow', handle: 1, echo: false, deliveryCount: 0, available: 0 },
    ]);
  });

  it('[X-20] refuses a transfer from a peer that is the receiver', () => {
    const peer = new RawPeer().opened(begin(), attach({ role: true }), transfer(0));
    expect(peer.units().map(brief)).toEqual(['header 0', 'open', 'begin', 'attach', 'end amqp:not-allowed']);
  });
});
