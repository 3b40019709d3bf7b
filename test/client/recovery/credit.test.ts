import { describe, expect, it } from 'vitest';
import type { Connection, ConnectionEvent, Receiver } from '../../../src/client/index.ts';
import { FakeClock } from '../../../src/testing/index.ts';
import { failure, PeerLink, settle, until } from '../support/scripted.ts';
import { event, Outage, soon } from './outage.ts';
import { Peers } from './peers.ts';

async function manual(outage: Outage): Promise<{ connection: Connection; receiver: Receiver }> {
  const connection = await outage.connect();
  return { connection, receiver: await connection.createReceiver('q', { credit: 'manual' }) };
}

describe('manual credit and an outage', () => {
  it('is granted again where it was issued after a pause', async () => {
    const outage = await Outage.behind();
    const { connection, receiver } = await manual(outage);
    receiver.pause();
    receiver.issueCredit(5);
    const recovered = event(connection, 'recovered');
    outage.blink();
    await recovered;
    await until(() => receiver.stats().credit === 5);
    await connection.close();
  });

  it('is not granted again where the receiver was paused after it was issued', async () => {
    const outage = await Outage.behind();
    const { connection, receiver } = await manual(outage);
    receiver.issueCredit(5);
    outage.cut();
    await until(() => !connection.stats().connected);
    receiver.pause();
    receiver.issueCredit(2);
    outage.restore();
    await event(connection, 'recovered');
    await until(() => receiver.stats().credit > 0);
    expect(receiver.stats().credit).toBe(2);
    await connection.close();
  });

  it('cannot be drained during the outage: the call rejects at once with the error of the link', async () => {
    const outage = await Outage.behind();
    const { connection, receiver } = await manual(outage);
    receiver.issueCredit(5);
    outage.cut();
    await until(() => !connection.stats().connected);
    expect((await failure(receiver.drainCredit())).code).toBe('connection-lost');
    const receiving = failure(receiver.receive({ timeout: 1 }));
    expect(receiver.stats()).toMatchObject({ credit: 0, waitingFor: 'connection' });
    await receiving;
    outage.restore();
    await event(connection, 'recovered');
    await until(() => receiver.stats().credit === 5);
    await receiver.drainCredit();
    expect(receiver.stats().credit).toBe(0);
    await connection.close();
  });

  it('that is being drained when the link is lost: the call rejects, and the credit is granted again', async () => {
    const peers = new Peers();
    const connection = await peers.connect();
    const receiver = await connection.createReceiver('q', { credit: 'manual' });
    receiver.issueCredit(5);
    const draining = failure(receiver.drainCredit());
    await until(() =>
      peers
        .peer(0)
        .framesOf('flow')
        .some(({ fields }) => fields['drain'] === true),
    );
    peers.peer(0).end();
    expect((await draining).code).toBe('connection-lost');
    await event(connection, 'recovered');
    const link = await PeerLink.of(peers.peer(1));
    await until(() => link.flows.length > 0);
    expect(link.flows[0]).toMatchObject({ 'link-credit': 5 });
    expect(link.flows[0]?.['drain']).not.toBe(true);
  });
});

describe('messages that came settled', () => {
  const settled = { settled: true };

  /** A receiver of four with three messages that were sent settled, and one that was not; then the link is lost. */
  async function lost(): Promise<{ peers: Peers; connection: Connection; receiver: Receiver }> {
    const peers = new Peers();
    const connection = await peers.connect();
    const receiver = await connection.createReceiver('q', { credit: 4 });
    const link = await PeerLink.of(peers.peer(0));
    await until(() => link.flows.length > 0);
    link.transfer(0, 'a', settled);
    link.transfer(1, 'b', settled);
    link.transfer(2, 'comes again');
    link.transfer(3, 'c', settled);
    await until(() => receiver.stats().prefetched === 4);
    peers.peer(0).end();
    await until(() => !connection.stats().connected);
    return { peers, connection, receiver };
  }

  it('are kept in an outage, for nobody sends them again, and count as long as nobody has taken them', async () => {
    const { peers, connection, receiver } = await lost();
    expect(receiver.stats()).toMatchObject({ prefetched: 3, unsettled: 0, credit: 0 });
    expect((await receiver.receive()).message.text()).toBe('a');
    await event(connection, 'recovered');
    const link = await PeerLink.of(peers.peer(1));
    await until(() => link.flows.length > 0);
    expect(link.flows[0]).toMatchObject({ 'link-credit': 2 });
    expect(receiver.tryReceive()?.message.text()).toBe('b');
    expect(receiver.tryReceive()?.message.text()).toBe('c');
    await until(() => receiver.stats().credit === 4);
    expect(receiver.stats()).toMatchObject({ prefetched: 0, unsettled: 0 });
    link.transfer(0, 'again', settled);
    expect((await receiver.receive()).message.text()).toBe('again');
  });

  it('reach the handlers of consume() all the same', async () => {
    const { peers, receiver, connection } = await lost();
    await event(connection, 'recovered');
    const seen: string[] = [];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const consuming = receiver.consume(async ({ message }) => {
      seen.push(message.text());
      await gate;
    });
    peers.peer(1).end();
    await until(() => !connection.stats().connected);
    open();
    await until(() => seen.length === 3);
    expect(seen).toEqual(['a', 'b', 'c']);
    await connection.close();
    await consuming;
  });
});

describe('a receiver that settles nothing', () => {
  it('is reported after an outage too', async () => {
    const outage = await Outage.behind();
    const clock = new FakeClock();
    const connection = await outage.connect({ ...soon, random: () => 0 }, { clock });
    const sender = await connection.createSender('q');
    const receiver = await connection.createReceiver('q', { credit: 1, stalledAfter: 5_000 });
    await sender.send('never settled');
    await receiver.receive();
    const seen: ConnectionEvent['type'][] = [];
    void (async () => {
      for await (const { type } of connection.events()) seen.push(type);
    })();
    outage.blink();
    await until(() => {
      clock.advance(1);
      return seen.includes('recovered');
    });
    await receiver.receive();
    clock.advance(5_000);
    await settle();
    expect(seen.at(-1)).toBe('receiverStalled');
    const closing = connection.close();
    await settle();
    await closing;
  });
});
