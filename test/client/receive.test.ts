import { describe, expect, it } from 'vitest';
import type { Connection, Delivery, Receiver, ReceiverOptions } from '../../src/client/index.ts';
import type { ScriptedPeer } from '../../src/testing/index.ts';
import {
  connected,
  failure,
  frameOf,
  isPending,
  mute,
  PeerLink,
  settle,
  thrown,
  until,
  wireError,
} from './support/scripted.ts';
import { released, resources } from './support/servers.ts';

/** A receiver in a session that outlives it. */
async function receiving(
  options: ReceiverOptions = {},
): Promise<{ connection: Connection; peer: ScriptedPeer; receiver: Receiver; link: PeerLink }> {
  const { connection, peer } = await connected();
  const session = await connection.createSession();
  const receiver = await session.createReceiver('q', options);
  return { connection, peer, receiver, link: await PeerLink.of(peer) };
}

describe('receive', () => {
  it('gives what has come, then waits for what comes, one message to each call in turn', async () => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0);
    const first = await receiver.receive();
    const waiting = [receiver.receive(), receiver.receive({ timeout: 5000 })];
    expect(receiver.stats()).toMatchObject({ waitingFor: 'message', unsettled: 1 });
    link.transfer(1);
    link.transfer(2);
    const texts = [first, ...(await Promise.all(waiting))].map(({ message }) => message.text());
    expect(texts).toEqual(['m0', 'm1', 'm2']);
    expect(first.tag).toEqual(Uint8Array.of(0, 0));
    expect(first.settled).toBe(false);
    await connection.close();
  });

  it('rejects after its timeout, and loses nothing', async () => {
    const { connection, receiver, link } = await receiving();
    const before = resources();
    expect((await failure(receiver.receive({ timeout: 10 }))).code).toBe('timeout');
    expect((await failure(receiver.receive({ timeout: 0 }))).code).toBe('timeout');
    await released(before);
    link.transfer(0);
    expect((await receiver.receive({ timeout: 0 })).message.text()).toBe('m0');
    await connection.close();
  });

  it('rejects when aborted, and the message that comes later goes to the next call', async () => {
    const { connection, receiver, link } = await receiving();
    const abort = new AbortController();
    const first = failure(receiver.receive({ signal: abort.signal }));
    const second = receiver.receive();
    abort.abort();
    expect((await first).code).toBe('aborted');
    expect((await failure(receiver.receive({ signal: abort.signal }))).code).toBe('aborted');
    link.transfer(0);
    expect((await second).message.text()).toBe('m0');
    await connection.close();
  });

  it('gives a message that came in the same moment as the abort', async () => {
    const { connection, receiver, link } = await receiving();
    const abort = new AbortController();
    const receive = receiver.receive({ signal: abort.signal });
    link.transfer(0);
    abort.abort();
    const outcome = await receive.then(
      ({ message }) => message.text(),
      async () => (await receiver.receive()).message.text(),
    );
    expect(outcome).toBe('m0');
    await connection.close();
  });

  it('ends with the link, after what had come before', async () => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0);
    link.detach(wireError('amqp:resource-deleted', 'gone'));
    expect((await receiver.closed).by).toBe('peer');
    expect((await receiver.receive()).message.text()).toBe('m0');
    expect(await failure(receiver.receive())).toMatchObject({
      code: 'link-detached-by-peer',
      condition: 'amqp:resource-deleted',
    });
    expect(receiver.tryReceive()).toBeUndefined();
    await connection.close();
  });

  it.each<[string, string, (scene: Awaited<ReturnType<typeof receiving>>) => void]>([
    ['this program closes it', 'link-closed', ({ receiver }) => void receiver.close()],
    ['the session ends', 'session-ended-by-peer', ({ link }) => link.send({ is: 'end' })],
    ['the connection is lost', 'connection-lost', ({ peer }) => peer.end()],
    ['the connection is closed', 'connection-closed', ({ connection }) => void connection.close()],
  ])('rejects all that wait where %s', async (_how, code, end) => {
    const scene = await receiving();
    scene.peer.on('end', () => undefined);
    const waiting = [failure(scene.receiver.receive()), failure(scene.receiver.receive({ timeout: 9999 }))];
    end(scene);
    expect((await Promise.all(waiting)).map((error) => error.code)).toEqual([code, code]);
    await scene.receiver.closed;
    expect((await failure(scene.receiver.receive())).code).toBe(code);
  });
});

