import { describe, expect, it, onTestFinished } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { connect, encodeMessage, decodeMessage, value } from '../../src/client/index.ts';
import { Described, encode } from '../../src/codec/index.ts';
import { connected, failure, frameOf, isPending, mute, PeerLink, until } from '../client/support/scripted.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('unsettled deliveries without a fixed limit', () => {
  it('rhea: one delivery that is held does not stall the other receivers of its session', async () => {
    const broker = await startBroker();
    const connection = await connect(broker.url);
    onTestFinished(async () => {
      await connection.close();
      await broker.close();
    });
    const session = await connection.createSession();
    const sender = await session.createSender('busy');
    await (await session.createSender('held')).send('hold me');
    const held = await (await session.createReceiver('held')).receive({ timeout: 2000 });

    await Promise.all(Array.from({ length: 3000 }, (_, index) => sender.send(`${index}`)));
    const receiver = await session.createReceiver('busy');
    for (let index = 0; index < 3000; index++) {
      const delivery = await receiver.receive({ timeout: 2000 });
      expect(delivery.message.text()).toBe(`${index}`);
      await delivery.accept();
    }
    expect(held.settled).toBe(false);
    await held.accept();
    await until(() => broker.depth('busy') + broker.depth('held') === 0);
  });

  it('rhea: more than 2048 sends may wait for their outcome', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.credit = 0;
      mute(scripted, 'transfer');
    });
    const sender = await connection.createSender('q');
    const sends = Array.from({ length: 3000 }, (_, index) => sender.send(`${index}`));
    const link = await PeerLink.of(peer);
    link.flow({ 'incoming-window': 5000, 'link-credit': 5000 });
    await frameOf(peer, 'transfer', 2999);
    expect(sender.stats()).toMatchObject({ pending: 3000, queued: 0 });
    link.disposition(0, { is: 'accepted' }, { last: 2999 });
    await Promise.all(sends);
    expect(sender.stats().pending).toBe(0);
    await connection.close();
  });
});

describe('links that come and go', () => {
  it('rhea: five hundred links, one after the other, need one handle', async () => {
    const { connection, peer } = await connected();
    const session = await connection.createSession({ maxLinks: 1 });
    for (let count = 0; count < 500; count++) await (await session.createSender('q')).close();
    expect(new Set(peer.framesOf('attach').map(({ fields }) => fields['handle']))).toEqual(new Set([0]));
    expect(peer.framesOf('detach')).toHaveLength(500);
    await connection.close();
  });

  it('rhea: there is no sender before the open of the peer, so every frame fits', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.on('open', () => scripted.send({ is: 'open', 'container-id': 'p', 'max-frame-size': 512 }));
    });
    const sender = await connection.createSender('q');
    await sender.send(new Uint8Array(10_000), { settled: true });
    await until(() => peer.framesOf('transfer').some(({ fields }) => fields['more'] !== true));
    const sizes = peer.framesOf('transfer').map(({ payload }) => payload.length);
    expect(Math.max(...sizes)).toBeLessThan(512);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(10_000);
    await connection.close();
  });

  it('rhea: the address of a sender is that of its target', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('there', { source: { address: 'here' } });
    expect(sender.address).toBe('there');
    expect((await frameOf(peer, 'attach')).fields).toMatchObject({
      source: { address: 'here' },
      target: { address: 'there' },
    });
    await connection.close();
  });

  it('rhea: a capability may have more than 255 octets', async () => {
    const { connection, peer } = await connected();
    const capability = 'c'.repeat(300);
    await connection.createSender('q', { target: { capabilities: [capability] } });
    expect((await frameOf(peer, 'attach')).fields['target']).toMatchObject({ capabilities: [capability] });
    await connection.close();
  });
});

describe('the connection is lost while it is closed', () => {
  it('rhea: close settles on every level', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'detach', 'end', 'close'));
    const session = await connection.createSession();
    const sender = await session.createSender('q');
    const closes = [sender.close(), session.close(), connection.close()];
    for (const close of closes) expect(await isPending(close)).toBe(true);
    peer.end(new Error('cut'));
    await Promise.all(closes);
    expect((await failure(connection.createSession())).scope).toBe('connection');
  });
});

describe('numbers', () => {
  it('rhea: a bigint is a long, NaN a double, and a fraction no ttl', () => {
    expect(hex(encode(10n))).toBe('550a');
    expect(hex(encode(NaN))).toMatch(/^827ff8/);
    expect(decodeMessage(encodeMessage({ body: value(2n ** 53n + 1n) })).value).toBe(2n ** 53n + 1n);
    expect(() => encodeMessage({ header: { ttl: 1.5 } })).toThrow(/^header\.ttl/);
  });

  it('rhea: what is beyond 64 bits is a double, and an array of numbers no map', () => {
    for (const large of [1e20, -1e20]) expect(decodeMessage(encodeMessage({ body: value(large) })).value).toBe(large);
    expect(hex(encode(1e20))).toBe('824415af1d78b58c40');
    expect(() => encode(new Float64Array(2))).toThrow('an object of class Float64Array is not an AMQP value');
  });
});

describe('bodies', () => {
  it('rhea: a body of data is its octets', () => {
    const message = decodeMessage(encodeMessage(Uint8Array.of(1, 2)));
    expect(message.bytes()).toEqual(Uint8Array.of(1, 2));
    expect(message.body).toEqual({ kind: 'data', data: [Uint8Array.of(1, 2)] });
  });

  it('rhea: a described value keeps its descriptor, alone and within a list', () => {
    const described = new Described('a:b', [1]);
    expect(decodeMessage(encodeMessage({ body: value(described) })).value).toEqual(described);
    expect(decodeMessage(encodeMessage({ body: value([described]) })).value).toEqual([described]);
  });
});
