import { expect } from 'vitest';
import type { AmqpError, Connection, ConnectOptions } from '../../../src/client/index.ts';
import { FakeClock, type FieldValue, type ScriptedPeer, type WireFrame } from '../../../src/testing/index.ts';
import { connected, failure } from '../../client/support/scripted.ts';

/** Fields of a frame that differ from what the peer says by default. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** A connection whose time stands still, and its peer. */
export async function clocked(
  script: (peer: ScriptedPeer) => void = () => undefined,
  options: ConnectOptions = {},
): Promise<{ peer: ScriptedPeer; connection: Connection; clock: FakeClock }> {
  const clock = new FakeClock();
  return { clock, ...(await connected(script, { clock, ...options })) };
}

/** A map with symbols as keys and strings as values. */
export const symbolMap = (entries: Readonly<Record<string, string>>): FieldValue => ({
  type: 'map',
  value: Object.entries(entries).flatMap(([key, value]) => [
    { type: 'symbol' as const, value: key },
    { type: 'string' as const, value },
  ]),
});

/** Makes the peer open with these fields. */
export function openingWith(peer: ScriptedPeer, fields: Fields): void {
  peer.on('open', () => peer.send({ is: 'open', 'container-id': 'scripted-peer', ...fields }));
}

/** Makes the peer begin its sessions with these fields. */
export function beginningWith(peer: ScriptedPeer, fields: Fields): void {
  peer.on('begin', ({ channel }) => {
    const windows = { 'next-outgoing-id': 0, 'incoming-window': 1000, 'outgoing-window': 1000 };
    peer.send({ is: 'begin', 'remote-channel': channel, ...windows, ...fields }, undefined, channel);
  });
}

/** Answers one attach, with these fields; it grants no credit. */
export function answerAttach(peer: ScriptedPeer, { channel, fields }: WireFrame, own: Fields = {}): void {
  const isSender = fields['role'] === false;
  const termini = { source: { is: 'source', address: 'q' }, target: { is: 'target', address: 'q' } };
  const deliveryCount = isSender ? null : 0;
  peer.send(
    {
      is: 'attach',
      name: String(fields['name']),
      handle: Number(fields['handle']),
      role: isSender,
      ...termini,
      'initial-delivery-count': deliveryCount,
      ...own,
    },
    undefined,
    channel,
  );
}

/** The codes of calls that must all fail. */
export const codes = async (...calls: readonly Promise<unknown>[]): Promise<AmqpError['code'][]> =>
  (await Promise.all(calls.map(failure))).map(({ code }) => code);

/** The kinds of the frames that came, from one on. */
export const kinds = (peer: ScriptedPeer, from = 0): string[] => peer.frames.slice(from).map(({ is }) => is);

/** That the connection still carries a message. */
export async function expectAlive(connection: Connection): Promise<void> {
  const sender = await connection.createSender('still-alive');
  expect(await sender.send('x')).toBeUndefined();
  await sender.close();
}
