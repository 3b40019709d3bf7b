import { describe, expect, it } from 'vitest';
import { connect, type Connection } from '../../src/client/index.ts';
import {
  FakeClock,
  readFrame,
  ScriptedPeer,
  WireReader,
  writeFrame,
  writeWire,
  type Wire,
} from '../../src/testing/index.ts';
import vectors from '../data/vectors.json' with { type: 'json' };

const open = (peer: ScriptedPeer): Promise<Connection> => connect('amqp://peer', { transport: () => peer.transport });
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('the scripted peer', () => {
  it('behaves as a server until it is told not to', async () => {
    const peer = new ScriptedPeer();
    const connection = await open(peer);
    const sender = await connection.createSender('q');
    await sender.send('one');
    await sender.close();
    await connection.close();
    expect(peer.frames.map(({ is }) => is)).toEqual([
      'header',
      'sasl-init',
      'header',
      'open',
      'begin',
      'attach',
      'transfer',
      'detach',
      'end',
      'close',
    ]);
    expect(peer.framesOf('transfer')[0]?.fields).toMatchObject({ handle: 0, 'delivery-id': 0 });
    expect(Buffer.from(peer.framesOf('transfer')[0]?.payload ?? []).toString('hex')).toBe('005377a1036f6e65');
  });

  it('[F-18] sends in pieces of one octet', async () => {
    const peer = new ScriptedPeer();
    peer.chunkSize = 1;
    const connection = await open(peer);
    const sender = await connection.createSender('q');
    await sender.send('one');
    await connection.close();
    expect((await connection.closed).by).toBe('local');
  });

  it('lets a handler replace one answer', async () => {
    const peer = new ScriptedPeer();
    peer.on('attach', (frame) => {
      peer.default(frame);
      const error = { is: 'error', condition: 'amqp:resource-deleted', description: 'gone' };
      peer.send({ is: 'detach', handle: 0, closed: true, error }, undefined, frame.channel);
    });
    const connection = await open(peer);
    const sender = await connection.createSender('q');
    expect(await sender.closed).toMatchObject({ by: 'peer', error: { condition: 'amqp:resource-deleted' } });
    await connection.close();
  });

  it('delivers messages and sees how they are settled', async () => {
    const peer = new ScriptedPeer();
    peer.on('flow', ({ channel }) => {
      const transfer = { is: 'transfer', handle: 0, 'delivery-id': 0, 'delivery-tag': new Uint8Array([7]) };
      peer.send(transfer, bytesOf('005377a10568656c6c6f'), channel);
    });
    const connection = await open(peer);
    const receiver = await connection.createReceiver('q');
    const delivery = await receiver.receive({ timeout: 1000 });
    expect(delivery.message.text()).toBe('hello');
    await delivery.reject({ condition: 'test:no' });
    await connection.close();
    expect(peer.framesOf('disposition')[0]?.fields).toMatchObject({
      first: 0,
      settled: true,
      state: { is: 'rejected', error: { condition: 'test:no' } },
    });
  });
});

describe('the codec of the scripted peer', () => {
  it('reads every frame of the vectors', () => {
    const frames = vectors.vectors.filter(({ type, hex }) => type === 'frame' && !hex.startsWith('414d5150'));
    expect(frames.length).toBeGreaterThan(80);
    for (const { hex, value } of frames) {
      const frame = readFrame(bytesOf(hex));
      expect(value).toHaveProperty('channel', frame.channel);
      expect(frame.is).not.toBe('unknown');
    }
  });

  it('reads what it writes', () => {
    const values: Wire[] = [
      { type: 'null' },
      { type: 'boolean', value: true },
      { type: 'ubyte', value: 7 },
      { type: 'ushort', value: 700 },
      { type: 'uint', value: 0xffff_fffe },
      { type: 'int', value: -2 },
      { type: 'double', value: 0.1 },
      { type: 'ulong', value: 2n ** 63n },
      { type: 'long', value: -(2n ** 63n) },
      { type: 'timestamp', value: -1n },
      { type: 'string', value: 'ü' },
      { type: 'symbol', value: 'a' },
      { type: 'binary', value: new Uint8Array([1]) },
      { type: 'list', value: [{ type: 'null' }] },
      { type: 'map', value: [{ type: 'symbol', value: 'k' }, { type: 'null' }] },
      { type: 'described', descriptor: { type: 'ulong', value: 3n }, value: { type: 'null' } },
    ];
    for (const value of values) expect(new WireReader(Uint8Array.from(writeWire(value))).read()).toEqual(value);
    expect(() => writeWire({ type: 'opaque', value: new Uint8Array(4) })).toThrow('does not write opaque');
  });

  it('writes frames of composites that no table knows', () => {
    expect(Buffer.from(writeFrame({ is: '153' }, undefined, 258)).toString('hex')).toBe(
      '0000001b0200010200800000000000000099d00000000400000000',
    );
  });
});

describe('the fake clock', () => {
  it('calls timers in the order of their times, and those that they set', () => {
    const clock = new FakeClock();
    const calls: string[] = [];
    clock.setTimer(20, () => calls.push(`late ${clock.now()}`));
    clock.setTimer(10, () => {
      calls.push(`early ${clock.now()}`);
      clock.setTimer(5, () => calls.push(`nested ${clock.now()}`));
    });
    const cancel = clock.setTimer(12, () => calls.push('cancelled'));
    cancel();
    clock.advance(15);
    expect(calls).toEqual(['early 10', 'nested 15']);
    expect(clock.pending).toBe(1);
    clock.advance(100);
    expect(calls.at(-1)).toBe('late 20');
    expect(clock.now()).toBe(115);
  });
});
