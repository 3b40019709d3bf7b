import { expect, it } from 'vitest';
import { amqpHeader, hex } from './support/frames.ts';
import { RawPeer } from './support/raw-peer.ts';

const size = (octets: string, more: number): string => (octets.length / 2 + more).toString(16).padStart(8, '0');

/** An open whose properties have one key twice: a symbol of 400 letters. */
function openWithDoubledKey(): Uint8Array {
  const entry = `b300000190${'78'.repeat(400)}41`;
  const items = `a10163${'40'.repeat(8)}d1${size(entry.repeat(2), 4)}00000004${entry.repeat(2)}`;
  const body = `005310d0${size(items, 4)}0000000a${items}`;
  return hex(`${size(body, 8)}02000000${body}`);
}

it.each(['client', 'server'] as const)('[E-09] a fault is told in few words, whatever it is about (%s)', (role) => {
  const peer = new RawPeer({ role, maxFrameSize: 4096 }).bytes(amqpHeader, openWithDoubledKey());
  const close = peer.units().at(-1);
  expect(close?.body).toMatchObject({
    type: 'close',
    error: { condition: 'amqp:decode-error', description: expect.stringContaining('x'.repeat(100)) },
  });
  expect(close?.size).toBeLessThanOrEqual(512);
});
