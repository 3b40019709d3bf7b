import { describe, expect, it } from 'vitest';
import type { ConnectionOptions, SenderLink } from '../../src/engine/index.ts';
import { amqpHeader, concat, units } from './support/frames.ts';
import { Sent } from './support/hosts.ts';
import { RawPeer, attach, begin, flow } from './support/raw-peer.ts';

/** A delivery that writes down whose memory the transport is done with. */
class Lent extends Sent {
  readonly memory: Uint8Array[] = [];

  override written(payload: Uint8Array): void {
    this.memory.push(payload);
  }
}

const counted = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, index) => index % 251);

function sending(maxFrameSize: number, options: Partial<ConnectionOptions> = {}): { peer: RawPeer; link: SenderLink } {
  const peer = new RawPeer(options);
  peer.bytes(amqpHeader).send({ type: 'open', containerId: 'raw', maxFrameSize }, begin({ incomingWindow: 10_000 }));
  peer.send(attach({ role: true }));
  peer.send(flow({ handle: 0, deliveryCount: 0, linkCredit: 10, incomingWindow: 10_000 }));
  peer.said();
  const { link } = peer.link;
  if (!('send' in link)) throw new Error('the link is no sender');
  return { peer, link };
}

/** What the engine gives the transport, without telling that it is written. */
function chunksOf({ connection }: RawPeer): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let chunk = connection.transmit(); chunk !== undefined; chunk = connection.transmit()) chunks.push(chunk);
  return chunks;
}

const payloadsOf = (chunks: readonly Uint8Array[]): Uint8Array =>
  concat(units(concat(chunks)).flatMap(({ body, payload }) => (body?.type === 'transfer' ? [payload] : [])));

describe('a large payload that lasts', () => {
  it('is sent from where it lies, and its owner is told when all of it is written', () => {
    const { peer, link } = sending(40_000);
    const [payload, delivery] = [counted(100_000), new Lent()];
    expect(link.send(delivery, payload, 0, 100_000, { lasting: true })).toBe(true);
    const chunks = chunksOf(peer);
    expect(chunks.filter(({ buffer }) => buffer === payload.buffer)).toHaveLength(3);
    expect(payloadsOf(chunks)).toEqual(payload);
    const size = concat(chunks).length;
    peer.connection.written(size - 1);
    expect(delivery.memory).toEqual([]);
    peer.connection.written(1);
    expect(delivery.memory).toEqual([payload]);
  });

  it('goes on from there after it had to wait', () => {
    const { peer, link } = sending(40_000, { highWaterMark: 50_000 });
    const [payload, delivery] = [counted(300_000), new Lent()];
    expect(link.send(delivery, payload, 100_000, 300_000, { lasting: true })).toBe(false);
    const chunks: Uint8Array[] = [];
    for (let part = chunksOf(peer); part.length > 0; part = chunksOf(peer)) {
      chunks.push(...part.map((chunk) => chunk.slice()));
      expect(delivery.memory).toEqual([]);
      expect(peer.connection.buffered).toBeLessThan(100_000);
      peer.connection.written(part.reduce((size, { length }) => size + length, 0));
    }
    expect(payloadsOf(chunks)).toEqual(payload.slice(100_000));
    expect([delivery.memory, delivery.calls]).toEqual([[payload], ['transferred']]);
  });

  it('is copied where frames are small or traced, or it may change', () => {
    for (const [maxFrameSize, options, lasting] of [
      [10_000, {}, true],
      [40_000, { trace: () => undefined }, true],
      [40_000, {}, false],
    ] as const) {
      const { peer, link } = sending(maxFrameSize, options);
      const [payload, delivery] = [counted(100_000), new Lent()];
      link.send(delivery, payload, 0, 100_000, { lasting });
      payload.fill(0);
      const chunks = chunksOf(peer);
      expect(payloadsOf(chunks)).toEqual(counted(100_000));
      peer.connection.written(concat(chunks).length);
      expect(delivery.memory).toEqual([]);
    }
  });

  it('is not written again where its delivery is taken back', () => {
    const { peer, link } = sending(40_000, { highWaterMark: 50_000 });
    const delivery = new Lent();
    link.send(delivery, counted(300_000), 0, 300_000, { lasting: true });
    expect(link.cancel(delivery)).toBe(true);
    const first = chunksOf(peer);
    peer.connection.written(concat(first).length);
    const last = units(concat(chunksOf(peer)));
    expect(last.map(({ body }) => body?.type === 'transfer' && body.aborted)).toEqual([true]);
    expect(delivery.memory).toEqual([]);
  });
});
