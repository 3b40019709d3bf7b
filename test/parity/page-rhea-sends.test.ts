import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/testing/index.ts';
import { Peers } from '../client/recovery/peers.ts';
import { failure, frameOf, isPending, mute, PeerLink, settle, until, untyped } from '../client/support/scripted.ts';
import { clocked } from './support/send-scene.ts';

describe('the timers of sends', () => {
  it('rhea: a message that cannot be encoded leaves none behind', async () => {
    const { connection, clock } = await clocked(undefined, { idleTimeout: 0 });
    const sender = await connection.createSender('q');
    await settle();
    const before = clock.pending;
    const error = await failure(sender.send({ body: untyped<string>(() => 1) }, { timeout: 20_000 }));
    expect(error.code).toBe('encode-error');
    expect(clock.pending).toBe(before);
    // A rejection or exception that nobody handles would fail the run.
    clock.advance(60_000);
    await sender.send('good');
    await connection.close();
  });

  it('rhea: of a lost connection do not end sends of the next, though the delivery-ids begin again', async () => {
    const clock = new FakeClock();
    const peers = new Peers((peer) => mute(peer, 'transfer'));
    const connection = await peers.connect({ initialDelay: 1, maxDelay: 1 }, 'amqp://one', { clock, idleTimeout: 0 });
    const sender = await connection.createSender('q');
    const old = failure(sender.send('old', { timeout: 3000 }));
    const ids = [(await frameOf(peers.peer(0), 'transfer')).fields['delivery-id']];
    peers.peer(0).end(new Error('cut'));
    expect((await old).code).toBe('outcome-unknown');
    const sending = sender.send('new', { timeout: 10_000 });
    await until(() => {
      clock.advance(1);
      return peers.all.length === 2 && peers.peer(1).framesOf('transfer').length === 1;
    });
    ids.push(peers.peer(1).framesOf('transfer')[0]?.fields['delivery-id']);
    expect(ids).toEqual([0, 0]);
    clock.advance(3000);
    expect(await isPending(sending)).toBe(true);
    (await PeerLink.of(peers.peer(1))).disposition(0, { is: 'accepted' });
    expect(await sending).toBeUndefined();
    clock.advance(20_000);
    expect(sender.stats().pending).toBe(0);
  });
});
