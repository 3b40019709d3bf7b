import { describe, expect, it } from 'vitest';
import { Reader, blockOf } from '../../src/codec/index.ts';
import { readPerformative, type Performative, type PerformativeInit } from '../../src/definitions/index.ts';
import { routePerformative, type FrameTarget } from '../../src/engine/frame-dispatcher.ts';
import { amqpHeader, frame, hex } from './support/frames.ts';
import { RawPeer, attach, begin, flow, open, transfer } from './support/raw-peer.ts';

const target: FrameTarget = {
  sessionOf: () => undefined,
  receiveOpen: () => undefined,
  receiveBegin: () => undefined,
  receiveEnd: () => undefined,
  receiveClose: () => undefined,
};

const disposition: PerformativeInit = { type: 'disposition', role: true, first: 0 };

const performativeOf = (bytes: Uint8Array): Performative => readPerformative(new Reader(blockOf(bytes), 8));

describe('the dispatcher', () => {
  it('has one way for each performative', () => {
    const peer = new RawPeer().opened(begin(), attach(), flow());
    expect(peer.connection.ended).toBeUndefined();
    for (const often of [flow(), transfer(0), disposition]) {
      const body = performativeOf(frame(often));
      expect(() => routePerformative(target, 0, body)).toThrow(expect.objectContaining({ code: 'internal' }));
    }
  });

  it('[C-29] finds no session for a channel that none was begun on', () => {
    const performatives: PerformativeInit[] = [
      attach(),
      { type: 'detach', handle: 0 },
      { type: 'end' },
      { type: 'disposition', role: true, first: 0 },
      transfer(0),
      flow(),
    ];
    for (const performative of performatives) {
      const peer = new RawPeer().opened(begin()).bytes(frame(performative, 1));
      expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'close amqp:not-allowed']);
    }
  });

  it('[F-08] takes descriptors in every form', () => {
    // begin with the descriptor as a symbol, and with eight octets
    const symbol = `a3 0f ${Buffer.from('amqp:begin:list').toString('hex')}`;
    for (const descriptor of [symbol, '80 0000000000000011']) {
      const body = hex(`00 ${descriptor} c0 07 04 40 43 52 64 52 64`);
      const bytes = new Uint8Array(8 + body.length);
      bytes.set([0, 0, 0, bytes.length, 2, 0, 0, 0]);
      bytes.set(body, 8);
      const peer = new RawPeer().bytes(amqpHeader).send(open).bytes(bytes);
      expect(peer.said()).toEqual(['header 0', 'open', 'begin']);
    }
  });

  it('[F-07] takes no payload but that of a transfer', () => {
    for (const body of ['005313c00b0443520a43520a40404040 01', '005315c00541434340 4001', '005316c003024341 01']) {
      const octets = hex(body);
      const bytes = new Uint8Array(8 + octets.length);
      bytes.set([0, 0, 0, bytes.length, 2, 0, 0, 0]);
      bytes.set(octets, 8);
      const peer = new RawPeer().opened(begin(), attach()).bytes(bytes);
      expect(peer.said().at(-1)).toBe('close amqp:decode-error');
    }
  });
});
