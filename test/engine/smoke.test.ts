import { expect, it } from 'vitest';
import { Sent } from './support/hosts.ts';
import { Pair } from './support/pair.ts';
import { RawPeer, attach, begin, transfer } from './support/raw-peer.ts';

it('pair', () => {
  const pair = new Pair();
  const { sender, receiver, receiverLog } = pair.sender({}, 5);
  const d = new Sent();
  expect(sender.send(d, Uint8Array.of(1, 2, 3))).toBe(true);
  pair.pump();
  expect(receiverLog.payloads).toEqual([[1, 2, 3]]);
  const [taken] = receiverLog.taken;
  if (taken) receiver.settle(taken, { type: 'accepted' });
  pair.pump();
  expect(d.calls).toEqual(['accepted settled']);
});
it('raw', () => {
  const peer = new RawPeer();
  peer.credit = 10;
  peer.opened(begin(), attach());
  expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'attach', 'flow']);
  peer.transfer(transfer(0), [1]);
  expect(peer.link.log.payloads).toEqual([[1]]);
});
