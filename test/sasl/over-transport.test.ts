import { afterEach, describe, expect, it } from 'vitest';
import { AmqpError } from '../../src/errors/index.ts';
import { Connection, type ConnectionEvent } from '../../src/engine/index.ts';
import {
  connectTcp,
  connectTls,
  Driver,
  memoryTransportPair,
  systemClock,
  type Transport,
} from '../../src/io/index.ts';
import {
  anonymous,
  external,
  plain,
  SaslClient,
  SaslServer,
  serverAnonymous,
  serverExternal,
  serverPlain,
  type SaslMechanism,
  type SaslServerMechanism,
} from '../../src/sasl/index.ts';
import { opened } from '../io/support/recorder.ts';
import { Accepting, pem } from '../io/support/servers.ts';

/** An engine on a transport, with the events that it gave. */
class Party {
  readonly connection: Connection;
  readonly #events: ConnectionEvent[] = [];
  #changed: () => void = () => undefined;

  constructor(
    transport: Transport,
    sasl: SaslMechanism[] | SaslServerMechanism[],
    identify?: (identity: string) => void,
  ) {
    const client = sasl.filter((mechanism) => 'start' in mechanism);
    const server = sasl.filter((mechanism) => 'authenticate' in mechanism);
    const { encrypted, loopback } = transport;
    this.connection = new Connection(
      {
        role: client.length > 0 ? 'client' : 'server',
        containerId: 'test',
        sasl: (host) =>
          client.length > 0
            ? new SaslClient({ mechanisms: client, encrypted, loopback, allowInsecurePlain: false }, host)
            : new SaslServer(server, {
                send: (frame) => host.send(frame),
                done: (identity = '') => {
                  identify?.(identity);
                  host.done();
                },
                failed: (error) => host.failed(error),
              }),
      },
      {
        event: (event) => {
          this.#events.push(event);
          this.#changed();
        },
        wake: () => driver.wake(),
      },
    );
    const driver = new Driver(this.connection, transport, systemClock);
    driver.start();
  }

