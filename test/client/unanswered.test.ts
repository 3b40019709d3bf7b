import { describe, expect, it } from 'vitest';
import type { Connection, Receiver, Sender, Session } from '../../src/client/index.ts';
import { FakeClock, type ScriptedPeer } from '../../src/testing/index.ts';
import { connected, failure, mute, PeerLink, settle } from './support/scripted.ts';

interface Scene {
  readonly peer: ScriptedPeer;
  readonly clock: FakeClock;
  readonly connection: Connection;
  readonly session: Session;
  readonly sender: Sender;
  readonly receiver: Receiver;
}

/** Links at a peer that answers neither detach nor end, on a clock that stands still. */
async function deaf(): Promise<Scene> {
  const clock = new FakeClock();
  const { peer, connection } = await connected((script) => mute(script, 'transfer', 'detach', 'end'), {
    clock,
    idleTimeout: 0,
  });
  const session = await connection.createSession();
  const sender = await session.createSender('q');
  return { peer, clock, connection, session, sender, receiver: await session.createReceiver('q') };
}

describe('a peer that does not answer', () => {
  it('our detach is not waited for longer than 10 s: nothing stays pending', async () => {
    const { clock, sender, receiver } = await deaf();
    const sending = sender.send('x');
    await settle();
    const receiving = receiver.receive();
    const iterating = receiver[Symbol.asyncIterator]().next();
    for (const link of [sender, receiver]) {
      const closing = failure(link.close({ timeout: 5 }));
      clock.advance(5);
      expect((await closing).code).toBe('timeout');
    }
    clock.advance(10_000);
    expect((await failure(sending)).code).toBe('outcome-unknown');
    expect((await failure(receiving)).code).toBe('link-closed');
    expect(await iterating).toEqual({ done: true, value: undefined });
    for (const { closed } of [sender, receiver]) {
      const { by, error } = await closed;
      expect([by, error?.code]).toEqual(['local', 'link-closed']);
      expect(error?.message).toContain('did not answer the detach');
    }
  });

  it('our end is not waited for longer than 10 s either', async () => {
    const { clock, session, sender, receiver } = await deaf();
    const closing = failure(session.close({ signal: AbortSignal.abort() }));
    expect((await closing).code).toBe('aborted');
    clock.advance(10_000);
    for (const { closed } of [session, sender, receiver]) {
      const { by, error } = await closed;
      expect([by, error?.code]).toEqual(['local', 'session-ended']);
    }
  });

  it('may answer after all: that changes nothing, and the connection lives on', async () => {
    const { peer, clock, connection, session, sender } = await deaf();
    const closing = failure(sender.close({ timeout: 5 }));
    clock.advance(10_005);
    await closing;
    (await PeerLink.of(peer)).detach();
    await settle();
    expect(await session.createSender('q', { name: sender.name })).toMatchObject({ name: sender.name });
    await connection.close();
    expect(clock.pending).toBe(0);
  });

  it('where it broke a rule, is not waited for at all', async () => {
    const { peer, receiver } = await deaf();
    const consuming = receiver.consume(() => undefined);
    const link = await PeerLink.of(peer, 1);
    link.transfer(0, 'x', { 'delivery-tag': new Uint8Array(33) });
    expect((await failure(consuming)).code).toBe('link-failed');
    expect((await receiver.closed).error?.code).toBe('link-failed');
  });
});
