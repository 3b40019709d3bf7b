import { describe, expect, it } from 'vitest';
import { LinkLog, Sent, SessionLog, drainOutput } from './support/hosts.ts';
import { amqpHeader, concat, frame, hex } from './support/frames.ts';
import { Pair, type End } from './support/pair.ts';
import { RawPeer, attach, begin, open, transfer } from './support/raw-peer.ts';

const roles = ['client', 'server'] as const;

/** A frame of `size` octets whose header says what it is told to. */
function framed(size: number, dataOffset: number, type = 0): Uint8Array {
  const octets = new Uint8Array(Math.max(8, size));
  new DataView(octets.buffer).setUint32(0, size);
  octets.set([dataOffset, type], 4);
  return octets;
}

/** What the engine says, once both sides are open, to these octets. */
function answer(role: 'client' | 'server', octets: Uint8Array): string[] {
  const peer = new RawPeer({ role }).opened();
  peer.said();
  return peer.bytes(octets, frame(begin())).said();
}

const refused = ['close amqp:connection:framing-error'];

describe('a frame that comes', () => {
  it('[F-01] [F-06] is cut by its size; behind type, channel and an extended header lies its body', () => {
    const seen: string[] = [];
    const trace = (direction: string, channel: number, type: number, body: Uint8Array): void => {
      if (direction === 'in') seen.push(`${channel} ${type} ${Buffer.from(body).toString('hex')}`);
    };
    const body = '005311c00704404352645264';
    const peer = new RawPeer({ trace });
    peer.credit = 1;
    peer.opened().bytes(hex(`00000018 03000102 deadbeef ${body}`));
    expect(seen.at(-1)).toBe(`258 0 ${body}`);
    peer.bytes(frame(attach(), 258)).bytes(frame(transfer(0), 258, hex('00537741')));
    expect(peer.link.log.payloads).toEqual([[0x00, 0x53, 0x77, 0x41]]);
    expect(seen).toHaveLength(4);
    expect(seen.at(-1)).toMatch(/^258 0 005314c0.*00537741$/);
  });

  it.each(roles)('[F-02] has 8 octets or more (%s)', (role) => {
    for (const size of [0, 1, 4, 7])
      for (const dataOffset of [0, 1, 2, 3]) expect(answer(role, framed(size, dataOffset))).toEqual(refused);
  });

  it.each(roles)('[F-03] has its body behind its header, and not behind its end (%s)', (role) => {
    for (const dataOffset of [0, 1, 4, 255]) expect(answer(role, framed(12, dataOffset))).toEqual(refused);
    expect(answer(role, framed(12, 3))).not.toEqual(refused);
  });

  it.each(roles)('[F-05] is of type 0 once AMQP is agreed on (%s)', (role) => {
    for (const type of [1, 2, 255]) expect(answer(role, framed(8, 2, type))).toEqual(refused);
  });

  it.each(roles)('[C-05] is on no channel above the channel-max that we announced (%s)', (role) => {
    const said = (channel: number): string[] => {
      const peer = new RawPeer({ role, channelMax: 5 }).opened();
      peer.said();
      return peer.bytes(frame({ type: 'end' }, channel)).said();
    };
    expect(said(6)).toEqual(refused);
    expect(said(65_535)).toEqual(refused);
    expect(said(5)).toEqual(['close amqp:not-allowed']);
  });
});

describe('frames that come in one read', () => {
  it.each(roles)('[F-19] are handled in order, and nothing behind a close (%s)', (role) => {
    const seen: unknown[] = [];
    const trace = (direction: string, _channel: number, _type: number, body: Uint8Array): void => {
      if (direction === 'in') seen.push(body[2]);
    };
    const peer = new RawPeer({ role, trace }).opened();
    peer.said();
    peer.bytes(frame(begin()), frame(attach()), frame({ type: 'close' }), frame(begin(), 1), framed(0, 0));
    // open, begin, attach, close
    expect(seen).toEqual([0x10, 0x11, 0x12, 0x18]);
    expect(peer.said()).toEqual(['close']);
    expect(peer.log.types).toEqual(['opened', 'ended']);
    expect(peer.connection.ended).toMatchObject({ by: 'peer', clean: true });
  });
});

