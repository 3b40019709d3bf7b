import { describe, expect, it } from 'vitest';
import { blockOf, decode, Described, symbol, ubyte, uint, ulong, AmqpMap, encode } from '../../src/codec/index.ts';
import { encodeMessageBytes, splitSections, type MessageFields } from '../../src/message/index.ts';
import { StoredMessage } from '../../src/broker/stored-message.ts';
import { outgoing, stored } from './support/fake-consumer.ts';

const bytesOf = (message: StoredMessage, now = 0): Uint8Array => {
  const { bytes, start, end } = message.payload(now);
  return bytes.slice(start, end);
};

/** The octets from the properties to the end. */
function bare(bytes: Uint8Array): Uint8Array {
  return bytes.slice(splitSections(blockOf(bytes), 0, bytes.length).messageAnnotationsEnd);
}

const full: MessageFields = {
  header: { durable: true, priority: 7, firstAcquirer: true, deliveryCount: 2 },
  messageAnnotations: { 'x-a': ubyte(5), 'x-b': 'b' },
  properties: { messageId: 7n, to: 'orders', subject: 's' },
  applicationProperties: { p: 1 },
  body: { kind: 'data', data: [new Uint8Array([1]), new Uint8Array([2])] },
  footer: { 'x-f': 1 },
};

describe('a message in a node', () => {
  it('[M-04] goes out byte for byte as it came, without a copy', () => {
    const bytes = encodeMessageBytes(full);
    const message = new StoredMessage(blockOf(bytes), 0, bytes.length, 0, 0);
    const payload = message.payload(0);
    expect(payload.bytes).toBe(bytes);
    expect([payload.start, payload.end]).toEqual([0, bytes.length]);
  });

  it('[M-04] keeps the bare message and footer when its header changes', () => {
    const message = stored(full);
    message.acquire();
    message.fail();
    const bytes = bytesOf(message);
    expect(bare(bytes)).toEqual(bare(encodeMessageBytes(full)));
    expect(outgoing(message).header).toMatchObject({ durable: true, priority: 7, deliveryCount: 3 });
    expect(outgoing(message).messageAnnotations).toEqual({ 'x-a': 5, 'x-b': 'b' });
  });

  it('[M-09] is for the first acquirer only once', () => {
    const message = stored(full);
    expect(outgoing(message).header.firstAcquirer).toBe(true);
    message.acquire();
    expect(outgoing(message).header).toMatchObject({ firstAcquirer: false, deliveryCount: 2 });
  });

  it('[M-05] [M-10] gets a header where it had none, once it has failed', () => {
    const message = stored('x');
    message.acquire();
    expect(bytesOf(message)).toEqual(encodeMessageBytes('x'));
    message.fail();
    expect(outgoing(message).header).toMatchObject({ deliveryCount: 1, durable: false, priority: 4 });
  });

  it('[M-08] goes out with the time to live that is left', () => {
    const message = stored({ body: 1, header: { ttl: 1000 } }, 500);
    expect(outgoing(message, 500).header.ttl).toBe(1000);
    expect(outgoing(message, 800.5).header.ttl).toBe(700);
    expect(outgoing(message, 5000).header.ttl).toBe(0);
    expect([message.expired(1499), message.expired(1500)]).toEqual([false, true]);
  });

  it('does not count failures beyond what a uint holds', () => {
    const message = stored({ body: 1, header: { deliveryCount: 0xffff_ffff } });
    message.fail();
    expect(outgoing(message).header.deliveryCount).toBe(0xffff_ffff);
  });

  it('[M-13] leaves out annotations that were for the hop to us', () => {
    const message = stored({ ...full, deliveryAnnotations: { 'x-hop': 1 } });
    expect(bytesOf(message)).toEqual(encodeMessageBytes(full));
  });

  it('[D-16] merges annotations by key and keeps the types of the others', () => {
    const message = stored({ body: 1, messageAnnotations: { 'x-a': ubyte(5), 'x-b': uint(6), 'x-c': 'c' } });
    message.annotate({ 'x-b': 'new', 'x-d': null });
    message.annotate({ 'x-d': 'last' });
    const bytes = bytesOf(message);
    const { deliveryAnnotationsEnd, messageAnnotationsEnd } = splitSections(blockOf(bytes), 0, bytes.length);
    const section = decode(bytes.subarray(deliveryAnnotationsEnd, messageAnnotationsEnd), { typed: true });
    const entries: [unknown, unknown][] = [
      [symbol('x-a'), ubyte(5)],
      [symbol('x-b'), 'new'],
      [symbol('x-c'), 'c'],
      [symbol('x-d'), 'last'],
    ];
    expect(encode(section)).toEqual(encode(new Described(ulong(0x72), new AmqpMap(entries))));
  });

  it('gets annotations where it had none', () => {
    const message = stored('x');
    message.annotate({ 'x-new': 1 });
    expect(outgoing(message).messageAnnotations).toEqual({ 'x-new': 1 });
    expect(outgoing(message).value).toBe('x');
  });

  it('stays as it came where its annotations are no map', () => {
    const bytes = Uint8Array.of(0x00, 0x53, 0x72, 0x45, 0x00, 0x53, 0x77, 0x41);
    const message = new StoredMessage(blockOf(bytes), 0, bytes.length, 0, 0);
    message.annotate({ 'x-new': 1 });
    expect(bytesOf(message)).toEqual(bytes);
  });

  it('[X-16] is opaque in another format', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const message = new StoredMessage(blockOf(bytes), 0, 3, 5, 0);
    message.fail();
    message.annotate({ 'x-new': 1 });
    expect(bytesOf(message)).toEqual(bytes);
    expect(message.deliveryCount).toBe(1);
    expect(() => message.to).toThrow(/message-format 5/);
  });

  it('[M-01] is refused where its sections are out of order', () => {
    const bytes = Uint8Array.of(0x00, 0x53, 0x77, 0x41, 0x00, 0x53, 0x70, 0x45);
    expect(() => new StoredMessage(blockOf(bytes), 0, bytes.length, 0, 0)).toThrow(/out of order/);
  });

  it('says in a dead-letter queue why it is there, shortly where there is little to say', () => {
    const message = stored('x');
    message.reject({ type: 'error', condition: 'amqp:not-allowed', description: undefined, info: undefined });
    const { rejected } = outgoing(message).deliveryAnnotations;
    expect(JSON.parse(JSON.stringify(rejected))).toEqual({ descriptor: '29', value: ['amqp:not-allowed'] });
  });
});
