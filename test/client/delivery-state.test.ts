import { describe, expect, it } from 'vitest';
import type { DeliveryState, SenderOptions } from '../../src/client/index.ts';
import { connected, failure, mute, PeerLink, settle, until, wireError } from './support/scripted.ts';

type Told = [DeliveryState, number[]];

async function sending(options: SenderOptions = {}) {
  const { connection, peer } = await connected((script) => mute(script, 'transfer'));
  const told: Told[] = [];
  const sender = await connection.createSender('q', {
    onDeliveryState: (state, tag) => told.push([state, [...tag]]),
    ...options,
  });
  return { peer, sender, told, link: await PeerLink.of(peer) };
}

describe('onDeliveryState of a sender', () => {
  it('is told every state, with the tag of the receipt, before the send settles', async () => {
    const { sender, told, link } = await sending();
    const receipt = await sender.sendWithReceipt('x', { deliveryTag: Uint8Array.of(7, 8) });
    link.disposition(0, { is: 'received', 'section-number': 1, 'section-offset': 20n }, { settled: false });
    await settle();
    expect(told).toEqual([[{ state: 'received', sectionNumber: 1, sectionOffset: 20n }, [7, 8]]]);
    link.disposition(0, { is: 'released' });
    expect(await receipt.outcome).toEqual({ state: 'released' });
    expect(told.slice(1)).toEqual([[{ state: 'released' }, [7, 8]]]);
    expect([...receipt.deliveryTag]).toEqual([7, 8]);
  });

  it('is told once for each delivery of a range', async () => {
    const { sender, told, link } = await sending();
    const sends = [sender.send('a'), sender.send('b'), sender.send('c')];
    await settle();
    link.disposition(0, { is: 'accepted' }, { last: 2 });
    await Promise.all(sends);
    expect(told.map(([{ state }, tag]) => [state, tag.at(-1)])).toEqual([
      ['accepted', 0],
      ['accepted', 1],
      ['accepted', 2],
    ]);
  });

  it('hears of a send that its caller gave up', async () => {
    const { sender, told, link } = await sending();
    const given = new AbortController();
    const send = sender.send('x', { signal: given.signal });
    await settle();
    given.abort();
    expect((await failure(send)).code).toBe('aborted');
    link.disposition(0, { is: 'accepted' });
    await until(() => told.length === 1);
    expect(told[0]?.[0]).toEqual({ state: 'accepted' });
  });
});

describe('a rejected message', () => {
  const rejected = { is: 'rejected', error: wireError('x:bad') };

  it('concerns that message alone', async () => {
    const { sender, link } = await sending();
    const send = sender.send('x');
    await settle();
    link.disposition(0, rejected);
    expect((await failure(send)).condition).toBe('x:bad');
    const next = sender.send('y');
    await settle();
    link.disposition(1, { is: 'accepted' });
    await next;
  });

  it('closes a sender with closeOnRejected, and what waits is not sent', async () => {
    const { peer, sender, link } = await sending({ closeOnRejected: true });
    link.flow({ 'link-credit': 1 });
    await settle();
    const first = sender.send('x');
    const second = sender.send('y');
    await settle();
    link.disposition(0, rejected);
    expect((await failure(first)).code).toBe('rejected');
    expect((await failure(second)).code).toBe('link-closed');
    expect(await sender.closed).toEqual({ by: 'local' });
    expect(peer.framesOf('transfer')).toHaveLength(1);
    expect(peer.framesOf('detach').map(({ fields }) => fields['closed'])).toEqual([true]);
  });
});
