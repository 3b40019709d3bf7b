import { describe, expect, it, vi } from 'vitest';
import { connected, failure, frameOf, isPending, mute, PeerLink, settle, until } from '../client/support/scripted.ts';
import { hex } from '../engine/support/frames.ts';
import { collectGarbage } from '../support/garbage.ts';
import { answerAttach, clocked } from './support/send-scene.ts';

describe('a peer that breaks rules', () => {
  it('rhea: nothing of it is written to the console', async () => {
    const written = vi.fn(() => true);
    const spies = [
      ...(['debug', 'error', 'info', 'log', 'trace', 'warn'] as const).map((name) => vi.spyOn(console, name)),
      vi.spyOn(process.stdout, 'write'),
      vi.spyOn(process.stderr, 'write'),
    ];
    for (const spy of spies) spy.mockImplementation(written);
    try {
      const { connection, peer } = await connected();
      const receiver = await connection.createReceiver('q', { credit: 1 });
      const link = await PeerLink.of(peer);
      await until(() => link.flows.length > 0);
      for (const id of [0, 1]) link.transfer(id);
      expect((await receiver.closed).error?.condition).toBe('amqp:link:transfer-limit-exceeded');
      peer.sendRaw(hex('00000007 020000'));
      expect((await connection.closed).error?.code).toBe('framing-error');
      await settle();
      expect(written).not.toHaveBeenCalled();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  it('rhea: its silence ends the connection after the idle timeout, half of it later at the latest', async () => {
    const { connection, peer, clock } = await clocked(undefined, { idleTimeout: 1000 });
    // The peer is asked to send more often than that (§2.4.5).
    expect((await frameOf(peer, 'open')).fields['idle-time-out']).toBe(500);
    clock.advance(999);
    expect(await isPending(connection.closed)).toBe(true);
    clock.advance(501);
    expect((await connection.closed).error?.code).toBe('idle-timeout');
  });
});

describe('links that are closed', () => {
  it('rhea: are let go, also where the peer never uses a handle twice', async () => {
    let next = 0;
    const { connection, peer } = await connected((scripted) => {
      mute(scripted, 'detach');
      scripted.on('attach', (frame) => answerAttach(scripted, frame, { handle: next++ }));
      scripted.on('detach', ({ channel }) =>
        scripted.send({ is: 'detach', handle: next - 1, closed: true }, undefined, channel),
      );
    });
    const session = await connection.createSession();
    const links: WeakRef<object>[] = [];
    for (let count = 0; count < 500; count++) {
      const sender = await session.createSender('q');
      links.push(new WeakRef(sender));
      await sender.close();
    }
    await collectGarbage();
    // The last one may still be in a register or on the stack.
    expect(links.filter((link) => link.deref() !== undefined).length).toBeLessThan(5);
    expect(peer.framesOf('attach')).toHaveLength(500);
    await connection.close();
  });
});

describe('names that nobody gave', () => {
  it('rhea: end with random UUIDs of version 4', async () => {
    const { connection, peer } = await connected();
    const links = await Promise.all(Array.from({ length: 200 }, () => connection.createSender('q')));
    const names = [...links.map(({ name }) => name), String(peer.framesOf('open')[0]?.fields['container-id'])];
    for (const name of names)
      expect(name).toMatch(/(?:^|:)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(names).size).toBe(201);
    await connection.close();
  });
});

describe('a receiver', () => {
  it('rhea: needs no handler of any kind, whatever its credit', async () => {
    const { connection, peer } = await connected();
    const receiver = await connection.createReceiver('q', { credit: 10 });
    const link = await PeerLink.of(peer);
    link.transfer(0, 'kept until somebody asks');
    await until(() => receiver.stats().prefetched === 1);
    expect((await receiver.receive()).message.text()).toBe('kept until somebody asks');
    link.detach({ is: 'error', condition: 'amqp:internal-error' });
    expect((await failure(receiver.receive())).condition).toBe('amqp:internal-error');
    await connection.close();
  });
});
