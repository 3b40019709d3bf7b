import { expect } from 'vitest';
import type {
  CloseInfo,
  Connection,
  ConnectOptions,
  Receiver,
  ReceiverOptions,
  Sender,
  Session,
} from '../../../src/client/index.ts';
import type { ScriptedPeer } from '../../../src/testing/index.ts';
import { connected, failure, isPending, PeerLink, settle, until } from '../../client/support/scripted.ts';

/** What a program sees of a bad input from its server. */
export interface Fate {
  /** What ends. */
  readonly level: 'connection' | 'session' | 'link' | 'nothing';
  /** Who has ended it, as its `closed` tells. */
  readonly by: CloseInfo['by'];
  /** The code of the error that its `closed` tells; undefined for an end in order. */
  readonly code?: string;
  /** The condition of that error, and of the frame that tells the peer. */
  readonly condition?: string | undefined;
}

export const connectionFails = (code: string, condition: string): Fate => ({
  level: 'connection',
  by: 'local',
  code,
  condition: `amqp:${condition}`,
});
export const sessionFails = (condition: string): Fate => ({
  level: 'session',
  by: 'local',
  code: 'session-failed',
  condition: `amqp:${condition}`,
});
export const linkFails = (condition: string): Fate => ({
  level: 'link',
  by: 'local',
  code: 'link-failed',
  condition: `amqp:${condition}`,
});
export const connectionLost: Fate = { level: 'connection', by: 'transport', code: 'connection-lost' };
export const closedByPeer: Fate = { level: 'connection', by: 'peer' };
export const livesOn: Fate = { level: 'nothing', by: 'local' };

/** How a victim is set up. */
export interface VictimOptions {
  readonly connect?: ConnectOptions;
  readonly receiver?: ReceiverOptions;
}

/** A program that waits for a message, and for the outcome of one, at a server that is going to attack. */
export interface Victim {
  readonly peer: ScriptedPeer;
  readonly connection: Connection;
  readonly session: Session;
  /** The link under attack: handle 0 of channel 0, with a credit of 10. */
  readonly receiver: Receiver;
  /** Handle 1 of channel 0. Its delivery 0 is on the way. */
  readonly sender: Sender;
  /** On channel 1. */
  readonly other: Sender;
  /** The server's side of the receiver. */
  readonly link: PeerLink;
}

export async function startVictim({ connect = {}, receiver: options = {} }: VictimOptions = {}): Promise<Victim> {
  const { connection, peer } = await connected(undefined, { maxSessions: 256, idleTimeout: 0, ...connect });
  const session = await connection.createSession();
  const receiver = await session.createReceiver('attacked', { credit: 10, ...options });
  const sender = await session.createSender('beside');
  const other = await connection.createSender('elsewhere');
  const link = await PeerLink.of(peer);
  await until(() => link.flows.length > 0, 'the first credit');
  return { peer, connection, session, receiver, sender, other, link };
}

/** Has an attack come, and checks what the program and the server are told of it, and that the rest lives on. */
export async function suffer(
  expected: Fate,
  attack: (victim: Victim) => void | Promise<void>,
  options: VictimOptions = {},
): Promise<void> {
  const victim = await startVictim(options);
  const { peer, sender, receiver } = victim;
  peer.on('transfer', () => undefined);
  const sending = sender.send('on the way');
  const sent = sending.then(
    () => 'accepted',
    ({ code }: { code: string }) => code,
  );
  const { level } = expected;
  const received = level === 'nothing' ? undefined : failure(receiveAll(receiver));
  await until(() => peer.framesOf('transfer').length === 1, 'the transfer');
  await attack(victim);
  await settle(8);
  await checkClosed(victim, expected);
  checkTold(peer, expected);
  expect((await received)?.code).toBe(level === 'nothing' ? undefined : (expected.code ?? 'connection-closed-by-peer'));
  await checkAlive(victim, expected);
  // A rejection that nobody handles would fail the run.
  expect(await sent).toBe(level === 'connection' || level === 'session' ? 'outcome-unknown' : 'accepted');
  await victim.connection.close();
}

/** Receives until that fails. */
async function receiveAll(receiver: Receiver): Promise<never> {
  for (;;) await receiver.receive();
}

async function checkClosed({ connection, session, receiver, sender, other }: Victim, expected: Fate): Promise<void> {
  const { level } = expected;
  const ends = new Map<{ closed: Promise<CloseInfo> }, boolean>([
    [connection, level === 'connection'],
    [other, level === 'connection'],
    [session, level === 'connection' || level === 'session'],
    [sender, level === 'connection' || level === 'session'],
    [receiver, level !== 'nothing'],
  ]);
  for (const [{ closed }, hasEnded] of ends) {
    if (!hasEnded) {
      expect(await isPending(closed)).toBe(true);
      continue;
    }
    const { by, error } = await closed;
    expect([by, error?.code, error?.condition]).toEqual([expected.by, expected.code, expected.condition]);
  }
}

/** What the client has ended at its server, and the condition of each end. */
export function endings(peer: ScriptedPeer): unknown[] {
  return peer.frames
    .filter(({ is }) => is === 'close' || is === 'end' || is === 'detach')
    .map(({ is, fields: { error } }) => [
      is,
      typeof error === 'object' && error !== null && 'condition' in error ? error.condition : undefined,
    ]);
}

/** The server hears of it once, at the level where it happened. */
function checkTold(peer: ScriptedPeer, { level, by, condition }: Fate): void {
  const frame = { connection: 'close', session: 'end', link: 'detach', nothing: '' }[level];
  expect(endings(peer)).toEqual(level === 'nothing' || by === 'transport' ? [] : [[frame, condition]]);
}

/** What did not end works as before. */
async function checkAlive({ peer, receiver, sender, other, link }: Victim, { level }: Fate): Promise<void> {
  if (level === 'connection') return;
  peer.on('transfer', (frame) => peer.default(frame));
  await other.send('to another session');
  if (level === 'session') return;
  link.disposition(0, { is: 'accepted' });
  await sender.send('beside it');
  if (level === 'link') return;
  let id = 0;
  while (receiver.tryReceive() !== undefined) id++;
  link.transfer(id, 'still here');
  expect((await receiver.receive()).message.text()).toBe('still here');
}
