import { describe, expect, it } from 'vitest';
import { plain, SaslClient, SaslServer, serverAnonymous, serverPlain } from '../../src/sasl/index.ts';
import { amqpError } from '../../src/errors/index.ts';
import type { SaslFrame } from '../../src/definitions/index.ts';
import type { ConnectionOptions, SaslExchange, SaslExchangeHost } from '../../src/engine/index.ts';
import { amqpHeader, concat, frame, hex, saslFrame, saslHeader, units } from './support/frames.ts';
import { drainOutput } from './support/hosts.ts';
import { Pair } from './support/pair.ts';
import { RawPeer, open } from './support/raw-peer.ts';

/** A SASL exchange that does as it is told. */
class Stub implements SaslExchange {
  readonly received: SaslFrame[] = [];
  started = 0;
  readonly host: SaslExchangeHost;

  constructor(host: SaslExchangeHost) {
    this.host = host;
  }

  start(): void {
    this.started++;
  }

  receive(body: SaslFrame): void {
    this.received.push(body);
    if (body.type !== 'sasl-outcome') return;
    if (body.code === 0) this.host.done();
    else this.host.failed(amqpError('authentication-failed', 'the peer said no'));
  }
}

function stubbed(options: Partial<ConnectionOptions>): { readonly peer: RawPeer; readonly stub: Stub } {
  const stubs: Stub[] = [];
  const peer = new RawPeer({
    ...options,
    sasl: (host) => {
      const stub = new Stub(host);
      stubs.push(stub);
      return stub;
    },
  });
  const [stub] = stubs;
  if (stub === undefined) throw new Error('no exchange was made');
  return { peer, stub };
}

describe('a client with SASL', () => {
  it('[H-07] [H-08] opens the AMQP layer once SASL has succeeded', () => {
    const { peer, stub } = stubbed({ role: 'client' });
    expect(peer.said()).toEqual(['header 3']);
    peer.bytes(saslHeader);
    expect(stub.started).toBe(1);
    stub.host.send({ type: 'sasl-init', mechanism: 'X' });
    peer.bytes(saslFrame({ type: 'sasl-mechanisms', saslServerMechanisms: ['X'] }));
    expect(peer.said()).toEqual(['sasl-init']);
    peer.bytes(saslFrame({ type: 'sasl-outcome', code: 0 }), amqpHeader, frame(open));
    expect(stub.received.map(({ type }) => type)).toEqual(['sasl-mechanisms', 'sasl-outcome']);
    expect(peer.said()).toEqual(['header 0', 'open']);
    expect(peer.log.types).toEqual(['opened']);
  });

  it('ends without a word where SASL fails', () => {
    const { peer } = stubbed({ role: 'client' });
    peer.bytes(saslHeader, saslFrame({ type: 'sasl-outcome', code: 1 }), amqpHeader);
    expect(peer.said()).toEqual(['header 3']);
    expect(peer.connection.finished).toBe(true);
    expect(peer.connection.ended).toMatchObject({
      by: 'local',
      clean: false,
      error: { code: 'authentication-failed' },
    });
  });

  it('[H-11] says what it waits for', () => {
    const { peer } = stubbed({ role: 'client' });
    peer.bytes(saslHeader);
    peer.connection.tick(30_000);
    expect(peer.connection.ended?.error.message).toContain('the SASL exchange has not ended');
    const lost = stubbed({ role: 'client' }).peer;
    lost.connection.transportEnded();
    expect(lost.connection.ended?.error.message).toContain('its protocol header is missing');
  });

  it('[F-05] takes nothing but valid SASL frames within SASL', () => {
    const inputs: [Uint8Array, string][] = [
      [frame(open), 'protocol-error'],
      [hex('0000000d 02010000 0053414501'), 'protocol-error'],
      [hex('0000000c 02010000 00531045'), 'protocol-error'],
      [
        concat([saslFrame({ type: 'sasl-mechanisms', saslServerMechanisms: ['X'] }), Uint8Array.of(0, 0, 2, 1, 2)]),
        'frame-too-large',
      ],
      [hex('00000012 02010000 005340c00401a3015801'), 'protocol-error'],
    ];
    for (const [bytes, code] of inputs) {
      const { peer } = stubbed({ role: 'client' });
      peer.bytes(saslHeader, bytes);
      expect(peer.connection.ended?.error.code).toBe(code);
      expect(peer.said()).toEqual(['header 3']);
    }
  });

  it('[F-05] takes SASL frames of the type of SASL only, and nothing behind them', () => {
    const mechanisms = saslFrame({ type: 'sasl-mechanisms', saslServerMechanisms: ['X'] });
    const [amqp, longer] = [mechanisms.with(5, 0), concat([mechanisms, Uint8Array.of(0)])];
    longer[3] = longer.length;
    for (const [bytes, text] of [
      [amqp, 'a frame of type 0 came where SASL frames belong'],
      [longer, 'octets follow a SASL frame'],
    ] as const) {
      const { peer, stub } = stubbed({ role: 'client' });
      peer.bytes(saslHeader, bytes);
      expect(peer.connection.ended?.error.message).toContain(text);
      expect(stub.received).toEqual([]);
    }
  });
});

