import { describe, expect, it } from 'vitest';
import { connected } from '../client/support/scripted.ts';

describe('lessons of users of go-amqp (§5.2)', () => {
  it('lesson 12 (Azure/go-amqp #330): durable is sent as false, as true, or not at all', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    await sender.send({ body: 'x', header: { durable: false } });
    await sender.send({ body: 'x', header: { durable: true } });
    await sender.send({ body: 'x', header: { priority: 7 } });
    await sender.send({ body: 'x' });
    const heads = peer.framesOf('transfer').map(({ payload }) => [...payload.subarray(0, 9)]);
    const header = [0x00, 0x53, 0x70, 0xc0];
    expect(heads[0]?.slice(0, 7)).toEqual([...header, 2, 1, 0x42]);
    expect(heads[1]?.slice(0, 7)).toEqual([...header, 2, 1, 0x41]);
    expect(heads[2]).toEqual([...header, 4, 2, 0x40, 0x50, 7]);
    expect(heads[3]?.slice(0, 3)).toEqual([0x00, 0x53, 0x77]);
    await connection.close();
  });
});
