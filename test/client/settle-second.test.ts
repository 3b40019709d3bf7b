import { describe, expect, it } from 'vitest';
import type { Connection, Receiver, ReceiverOptions } from '../../src/client/index.ts';
import type { ScriptedPeer } from '../../src/testing/index.ts';
import { connected, failure, frameOf, isPending, PeerLink, settle, untyped, until } from './support/scripted.ts';

async function receiving(
  options: ReceiverOptions = {},
): Promise<{ connection: Connection; peer: ScriptedPeer; receiver: Receiver; link: PeerLink }> {
  const { connection, peer } = await connected();
  const receiver = await connection.createReceiver('q', { receiverSettleMode: 'second', ...options });
  return { connection, peer, receiver, link: await PeerLink.of(peer) };
}

/** The sender settles. */
const settled = { role: false };

describe('a receiver that settles second [§2.8.3]', () => {
  it('tells its state unsettled, and resolves when the sender has settled', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    const delivery = await receiver.receive();
    const accepting = delivery.accept();
    const { fields } = await frameOf(peer, 'disposition');
    expect(fields).toMatchObject({ role: true, first: 0, state: { is: 'accepted' } });
    expect(fields['settled']).not.toBe(true);
    expect(await isPending(accepting)).toBe(true);
    expect(delivery.settled).toBe(false);
    link.disposition(0, { is: 'accepted' }, settled);
    await accepting;
    expect(delivery.settled).toBe(true);
    await delivery.reject();
    await settle();
    expect(peer.framesOf('disposition')).toHaveLength(1);
    await connection.close();
  });

  it('resolves also where the sender settles without a state', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    const releasing = (await receiver.receive()).release();
    await frameOf(peer, 'disposition');
    link.disposition(0, null, settled);
    await releasing;
    await connection.close();
  });

  it('waits on where the sender tells a state and does not settle', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    const accepting = (await receiver.receive()).accept();
    await frameOf(peer, 'disposition');
    link.disposition(0, { is: 'accepted' }, { role: false, settled: false });
    expect(await isPending(accepting)).toBe(true);
    link.disposition(0, { is: 'accepted' }, settled);
    await accepting;
    await connection.close();
  });

  it.each(['accept', 'reject', 'release', 'modify'] as const)(
    'waits in %s no longer than it is told; what was told stays told',
    async (outcome) => {
      const { connection, peer, receiver, link } = await receiving({ credit: 1 });
      link.transfer(0);
      const delivery = await receiver.receive();
      const controller = new AbortController();
      const options = { signal: controller.signal };
      const settling =
        outcome === 'reject' || outcome === 'modify'
          ? delivery[outcome](undefined, options)
          : delivery[outcome](options);
      const failed = failure(settling);
      await frameOf(peer, 'disposition');
      controller.abort();
      expect((await failed).code).toBe('aborted');
      expect(delivery.settled).toBe(false);
      link.disposition(0, null, settled);
      await settle();
      expect(delivery.settled).toBe(true);
      expect(receiver.stats()).toMatchObject({ unsettled: 0, credit: 1 });
      await connection.close();
    },
  );

  it('tells nothing where the wait is over before it began, or its options are not valid', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    const delivery = await receiver.receive();
    expect((await failure(delivery.accept({ signal: AbortSignal.abort() }))).code).toBe('aborted');
    expect((await failure(delivery.release(untyped({ timeOut: 5 })))).message).toContain('release options.timeOut');
    await settle();
    expect(peer.framesOf('disposition')).toHaveLength(0);
    const timedOut = failure(delivery.accept({ timeout: 1 }));
    expect((await timedOut).code).toBe('timeout');
    await connection.close();
  });

  it('rejects where the sender settles with another outcome', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    const accepting = failure((await receiver.receive()).accept());
    await frameOf(peer, 'disposition');
    link.disposition(0, { is: 'released' }, settled);
    expect(await accepting).toMatchObject({
      code: 'outcome-differs',
      scope: 'delivery',
      outcome: { state: 'released' },
    });
    await connection.close();
  });

  it('does not hang where the sender has settled before anything was told', async () => {
    const outcomes: unknown[] = [];
    const { connection, peer, receiver, link } = await receiving({
      onDeliveryState: ({ state }) => outcomes.push(state),
    });
    link.transfer(0);
    link.transfer(1);
    const [first, second] = [await receiver.receive(), await receiver.receive()];
    link.disposition(0, { is: 'released' }, { ...settled, last: 1 });
    await until(() => outcomes.length === 2);
    expect(first.settled).toBe(true);
    expect((await failure(first.accept())).code).toBe('outcome-differs');
    await second.release();
    await settle();
    expect(peer.framesOf('disposition')).toEqual([]);
    expect(receiver.stats().unsettled).toBe(0);
    await connection.close();
  });

  it('rejects with outcome-unknown where the link ends first', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    const accepting = failure((await receiver.receive()).accept());
    await frameOf(peer, 'disposition');
    link.detach();
    expect(await accepting).toMatchObject({ code: 'outcome-unknown', cause: { code: 'link-detached-by-peer' } });
    await connection.close();
  });

  it('gets its credit back when the sender has settled', async () => {
    const { connection, peer, receiver, link } = await receiving({ credit: 1 });
    for (let id = 0; id < 3; id++) {
      link.transfer(id);
      const accepting = (await receiver.receive()).accept();
      await frameOf(peer, 'disposition', id);
      expect(link.flows).toHaveLength(id + 1);
      link.disposition(id, { is: 'accepted' }, settled);
      await accepting;
      await until(() => link.flows.length === id + 2);
    }
    expect(receiver.stats()).toMatchObject({ unsettled: 0, credit: 1 });
    await connection.close();
  });

  it('needs nothing for what came settled', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0, 'x', { settled: true });
    await (await receiver.receive()).accept();
    await settle();
    expect(peer.framesOf('disposition')).toEqual([]);
    await connection.close();
  });
});

describe('a state that cannot be sent', () => {
  const large = { condition: 'x:large', description: 'd'.repeat(70_000) };

  it.each(['first', 'second'] as const)(
    'in mode %s is refused, and the delivery can be settled otherwise',
    async (mode) => {
      const { connection, peer, receiver, link } = await receiving({ receiverSettleMode: mode });
      link.transfer(0);
      const delivery = await receiver.receive();
      expect((await failure(delivery.reject(large))).code).toBe('invalid-argument');
      expect((await failure(delivery.reject(untyped({})))).message).toContain('{ condition, description?, info? }');
      expect((await failure(delivery.reject(untyped('x')))).code).toBe('invalid-argument');
      expect((await failure(delivery.modify(untyped(null, { value: {} })))).code).toBe('invalid-argument');
      expect((await failure(delivery.modify(untyped({ failed: true })))).message).toContain('failed is not an option');
      const released = delivery.release();
      expect((await frameOf(peer, 'disposition')).fields['state']).toEqual({ is: 'released' });
      link.disposition(0, { is: 'released' }, settled);
      await released;
      await connection.close();
    },
  );
});
