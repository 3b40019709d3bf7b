import { describe, expect, it } from 'vitest';
import { SaslServer, serverAnonymous } from '../../src/sasl/index.ts';
import { amqpHeader, concat, heartbeat, hex } from './support/frames.ts';
import { drainOutput } from './support/hosts.ts';
import { RawPeer, open } from './support/raw-peer.ts';

const sasl = { sasl: (host: ConstructorParameters<typeof SaslServer>[1]) => new SaslServer([serverAnonymous()], host) };

/** All octets that an engine has to send. */
const octetsOf = ({ connection }: RawPeer): string => Buffer.from(concat(drainOutput(connection))).toString('hex');

describe('the protocol header', () => {
  it('[H-01] is AMQP, the id of the layer, and the version 1.0.0', () => {
    expect(octetsOf(new RawPeer({ role: 'client' })).slice(0, 16)).toBe('414d515000010000');
    expect(octetsOf(new RawPeer().bytes(hex('414d515000010000')))).toBe('414d515000010000');
    expect(octetsOf(new RawPeer(sasl).bytes(hex('414d515003010000'))).slice(0, 16)).toBe('414d515003010000');
    for (let at = 0; at < 8; at++) {
      const peer = new RawPeer().bytes(amqpHeader.with(at, 9));
      expect(peer.connection.ended?.error.code).toBe('protocol-mismatch');
    }
  });

  it.each([
    ['AMQP 1.1.0', '414d515000010100'],
    ['AMQP 2.0.0', '414d515000020000'],
    ['AMQP 1.0.1', '414d515000010001'],
    ['AMQP 0-9-1', '414d515000000901'],
    ['HTTP', '474554202f204854'],
    ['a TLS ClientHello', '1603010200010001'],
    ['nothing known', '0102030405060708'],
  ])(
    '[H-04] [H-05] [H-07] is answered by a server with the version that it knows, and by nothing else: %s',
    (_, header) => {
      const server = new RawPeer().bytes(hex(header), hex('0000000802000000'));
      expect(octetsOf(server)).toBe('414d515000010000');
      expect(server.connection.finished).toBe(true);
      expect(server.log.types).toEqual(['ended']);
    },
  );

  it('[A-01] of TLS is answered with the one that we take, and no layer begins', () => {
    const tls = hex('414d515002010000');
    const server = new RawPeer().bytes(tls);
    expect(octetsOf(server)).toBe('414d515000010000');
    const secured = new RawPeer(sasl).bytes(tls);
    expect(octetsOf(secured)).toBe('414d515003010000');
    const client = new RawPeer({ role: 'client' }).bytes(tls);
    for (const { connection } of [server, secured, client]) {
      expect(connection.finished).toBe(true);
      expect(connection.ended?.error).toMatchObject({ code: 'protocol-mismatch' });
    }
    expect(client.connection.ended?.error.message).toContain('the peer asks for TLS; use amqps:');
  });

  it('[H-02] is waited for by a server, and comes before all else that it says', () => {
    const server = new RawPeer();
    expect(server.said()).toEqual([]);
    expect(server.bytes(amqpHeader).send(open).said()).toEqual(['header 0', 'open']);
  });
});

describe('the open', () => {
  it.each(['client', 'server'] as const)('[C-02] has a container-id (%s)', (role) => {
    for (const fields of ['45', 'c0020140', 'c0050240a10161']) {
      const peer = new RawPeer({ role }).bytes(amqpHeader);
      const body = hex(`005310${fields}`);
      peer.bytes(Uint8Array.of(0, 0, 0, body.length + 8, 2, 0, 0, 0), body);
      expect(peer.said()).toEqual(['header 0', 'open', 'close amqp:decode-error']);
      expect(peer.log.types).toEqual(['ended']);
    }
  });

  it('[C-26] may wish for any locale: errors are told in en-US, which needs no announcement', () => {
    const peer = new RawPeer();
    peer.bytes(amqpHeader).send({ ...open, incomingLocales: ['xx'], outgoingLocales: ['yy', 'zz'] });
    const [, answer] = peer.units();
    expect(peer.log.types).toEqual(['opened']);
    expect(answer?.body).toMatchObject({ type: 'open', incomingLocales: [], outgoingLocales: [] });
  });

  it('[C-18] announces half of the time after which we close', () => {
    for (const [idleTimeout, announced] of [
      [60_000, 30_000],
      [1001, 501],
      [0, undefined],
    ] as const) {
      // prettier-ignore
      const [, first] = new RawPeer({ role: 'client', idleTimeout }).units();
      expect(first?.body).toMatchObject({ type: 'open', idleTimeOut: announced });
    }
  });
});

describe('a peer of which little comes', () => {
  /** Lets 5 s pass in steps of 100 ms, with these octets at each; tells when the engine gave up, if it did. */
  function givenUp(octets: Uint8Array, before = hex('')): number | undefined {
    const peer = new RawPeer({ idleTimeout: 1000 }).opened().bytes(before);
    for (peer.now = 100; peer.now <= 5000; peer.now += 100) {
      peer.bytes(octets).connection.tick(peer.now);
      if (peer.connection.ended !== undefined) return peer.now;
    }
    return undefined;
  }

  it('[C-23] lives on by whole frames, and not by octets that drip', () => {
    expect(givenUp(heartbeat)).toBeUndefined();
    const begunFrame = hex('00001000 02000000');
    expect(givenUp(Uint8Array.of(0), begunFrame)).toBeGreaterThanOrEqual(1000);
    expect(givenUp(Uint8Array.of(0), begunFrame)).toBeLessThanOrEqual(1600);
  });
});