describe('tryReceive', () => {
  it('gives what is there, or undefined', async () => {
    const { connection, receiver, link } = await receiving();
    expect(receiver.tryReceive()).toBeUndefined();
    link.transfer(0);
    await settle();
    expect(receiver.stats()).toMatchObject({ prefetched: 1, unsettled: 0, waitingFor: 'nothing' });
    expect(receiver.tryReceive()?.message.text()).toBe('m0');
    expect(receiver.tryReceive()).toBeUndefined();
    await connection.close();
  });
});

describe('for await', () => {
  it('gives one message after the other; break leaves the receiver open', async () => {
    const { connection, receiver, link } = await receiving();
    const texts: string[] = [];
    for (let id = 0; id < 4; id++) link.transfer(id);
    for await (const delivery of receiver) {
      texts.push(delivery.message.text());
      await delivery.accept();
      if (texts.length === 2) break;
    }
    for await (const delivery of receiver) {
      texts.push(delivery.message.text());
      if (texts.length === 4) break;
    }
    expect(texts).toEqual(['m0', 'm1', 'm2', 'm3']);
    expect(await isPending(receiver.closed)).toBe(true);
    await connection.close();
  });

  it('ends when this program closes the receiver', async () => {
    const { connection, receiver, link } = await receiving();
    const texts: string[] = [];
    const loop = (async () => {
      for await (const { message } of receiver) texts.push(message.text());
    })();
    link.transfer(0);
    await until(() => texts.length === 1);
    await receiver.close();
    await loop;
    for await (const { message } of receiver) texts.push(message.text());
    expect(texts).toEqual(['m0']);
    await connection.close();
  });

  it.each<[string, string, (link: PeerLink) => void]>([
    ['the peer detaches', 'link-detached-by-peer', (link) => link.detach()],
    ['the connection is lost', 'connection-lost', (link) => link.peer.end()],
  ])('throws when %s, after what had come before', async (_how, code, end) => {
    const { receiver, link } = await receiving();
    link.transfer(0);
    await settle();
    end(link);
    const texts: string[] = [];
    const loop = (async () => {
      for await (const { message } of receiver) texts.push(message.text());
    })();
    expect((await failure(loop)).code).toBe(code);
    expect(texts).toEqual(['m0']);
  });
});

