import { describe, expect, it } from 'vitest';
import { Writer } from '../../src/codec/index.ts';
import { writeDeliveryState, type DeliveryState } from '../../src/definitions/index.ts';
import { checkDelivery, checkState } from '../../src/engine/check-delivery.ts';
import { FrameWriter } from '../../src/engine/frame-writer.ts';
import { frame } from './support/frames.ts';
import { RawPeer, begin } from './support/raw-peer.ts';

const invalid = expect.objectContaining({ code: 'invalid-argument' });

describe('a frame', () => {
  it('[F-11] may be exactly as large as the peer takes, and no larger', () => {
    const size = frame(begin()).length;
    const writer = new FrameWriter(() => undefined, undefined);
    writer.setLimit(size);
    expect(writer.fits(begin())).toBe(true);
    writer.performative(0, begin());
    expect(writer.output.transmit()).toEqual(frame(begin()));
    writer.setLimit(size - 1);
    expect(writer.fits(begin())).toBe(false);
    expect(() => writer.performative(0, begin())).toThrow(invalid);
    expect(writer.output.transmit()).toBeUndefined();
  });

  it('is traced by its body alone, as it is written', () => {
    const seen: unknown[] = [];
    const writer = new FrameWriter(
      () => undefined,
      (...traced) => seen.push([...traced.slice(0, 3), Buffer.from(traced[3]).toString('hex')]),
    );
    const body = Buffer.from(frame(begin()).subarray(8)).toString('hex');
    for (const channel of [3, 4]) writer.performative(channel, begin());
    writer.heartbeat();
    expect(seen).toEqual([
      ['out', 3, 0, body],
      ['out', 4, 0, body],
      ['out', 0, 0, ''],
    ]);
  });
});

describe('an open', () => {
  it('may have exactly the 512 octets that every peer takes', () => {
    const sizeWith = (length: number): number => {
      const properties = { text: 'x'.repeat(length) };
      return new RawPeer({ role: 'client', properties }).units()[1]?.size ?? 0;
    };
    // A text of 256 octets or more has a length of four octets, so each letter adds one.
    const fitting = 300 + 512 - sizeWith(300);
    expect(sizeWith(fitting)).toBe(512);
    expect(() => sizeWith(fitting + 1)).toThrow(invalid);
  });
});

describe('a delivery state', () => {
  it('may be as large as a frame that has all else at full width', () => {
    const state: DeliveryState = {
      type: 'rejected',
      error: { type: 'error', condition: 'x:y', description: 'why', info: undefined },
    };
    const writer = new Writer();
    writeDeliveryState(writer, state);
    const least = 8 + 80 + writer.position;
    expect(() => checkState(state, least)).not.toThrow();
    expect(() => checkState(state, least - 1)).toThrow(
      `a delivery state of ${writer.position} octets does not fit a frame of ${least - 1}`,
    );
  });
});

describe('what a delivery is known by', () => {
  it('[X-03] is a tag of 32 octets at most, and a message-format of 32 bits', () => {
    for (const format of [0, 0xffff_ffff]) expect(() => checkDelivery(new Uint8Array(32), format)).not.toThrow();
    expect(() => checkDelivery(new Uint8Array(33), 0)).toThrow('a delivery-tag of 33 octets is above the 32');
    expect(() => checkDelivery(0, 2 ** 32)).toThrow('the message-format 4294967296 is no integer from 0 to 4294967295');
  });
});
