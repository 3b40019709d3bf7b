import { expect } from 'vitest';
import type { ConnectOptions } from '../../../src/client/index.ts';
import { ScriptedPeer } from '../../../src/testing/index.ts';
import { connectTo, failure, settle } from '../../client/support/scripted.ts';
import { saslHeader } from '../../engine/support/frames.ts';
import { endings } from './victim.ts';

type Run = (id: string) => Promise<void>;

/** What a server does in place of its part of the handshake. */
export type Misbehaviour = (peer: ScriptedPeer, id: string) => void;

/** Connects, and checks what `connect()` rejects with. */
async function refuse(
  peer: ScriptedPeer,
  code: string,
  condition: string | undefined,
  options?: ConnectOptions,
): Promise<void> {
  const error = await failure(connectTo(peer, options));
  await settle();
  expect([error.code, error.condition, error.scope]).toEqual([code, condition && `amqp:${condition}`, 'connection']);
}

/** The server misbehaves where its header and open belong; `layer` 3 where that of SASL belongs. */
export const refused =
  (misbehave: Misbehaviour, code: string, condition?: string, layer = 0): Run =>
  async (id) => {
    const peer = new ScriptedPeer();
    peer.on('header', (header) => {
      if (header.fields['id'] === layer) misbehave(peer, id);
      else peer.default(header);
    });
    await refuse(peer, code, condition);
    expect(endings(peer)).toEqual(condition === undefined ? [] : [['close', `amqp:${condition}`]]);
  };

/** The server misbehaves once the SASL headers are exchanged. Within SASL nothing can tell it so. */
export const refusedInSasl =
  (misbehave: Misbehaviour, code: string, condition?: string, options?: ConnectOptions): Run =>
  async (id) => {
    const peer = new ScriptedPeer();
    peer.on('header', ({ fields }) => {
      if (fields['id'] !== 3) return;
      peer.sendRaw(saslHeader);
      misbehave(peer, id);
    });
    await refuse(peer, code, condition, options);
    expect(endings(peer)).toEqual([]);
  };
