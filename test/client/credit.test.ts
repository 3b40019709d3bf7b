import { describe, expect, it } from 'vitest';
import type { Connection, Receiver, ReceiverOptions } from '../../src/client/index.ts';
import type { ScriptedPeer } from '../../src/testing/index.ts';
import { connected, failure, isPending, PeerLink, settle, thrown, until, untyped } from './support/scripted.ts';

async function receiving(
  options: ReceiverOptions,
): Promise<{ connection: Connection; peer: ScriptedPeer; receiver: Receiver; link: PeerLink }> {
  const { connection, peer } = await connected();
  const receiver = await connection.createReceiver('q', options);
  const link = await PeerLink.of(peer);
  if (options.credit !== 'manual') await until(() => link.flows.length === 1);
  return { connection, peer, receiver, link };
}

/** The credit that the flows granted, with the count that they stand on. */
const grants = ({ flows }: PeerLink): unknown[] =>
  flows.map((flow) => [flow['delivery-count'] ?? 0, flow['link-credit'] ?? 0]);

describe('the credit of a receiver', () => {
  it('is 100 by default', async () => {
    const { connection, link } = await receiving({});
    expect(grants(link)).toEqual([[0, 100]]);
    await connection.close();
  });

  it('is topped up at half, as messages are settled, and never above the window', async () => {
    const { connection, receiver, link } = await receiving({ credit: 4 });
    for (let id = 0; id < 4; id++) link.transfer(id);
    await settle();
    const taken = [await receiver.receive(), await receiver.receive(), await receiver.receive()];
    await settle();
    // To receive is not to settle.
    expect(grants(link)).toEqual([[0, 4]]);
    await taken[0]?.accept();
    await settle();
    expect(grants(link)).toHaveLength(1);
    await taken[1]?.release();
    await settle();
    expect(grants(link)).toEqual([
      [0, 4],
      [4, 2],
    ]);
    expect(receiver.stats()).toEqual({ credit: 2, prefetched: 1, unsettled: 1, available: 0, waitingFor: 'nothing' });
    await connection.close();
  });

  it('comes back with each message where the window is 1', async () => {
    const { connection, receiver, link } = await receiving({ credit: 1 });
    for (let id = 0; id < 5; id++) {
      link.transfer(id);
      await (await receiver.receive()).accept();
      await settle();
    }
    expect(grants(link)).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 1],
    ]);
    await connection.close();
  });

  it('counts a message that has begun to arrive', async () => {
    const { connection, receiver, link } = await receiving({ credit: 2 });
    link.transfer(0);
    link.transfer(1, new Uint8Array(3), { more: true });
    await (await receiver.receive()).accept();
    await settle();
    expect(grants(link)).toEqual([
      [0, 2],
      [2, 1],
    ]);
    await connection.close();
  });

  it('[§2.7.5] comes back for deliveries that the sender aborts', async () => {
    const { connection, receiver, link } = await receiving({ credit: 2 });
    for (let id = 0; id < 6; id++) {
      link.transfer(id, new Uint8Array(3), { more: true });
      link.send({ is: 'transfer', handle: link.handle, aborted: true });
      await settle();
    }
    link.transfer(6);
    expect((await receiver.receive({ timeout: 1000 })).message.text()).toBe('m6');
    await connection.close();
  });

  it('comes back for messages that came settled once they are taken', async () => {
    const { connection, receiver, link } = await receiving({ credit: 2 });
    link.transfer(0, 'a', { settled: true });
    link.transfer(1, 'b', { settled: true });
    await settle();
    expect(grants(link)).toHaveLength(1);
    await receiver.receive();
    await receiver.receive();
    await settle();
    expect(grants(link).at(-1)).toEqual([2, 2]);
    await connection.close();
  });

  it('tells what a waiting receive waits for', async () => {
    const { connection, receiver, link } = await receiving({ credit: 1 });
    link.transfer(0);
    const delivery = await receiver.receive();
    const waiting = receiver.receive();
    expect(receiver.stats().waitingFor).toBe('settlement');
    await delivery.accept();
    expect(receiver.stats().waitingFor).toBe('message');
    link.transfer(1);
    await waiting;
    await connection.close();
  });

  it('[§2.7.4] tells what the sender has in store', async () => {
    const { connection, receiver, link } = await receiving({});
    link.flow({ available: 7 });
    await settle();
    expect(receiver.stats().available).toBe(7);
    await connection.close();
  });

  it('that is not respected costs the link', async () => {
    const { connection, receiver, link } = await receiving({ credit: 1 });
    link.transfer(0);
    link.transfer(1);
    expect(await receiver.closed).toMatchObject({
      by: 'local',
      error: { code: 'link-failed', condition: 'amqp:link:transfer-limit-exceeded' },
    });
    await connection.close();
  });
});

