import { describe, expect, it } from 'vitest';
import type { ConnectionEvent, Receiver } from '../../src/client/index.ts';
import { FakeClock } from '../../src/testing/index.ts';
import { connected, PeerLink, settle } from './support/scripted.ts';

interface Scene {
  readonly clock: FakeClock;
  readonly receiver: Receiver;
  readonly link: PeerLink;
  readonly events: readonly ConnectionEvent[];
}

/** A receiver with a credit of 2 on a clock that stands still, and the events of its connection. */
async function receiving(stalledAfter?: number): Promise<Scene> {
  const clock = new FakeClock();
  const { peer, connection } = await connected(() => undefined, { clock, idleTimeout: 0 });
  const events: ConnectionEvent[] = [];
  const read = async (): Promise<void> => {
    for await (const event of connection.events()) events.push(event);
  };
  void read();
  const receiver = await connection.createReceiver('q', {
    name: 'slow',
    credit: 2,
    ...(stalledAfter === undefined ? {} : { stalledAfter }),
  });
  return { clock, receiver, link: await PeerLink.of(peer), events };
}

const stalls = (events: readonly ConnectionEvent[]): readonly ConnectionEvent[] =>
  events.filter(({ type }) => type === 'receiverStalled');

describe('a receiver that holds all its credit', () => {
  it('is reported once after 30 seconds without a settlement', async () => {
    const { clock, link, events } = await receiving();
    link.transfer(0);
    link.transfer(1);
    await settle();
    clock.advance(29_999);
    await settle();
    expect(stalls(events)).toEqual([]);
    clock.advance(1);
    clock.advance(300_000);
    await settle();
    const stalled = { type: 'receiverStalled', name: 'slow', address: 'q', unsettled: 2, forMs: 30_000 };
    expect(stalls(events)).toEqual([stalled]);
  });

  it('is not reported while it settles, nor while the sender could send', async () => {
    const { clock, receiver, link, events } = await receiving(1000);
    for (let id = 0; id < 5; id++) {
      link.transfer(id);
      await settle();
      clock.advance(600);
      if (id > 0) await (await receiver.receive()).accept();
    }
    clock.advance(600);
    await (await receiver.receive()).accept();
    clock.advance(10_000);
    await settle();
    expect(stalls(events)).toEqual([]);
  });

  it('is reported again when it goes on and then stalls anew', async () => {
    const { clock, receiver, link, events } = await receiving(1000);
    for (const first of [0, 2]) {
      link.transfer(first);
      link.transfer(first + 1);
      await settle();
      clock.advance(2000);
      await (await receiver.receive()).accept();
      await (await receiver.receive()).accept();
      await settle();
    }
    expect(stalls(events)).toHaveLength(2);
  });

  it('is never reported with stalledAfter 0, and a closed one leaves no timer', async () => {
    const never = await receiving(0);
    never.link.transfer(0);
    never.link.transfer(1);
    await settle();
    never.clock.advance(100_000);
    await settle();
    expect(stalls(never.events)).toEqual([]);
    const closed = await receiving(1000);
    closed.link.transfer(0);
    closed.link.transfer(1);
    await settle();
    await closed.receiver.close();
    await settle();
    closed.clock.advance(100_000);
    await settle();
    expect(stalls(closed.events)).toEqual([]);
    expect(closed.clock.pending).toBe(0);
  });
});
