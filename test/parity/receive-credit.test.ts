import { describe, expect, it } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { connect } from '../../src/client/index.ts';
import { isPending, settle } from '../client/support/scripted.ts';
import { grants, receiving } from './support/receive-scene.ts';
import { answerAttach } from './support/send-scene.ts';

describe('receiver credit (§3)', () => {
  it('KEEP §3 receiver credit: the first flow grants all of it', async () => {
    const { connection, link } = await receiving({ credit: 7 });
    expect(grants(link)).toEqual([[0, 7]]);
    expect(link.flows[0]).toMatchObject({ handle: 0 });
    await connection.close();
  });

  it('KEEP §3 receiver credit: it is topped up at half, as messages are settled', async () => {
    const { connection, receiver, link } = await receiving({ credit: 100 });
    for (let id = 0; id < 100; id++) link.transfer(id);
    for (let id = 0; id < 49; id++) await (await receiver.receive()).accept();
    await settle();
    expect(grants(link)).toEqual([[0, 100]]);
    await (await receiver.receive()).accept();
    await settle();
    expect(grants(link)).toEqual([
      [0, 100],
      [100, 50],
    ]);
    await connection.close();
  });

  it('KEEP §3 receiver credit: credit and unsettled messages together are never more than was asked for', async () => {
    const { connection, receiver, link } = await receiving({ credit: 4 });
    const held: { accept(): Promise<void> }[] = [];
    let id = 0;
    for (let round = 0; round < 20; round++) {
      for (let left = receiver.stats().credit; left > 0; left--) link.transfer(id++);
      await settle();
      for (let next = receiver.tryReceive(); next !== undefined; next = receiver.tryReceive()) held.push(next);
      const { credit, prefetched, unsettled } = receiver.stats();
      expect(credit + prefetched + unsettled).toBeLessThanOrEqual(4);
      await held.splice(round % held.length, 1)[0]?.accept();
      await settle();
    }
    expect(id).toBeGreaterThan(4);
    await connection.close();
  });

  it('KEEP §3 receiver credit: what came settled counts until the application takes it', async () => {
    const { connection, receiver, link } = await receiving({ credit: 2 });
    link.transfer(0, 'a', { settled: true });
    link.transfer(1, 'b', { settled: true });
    await settle();
    expect(grants(link)).toEqual([[0, 2]]);
    receiver.tryReceive();
    await settle();
    expect(grants(link).at(-1)).toEqual([2, 1]);
    await connection.close();
  });

  it.each(['accept', 'reject', 'release', 'modify'] as const)(
    'KEEP §3 receiver credit: %s gives it back',
    async (outcome) => {
      const { connection, receiver, link } = await receiving({ credit: 1 });
      link.transfer(0);
      await (await receiver.receive())[outcome]();
      await settle();
      expect(grants(link)).toEqual([
        [0, 1],
        [1, 1],
      ]);
      await connection.close();
    },
  );

  it('KEEP §3 receiver credit: the count of the sender may begin anywhere, and pass 2^32', async () => {
    const { connection, receiver, link } = await receiving({ credit: 2 }, (peer) => {
      peer.on('attach', (frame) => answerAttach(peer, frame, { 'initial-delivery-count': 0xffff_ffff }));
    });
    for (let id = 0; id < 3; id++) {
      link.transfer(id);
      await (await receiver.receive()).accept();
      await settle();
    }
    expect(grants(link)).toEqual([
      [0xffff_ffff, 2],
      [0, 2],
      [1, 2],
      [2, 2],
    ]);
    await connection.close();
  });

  it('FIX §3 receiver credit: the default streams: half of it is under way while the rest is worked on', async () => {
    const { connection, receiver, link } = await receiving();
    for (let id = 0; id < 100; id++) link.transfer(id);
    for (let id = 0; id < 50; id++) await (await receiver.receive()).accept();
    await settle();
    expect(link.flows).toHaveLength(2);
    expect(receiver.stats()).toMatchObject({ credit: 50, prefetched: 50 });
    await connection.close();
  });

  it('lesson also (Azure/go-amqp #25): no order of settling stalls the credit', async () => {
    const { connection, receiver, link } = await receiving({ credit: 5 });
    let id = 0;
    for (let round = 0; round < 6; round++) {
      const batch = [];
      while (receiver.stats().credit > 0) {
        link.transfer(id++);
        await settle(1);
        batch.push(await receiver.receive());
      }
      for (const delivery of round % 2 === 0 ? batch.toReversed() : batch) await delivery.release();
      await settle();
      // All but what is less than half of it is there again.
      expect(receiver.stats().unsettled).toBe(0);
      expect(receiver.stats().credit).toBeGreaterThanOrEqual(3);
    }
    expect(id).toBeGreaterThanOrEqual(5 + 5 * 3);
    await connection.close();
  });
});

