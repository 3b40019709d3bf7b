import { describe, expect, it } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { connect, type Sender } from '../../src/client/index.ts';
import { giveBackEncoder, isLarge, keepEncoder, lendEncoder, takeEncoder } from '../../src/client/payload-memory.ts';
import { Writer } from '../../src/codec/index.ts';

const MIB = 1_048_576;

/** Takes what is spare, so that a test begins with nothing. */
function takeAll(): void {
  while (takeEncoder().bytes.length > 1024);
  takeEncoder();
}

describe('the memory of encoders', () => {
  it('is kept for later messages, 16 MiB of it', () => {
    takeAll();
    const encoders = Array.from({ length: 20 }, () => new Writer(MIB));
    for (const encoder of encoders) keepEncoder(encoder);
    const again = Array.from({ length: 20 }, () => takeEncoder());
    expect(again.filter((encoder) => encoders.includes(encoder))).toHaveLength(16);
    expect(again.at(-1)?.bytes).toHaveLength(1024);
    // None was counted twice.
    for (const encoder of encoders) keepEncoder(encoder);
    expect(takeEncoder().bytes).toHaveLength(MIB);
    takeAll();
  });

  it('is one of 64 KiB at most for messages that are not large', () => {
    takeAll();
    const encoders = [new Writer(65_536), new Writer(100)];
    for (const encoder of encoders) keepEncoder(encoder);
    const [first, second] = [takeEncoder(), takeEncoder()];
    expect(first).toBe(encoders[1]);
    expect(encoders).not.toContain(second);
  });

  it('is lent only for messages that fill a quarter of it', () => {
    const encoder = new Writer(400_000);
    const large = [65_536, 65_537, 99_999, 100_000, 400_000].map((size) => {
      encoder.position = size;
      return isLarge(encoder);
    });
    expect(large).toEqual([false, false, false, true, true]);
    const smaller = new Writer(100_000);
    smaller.reserve(65_537);
    expect(isLarge(smaller)).toBe(true);
  });

  it('comes back when its message has left, once, and only where it was lent', () => {
    takeAll();
    const encoder = new Writer(MIB);
    encoder.reserve(100);
    giveBackEncoder(encoder.bytes);
    expect(takeEncoder()).not.toBe(encoder);
    lendEncoder(encoder);
    giveBackEncoder(encoder.bytes);
    giveBackEncoder(encoder.bytes);
    expect(takeEncoder()).toBe(encoder);
    expect(encoder.position).toBe(0);
    expect(takeEncoder()).not.toBe(encoder);
  });
});

describe('large messages', () => {
  /** A body that no other message of a test has. */
  const bodyOf = (index: number, size: number): Uint8Array =>
    new Uint8Array(size).fill(index).map((octet, at) => octet + (at >> 8));

  async function exchange(sizes: readonly number[], send: (sender: Sender, body: Uint8Array) => Promise<unknown>) {
    await using broker = await startBroker();
    await using connection = await connect(broker.url);
    const sender = await connection.createSender('large');
    const receiver = await connection.createReceiver('large');
    const sends = sizes.map(async (size, index) => {
      const body = bodyOf(index, size);
      const sent = send(sender, body);
      // The message is the caller's again.
      body.fill(0);
      await sent;
    });
    for (const [index, size] of sizes.entries()) {
      const delivery = await receiver.receive();
      expect(Buffer.compare(delivery.message.bytes(), bodyOf(index, size))).toBe(0);
      await delivery.accept();
    }
    await Promise.all(sends);
  }

  it('arrive as they were when send() was called, however many are under way', async () => {
    const sizes = [70_000, 10, 65_536, 65_537, 300_000, 1, 2_000_000, 66_000, 5000, 9_000_000, 100_000];
    await exchange([...sizes, ...sizes, ...sizes], (sender, body) => sender.send(body));
  });

  it('use the memory of those that have left', async () => {
    takeAll();
    await exchange([MIB], (sender, body) => sender.send(body));
    const encoder = takeEncoder();
    expect(encoder.bytes.length).toBeGreaterThan(MIB);
    keepEncoder(encoder);
    await exchange([MIB, 100_000], (sender, body) => sender.sendWithReceipt(body));
    expect([takeEncoder() === encoder, takeEncoder() === encoder].filter(Boolean)).toHaveLength(1);
    takeAll();
  });
});
