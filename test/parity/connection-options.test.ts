import { describe, expect, it } from 'vitest';
import { connect, type ConnectOptions } from '../../src/client/index.ts';
import { failure, frameOf, isPending, settle } from '../client/support/scripted.ts';
import { clocked, codes, kinds, openingWith } from './support/send-scene.ts';
import { HeldTransport } from './support/send-held.ts';

/** The open that these options make. */
async function openOf(options: ConnectOptions): Promise<Readonly<Record<string, unknown>>> {
  const { connection, peer } = await clocked(undefined, options);
  await connection.close();
  return (await frameOf(peer, 'open')).fields;
}

describe('ConnOptions (§1.2)', () => {
  it('row ConnOptions.ContainerID: a random one by default, else the one given', async () => {
    const [one, other] = await Promise.all([openOf({}), openOf({})]);
    expect(one['container-id']).toMatch(/^[\da-f-]{36}$/);
    expect(one['container-id']).not.toBe(other['container-id']);
    expect((await openOf({ containerId: 'me' }))['container-id']).toBe('me');
  });

  it('row ConnOptions.DesiredCapabilities: none by default', async () => {
    expect(await openOf({})).not.toHaveProperty('desired-capabilities');
    expect(await openOf({ desiredCapabilities: ['a', 'b'], offeredCapabilities: ['c'] })).toMatchObject({
      'desired-capabilities': ['a', 'b'],
      'offered-capabilities': ['c'],
    });
  });

  it('row ConnOptions.HostName: the host of the URL by default', async () => {
    expect((await openOf({}))['hostname']).toBe('peer');
    expect((await openOf({ hostname: 'vhost:one' }))['hostname']).toBe('vhost:one');
  });

  it('row ConnOptions.IdleTimeout: 60 s of which half is announced; 0 announces none', async () => {
    expect((await openOf({}))['idle-time-out']).toBe(30_000);
    expect((await openOf({ idleTimeout: 5001 }))['idle-time-out']).toBe(2501);
    expect(await openOf({ idleTimeout: 0 })).not.toHaveProperty('idle-time-out');
  });

  it('row ConnOptions.IdleTimeout: 0 waits for a silent peer for ever', async () => {
    const { connection, clock } = await clocked(undefined, { idleTimeout: 0 });
    clock.advance(1e9);
    expect(await isPending(connection.closed)).toBe(true);
    await connection.close();
  });

  it('FIX §1.2 ConnOptions.MaxFrameSize: 512 is announced like any other, and less is refused', async () => {
    expect((await openOf({}))['max-frame-size']).toBe(65_536);
    expect((await openOf({ maxFrameSize: 512 }))['max-frame-size']).toBe(512);
    expect((await failure(connect('amqp://peer', { maxFrameSize: 511 }))).code).toBe('invalid-argument');
  });

  it('FIX §1.2 ConnOptions.MaxFrameSize: a frame above it ends the connection', async () => {
    const { connection, peer } = await clocked(undefined, { maxFrameSize: 1024 });
    peer.sendRaw(Uint8Array.of(0, 0, 0x4e, 0x44, 2, 0, 0, 0));
    expect(await connection.closed).toMatchObject({ by: 'local', error: { code: 'frame-too-large' } });
    expect((await frameOf(peer, 'close')).fields['error']).toMatchObject({
      condition: 'amqp:connection:framing-error',
    });
  });

  it('FIX §1.2 ConnOptions.MaxSessions: N allows N sessions, announced as channel-max N - 1', async () => {
    const { connection, peer } = await clocked(undefined, { maxSessions: 2 });
    expect((await frameOf(peer, 'open')).fields['channel-max']).toBe(1);
    const calls = [connection.createSession(), connection.createSession(), connection.createSession()];
    expect(await codes(...calls.slice(2))).toEqual(['channels-exhausted']);
    await Promise.all(calls.slice(0, 2));
    await connection.close();
  });

  it('row ConnOptions.MaxSessions: 65536 by default, which an open leaves out', async () => {
    expect(await openOf({})).not.toHaveProperty('channel-max');
  });

  it('row ConnOptions.Properties: none by default; keys are symbols', async () => {
    expect(await openOf({})).not.toHaveProperty('properties');
    expect((await openOf({ properties: { product: 'p', version: 1 } }))['properties']).toEqual([
      'product',
      'p',
      'version',
      1,
    ]);
  });

  it('FIX §1.2 ConnOptions.SASLType: ANONYMOUS without credentials, so that there is always a SASL layer', async () => {
    const { connection, peer } = await clocked();
    expect(kinds(peer).slice(0, 2)).toEqual(['header', 'sasl-init']);
    expect((await frameOf(peer, 'sasl-init')).fields['mechanism']).toBe('ANONYMOUS');
    await connection.close();
  });

  it('row ConnOptions.TLSConfig: is refused where the URL asks for no TLS', async () => {
    expect((await failure(connect('amqp://peer', { tls: {} }))).code).toBe('invalid-argument');
  });

  it('row ConnOptions.WriteTimeout: 30 s by default, then the connection is given up', async () => {
    const scene = new HeldTransport();
    const connection = await scene.connect({ idleTimeout: 0 });
    await settle();
    scene.clock.advance(30_000);
    scene.held = true;
    const session = failure(connection.createSession({ timeout: Infinity }));
    await settle();
    scene.clock.advance(29_999);
    expect(await isPending(connection.closed)).toBe(true);
    scene.clock.advance(1);
    expect((await session).code).toBe('write-timeout');
    expect(await connection.closed).toMatchObject({ by: 'transport', error: { code: 'write-timeout' } });
  });

  it('FIX §1.2 ConnOptions.WriteTimeout: none does not kill the connection at its first heartbeat', async () => {
    const { connection, peer, clock } = await clocked((scripted) => openingWith(scripted, { 'idle-time-out': 1000 }), {
      writeTimeout: 0,
      idleTimeout: 0,
    });
    clock.advance(1000);
    await frameOf(peer, 'heartbeat');
    expect(await isPending(connection.closed)).toBe(true);
    await connection.close();
  });
});
