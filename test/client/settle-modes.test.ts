import { describe, expect, it } from 'vitest';
import type { ScriptedPeer } from '../../src/testing/index.ts';
import { connected, failure, frameOf, PeerLink } from './support/scripted.ts';

/** Makes the peer answer attaches with settle modes of its own. */
const granting =
  (snd: number, rcv: number) =>
  (peer: ScriptedPeer): void => {
    peer.on('attach', (frame, script) => {
      script.default({ ...frame, fields: { ...frame.fields, 'snd-settle-mode': snd, 'rcv-settle-mode': rcv } });
    });
  };

describe('settle modes', () => {
  it('[L-14] [L-15] are told as they were agreed on', async () => {
    const { connection } = await connected();
    const plain = await connection.createSender('q');
    expect([plain.senderSettleMode, plain.receiverSettleMode]).toEqual(['mixed', 'first']);
    const receiver = await connection.createReceiver('q', {
      senderSettleMode: 'settled',
      receiverSettleMode: 'second',
    });
    expect([receiver.senderSettleMode, receiver.receiverSettleMode]).toEqual(['settled', 'second']);
    const other = await connected(granting(0, 1));
    const sender = await other.connection.createSender('q');
    expect([sender.senderSettleMode, sender.receiverSettleMode]).toEqual(['unsettled', 'second']);
    // The receiver decides for itself (§2.8.3).
    expect((await other.connection.createReceiver('q')).receiverSettleMode).toBe('first');
  });

  it('[L-16] of the peer hold where none were asked for: a sender that is to be settled sends so', async () => {
    const { connection, peer } = await connected(granting(1, 0));
    const sender = await connection.createSender('q');
    await sender.send('x');
    expect((await frameOf(peer, 'transfer')).fields['settled']).toBe(true);
  });

  it.each([
    [{ senderSettleMode: 'settled' }, 0, 0, 'sender settle mode unsettled, not settled'],
    [{ senderSettleMode: 'unsettled' }, 1, 0, 'sender settle mode settled, not unsettled'],
    [{ senderSettleMode: 'mixed' }, 1, 0, 'sender settle mode settled, not mixed'],
    [{ receiverSettleMode: 'second' }, 2, 0, 'receiver settle mode first, not second'],
    [{ receiverSettleMode: 'first' }, 2, 1, 'receiver settle mode second, not first'],
  ] as const)('[L-14] [L-15] %o that the peer does not grant refuse the link', async (options, snd, rcv, why) => {
    const { connection, peer } = await connected(granting(snd, rcv));
    for (const attempt of [connection.createSender('q', options), connection.createReceiver('q', options)]) {
      const error = await failure(attempt);
      expect(error.code).toBe('link-refused');
      expect(error.message).toContain(why);
    }
    expect((await frameOf(peer, 'detach', 1)).fields['closed']).toBe(true);
  });

  it('accept a peer that leaves the choice to the sender', async () => {
    const { connection } = await connected(granting(2, 0));
    const sender = await connection.createSender('q', { senderSettleMode: 'unsettled' });
    expect(sender.senderSettleMode).toBe('unsettled');
  });
});

describe('what the peer says of its end', () => {
  it('can be read on every level', async () => {
    const symbol = (value: string) => ({ type: 'symbol', value }) as const;
    const said = {
      properties: { type: 'map', value: [symbol('product'), { type: 'string', value: 'p' }] },
      'offered-capabilities': symbol('o'),
      'desired-capabilities': symbol('d'),
    } as const;
    const { connection } = await connected((peer) => {
      peer.on('open', () => peer.send({ is: 'open', 'container-id': 'it', ...said }));
      peer.on('begin', ({ channel }) =>
        peer.send(
          {
            is: 'begin',
            'remote-channel': channel,
            'next-outgoing-id': 0,
            'incoming-window': 9,
            'outgoing-window': 9,
            ...said,
          },
          undefined,
          channel,
        ),
      );
      peer.on('attach', ({ channel, fields }) =>
        peer.send(
          {
            is: 'attach',
            name: String(fields['name']),
            handle: 0,
            role: true,
            source: { is: 'source' },
            target: { is: 'target', address: 'q' },
            ...said,
          },
          undefined,
          channel,
        ),
      );
    });
    const session = await connection.createSession();
    for (const endpoint of [connection, session, await session.createSender('q')]) {
      expect({ ...endpoint.properties }).toEqual({ product: 'p' });
      expect(endpoint.offeredCapabilities).toEqual(['o']);
      expect(endpoint.desiredCapabilities).toEqual(['d']);
    }
  });

  it('is empty where it says nothing', async () => {
    const { connection, peer } = await connected();
    const receiver = await connection.createReceiver('q');
    for (const endpoint of [connection, receiver]) {
      expect({ ...endpoint.properties }).toEqual({});
      expect(Object.getPrototypeOf(endpoint.properties)).toBeNull();
      expect([...endpoint.offeredCapabilities, ...endpoint.desiredCapabilities]).toEqual([]);
    }
    expect((await PeerLink.of(peer)).handle).toBe(0);
  });
});