describe('a delivery', () => {
  it.each([
    ['no condition', {}, 'a message is rejected with { condition, description?, info? }'],
    ['an empty condition', { condition: '' }, 'a message is rejected with { condition, description?, info? }'],
    ['a text', 'no', 'a message is rejected with { condition, description?, info? }'],
    ['a key that is not known', { condition: 'x:bad', descripton: 'no' }, 'reject error.descripton is not an option'],
    [
      'a description that is no text',
      { condition: 'x:bad', description: 1 },
      'reject error.description must be a string',
    ],
  ])('is not rejected with %s, and stays as it is', async (_what, error, message) => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0);
    const delivery = await receiver.receive();
    const reject: (wrong: never) => Promise<void> = (wrong) => delivery.reject(wrong);
    const refused = await failure(Reflect.apply(reject, undefined, [error]));
    expect(refused).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(message) });
    expect(delivery.settled).toBe(false);
    await delivery.reject({ type: 'error', condition: 'x:bad' });
    expect(delivery.settled).toBe(true);
    await connection.close();
  });

  it('[§3.4] tells each outcome with what belongs to it; contiguous ones leave as one', async () => {
    const { connection, peer, receiver, link } = await receiving();
    for (let id = 0; id < 7; id++) link.transfer(id);
    await settle();
    const all = Array.from({ length: 7 }, () => receiver.tryReceive()).filter((each) => each !== undefined);
    await all[0]?.accept();
    await all[1]?.accept();
    await all[2]?.reject({ condition: 'x:bad', description: 'no' });
    await all[3]?.reject();
    await all[4]?.release();
    await all[5]?.modify({ deliveryFailed: true, undeliverableHere: true, messageAnnotations: { 'x-a': 1 } });
    await all[6]?.modify();
    await settle();
    const told = peer.framesOf('disposition').map(({ fields }) => fields);
    expect(told).toMatchObject([
      { role: true, first: 0, last: 1, settled: true, state: { is: 'accepted' } },
      { first: 2, state: { is: 'rejected', error: { condition: 'x:bad', description: 'no' } } },
      { first: 3, state: { is: 'rejected' } },
      { first: 4, state: { is: 'released' } },
      { first: 5, state: { is: 'modified', 'delivery-failed': true, 'undeliverable-here': true } },
      { first: 6, state: { is: 'modified' } },
    ]);
    expect(all.every(({ settled }) => settled)).toBe(true);
    expect(receiver.stats().unsettled).toBe(0);
    await connection.close();
  });

  it('is settled once: what is told later changes nothing', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    const delivery = await receiver.receive();
    await Promise.all([delivery.accept(), delivery.reject(), delivery.release()]);
    await delivery.modify();
    await settle();
    expect(peer.framesOf('disposition')).toHaveLength(1);
    await connection.close();
  });

  it('[§2.6.12] that came settled needs no answer', async () => {
    const { connection, peer, receiver, link } = await receiving({ credit: 2 });
    link.transfer(0, 'x', { settled: true });
    const delivery = await receiver.receive();
    expect(delivery.settled).toBe(true);
    await delivery.accept();
    expect(receiver.stats()).toMatchObject({ unsettled: 0, credit: 2 });
    await settle();
    expect(peer.framesOf('disposition')).toEqual([]);
    await connection.close();
  });

  it('cannot be settled after the end of its link: the sender will deliver it again', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    link.transfer(1);
    const [first, second] = [await receiver.receive(), await receiver.receive()];
    peer.on('detach', () => undefined);
    const closing = receiver.close();
    expect((await failure(first.accept())).code).toBe('link-closed');
    peer.default(await frameOf(peer, 'detach'));
    await closing;
    expect((await failure(second.accept())).code).toBe('link-closed');
    await settle();
    expect(peer.framesOf('disposition')).toEqual([]);
    await connection.close();
  });

  it.each([
    ['session', 'session-ended', false],
    ['connection', 'connection-closed', false],
    ['connection', 'connection-closed', true],
  ] as const)(
    'cannot be settled once its %s is closing, and is told that: %s, with reconnect: %s',
    async (level, code, reconnect) => {
      for (const receiverSettleMode of ['first', 'second'] as const) {
        const { connection, peer } = await connected((scripted) => mute(scripted, 'end', 'close'), { reconnect });
        const session = await connection.createSession();
        const receiver = await session.createReceiver('q', { receiverSettleMode });
        const link = await PeerLink.of(peer);
        link.transfer(0);
        link.transfer(1);
        const [delivery, another] = [await receiver.receive(), await receiver.receive()];
        const closing = { session, connection }[level].close();
        expect((await failure(delivery.accept())).code).toBe(code);
        await settle();
        expect((await failure(another.accept())).code).toBe(code);
        expect((await failure(receiver.receive())).code).toBe(code);
        peer.default(await frameOf(peer, level === 'session' ? 'end' : 'close'));
        await closing;
        expect((await failure(delivery.accept())).code).toBe(code);
        expect(peer.framesOf('disposition')).toEqual([]);
      }
    },
  );

  it.each(['session', 'connection'] as const)(
    'that is settled before its %s is closed is told first',
    async (level) => {
      const { connection, peer } = await connected();
      const session = await connection.createSession();
      const receiver = await session.createReceiver('q');
      (await PeerLink.of(peer)).transfer(0);
      const delivery = await receiver.receive();
      const accepted = delivery.accept();
      await { session, connection }[level].close();
      await accepted;
      const said = peer.frames.map(({ is }) => is);
      expect(said.indexOf('disposition')).toBeGreaterThan(0);
      expect(said.indexOf('disposition')).toBeLessThan(said.indexOf(level === 'session' ? 'end' : 'close'));
      await connection.close();
    },
  );

  it('tells where its message is broken; the others are not harmed', async () => {
    const { connection, receiver, link } = await receiving();
    link.transfer(0, Uint8Array.of(0, 0x53, 0x77, 0xa1, 9));
    link.transfer(1);
    const broken = await receiver.receive();
    expect(thrown(() => broken.message.text()).code).toBe('decode-error');
    await broken.reject();
    expect((await receiver.receive()).message.text()).toBe('m1');
    await connection.close();
  });

  it('[D-11] reports what the sender decides meanwhile, and its credit comes back once', async () => {
    const changes: [Delivery, string | undefined][] = [];
    const { connection, peer, receiver, link } = await receiving({
      credit: 2,
      onDeliveryState: ({ state }, delivery) => changes.push([delivery, state]),
    });
    link.transfer(0);
    link.transfer(1);
    const delivery = await receiver.receive();
    link.disposition(0, { is: 'released' }, { role: false, last: 1 });
    await until(() => changes.length === 2);
    expect(changes.map(([, state]) => state)).toEqual(['released', 'released']);
    expect(delivery.settled).toBe(true);
    await delivery.accept();
    const second = await receiver.receive();
    expect(second.settled).toBe(true);
    expect(receiver.stats()).toMatchObject({ prefetched: 0, unsettled: 0, credit: 2 });
    await settle();
    expect(peer.framesOf('disposition')).toEqual([]);
    await connection.close();
  });

  it('that waits here and was settled by the sender does not upset the count', async () => {
    const { connection, receiver, link } = await receiving({ credit: 4 });
    link.transfer(0);
    link.transfer(1);
    link.disposition(0, { is: 'released' }, { role: false });
    await settle();
    expect(receiver.stats()).toMatchObject({ prefetched: 2, unsettled: 0 });
    await connection.close();
  });
});

