import { describe, expect, it } from 'vitest';
import { ScriptedPeer, writeFrame } from '../../src/testing/index.ts';
import { connected, connectTo, failure, frameOf, isPending, settle } from '../client/support/scripted.ts';
import { expectAlive, openingWith } from './support/send-scene.ts';

/** What becomes of an open connection that gets these octets: the code of its end, and the condition in our close. */
async function endBy(send: (peer: ScriptedPeer) => void): Promise<readonly [string | undefined, unknown]> {
  const { connection, peer } = await connected();
  send(peer);
  const { error } = await connection.closed;
  const { fields } = await frameOf(peer, 'close');
  const told: unknown = fields['error'];
  const condition = typeof told === 'object' && told !== null && 'condition' in told ? told.condition : undefined;
  return [error?.code, condition];
}

const raw = (...octets: readonly number[]) => endBy((peer) => peer.sendRaw(Uint8Array.from(octets)));

describe('framing (§2.2)', () => {
  it('KEEP §2.2 a size below 8 ends the connection', async () => {
    expect(await raw(0, 0, 0, 7, 2, 0, 0, 0)).toEqual(['framing-error', 'amqp:connection:framing-error']);
  });

  it('KEEP §2.2 a data offset below 2 ends the connection', async () => {
    expect(await raw(0, 0, 0, 8, 1, 0, 0, 0)).toEqual(['framing-error', 'amqp:connection:framing-error']);
  });

  it('FIX §2.2 an extended header (data offset above 2) is skipped', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.on('begin', ({ channel }) => {
        const frame = writeFrame(
          {
            is: 'begin',
            'remote-channel': channel,
            'next-outgoing-id': 0,
            'incoming-window': 9,
            'outgoing-window': 9,
          },
          undefined,
          channel,
        );
        const extended = Uint8Array.of(...frame.subarray(0, 8), 1, 2, 3, 4, ...frame.subarray(8));
        new DataView(extended.buffer).setUint32(0, extended.length);
        extended[4] = 3;
        scripted.sendRaw(extended);
      });
    });
    await connection.createSession();
    expect(peer.framesOf('close')).toEqual([]);
    await connection.close();
  });

  it('FIX §2.2 a data offset beyond the frame ends the connection', async () => {
    expect(await raw(0, 0, 0, 8, 3, 0, 0, 0)).toEqual(['framing-error', 'amqp:connection:framing-error']);
  });

  it('FIX §2.2 a frame larger than our max-frame-size is refused by its size alone', async () => {
    expect(await raw(0, 1, 0, 1, 2, 0, 0, 0)).toEqual(['frame-too-large', 'amqp:connection:framing-error']);
  });

  it('FIX §2.2 an unknown frame type ends the connection', async () => {
    expect(await raw(0, 0, 0, 8, 2, 7, 0, 0)).toEqual(['framing-error', 'amqp:connection:framing-error']);
  });

  it('FIX §2.2 a begin on a channel above channel-max is refused', async () => {
    const { connection, peer } = await connected(undefined, { maxSessions: 1 });
    const windows = { 'next-outgoing-id': 0, 'incoming-window': 1, 'outgoing-window': 1 };
    peer.send({ is: 'begin', ...windows }, undefined, 9);
    expect((await connection.closed).error?.code).toBe('framing-error');
    expect((await frameOf(peer, 'close')).fields).toHaveProperty('error');
  });

  it('FIX §2.2 a SASL frame after SASL ends the connection', async () => {
    const [code] = await endBy((peer) => peer.send({ is: 'sasl-outcome', code: 0 }));
    expect(code).toBe('framing-error');
  });

  it('FIX §2.2 an unknown performative ends the connection, and the peer is told why', async () => {
    const [code, condition] = await endBy((peer) => peer.send({ is: '153' }));
    expect([code, condition]).toEqual(['protocol-error', 'amqp:decode-error']);
  });

  it('FIX §2.2 a decode error in a frame ends the connection, and the peer is told why', async () => {
    const [code, condition] = await raw(0, 0, 0, 12, 2, 0, 0, 0, 0, 0x53, 0x11, 0xc0);
    expect([code, condition]).toEqual(['protocol-error', 'amqp:decode-error']);
  });

  it('FIX §2.2 a declared size that differs from what is in it is a decode error', async () => {
    const [code, condition] = await raw(0, 0, 0, 15, 2, 0, 0, 0, 0, 0x53, 0x18, 0xc0, 3, 1, 0x40);
    expect([code, condition]).toEqual(['protocol-error', 'amqp:decode-error']);
  });

  it.each([0, 66, 511])('FIX §2.2 a peer whose max-frame-size is %i is refused', async (size) => {
    const peer = new ScriptedPeer();
    openingWith(peer, { 'max-frame-size': size });
    expect((await failure(connectTo(peer))).code).toBe('framing-error');
  });

  it('KEEP §2.2 an empty frame is a heartbeat on any channel', async () => {
    const { connection, peer } = await connected();
    peer.sendRaw(Uint8Array.of(0, 0, 0, 8, 2, 0, 0, 99));
    await settle();
    expect(await isPending(connection.closed)).toBe(true);
    await expectAlive(connection);
    await connection.close();
  });
});