  /** The event of a type, once it has come. */
  async heard<T extends ConnectionEvent['type']>(type: T): Promise<Extract<ConnectionEvent, { type: T }>> {
    for (;;) {
      const found = this.#events.find((event) => event.type === type);
      if (found !== undefined && isOf(found, type)) return found;
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}

function isOf<T extends ConnectionEvent['type']>(
  event: ConnectionEvent,
  type: T,
): event is Extract<ConnectionEvent, { type: T }> {
  return event.type === type;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const identity = (name: string): { cert: Uint8Array; key: Uint8Array } => ({
  cert: pem(`${name}-cert.pem`),
  key: pem(`${name}-key.pem`),
});

const ways: Readonly<Record<string, () => Promise<readonly [Transport, Transport]>>> = {
  memory: () => Promise.resolve(memoryTransportPair()),
  tcp: async () => {
    const server = await Accepting.at();
    closers.push(() => server.close());
    return server.pair();
  },
  tls: async () => {
    const ca = pem('ca-cert.pem');
    const server = await Accepting.at({ tls: { ...identity('server'), ca, requestCert: true } });
    closers.push(() => server.close());
    const client = await connectTls({
      host: '127.0.0.1',
      port: server.port,
      servername: 'localhost',
      tls: { ca, ...identity('client') },
    });
    return [client, await server.next()];
  },
};

const guest = serverPlain((user, password) => user === 'guest' && password === 'geheim');

/** The same, by a check that takes some turns of the event loop. */
const slowGuest = serverPlain(async (user, password) => {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  return user === 'guest' && password === 'geheim';
});

describe.each(Object.entries(ways))('a login over %s', (way, join) => {
  it('[A-10] [A-19] succeeds, and the connection opens', async () => {
    const [left, right] = await join();
    let who = '';
    const server = new Party(right, [guest, serverAnonymous()], (name) => {
      who = name;
    });
    const client = new Party(left, [plain('guest', 'geheim')]);
    expect((await client.heard('opened')).remote.containerId).toBe('test');
    await server.heard('opened');
    expect(who).toBe('guest');
    client.connection.close();
    expect(await client.heard('ended')).toMatchObject({ by: 'local' });
    await server.heard('ended');
  });

  it('[A-17] fails with a wrong password, and both sides end', async () => {
    const [left, right] = await join();
    const server = new Party(right, [guest]);
    const client = new Party(left, [plain('guest', 'wrong')]);
    const { error } = await client.heard('ended');
    expect(AmqpError.is(error) && error.code).toBe('authentication-failed');
    await server.heard('ended');
  });

  it('[A-12] fails without a mechanism that both sides have', async () => {
    const [left, right] = await join();
    const server = new Party(right, [guest]);
    const client = new Party(left, [anonymous()]);
    const { error } = await client.heard('ended');
    expect(AmqpError.is(error) && error.code).toBe('mechanism-unavailable');
    await server.heard('ended');
  });

  it('[A-15] EXTERNAL goes by what the transport knows', async () => {
    const [left, right] = await join();
    let who = '';
    const server = new Party(right, [serverExternal(() => right.peerName)], (name) => {
      who = name;
    });
    const client = new Party(left, [external()]);
    if (way === 'tls') {
      await client.heard('opened');
      await server.heard('opened');
      expect(who).toBe('tester');
      client.connection.close();
    }
    const { error } = await client.heard('ended');
    expect(AmqpError.is(error) && error.code).toBe(way === 'tls' ? 'connection-closed' : 'authentication-failed');
    await server.heard('ended');
  });
});

describe('a server with SASL over TCP', () => {
  const saslHeader = '414d515003010000';
  it.each([
    ['[H-10] HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n').toString('hex')],
    ['[H-10] a TLS ClientHello', '1603010200010001fc0303'],
    ['[A-21] an AMQP header without SASL', '414d515000010000'],
    ['[BX-01] an AMQP frame inside SASL', `${saslHeader}0000001102000000005310c00401a10163`],
    ['[A-07] [BX-02] a frame of 600 octets', `${saslHeader}0000025802010000${'00'.repeat(592)}`],
    ['[A-09] an empty frame', `${saslHeader}0000000802010000`],
    ['[BX-04] an unknown mechanism', `${saslHeader}0000001402010000005341c00701a3044e4f5045`],
    ['[BX-05] sasl-mechanisms', `${saslHeader}0000001502010000005340c00801a305504c41494e`],
    ['[BX-06] sasl-outcome', `${saslHeader}0000001002010000005344c003015000`],
    ['[BX-10] an init without mechanism', `${saslHeader}0000000c0201000000534145`],
    ['[A-11] [A-14] the mechanism toString', `${saslHeader}0000001802010000005341c00b01a308746f537472696e67`],
    ['[BY-51] a mechanism name of 10 000 octets', `${saslHeader}0000272402010000005341d00000271700000001b300002710`],
    ['a response before the init', `${saslHeader}0000000f02010000005343c00301a000`],
    ['a challenge', `${saslHeader}0000000f02010000005342c00301a000`],
  ])('ends a client that sends %s, and never opens', async (_title, hex) => {
    const server = await Accepting.at();
    closers.push(() => server.close());
    const client = await connectTcp({ host: '127.0.0.1', port: server.port });
    const atClient = opened(client);
    const party = new Party(await server.next(), [guest]);
    client.send([Uint8Array.from(Buffer.from(hex, 'hex'))], () => undefined);
    const { error } = await party.heard('ended');
    expect(AmqpError.is(error)).toBe(true);
    await atClient.end();
    expect(atClient.text.startsWith('AMQP\x03\x01\0\0')).toBe(true);
    expect(atClient.text).not.toContain('AMQP\0\x01\0\0');
  });

  it('[A-06] takes a SASL frame on any channel, and with an extended header', async () => {
    const [left, right] = memoryTransportPair();
    const party = new Party(right, [serverAnonymous()]);
    opened(left);
    const init = '0000001d030100070badf00d005341c00c01a309414e4f4e594d4f5553';
    const rest = '414d5150000100000000001102000000005310c00401a10163';
    left.send([Uint8Array.from(Buffer.from(`${saslHeader}${init}${rest}`, 'hex'))], () => undefined);
    expect((await party.heard('opened')).remote.containerId).toBe('c');
    left.destroy();
  });

  it.each([
    ['ANONYMOUS', [serverAnonymous()], '0000001902010000005341c00c01a309414e4f4e594d4f5553'],
    ['PLAIN with a check that is done at once', [guest], plainInit()],
    ['PLAIN with a check that takes its time', [slowGuest], plainInit()],
  ])('[A-19] [BX-11] loses nothing that is pipelined behind the init: %s', async (_title, mechanisms, init) => {
    const [left, right] = memoryTransportPair();
    const atClient = opened(left);
    const party = new Party(right, mechanisms);
    const rest = '414d5150000100000000001102000000005310c00401a10163';
    left.send([Uint8Array.from(Buffer.from(`${saslHeader}${init}${rest}`, 'hex'))], () => undefined);
    expect((await party.heard('opened')).remote.containerId).toBe('c');
    await atClient.until(({ text }) => text.includes('AMQP\0\x01\0\0'));
    left.destroy();
  });
});

/** A sasl-init frame with PLAIN for guest. */
function plainInit(): string {
  const response = Buffer.from('\0guest\0geheim');
  const fields = Buffer.concat([Buffer.from('\x02\xa3\x05PLAIN\xa0', 'latin1'), Buffer.of(response.length), response]);
  const body = Buffer.concat([Buffer.of(0x00, 0x53, 0x41, 0xc0, fields.length), fields]);
  return Buffer.concat([Buffer.of(0, 0, 0, body.length + 8, 2, 1, 0, 0), body]).toString('hex');
}
