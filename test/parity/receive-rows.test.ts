import { describe, expect, it } from 'vitest';
import { failure, frameOf, isPending, mute, settle, thrown, until, wireError } from '../client/support/scripted.ts';
import { grants, receiving, told } from './support/receive-scene.ts';
import { codes, kinds, symbolMap } from './support/send-scene.ts';

describe('Receiver.Receive and Prefetched (§1.5)', () => {
  it('row Receiver.Receive: what has come is given first, also after the end of the link; then its error', async () => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0);
    link.transfer(1);
    link.detach(wireError('amqp:resource-deleted', 'gone'));
    await receiver.closed;
    expect((await receiver.receive()).message.text()).toBe('m0');
    expect((await receiver.receive()).message.text()).toBe('m1');
    expect(await failure(receiver.receive())).toMatchObject({
      code: 'link-detached-by-peer',
      condition: 'amqp:resource-deleted',
    });
    await connection.close();
  });

  it('row Receiver.Receive: waits for a message without bound by default', async () => {
    const { connection, receiver, clock, link } = await receiving({}, undefined, { idleTimeout: 0 });
    const waiting = receiver.receive();
    clock.advance(24 * 3_600_000);
    expect(await isPending(waiting)).toBe(true);
    link.transfer(0);
    expect((await waiting).message.text()).toBe('m0');
    await connection.close();
  });

  it('row Receiver.Receive: cancelling loses no message, and none that is buffered', async () => {
    const { connection, receiver, clock, link } = await receiving();
    const late = failure(receiver.receive({ timeout: 10 }));
    const abort = new AbortController();
    const cancelled = failure(receiver.receive({ signal: abort.signal }));
    abort.abort();
    clock.advance(10);
    expect([(await late).code, (await cancelled).code]).toEqual(['timeout', 'aborted']);
    link.transfer(0);
    await settle();
    // One that is cancelled before it begins takes nothing.
    expect(await codes(receiver.receive({ signal: abort.signal }))).toEqual(['aborted']);
    expect(receiver.stats().prefetched).toBe(1);
    expect((await receiver.receive()).message.text()).toBe('m0');
    expect(clock.pending).toBeLessThan(3);
    await connection.close();
  });

  it('row Receiver.Prefetched: never waits, and goes on after the end of the link', async () => {
    const { connection, receiver, link } = await receiving();
    expect(receiver.tryReceive()).toBeUndefined();
    link.transfer(0);
    link.detach();
    await receiver.closed;
    expect(receiver.tryReceive()?.message.text()).toBe('m0');
    expect(receiver.tryReceive()).toBeUndefined();
    await connection.close();
  });
});