describe('headers', () => {
  it('[H-07] a client names the layer that the peer wants', () => {
    const said = (header: string, sasl = false): string | undefined => {
      const peer = sasl ? stubbed({ role: 'client' }).peer : new RawPeer({ role: 'client' });
      peer.bytes(hex(header));
      expect(peer.connection.ended?.error.code).toBe('protocol-mismatch');
      expect(peer.connection.finished).toBe(true);
      return peer.connection.ended?.error.message;
    };
    expect(said('414d515003010000')).toContain('asks for SASL');
    expect(said('414d515002010000')).toContain('asks for TLS');
    expect(said('414d515000010000', true)).toContain('does not take part in SASL');
    expect(said('414d515000000901')).toContain('another version of AMQP (0-0-9-1)');
    expect(said('485454502f312e31')).toContain('speaks HTTP');
    expect(said('1603010200010001')).toContain('speaks TLS');
    expect(said('1503010002020a00')).toContain('speaks TLS');
    expect(said('0102030405060708')).toContain('01 02 03 04 05 06 07 08');
    expect(said('414d515009010000')).toContain('another version of AMQP');
  });

  it('[H-10] a client knows a TLS alert, though it is shorter than a header', () => {
    const ended = (text: string): unknown => {
      const peer = new RawPeer({ role: 'client' }).bytes(hex(text));
      peer.connection.transportEnded();
      expect(peer.log.types).toEqual(['ended']);
      return peer.connection.ended?.error.code;
    };
    expect(ended('15030100020246')).toBe('protocol-mismatch');
    // The beginning of the right header says only that the rest is missing.
    expect(ended('414d51')).toBe('connection-lost');
    expect(ended('')).toBe('connection-lost');
  });

  it('[H-04] [H-06] a server answers with what it would take, and ends', () => {
    const plainServer = new RawPeer().bytes(saslHeader);
    expect(plainServer.said()).toEqual(['header 0']);
    const { peer } = stubbed({});
    expect(peer.bytes(amqpHeader).said()).toEqual(['header 3']);
    expect(peer.connection.finished).toBe(true);
  });

  it('[H-03] a server may leave SASL to the client', () => {
    const { peer, stub } = stubbed({ requireSasl: false });
    expect(peer.bytes(amqpHeader).said()).toEqual(['header 0']);
    peer.send(open);
    expect(peer.log.types).toEqual(['opened']);
    expect(stub.started).toBe(0);
    const other = stubbed({ requireSasl: false });
    expect(other.peer.bytes(saslHeader).said()).toEqual(['header 3']);
    expect(other.stub.started).toBe(1);
    const wrong = stubbed({ requireSasl: false });
    expect(wrong.peer.bytes(hex('0102030405060708')).said()).toEqual(['header 3']);
  });

  it('[H-08] SASL is not repeated where it has succeeded', () => {
    const { peer, stub } = stubbed({});
    peer.bytes(saslHeader);
    stub.host.done();
    expect(peer.bytes(saslHeader).said()).toEqual(['header 3', 'header 0']);
    expect(peer.connection.finished).toBe(true);
  });
});

describe('both sides with SASL', () => {
  it('[H-09] agree, however the octets are cut', () => {
    for (const chunk of [1, 7, 1000]) {
      const pair = new Pair({
        chunk,
        client: {
          sasl: (host) =>
            new SaslClient(
              { mechanisms: [plain('user', 'secret')], encrypted: true, loopback: false, allowInsecurePlain: false },
              host,
            ),
        },
        server: { sasl: (host) => new SaslServer([serverPlain((user) => user === 'user'), serverAnonymous()], host) },
      });
      pair.pump();
      expect([pair.client.log.types, pair.server.log.types]).toEqual([['opened'], ['opened']]);
      expect(units(concat(drainOutput(pair.client.connection)))).toEqual([]);
    }
  });
});

