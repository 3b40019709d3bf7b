import { describe, expect, it } from 'vitest';
import { amqpHeader, concat, frame } from '../engine/support/frames.ts';
import { RawPeer, attach, begin, flow, open, transfer } from '../engine/support/raw-peer.ts';
import { collectGarbage } from '../support/garbage.ts';
import { bounded } from './support/bounds.ts';

const KIB = 1024;

/** An engine that has granted credit to a sender. */
function granting(): RawPeer {
  const peer = new RawPeer({ maxFrameSize: KIB * KIB });
  peer.credit = 2000;
  peer.opened(begin({ incomingWindow: 5000, outgoingWindow: 5000 }), attach());
  peer.units();
  return peer;
}

describe('octets that are all allowed', () => {
  it('cost no more where each comes in a read of its own', async () => {
    const peer = granting();
    const octets = frame(transfer(0), 0, new Uint8Array(150 * KIB));
    await bounded(octets.length, () => {
      for (const octet of octets) peer.bytes(Uint8Array.of(octet));
    });
    expect(peer.link.log.taken[0]?.payload).toHaveLength(150 * KIB);
  });

  it('get one answer to all echoes of a read', async () => {
    const peer = granting();
    const octets = concat(Array.from({ length: 5000 }, () => frame(flow({ echo: true }))));
    await bounded(octets.length, () => {
      peer.bytes(octets);
    });
    expect(peer.said()).toEqual(['flow']);
  });

  it('hold nothing once what they made is over', async () => {
    const peer = new RawPeer().bytes(amqpHeader).send(open);
    const hosts: WeakRef<object>[] = [];
    for (let round = 0; round < 500; round++) {
      peer.send(begin(), attach());
      hosts.push(new WeakRef(peer.session), new WeakRef(peer.link.log));
      if (round % 2 === 0) peer.send({ type: 'detach', handle: 0, closed: true });
      peer.send({ type: 'end' });
      peer.units();
      peer.log.events.length = 0;
      peer.log.sessions.length = 0;
      peer.sessions.length = 0;
      peer.served.length = 0;
    }
    await collectGarbage();
    // The last ones may still be on the stack.
    expect(hosts.filter((host) => host.deref() !== undefined).length).toBeLessThan(5);
    expect(peer.connection.ended).toBeUndefined();
  });
});
