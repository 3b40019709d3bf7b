import { describe, expect, it } from 'vitest';
import { failure, frameOf, mute, PeerLink, settle, until, wireError } from '../support/scripted.ts';
import type { ScriptedPeer } from '../../../src/testing/index.ts';
import { event, Outage, soon } from './outage.ts';
import { Peers } from './peers.ts';

/** Answers attaches with other settle modes than before, from the second connection on. */
function withOtherModes(peer: ScriptedPeer, index: number): void {
  peer.on('attach', ({ channel, fields }) => {
    const isSender = fields['role'] === false;
    const [name, handle] = [String(fields['name']), Number(fields['handle'])];
    const modes = { 'snd-settle-mode': index === 0 ? 0 : 1, 'rcv-settle-mode': index === 0 ? 1 : 0 };
    const ends = { source: { is: 'source', address: 'q' }, target: { is: 'target', address: 'q' } } as const;
    const count = isSender ? null : 0;
    peer.send(
      { is: 'attach', name, handle, role: isSender, ...modes, ...ends, 'initial-delivery-count': count },
      undefined,
      channel,
    );
  });
}

describe('a link that must not come back', () => {
  it('is one that closeOnRejected has closed: what waits fails with link-closed', async () => {
    const peers = new Peers((peer) => {
      peer.credit = 1;
      mute(peer, 'transfer');
    });
    const connection = await peers.connect();
    const sender = await connection.createSender('q', { closeOnRejected: true });
    const link = await PeerLink.of(peers.peer(0));
    const [rejected, waiting] = [failure(sender.send('bad')), failure(sender.send('waits'))];
    await frameOf(peers.peer(0), 'transfer');
    link.disposition(0, { is: 'rejected', error: wireError('app:bad') });
    expect((await rejected).condition).toBe('app:bad');
    expect((await waiting).code).toBe('link-closed');
    expect(await sender.closed).toEqual({ by: 'local' });
    await settle(20);
    expect(peers.peer(0).framesOf('attach')).toHaveLength(1);
  });

  it('is a sender whose settle mode is not granted again: its sends and closed tell why', async () => {
    const peers = new Peers(withOtherModes);
    const connection = await peers.connect();
    const sender = await connection.createSender('q', { senderSettleMode: 'unsettled', name: 'out' });
    const waiting = failure(sender.send('waits'));
    peers.peer(0).end();
    const error = await waiting;
    expect(error.code).toBe('link-refused');
    expect(error.message).toContain('the peer granted the sender settle mode settled, not unsettled');
    expect(await sender.closed).toEqual({ by: 'local', error });
  });

  it('is a receiver whose settle mode is not granted again: consume() does not end as if the program had closed it', async () => {
    const peers = new Peers(withOtherModes);
    const connection = await peers.connect();
    const receiver = await connection.createReceiver('q', { receiverSettleMode: 'second' });
    const consuming = failure(receiver.consume(() => undefined));
    peers.peer(0).end();
    const error = await consuming;
    expect(error.code).toBe('link-refused');
    expect(await receiver.closed).toEqual({ by: 'local', error });
  });
});

describe('what the next peer has no room for', () => {
  const properties = { long: 'x'.repeat(1000) };
  const small = (peer: ScriptedPeer, index: number): void => {
    if (index > 0) peer.on('open', () => peer.send({ is: 'open', 'container-id': 'small', 'max-frame-size': 512 }));
  };

  it('is a link: it ends with that, and the others live', async () => {
    const peers = new Peers(small);
    const connection = await peers.connect();
    const [large, other] = [await connection.createSender('q', { properties }), await connection.createSender('q')];
    peers.peer(0).end();
    await until(() => !connection.stats().connected);
    const error = await failure(large.send('waits'));
    expect(error.message).toContain('the attach frame has');
    expect(await large.closed).toEqual({ by: 'local', error });
    await other.send('goes on');
  });

  it('is a session: it ends with that, with its links', async () => {
    const peers = new Peers(small);
    const connection = await peers.connect();
    const session = await connection.createSession({ properties });
    const sender = await session.createSender('q');
    peers.peer(0).end();
    const { by, error } = await session.closed;
    expect([by, error?.code]).toEqual(['local', 'invalid-argument']);
    expect((await failure(sender.send('never'))).code).toBe('invalid-argument');
    await (await connection.createSender('q')).send('goes on');
  });
});

describe('what was closed already', () => {
  it.each(['before', 'after'])(
    'leaves no timer behind when it is closed again, %s the end of an outage',
    async (when) => {
      const outage = await Outage.behind();
      const timers = new Set<object>();
      const clock = {
        now: () => performance.now(),
        setTimer: (delay: number, callback: () => void) => {
          const timer = setTimeout(() => {
            timers.delete(timer);
            callback();
          }, delay);
          timers.add(timer);
          return () => {
            timers.delete(timer);
            clearTimeout(timer);
          };
        },
      };
      const connection = await outage.connect(soon, { clock });
      const session = await connection.createSession();
      const sender = await session.createSender('q');
      const receiver = await session.createReceiver('q');
      outage.cut();
      await until(() => !connection.stats().connected);
      if (when === 'after') {
        outage.restore();
        await event(connection, 'recovered');
        await connection.close();
      }
      await sender.close();
      await session.close();
      await receiver.close();
      await connection.close();
      expect(timers.size).toBe(0);
    },
  );
});

describe('a receiver that the program closes while the connection is lost', () => {
  it.each([true, false])('ends consume() and loops in order (reconnect: %o)', async (reconnect) => {
    const peers = new Peers((peer) => mute(peer, 'detach'));
    const connection = await peers.connect(reconnect);
    const [worker, looped] = [await connection.createReceiver('q'), await connection.createReceiver('q')];
    const working = worker.consume(() => undefined);
    const next = looped[Symbol.asyncIterator]().next();
    const closing = Promise.all([worker.close(), looped.close()]);
    await frameOf(peers.peer(0), 'detach', 1);
    peers.peer(0).end();
    await closing;
    await working;
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('but tells the error to those who ask after the end, though the program closes it then', async () => {
    const peers = new Peers();
    const connection = await peers.connect(false);
    const receiver = await connection.createReceiver('q');
    const working = failure(receiver.consume(() => undefined));
    peers.peer(0).end();
    expect((await working).code).toBe('connection-lost');
    await receiver.close();
    expect((await failure(receiver.receive())).code).toBe('connection-lost');
    expect((await failure(receiver[Symbol.asyncIterator]().next())).code).toBe('connection-lost');
  });
});