describe('pause and resume', () => {
  it('[L-28] stop and restart the flow of messages', async () => {
    const { connection, receiver, link } = await receiving({ credit: 4 });
    link.transfer(0);
    link.transfer(1);
    await settle();
    receiver.pause();
    await (await receiver.receive()).accept();
    await (await receiver.receive()).accept();
    await settle();
    // One that was under way is still welcome.
    link.transfer(2);
    await (await receiver.receive()).accept();
    await settle();
    expect(grants(link).slice(1)).toEqual([[2, 0]]);
    receiver.resume();
    await settle();
    expect(grants(link).at(-1)).toEqual([3, 4]);
    receiver.resume();
    await settle();
    expect(grants(link)).toHaveLength(3);
    await connection.close();
    receiver.pause();
    receiver.resume();
    expect(receiver.stats().credit).toBeGreaterThanOrEqual(0);
  });
});

describe('manual credit', () => {
  it('is granted by the caller only, and adds up', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    await settle();
    expect(grants(link)).toEqual([]);
    const waiting = receiver.receive();
    expect(receiver.stats().waitingFor).toBe('credit');
    receiver.issueCredit(2);
    await settle();
    receiver.issueCredit(3);
    await settle();
    expect(grants(link)).toEqual([
      [0, 2],
      [0, 5],
    ]);
    link.transfer(0);
    await (await waiting).accept();
    await settle();
    expect(grants(link)).toHaveLength(2);
    expect(receiver.stats().credit).toBe(4);
    await connection.close();
    expect(thrown(() => receiver.issueCredit(1)).code).toBe('connection-closed');
  });

  it.each([0, -1, 1.5, NaN, Infinity, 2 ** 31, untyped<number>('1'), untyped<number>(1n)])(
    'refuses issueCredit(%s)',
    async (count) => {
      const { connection, receiver, link } = await receiving({ credit: 'manual' });
      expect(thrown(() => receiver.issueCredit(count)).code).toBe('invalid-argument');
      await settle();
      expect(grants(link)).toEqual([]);
      await connection.close();
    },
  );

  it('cannot be granted or drained where the receiver does it itself', async () => {
    const { connection, receiver } = await receiving({});
    expect(thrown(() => receiver.issueCredit(1)).code).toBe('illegal-state');
    expect((await failure(receiver.drainCredit())).code).toBe('illegal-state');
    await connection.close();
  });
});

describe('drainCredit', () => {
  it('[§2.6.7] resolves when the sender has sent what it had and given back the rest', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(5);
    const drains = [receiver.drainCredit(), receiver.drainCredit({ timeout: 5000 })];
    await until(() => link.flows.some((flow) => flow['drain'] === true));
    link.transfer(0);
    expect(await isPending(Promise.race(drains))).toBe(true);
    link.flow({ 'delivery-count': 5, 'link-credit': 0, drain: true });
    await Promise.all(drains);
    expect(receiver.stats()).toMatchObject({ credit: 0, prefetched: 1 });
    receiver.issueCredit(1);
    await settle();
    expect(link.flows.at(-1)).toMatchObject({ 'delivery-count': 5, 'link-credit': 1 });
    expect(link.flows.at(-1)?.['drain']).not.toBe(true);
    await connection.close();
  });

  it('resolves when messages use up the credit', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(1);
    const drain = receiver.drainCredit();
    link.transfer(0);
    await drain;
    expect(receiver.tryReceive()?.message.text()).toBe('m0');
    await connection.close();
  });

  it('[§2.7.5] resolves when an aborted delivery uses up the credit', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(1);
    const drain = receiver.drainCredit({ timeout: 1000 });
    link.transfer(0, new Uint8Array(0), { aborted: true });
    await drain;
    expect(receiver.stats()).toMatchObject({ credit: 0, prefetched: 0, unsettled: 0 });
    await connection.close();
  });

  it('resolves at once where there is no credit', async () => {
    const { connection, receiver } = await receiving({ credit: 'manual' });
    await receiver.drainCredit({ timeout: 1000 });
    expect(receiver.stats().credit).toBe(0);
    await connection.close();
  });

  it('can be given up; the drain goes on', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(3);
    expect((await failure(receiver.drainCredit({ timeout: 10 }))).code).toBe('timeout');
    const abort = new AbortController();
    const aborted = failure(receiver.drainCredit({ signal: abort.signal }));
    abort.abort();
    expect((await aborted).code).toBe('aborted');
    const drain = receiver.drainCredit();
    link.flow({ 'delivery-count': 3, 'link-credit': 0, drain: true });
    await drain;
    await connection.close();
  });

  it.each<[string, string, (link: PeerLink, receiver: Receiver) => void]>([
    ['the peer detaches', 'link-detached-by-peer', (link) => link.detach()],
    ['the connection is lost', 'connection-lost', (link) => link.peer.end()],
    ['the receiver is closed', 'link-closed', (_link, receiver) => void receiver.close()],
  ])('rejects where %s', async (_how, code, end) => {
    const { receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(3);
    const drain = failure(receiver.drainCredit());
    await settle();
    end(link, receiver);
    expect((await drain).code).toBe(code);
    expect((await failure(receiver.drainCredit())).code).toBe(code);
  });
});

