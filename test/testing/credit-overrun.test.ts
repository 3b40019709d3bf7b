import { describe, expect, it } from 'vitest';
import { connect } from '../../src/client/index.ts';
import { ScriptedPeer } from '../../src/testing/index.ts';

const body = Uint8Array.of(0x00, 0x53, 0x77, 0x40);

/** A peer that sends `count` messages as soon as credit comes for the first time. */
function overrunningPeer(count: number): ScriptedPeer {
  const peer = new ScriptedPeer();
  let sent = false;
  peer.on('flow', ({ channel }) => {
    if (sent) return;
    sent = true;
    for (let id = 0; id < count; id++) {
      const transfer = { is: 'transfer', handle: 0, 'delivery-id': id, 'delivery-tag': Uint8Array.of(id) };
      peer.send(transfer, body, channel);
    }
  });
  return peer;
}

describe('a peer that sends more than its credit', () => {
  it('[L-23] is detached when it had been given credit once', async () => {
    const peer = overrunningPeer(11);
    const connection = await connect('amqp://peer', { transport: () => peer.transport });
    const receiver = await connection.createReceiver('q', { credit: 10 });
    expect(await receiver.closed).toMatchObject({
      by: 'local',
      error: { code: 'link-failed', condition: 'amqp:link:transfer-limit-exceeded' },
    });
    await expect(receiver.receive()).resolves.toBeDefined();
    await connection.close();
  });

  it('[L-23] is let go on by one earlier grant, as RabbitMQ 3.10 needs when flows and deliveries cross', async () => {
    const peer = overrunningPeer(30);
    const connection = await connect('amqp://peer', { transport: () => peer.transport });
    const receiver = await connection.createReceiver('q', { credit: 'manual' });
    receiver.issueCredit(10);
    receiver.issueCredit(10);
    for (let id = 0; id < 30; id++) await (await receiver.receive({ timeout: 1000 })).accept();
    expect(receiver.stats().credit).toBe(0);
    await connection.close();
    expect((await receiver.closed).by).toBe('local');
  });
});
