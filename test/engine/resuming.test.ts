import { describe, expect, it } from 'vitest';
import { AmqpMap } from '../../src/codec/index.ts';
import { LinkLog } from './support/hosts.ts';
import { RawPeer, attach, began, begin, flow, transfer } from './support/raw-peer.ts';

const tag = Uint8Array.of(0);
const maps = [undefined, new AmqpMap(), new AmqpMap([[tag, null]])];

describe('the unsettled map of an attach', () => {
  it('[R-01] is never sent: neither where we ask for a link, nor where we answer', () => {
    const { peer, session } = began();
    session.attachSender('s', {}, new LinkLog());
    session.attachReceiver('r', {}, new LinkLog());
    peer.send(attach({ name: 'theirs', unsettled: new AmqpMap() }));
    const asked = peer.units().filter(({ type }) => type === 'attach');
    const server = new RawPeer().opened(begin(), ...maps.map((unsettled, handle) => attached(handle, unsettled)));
    const answered = server.units().filter(({ type }) => type === 'attach');
    expect([asked.length, answered.length]).toEqual([2, 3]);
    for (const { body } of [...asked, ...answered]) expect(body).toMatchObject({ unsettled: undefined });
  });

  it.each(maps)('[R-02] [R-15] of a peer that asks for a link means nothing to us: %o', (unsettled) => {
    const peer = new RawPeer();
    peer.credit = 2;
    peer.opened(begin(), attached(0, unsettled));
    peer.said();
    peer.transfer(transfer(0, { resume: true }), [1]).transfer(transfer(1), [2]);
    expect(peer.link.log.payloads).toEqual([[2]]);
    expect(peer.said()).toEqual([]);
  });

  it.each(maps)('[R-02] [R-15] of a peer that answers means nothing to us: %o', (unsettled) => {
    const { peer, session } = began();
    const log = new LinkLog();
    const link = session.attachSender('link', {}, log);
    peer.send(attach({ role: true, unsettled }), flow({ handle: 0, deliveryCount: 0, linkCredit: 3 }));
    expect(log.types).toEqual(['attached']);
    expect(link.credit).toBe(3);
    expect(peer.said()).toEqual(['attach']);
  });
});

function attached(handle: number, unsettled: AmqpMap | undefined) {
  return attach({ name: `link ${handle}`, handle, unsettled });
}