describe('a receiver that has nothing left to do', () => {
  it('gets the credit that is free, however little: an application may settle in batches of its window', async () => {
    const { connection, receiver, link } = await receiving({ credit: 10 });
    for (let id = 0; id < 6; id++) link.transfer(id);
    await settle();
    for (let id = 0; id < 6; id++) await receiver.receive();
    receiver.pause();
    await settle();
    receiver.resume();
    await settle();
    expect(grants(link).at(-1)).toEqual([6, 4]);
    for (let id = 6; id < 10; id++) link.transfer(id);
    const held = [];
    for (let id = 6; id < 10; id++) held.push(await receiver.receive());
    expect(receiver.stats()).toMatchObject({ credit: 0, unsettled: 10 });
    await held[0]?.accept();
    await settle();
    expect(grants(link).at(-1)).toEqual([10, 1]);
    await connection.close();
  });

  it('gets back what aborted deliveries have used', async () => {
    const { connection, link } = await receiving({ credit: 3 });
    for (let id = 0; id < 3; id++) link.transfer(id, new Uint8Array(1), { more: true, aborted: true });
    await settle();
    expect(grants(link).at(-1)).toEqual([3, 2]);
    link.transfer(3, new Uint8Array(1), { more: true, aborted: true });
    link.transfer(4, new Uint8Array(1), { more: true, aborted: true });
    await settle();
    expect(grants(link).at(-1)).toEqual([5, 2]);
    await connection.close();
  });

  it('is never granted more than its window, however many messages one read brings', async () => {
    const { connection, peer, receiver, link } = await receiving({ credit: 4 });
    const most: number[] = [];
    const done = receiver.consume(() => {
      const { credit, prefetched, unsettled } = receiver.stats();
      most.push(credit + prefetched + unsettled);
    });
    const transfers: Uint8Array[] = [];
    const raw = peer.sendRaw.bind(peer);
    peer.sendRaw = (bytes) => void transfers.push(bytes);
    for (let id = 0; id < 4; id++) link.transfer(id);
    peer.sendRaw = raw;
    peer.sendRaw(Buffer.concat(transfers));
    await settle();
    expect(Math.max(...most)).toBeLessThanOrEqual(4);
    expect(grants(link).every((grant) => Array.isArray(grant) && Number(grant[1]) <= 4)).toBe(true);
    await receiver.close();
    await done;
    await connection.close();
  });
});

describe('a drain that the sender never answers', () => {
  it('stands in the way of credit only as long as somebody waits for it', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(5);
    const draining = receiver.drainCredit({ timeout: 20 });
    expect(thrown(() => receiver.issueCredit(1)).code).toBe('illegal-state');
    expect((await failure(draining)).code).toBe('timeout');
    receiver.issueCredit(1);
    await until(() => link.flows.at(-1)?.['link-credit'] === 6);
    expect(link.flows.at(-1)?.['drain']).not.toBe(true);
    await connection.close();
  });
});