describe('a receiver that is closed', () => {
  it('releases what nobody took', async () => {
    const { connection, peer, receiver, link } = await receiving();
    link.transfer(0);
    link.transfer(1);
    await settle();
    await receiver.close();
    expect(peer.framesOf('disposition').map(({ fields }) => fields)).toMatchObject([
      { first: 0, last: 1, settled: true, state: { is: 'released' } },
    ]);
    const kinds = peer.frames.map(({ is }) => is);
    expect(kinds.indexOf('disposition')).toBeLessThan(kinds.indexOf('detach'));
    await connection.close();
  });

  it('[§2.6.4] leaves its terminus where it is only detached', async () => {
    const { connection, peer, receiver } = await receiving();
    await receiver.detach();
    expect((await frameOf(peer, 'detach')).fields['closed']).not.toBe(true);
    expect(await receiver.closed).toEqual({ by: 'local' });
    await connection.close();
  });

  it('drops what crosses its detach', async () => {
    const { connection, peer, receiver, link } = await receiving();
    peer.on('detach', (frame) => {
      link.transfer(0);
      peer.default(frame);
    });
    await receiver.close();
    expect(receiver.tryReceive()).toBeUndefined();
    expect(await receiver.closed).toEqual({ by: 'local' });
    await connection.close();
    expect(await connection.closed).toEqual({ by: 'local' });
  });
});