describe('a frame that leaves', () => {
  it('[F-01] [F-06] tells its size and channel, and has no extended header', () => {
    const pair = new Pair();
    pair.session();
    pair.session();
    const octets = concat(pair.client.written).slice(8);
    const view = new DataView(octets.buffer);
    const headers: unknown[] = [];
    for (let at = 0; at < octets.length; at += view.getUint32(at))
      headers.push([view.getUint16(at + 4).toString(16), view.getUint16(at + 6)]);
    expect(headers).toEqual([['200', 0], ['200', 0], ['200', 1]]); // prettier-ignore
  });

  it('[F-10] [C-07] has 512 octets at most before the open of the peer has come', () => {
    const peer = new RawPeer({ role: 'client' });
    const session = peer.connection.createSession({}, new SessionLog());
    const long = { source: {}, target: { address: 'a'.repeat(600) } };
    expect(() => session.attachSender('long', long, new LinkLog())).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
    session.attachSender('short', { source: {}, target: { address: 'a' } }, new LinkLog());
    const early = peer.units();
    expect(early.map(({ type }) => type)).toEqual(['header 0', 'open', 'begin', 'attach']);
    expect(Math.max(...early.map(({ size }) => size))).toBeLessThanOrEqual(512);
    peer.bytes(amqpHeader).send(open, begin({ remoteChannel: 0 }));
    session.attachSender('long', long, new LinkLog());
    expect(peer.units().map(({ size }) => size > 512)).toEqual([true]);
  });

  it('[C-07] is understood by a server that has not spoken yet', () => {
    const server = new RawPeer();
    server.bytes(amqpHeader, frame(open), frame(begin()), frame(attach({ role: true })));
    expect(server.said()).toEqual(['header 0', 'open', 'begin', 'attach']);
  });
});

describe('the limits of a connection', () => {
  it('[C-03] are those of each direction: what the peer takes when sending, our own when receiving', () => {
    const pair = new Pair({ client: { maxFrameSize: 700 }, server: { maxFrameSize: 2000 } });
    const there = pair.sender({}, 10);
    const back = pair.receiver({}, 10);
    there.sender.send(new Sent(), new Uint8Array(5000));
    back.sender.send(new Sent(), new Uint8Array(5000));
    pair.pump();
    const largest = ({ units }: End): number => Math.max(...units.map(({ size }) => size));
    expect([largest(pair.client), largest(pair.server)]).toEqual([2000, 700]);
    expect([there.receiverLog, back.receiverLog].map(({ payloads }) => payloads[0]?.length)).toEqual([5000, 5000]);
    const strict = new RawPeer({ maxFrameSize: 700 }).bytes(amqpHeader).send({ ...open, maxFrameSize: 2000 });
    expect(strict.bytes(framed(701, 2)).said()).toEqual(['header 0', 'open', ...refused]);
  });

  it('[C-06] are 65536 channels where the open says nothing of them', () => {
    const peer = new RawPeer().opened();
    expect(peer.connection.remote?.channelMax).toBe(65_535);
    expect(peer.connection.highestChannel).toBe(65_535);
    peer.bytes(frame(begin(), 65_535));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin']);
  });

  it.each(roles)('[F-15] are no frames of 0 octets: that is not taken for "no limit" (%s)', (role) => {
    const peer = new RawPeer({ role }).bytes(amqpHeader).send({ ...open, maxFrameSize: 0 });
    expect(peer.said()).toEqual(['header 0', 'open', ...refused]);
  });
});

describe('the octets of what leaves', () => {
  it('[C-08] [C-11] end with the close, on channel 0', () => {
    const peer = new RawPeer().opened(begin());
    peer.connection.close();
    const octets = concat(drainOutput(peer.connection));
    peer.send({ type: 'close' });
    expect(drainOutput(peer.connection)).toEqual([]);
    expect(Buffer.from(octets).toString('hex').endsWith('0000000c0200000000531845')).toBe(true);
  });
});