describe('a server whose check of the credentials takes its time', () => {
  /** An exchange that decides when the test says so. */
  class Slow implements SaslExchange {
    deciding = false;
    readonly host: SaslExchangeHost;
    readonly received: string[] = [];

    constructor(host: SaslExchangeHost) {
      this.host = host;
    }

    start(): void {
      this.host.send({ type: 'sasl-mechanisms', saslServerMechanisms: ['X'] });
    }

    receive(body: SaslFrame): void {
      this.received.push(body.type);
      this.deciding = true;
    }

    decide(): void {
      this.host.send({ type: 'sasl-outcome', code: 0 });
      this.host.done();
      this.deciding = false;
    }
  }

  const init = saslFrame({ type: 'sasl-init', mechanism: 'X' });

  function slow(): { readonly peer: RawPeer; readonly exchange: Slow } {
    const made: Slow[] = [];
    const peer = new RawPeer({
      sasl: (host) => {
        const exchange = new Slow(host);
        made.push(exchange);
        return exchange;
      },
    });
    const [exchange] = made;
    if (exchange === undefined) throw new Error('no exchange was made');
    peer.bytes(saslHeader);
    peer.said();
    return { peer, exchange };
  }

  it('[A-19] keeps a copy of what is pipelined, for the caller may use the memory of a read again', () => {
    const { peer, exchange } = slow();
    const read = Buffer.from(concat([init, amqpHeader, frame(open)]));
    peer.connection.receive(read, 0);
    read.fill(0);
    exchange.decide();
    expect(peer.said()).toEqual(['sasl-outcome', 'header 0', 'open']);
    expect(peer.log.types).toEqual(['opened']);
  });

  it('[A-19] keeps what is pipelined behind the init, however it is cut', () => {
    const rest = concat([init, amqpHeader, frame(open)]);
    for (const size of [1, 7, rest.length]) {
      const { peer, exchange } = slow();
      for (let at = 0; at < rest.length; at += size) peer.bytes(rest.slice(at, at + size));
      expect(peer.said()).toEqual([]);
      expect(exchange.received).toEqual(['sasl-init']);
      exchange.decide();
      expect(peer.said()).toEqual(['sasl-outcome', 'header 0', 'open']);
      expect(peer.log.types).toEqual(['opened']);
    }
  });

  it('takes a frame that is pipelined behind the init as the answer to the challenge that follows', () => {
    const { peer, exchange } = slow();
    peer.bytes(init, saslFrame({ type: 'sasl-response', response: new Uint8Array(0) }));
    expect(exchange.received).toEqual(['sasl-init']);
    exchange.deciding = false;
    exchange.host.send({ type: 'sasl-challenge', challenge: new Uint8Array(0) });
    expect(exchange.received).toEqual(['sasl-init', 'sasl-response']);
  });

  it('keeps no more than 64 KiB', () => {
    const { peer, exchange } = slow();
    peer.bytes(init, amqpHeader);
    for (let kib = 0; kib < 63; kib++) peer.bytes(new Uint8Array(1024));
    peer.bytes(new Uint8Array(1024 - amqpHeader.length));
    expect(peer.connection.finished).toBe(false);
    peer.bytes(Uint8Array.of(0));
    expect(peer.connection.ended?.error).toMatchObject({
      code: 'framing-error',
      description: 'more than 65536 octets came before the SASL exchange was over',
    });
    expect(peer.connection.finished).toBe(true);
    exchange.decide();
    expect(peer.log.types).toEqual(['ended']);
  });

  it('[A-08] takes and sends larger SASL frames where both sides agreed to', () => {
    const token = new Uint8Array(3000);
    const large = saslFrame({ type: 'sasl-init', mechanism: 'X', initialResponse: token });
    const strict = slow().peer.bytes(large);
    expect(strict.connection.ended?.error.code).toBe('frame-too-large');
    const { peer, stub } = stubbed({ saslMaxFrameSize: 4096 });
    peer.bytes(saslHeader, large);
    expect(stub.received.map(({ type }) => type)).toEqual(['sasl-init']);
    peer.said();
    stub.host.send({ type: 'sasl-outcome', code: 0, additionalData: token });
    expect(peer.said()).toEqual(['sasl-outcome']);
    // The limit of the AMQP layer is not touched: nothing is known of the peer's yet.
    stub.host.done();
    expect(peer.connection.frames.maxFrameSize).toBe(512);
  });
});