describe('drain (§3)', () => {
  it('KEEP §3 drain: what was granted before may still come; the answer of the sender ends it', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(10);
    const drain = receiver.drainCredit();
    await settle();
    expect(link.flows.at(-1)).toMatchObject({ drain: true });
    link.transfer(0);
    link.transfer(1);
    expect(await isPending(drain)).toBe(true);
    link.flow({ 'delivery-count': 10, 'link-credit': 0, drain: true });
    await drain;
    expect(receiver.stats()).toMatchObject({ credit: 0, prefetched: 2 });
    await connection.close();
  });

  it('FIX §3 drain: the count of the sender is taken over, so that later credit is worth what it says', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(10);
    const drain = receiver.drainCredit();
    await settle();
    link.flow({ 'delivery-count': 10, 'link-credit': 0, drain: true });
    await drain;
    receiver.issueCredit(5);
    await settle();
    expect(grants(link).at(-1)).toEqual([10, 5]);
    await connection.close();
  });

  it('FIX §3 drain: any flow of the sender may move its count, not only one that drains', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(10);
    await settle();
    link.flow({ 'delivery-count': 4, 'link-credit': 6 });
    await settle();
    expect(receiver.stats().credit).toBe(6);
    receiver.issueCredit(1);
    await settle();
    expect(grants(link).at(-1)).toEqual([4, 7]);
    await connection.close();
  });

  it('KEEP §3 drain: a flow of the sender that is older does not move the count back', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(3);
    await settle();
    link.transfer(0);
    link.flow({ 'delivery-count': 0, 'link-credit': 3 });
    await settle();
    expect(receiver.stats().credit).toBe(2);
    await connection.close();
  });

  it('KEEP §3 drain: messages in flight use up the credit, which ends it too', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(2);
    const drain = receiver.drainCredit();
    await settle();
    link.transfer(0);
    link.transfer(1, new Uint8Array(3), { more: true });
    expect(await isPending(drain)).toBe(true);
    link.transfer(1, new Uint8Array(3));
    await drain;
    expect(receiver.stats()).toMatchObject({ credit: 0, prefetched: 2 });
    await connection.close();
  });

  it('KEEP §3 drain: against a real peer, with messages and without', async () => {
    await using broker = await startBroker();
    const connection = await connect(broker.url);
    const receiver = await connection.createReceiver('drained', { credit: 'manual' });
    const sender = await connection.createSender('drained');
    await Promise.all(['a', 'b', 'c'].map((text) => sender.send(text)));
    receiver.issueCredit(10);
    await receiver.drainCredit({ timeout: 5000 });
    expect(receiver.stats()).toMatchObject({ credit: 0, prefetched: 3 });
    receiver.issueCredit(1);
    await receiver.drainCredit({ timeout: 5000 });
    await sender.send('d');
    receiver.issueCredit(1);
    const texts = [];
    for (let count = 0; count < 4; count++) texts.push((await receiver.receive({ timeout: 5000 })).message.text());
    expect(texts).toEqual(['a', 'b', 'c', 'd']);
    await connection.close();
  });
});