describe('Receiver.IssueCredit and DrainCredit (§1.5)', () => {
  it('row Receiver.IssueCredit: adds to the credit that is there, in manual mode only', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(3);
    await settle();
    link.transfer(0);
    await settle();
    receiver.issueCredit(5);
    await settle();
    expect(grants(link)).toEqual([
      [0, 3],
      [1, 7],
    ]);
    const automatic = await connection.createReceiver('other');
    expect(thrown(() => automatic.issueCredit(1)).code).toBe('illegal-state');
    await connection.close();
  });

  it('row Receiver.IssueCredit: is refused while a drain is under way, and allowed again after it', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(2);
    const drain = receiver.drainCredit();
    expect(thrown(() => receiver.issueCredit(3)).code).toBe('illegal-state');
    await settle();
    link.flow({ 'delivery-count': 2, 'link-credit': 0, drain: true });
    await drain;
    receiver.issueCredit(3);
    await settle();
    expect(grants(link).at(-1)).toEqual([2, 3]);
    await connection.close();
  });

  it('row Receiver.DrainCredit: waits for the sender, in manual mode only; several calls share one drain', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(2);
    const drains = Promise.all([receiver.drainCredit(), receiver.drainCredit()]);
    await until(() => link.flows.some((flow) => flow['drain'] === true));
    expect(await isPending(drains)).toBe(true);
    link.flow({ 'delivery-count': 2, 'link-credit': 0, drain: true });
    expect(await drains).toEqual([undefined, undefined]);
    const automatic = await connection.createReceiver('other');
    expect(await codes(automatic.drainCredit())).toEqual(['illegal-state']);
    await connection.close();
  });

  it('row Receiver.DrainCredit: the end of the link ends the wait, and so do 30 s by default', async () => {
    const { connection, receiver, clock, link } = await receiving({ credit: 'manual' }, undefined, { idleTimeout: 0 });
    receiver.issueCredit(2);
    const tired = failure(receiver.drainCredit());
    const patient = failure(receiver.drainCredit({ timeout: Infinity }));
    await settle();
    clock.advance(29_999);
    expect(await isPending(tired)).toBe(true);
    clock.advance(1);
    expect((await tired).code).toBe('timeout');
    link.detach();
    expect((await patient).code).toBe('link-detached-by-peer');
    await connection.close();
  });

  it('FIX §1.5 DrainCredit: after one that was given up, credit can be granted and drained again', async () => {
    const { connection, receiver, link } = await receiving({ credit: 'manual' });
    receiver.issueCredit(2);
    const abort = new AbortController();
    const given = failure(receiver.drainCredit({ signal: abort.signal }));
    await settle();
    abort.abort();
    expect((await given).code).toBe('aborted');
    receiver.issueCredit(1);
    await settle();
    expect(link.flows.at(-1)).toMatchObject({ 'link-credit': 3 });
    expect(link.flows.at(-1)?.['drain']).not.toBe(true);
    const again = receiver.drainCredit();
    await settle();
    link.flow({ 'delivery-count': 3, 'link-credit': 0, drain: true });
    await again;
    receiver.issueCredit(4);
    await settle();
    expect(link.flows.at(-1)).toMatchObject({ 'delivery-count': 3, 'link-credit': 4 });
    expect(link.flows.at(-1)?.['drain']).not.toBe(true);
    await connection.close();
  });
});

describe('what a receiver tells of itself, and its end (§1.5)', () => {
  it('row Receiver.Address, LinkName, Properties: what was asked for and what the peer says', async () => {
    const { connection, receiver } = await receiving({ name: 'mine' }, (peer) => {
      peer.on('attach', ({ fields, channel }) =>
        peer.send(
          {
            is: 'attach',
            name: String(fields['name']),
            handle: 0,
            role: false,
            source: { is: 'source', address: 'resolved' },
            target: { is: 'target' },
            'initial-delivery-count': 0,
            properties: symbolMap({ shard: '7' }),
            'offered-capabilities': { type: 'symbol', value: 'x-many' },
          },
          undefined,
          channel,
        ),
      );
    });
    expect([receiver.address, receiver.name]).toEqual(['resolved', 'mine']);
    expect({ ...receiver.properties }).toEqual({ shard: '7' });
    expect(receiver.offeredCapabilities).toEqual(['x-many']);
    await connection.close();
  });

  it('row Receiver.Close: detaches for good, waits for the detach, and gives up after 10 s by default', async () => {
    const { connection, peer, clock } = await receiving();
    const session = await connection.createSession();
    const receiver = await session.createReceiver('q');
    mute(peer, 'detach');
    const closing = failure(receiver.close());
    const detach = await frameOf(peer, 'detach');
    expect(detach.fields).toEqual({ handle: 0, closed: true });
    clock.advance(9_999);
    expect(await isPending(closing)).toBe(true);
    clock.advance(1);
    expect((await closing).code).toBe('timeout');
    await receiver.close();
    expect(await receiver.closed).toMatchObject({ by: 'local', error: { code: 'link-closed' } });
    // The answer that comes after all does no harm.
    peer.default(detach);
    expect(await isPending(session.closed)).toBe(true);
    expect(peer.framesOf('detach')).toHaveLength(1);
    await connection.close();
  });

  it('FIX §1.5 Receiver.Close: buffered messages are released, before the detach', async () => {
    const { connection, peer, receiver, link } = await receiving();
    for (let id = 0; id < 4; id++) link.transfer(id);
    await (await receiver.receive()).accept();
    await receiver.close();
    expect(told(peer)).toEqual([
      [0, 0, 'accepted', true],
      [1, 3, 'released', true],
    ]);
    const order = kinds(peer);
    expect(order.lastIndexOf('disposition')).toBeLessThan(order.indexOf('detach'));
    await connection.close();
  });
});
