import { describe, expect, it } from 'vitest';
import { Connection } from '../../src/engine/index.ts';
import { amqpHeader, brief, frame, heartbeat, hex } from './support/frames.ts';
import { ConnectionLog, LinkLog, SessionLog, Sent } from './support/hosts.ts';
import { Pair } from './support/pair.ts';
import { RawPeer, attach, begin, open, transfer } from './support/raw-peer.ts';

describe('opening', () => {
  it('[H-02] [C-07] a client speaks at once, and its open does not wait for the header of the peer', () => {
    const peer = new RawPeer({ role: 'client', hostname: 'host', idleTimeout: 1001 });
    const [header, first] = peer.units();
    expect(header?.type).toBe('header 0');
    expect(first?.body).toMatchObject({ type: 'open', containerId: 'engine', hostname: 'host', idleTimeOut: 501 });
    expect(first?.size).toBeLessThanOrEqual(512);
    expect(peer.log.wakes).toBe(1);
  });

  it('[C-01] tells both sides of the open of the other', () => {
    const pair = new Pair({ client: { channelMax: 7 }, server: { idleTimeout: 0 } });
    pair.pump();
    expect(pair.client.log.events).toMatchObject([{ type: 'opened', remote: { containerId: 'server' } }]);
    expect(pair.server.log.events).toMatchObject([
      { type: 'opened', remote: { containerId: 'client', channelMax: 7 } },
    ]);
    expect(pair.client.log.events).toMatchObject([{ remote: { idleTimeOut: undefined } }]);
    expect(pair.client.connection.state).toBe('opened');
  });

  it('refuses options whose open no peer would take', () => {
    const make = (): Connection =>
      new Connection({ role: 'client', containerId: 'x'.repeat(600) }, new ConnectionLog());
    expect(make).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  it('refuses options with which it could not refuse a peer', () => {
    const make = (length: number): Connection =>
      new Connection({ role: 'server', containerId: 'x'.repeat(length) }, new ConnectionLog());
    expect(() => make(440)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    const longest = make(420);
    longest.start(0);
    longest.receive(Uint8Array.of(...amqpHeader, 0, 0, 0, 12, 2, 0, 0, 0, 1, 2, 3, 4), 0);
    expect(longest.ended?.error.code).toBe('protocol-error');
  });

  it('[F-14] refuses a max-frame-size below 512', () => {
    const peer = new RawPeer({ role: 'client' });
    peer.said();
    peer.bytes(amqpHeader).send({ ...open, maxFrameSize: 511 });
    expect(peer.said()).toEqual(['close amqp:connection:framing-error']);
    expect(peer.connection.ended?.error.code).toBe('framing-error');
    const server = new RawPeer();
    server.bytes(amqpHeader).send({ ...open, maxFrameSize: 0 });
    const units = server.units();
    expect(units.map(brief)).toEqual(['header 0', 'open', 'close amqp:connection:framing-error']);
    // [C-15] an open that only announces the refusal
    expect(units[1]?.body).toMatchObject({ properties: { 'amqp:connection-establishment-failed': true } });
  });

  it('[C-21] refuses an idle-time-out that cannot be honoured', () => {
    const peer = new RawPeer();
    peer.bytes(amqpHeader).send({ ...open, idleTimeOut: 9 });
    expect(peer.said()).toEqual(['header 0', 'open', 'close amqp:not-allowed']);
    expect(
      new RawPeer()
        .bytes(amqpHeader)
        .send({ ...open, idleTimeOut: 10 })
        .said(),
    ).toEqual(['header 0', 'open']);
  });

  it('[C-15] does not report an open that announces a refusal', () => {
    const peer = new RawPeer({ role: 'client' });
    peer
      .bytes(amqpHeader)
      .send(
        { ...open, properties: { 'amqp:connection-establishment-failed': true } },
        { type: 'close', error: { condition: 'amqp:not-found', description: 'no such host', info: { a: 1 } } },
      );
    expect(peer.log.types).toEqual(['ended']);
    expect(peer.connection.ended).toMatchObject({
      by: 'peer',
      clean: false,
      error: { code: 'connection-closed-by-peer', condition: 'amqp:not-found' },
    });
    expect(peer.said()).toEqual(['header 0', 'open', 'close']);
  });

  it('[C-14] says nothing before its open, and no close without one', () => {
    const peer = new RawPeer();
    peer.bytes(amqpHeader).send({ type: 'close' });
    expect(peer.said()).toEqual(['header 0', 'open', 'close amqp:not-allowed']);
    const client = new RawPeer({ role: 'client' });
    client.bytes(amqpHeader).send({ type: 'close' });
    expect(client.said()).toEqual(['header 0', 'open', 'close amqp:not-allowed']);
  });

  it('[F-09] ignores heartbeats on any channel', () => {
    const peer = new RawPeer().opened();
    peer.bytes(heartbeat, hex('00000008 02000005'));
    expect(peer.said()).toEqual(['header 0', 'open']);
  });

  it('[F-04] skips an extended header', () => {
    const body = frame(open).slice(8);
    for (const doff of [3, 255]) {
      const bytes = new Uint8Array(doff * 4 + body.length).fill(0xee);
      new DataView(bytes.buffer).setUint32(0, bytes.length);
      bytes.set([doff, 0, 0, 0], 4);
      bytes.set(body, doff * 4);
      expect(new RawPeer().bytes(amqpHeader, bytes).log.types).toEqual(['opened']);
    }
  });

  it('[F-08] refuses what is no performative', () => {
    for (const body of ['00531d45', '4541', '00805300']) {
      const size = (8 + body.length / 2).toString(16).padStart(8, '0');
      const peer = new RawPeer().opened();
      peer.bytes(hex(`${size} 02000000 ${body}`));
      expect(peer.said()).toEqual(['header 0', 'open', 'close amqp:decode-error']);
    }
  });

  it('refuses an open that is a map or a number', () => {
    for (const body of ['005310c10702a10163a10164', '0053105401']) {
      const peer = new RawPeer().bytes(amqpHeader);
      const size = (8 + body.length / 2).toString(16).padStart(8, '0');
      peer.bytes(hex(`${size} 02000000 ${body}`));
      expect(peer.said()).toEqual(['header 0', 'open', 'close amqp:decode-error']);
    }
  });

  it('[F-12] [F-13] takes frames up to the size that it announced', () => {
    const padded = (size: number): Uint8Array => {
      const bytes = new Uint8Array(size);
      new DataView(bytes.buffer).setUint32(0, size);
      bytes.set([size / 4, 0, 0, 0], 4);
      return bytes;
    };
    const peer = new RawPeer({ maxFrameSize: 512 }).opened();
    peer.bytes(padded(512));
    expect(peer.connection.ended).toBeUndefined();
    peer.bytes(padded(516).slice(0, 5));
    expect(peer.said()).toEqual(['header 0', 'open', 'close amqp:connection:framing-error']);
    expect(peer.connection.ended?.error).toMatchObject({ code: 'frame-too-large' });
    // What follows is not read any more: nobody knows where a frame begins.
    peer.bytes(frame({ type: 'close' }));
    expect(peer.connection.finished).toBe(false);
  });
});

describe('closing', () => {
  it('[C-09] [C-10] waits for the answer', () => {
    const pair = new Pair();
    pair.pump();
    pair.client.connection.close();
    pair.client.connection.close();
    expect(pair.client.log.types).toEqual(['opened']);
    pair.pump();
    expect(pair.client.connection.ended).toMatchObject({
      by: 'local',
      clean: true,
      error: { code: 'connection-closed' },
    });
    expect(pair.server.connection.ended).toMatchObject({ by: 'peer', clean: true });
    expect(pair.client.connection.finished && pair.server.connection.finished).toBe(true);
    expect(pair.client.units.filter(({ type }) => type === 'close')).toHaveLength(1);
    expect(pair.client.connection.deadline()).toBeUndefined();
  });

  it('[C-12] takes a close that crosses its own as the answer', () => {
    const pair = new Pair();
    pair.pump();
    pair.client.connection.close();
    pair.server.connection.close();
    pair.pump();
    for (const { connection, log, units } of [pair.client, pair.server]) {
      expect(connection.ended).toMatchObject({ by: 'local', clean: true });
      expect(log.types).toEqual(['opened', 'ended']);
      expect(units.filter(({ type }) => type === 'close')).toHaveLength(1);
    }
  });

  it('[C-07] may close before the peer has answered', () => {
    const pair = new Pair();
    pair.client.connection.close();
    pair.pump();
    expect(pair.client.connection.finished).toBe(true);
    expect(pair.client.log.types).toEqual(['ended']);
    expect(pair.server.connection.ended).toMatchObject({ by: 'peer', clean: true });
  });

  it('closes without a word where nothing was said', () => {
    const server = new RawPeer();
    server.connection.close();
    expect(server.said()).toEqual([]);
    expect(server.log.types).toEqual(['ended']);
    expect(server.connection.finished).toBe(true);
    server.bytes(amqpHeader);
    expect(server.said()).toEqual([]);
  });

  it('[C-13] hears nothing but the close after an error of its own', () => {
    const peer = new RawPeer().opened(begin());
    peer.connection.close({ condition: 'amqp:connection:forced', description: 'going down' });
    peer.send(begin(), attach(), open, { type: 'end' });
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'close amqp:connection:forced']);
    peer.send({ type: 'close' });
    expect(peer.connection.finished).toBe(true);
  });

  it('[C-08] writes nothing after its close', () => {
    const pair = new Pair();
    const { session, sender, receiver } = pair.sender({}, 10);
    const idle = pair.session();
    pair.client.connection.close();
    const after = pair.client.connection.buffered;
    sender.detach({ closed: true });
    session.end();
    for (const late of [
      () => sender.send(new Sent(), Uint8Array.of(1)),
      () => session.attachSender('late', {}, new LinkLog()),
      () => idle.session.attachReceiver('late', {}, new LinkLog()),
      () => pair.client.connection.createSession({}, new SessionLog()),
    ])
      expect(late).toThrow(expect.objectContaining({ code: 'connection-closed' }));
    expect(pair.client.connection.buffered).toBe(after);
    receiver.grant(5);
    pair.pump();
    expect(pair.client.units.at(-1)?.type).toBe('close');
    expect(() => pair.client.connection.createSession({}, new SessionLog())).toThrow('closed');
  });

  it('[C-11] takes a close on another channel', () => {
    const peer = new RawPeer().opened();
    peer.bytes(frame({ type: 'close' }, 3));
    expect(peer.said()).toEqual(['header 0', 'open', 'close']);
    expect(peer.connection.ended).toMatchObject({ by: 'peer', clean: true });
  });

  it('tells what the peer said', () => {
    const told = (error: { condition: string; description?: string }): unknown => {
      const peer = new RawPeer().opened({ type: 'close', error });
      return peer.connection.ended?.error.message;
    };
    expect(told({ condition: 'x:y' })).toContain('the peer closed the connection: x:y');
    expect(told({ condition: 'x:y', description: 'why' })).toContain('x:y: why');
  });

  it('[C-16] [S-29] [X-24] ends everything where the transport ends', () => {
    for (const cause of [undefined, new Error('reset')]) {
      const pair = new Pair();
      const { session, sender, log } = pair.sender();
      pair.client.connection.transportEnded(cause);
      expect(pair.client.connection.ended).toMatchObject({
        by: 'transport',
        clean: false,
        error: { code: 'connection-lost' },
      });
      expect(pair.client.connection.ended?.error.cause).toBe(cause);
      expect(session.ended).toMatchObject({ by: 'transport' });
      expect(sender.ended).toMatchObject({ by: 'transport', closed: false });
      expect(log.types).toEqual(['attached', 'ended']);
      expect(pair.client.connection.transmit()).toBeUndefined();
      pair.client.connection.transportEnded();
      expect(pair.client.log.types).toEqual(['opened', 'ended']);
    }
  });

  it('writes no close, and waits for none, when the transport has ended', () => {
    const pair = new Pair();
    pair.pump();
    const { connection } = pair.client;
    connection.transportEnded();
    connection.close();
    expect(connection.transmit()).toBeUndefined();
    expect([connection.buffered, connection.deadline()]).toEqual([0, undefined]);
  });

  it('tells where the transport ends before its close is answered: what was sent before it is in doubt', () => {
    const pair = new Pair();
    pair.pump();
    pair.client.connection.close();
    pair.client.connection.transportEnded();
    const { ended } = pair.client.connection;
    expect(ended).toMatchObject({ by: 'local', clean: false, error: { code: 'connection-lost' } });
    expect(ended?.error.message).toContain('before the peer answered our close');
  });
});

describe('the clock', () => {
  it('[H-11] bounds the handshake', () => {
    const missing = (peer: RawPeer): string | undefined => {
      expect(peer.connection.deadline()).toBe(30_000);
      peer.connection.tick(29_999);
      expect(peer.connection.ended).toBeUndefined();
      peer.connection.tick(30_000);
      expect(peer.connection.finished).toBe(true);
      expect(peer.connection.ended?.error.code).toBe('connect-timeout');
      return peer.connection.ended?.error.message;
    };
    expect(missing(new RawPeer({ role: 'client' }))).toContain('its protocol header is missing');
    expect(missing(new RawPeer({ role: 'client' }).bytes(amqpHeader))).toContain('its open is missing');
  });

  it('[C-10] bounds the wait for the answer to a close', () => {
    const peer = new RawPeer({ closeTimeout: 500 }).opened();
    peer.connection.close();
    expect(peer.connection.deadline()).toBe(0);
    peer.connection.tick(60_000);
    expect(peer.connection.deadline()).toBe(60_500);
    peer.connection.tick(60_500);
    expect(peer.connection.finished).toBe(true);
    expect(peer.log.types).toEqual(['opened', 'ended']);
  });

  it('[C-20] closes where the peer is silent', () => {
    const peer = new RawPeer({ idleTimeout: 1000 });
    peer.bytes(amqpHeader).send({ ...open, idleTimeOut: 0 });
    peer.said();
    for (const now of [500, 1000, 1500]) peer.connection.tick(now);
    expect(peer.connection.ended?.error).toMatchObject({ code: 'idle-timeout', retryable: true });
    expect(peer.said()).toEqual(['close amqp:resource-limit-exceeded']);
  });

  it('[C-19] [C-22] sends heartbeats between its open and its close', () => {
    const peer = new RawPeer({ idleTimeout: 0 });
    peer.bytes(amqpHeader).send({ ...open, idleTimeOut: 1000 });
    peer.said();
    peer.connection.tick(250);
    peer.connection.tick(500);
    expect(peer.said()).toEqual(['heartbeat']);
    peer.connection.close();
    peer.connection.tick(750);
    expect(peer.connection.deadline()).toBe(10_750);
    expect(peer.said()).toEqual(['close']);
  });
});

describe('the trace', () => {
  it('sees each frame in and out', () => {
    const seen: string[] = [];
    const peer = new RawPeer({
      trace: (direction, channel, type, body) => seen.push(`${direction} ${channel} ${type} ${body.length}`),
    });
    peer.opened(begin()).bytes(heartbeat);
    expect(seen[0]).toBe(`in 0 0 ${frame(open).length - 8}`);
    expect(seen[1]).toMatch(/^out 0 0 \d+$/);
    expect(seen.at(-1)).toBe('in 0 0 0');
  });
});

describe('an error of our own', () => {
  it('that is thrown in the middle of a frame ends the connection', () => {
    const peer = new RawPeer();
    peer.credit = 1;
    peer.opened(begin(), attach());
    peer.link.log.createDelivery = () => {
      throw new Error('host é');
    };
    peer.said();
    peer.transfer(transfer(0));
    const [close] = peer.units();
    expect(close?.body).toMatchObject({
      type: 'close',
      error: { condition: 'amqp:internal-error', description: 'internal error: Error: host ?' },
    });
    expect(peer.connection.ended?.error.code).toBe('internal');
  });
});
