import { describe, expect, it } from 'vitest';
import { hex } from './support/frames.ts';
import { LinkLog, Sent } from './support/hosts.ts';
import { RawPeer, attach, began, begin, flow, transfer } from './support/raw-peer.ts';

const octet = Uint8Array.of(1);

/** The frame of an attach with the octets of its list. */
function attachOf(list: string): Uint8Array {
  const body = `005312${list}`;
  return hex(`${(8 + body.length / 2).toString(16).padStart(8, '0')} 02000000 ${body}`);
}

describe('the fields of an attach', () => {
  it.each([
    ['no name', 'c00403 40 43 42'],
    ['no handle', 'c00603 a10161 40 42'],
    ['no role', 'c00603 a10161 43 40'],
  ])('[L-06] are refused with %s', (_what, list) => {
    const peer = new RawPeer().opened(begin());
    expect(peer.bytes(attachOf(list.replaceAll(' ', ''))).said()).toEqual([
      'header 0',
      'open',
      'begin',
      'close amqp:decode-error',
    ]);
  });

  it('[L-41] hold properties by symbols, not by strings', () => {
    const properties = (key: string): string => `c0170e a10161 43 42 ${'40'.repeat(10)} c10502 ${key}0178 41`;
    const good = new RawPeer().opened(begin()).bytes(attachOf(properties('a3').replaceAll(' ', '')));
    expect(good.link.link.remote?.properties).toEqual({ x: true });
    const bad = new RawPeer().opened(begin()).bytes(attachOf(properties('a1').replaceAll(' ', '')));
    expect(bad.said().at(-1)).toBe('close amqp:decode-error');
  });

  it('[L-08] count from where the sender says; what a receiver says of it means nothing', () => {
    const { peer, session } = began();
    const link = session.attachSender('link', { initialDeliveryCount: 5 }, new LinkLog());
    expect(peer.units()[0]?.body).toMatchObject({ initialDeliveryCount: 5 });
    peer.send(attach({ role: true, initialDeliveryCount: 77 }));
    peer.send(flow({ handle: 0, deliveryCount: undefined, linkCredit: 2 }));
    expect([link.deliveryCount, link.credit]).toEqual([5, 2]);
  });

  it('[L-13] that leave a terminus empty do not refuse the link', () => {
    for (const role of [false, true]) {
      const { peer, session } = began();
      const log = new LinkLog();
      if (role) session.attachReceiver('link', {}, log);
      else session.attachSender('link', {}, log);
      peer.send(attach({ role: !role, source: {}, target: {} }));
      expect(log.types).toEqual(['attached']);
    }
  });

  it('[L-03] [L-05] name a handle of each side, free again after the detach of that side', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.opened(begin(), attach({ handle: 7 }));
    expect(
      peer
        .units()
        .slice(3)
        .map(({ body }) => body),
    ).toMatchObject([
      { type: 'attach', handle: 0 },
      { type: 'flow', handle: 0 },
    ]);
    peer.transfer(transfer(0, { handle: 7 }), [1]);
    expect(peer.link.log.payloads).toEqual([[1]]);
    peer.send({ type: 'detach', handle: 7, closed: true }, attach({ handle: 7, name: 'next' }));
    peer.transfer(transfer(1, { handle: 7 }), [2]);
    expect(peer.served.map(({ log }) => log.payloads)).toEqual([[[1]], [[2]]]);
    expect(peer.link.link.handle).toBe(0);
  });
});

describe('what comes before the answer to an attach', () => {
  it('[L-42] is nothing from a sender, which has no credit; a receiver may grant some', () => {
    const { peer, session } = began();
    const sender = session.attachSender('s', {}, new LinkLog());
    const delivery = new Sent();
    expect(sender.send(delivery, octet)).toBe(false);
    const receiver = session.attachReceiver('r', {}, new LinkLog());
    receiver.grant(3);
    expect(peer.said()).toEqual(['attach', 'attach', 'flow']);
    peer.send(attach({ name: 's', role: true }));
    expect(peer.said()).toEqual([]);
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 1 }));
    expect(peer.said()).toEqual(['transfer']);
    expect(delivery.calls).toEqual(['transferred']);
  });

  it('[L-42] is refused where it is a transfer: no credit was given', () => {
    const { peer, session } = began();
    const log = new LinkLog();
    session.attachReceiver('link', {}, log);
    peer.send(attach()).transfer(transfer(0), [1]);
    expect(log.taken).toEqual([]);
    expect(peer.said()).toEqual(['attach', 'detach amqp:link:transfer-limit-exceeded']);
  });

  it('[X-18] is a fault of the session where it is for a handle that nobody attached', () => {
    const peer = new RawPeer().opened(begin()).transfer(transfer(0, { handle: 3 }), [1]);
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'end amqp:session:unattached-handle']);
  });
});

describe('a link that the peer refuses', () => {
  it('[X-19] [L-12] neither takes nor brings messages, whatever credit there is', () => {
    const { peer, session } = began();
    const sender = session.attachSender('s', {}, new LinkLog());
    const waiting = new Sent();
    sender.send(waiting, octet);
    const log = new LinkLog();
    const receiver = session.attachReceiver('r', {}, log);
    peer.said();
    peer.send(attach({ name: 's', role: true, target: undefined }));
    peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 5 }));
    peer.send(attach({ name: 'r', handle: 1, source: undefined, initialDeliveryCount: undefined }));
    expect([sender.refused, receiver.refused]).toEqual([true, true]);
    expect(peer.said()).toEqual([]);
    peer.transfer(transfer(0, { handle: 1 }), [1]);
    expect(peer.said()).toEqual(['detach amqp:link:transfer-limit-exceeded']);
    expect(log.taken).toEqual([]);
    peer.send({ type: 'detach', handle: 0, closed: true, error: { condition: 'amqp:not-found' } });
    expect(waiting.calls).toEqual(['dropped']);
  });
});
