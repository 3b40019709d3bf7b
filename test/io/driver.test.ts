import { describe, expect, it, vi } from 'vitest';
import { Connection, type ConnectionEvent, type ConnectionOptions } from '../../src/engine/index.ts';
import { Driver, memoryTransportPair, nodeScheduler, type DriverOptions, type Transport } from '../../src/io/index.ts';
import { FakeClock } from '../../src/testing/index.ts';
import { FakeTransport } from './support/fake-transport.ts';
import { idle } from '../support/idle.ts';
import { octets } from './support/recorder.ts';

const header = [...octets('AMQP\0\x01\0\0')];

/** The header and the open of a peer with the container id "p" and an idle timeout, given as an encoded field. */
const openOf = (...idleTimeout: number[]): Uint8Array => {
  const fields = [0xa1, 1, 0x70, 0x40, 0x40, 0x40, ...idleTimeout];
  const list = [0xc0, fields.length + 1, 5, ...fields];
  return Uint8Array.from([...header, 0, 0, 0, 11 + list.length, 2, 0, 0, 0, 0x00, 0x53, 0x10, ...list]);
};
const plainOpen = openOf(0x40);
/** A close without an error. */
const close = Uint8Array.of(0, 0, 0, 12, 2, 0, 0, 0, 0x00, 0x53, 0x18, 0x45);
const openWithIdleTimeout = openOf(0x52, 200);

interface Driven {
  readonly connection: Connection;
  readonly driver: Driver;
  readonly clock: FakeClock;
  readonly events: ConnectionEvent[];
}

function drive(
  transport: Transport,
  options: Partial<ConnectionOptions> = {},
  clock = new FakeClock(),
  driverOptions: DriverOptions = {},
): Driven {
  const events: ConnectionEvent[] = [];
  const connection = new Connection(
    { role: 'client', containerId: 'me', idleTimeout: 0, ...options },
    { event: (event) => events.push(event), wake: () => driver.wake() },
  );
  const driver = new Driver(connection, transport, clock, driverOptions);
  driver.start();
  return { connection, driver, clock, events };
}

/** A client that is open, with what it has called on its transport since. */
async function opened(
  open = plainOpen,
  options: Partial<ConnectionOptions> = {},
): Promise<Driven & { readonly transport: FakeTransport }> {
  const transport = new FakeTransport();
  const driven = drive(transport, options);
  transport.receive(open);
  await idle();
  transport.free();
  transport.calls.length = 0;
  transport.sent.length = 0;
  return { transport, ...driven };
}

describe('Driver', () => {
  it('opens the transport, and lets a client speak first', async () => {
    const transport = new FakeTransport();
    drive(transport);
    expect(transport.calls).toEqual(['open']);
    await idle();
    // The open is not held back for the answer to the header.
    expect(transport.calls).toEqual(['open', 'send 32']);
    expect([...(transport.sent[0] ?? [])].slice(0, 8)).toEqual(header);
  });

  it('answers what comes while it writes', async () => {
    const transport = new FakeTransport();
    const { connection } = drive(transport);
    await idle();
    const { length } = transport.sent;
    // Open and close of the peer come during the write of our begin.
    transport.duringSend = () => transport.receive(Uint8Array.from([...plainOpen, ...close]));
    connection.createSession({}, { event: () => undefined });
    await idle();
    expect(transport.sent.slice(length).map((bytes) => bytes[10])).toEqual([0x11, 0x18]);
  });

  it('lets a server wait for its client', async () => {
    const transport = new FakeTransport();
    drive(transport, { role: 'server' });
    await idle();
    expect(transport.calls).toEqual(['open']);
  });

  it('joins two engines', async () => {
    const [left, right] = memoryTransportPair();
    const clock = new FakeClock();
    const [client, server] = [drive(left, {}, clock), drive(right, { role: 'server' }, clock)];
    await idle();
    expect([client.events, server.events].map((events) => events.map(({ type }) => type))).toEqual([
      ['opened'],
      ['opened'],
    ]);
    client.connection.close();
    await idle();
    expect([client.connection.ended, server.connection.ended]).toMatchObject([
      { by: 'local', clean: true },
      { by: 'peer', clean: true },
    ]);
    expect(clock.pending).toBe(0);
  });

  it('writes all that one turn has caused in one piece, after the last microtask', async () => {
    const { transport, connection } = await opened();
    const host = { event: () => undefined };
    connection.createSession({}, host);
    await Promise.resolve();
    connection.createSession({}, host);
    await Promise.resolve();
    expect(transport.calls).toEqual([]);
    connection.close();
    await idle();
    expect(transport.calls.length).toBe(1);
  });

  it('writes through the scheduler that it was given, once per wake', () => {
    const flushes: (() => void)[] = [];
    const transport = new FakeTransport();
    const connection = new Connection(
      { role: 'client', containerId: 'me', idleTimeout: 0 },
      { event: () => undefined, wake: () => driver.wake() },
    );
    const driver = new Driver(connection, transport, new FakeClock(), { schedule: (flush) => flushes.push(flush) });
    driver.start();
    driver.wake();
    driver.wake();
    expect(flushes.length).toBe(1);
    flushes.shift()?.();
    expect(transport.calls).toEqual(['open', 'send 32']);
    driver.wake();
    flushes.shift()?.();
    expect(transport.calls).toEqual(['open', 'send 32']);
  });

  it('tells the engine what the transport is done with', async () => {
    const { transport, connection } = await opened();
    expect(connection.buffered).toBe(0);
    connection.createSession({}, { event: () => undefined });
    await idle();
    expect(connection.buffered).toBe(transport.sent[0]?.length);
    transport.free();
    expect(connection.buffered).toBe(0);
  });
});

describe('Driver and the clock', () => {
  it('gives up a handshake at its deadline, and frees the transport', async () => {
    const transport = new FakeTransport();
    const { clock, connection } = drive(transport, { handshakeTimeout: 300 });
    await idle();
    clock.advance(299);
    expect(connection.ended).toBeUndefined();
    clock.advance(1);
    expect(connection.ended).toMatchObject({ by: 'local', error: { code: 'connect-timeout' } });
    await idle();
    expect(transport.calls).toEqual(['open', 'send 32', 'end']);
  });

  it('[A-22] drops a client that begins and says no more', async () => {
    const transport = new FakeTransport();
    const { clock, events } = drive(transport, { role: 'server', handshakeTimeout: 300 });
    transport.receive(Uint8Array.from(header));
    clock.advance(300);
    await idle();
    expect(events).toMatchObject([{ type: 'ended', error: { code: 'connect-timeout' } }]);
    expect(transport.calls.at(-1)).toBe('end');
    clock.advance(1000);
    expect(transport.calls.at(-1)).toBe('destroy');
  });

  it('keeps no timer where nothing is due', async () => {
    const { clock } = await opened();
    expect(clock.pending).toBe(0);
  });

  it('sends heartbeats in time, for as long as the peer wants them', async () => {
    const { transport, clock } = await opened(openWithIdleTimeout);
    for (let turn = 0; turn < 10; turn++) {
      clock.advance(100);
      await idle();
    }
    expect(clock.pending).toBe(1);
    expect(transport.sent.length).toBeGreaterThanOrEqual(9);
    expect(new Set(transport.sent.map(String))).toEqual(new Set(['0,0,0,8,2,0,0,0']));
  });

  it('ends a peer that is silent', async () => {
    const { transport, clock, events } = await opened(plainOpen, { idleTimeout: 400 });
    for (let turn = 0; turn < 10; turn++) {
      clock.advance(100);
      await idle();
    }
    expect(events.at(-1)).toMatchObject({ type: 'ended', by: 'local', error: { code: 'idle-timeout' } });
    expect(transport.calls.filter((call) => call.startsWith('send')).length).toBe(1);
  });

  it('waits for the answer to a close until its deadline only', async () => {
    const { transport, clock, connection } = await opened(plainOpen, { closeTimeout: 500 });
    connection.close();
    await idle();
    clock.advance(499);
    await idle();
    expect(transport.calls.at(-1)).toMatch('send');
    clock.advance(1);
    await idle();
    expect(transport.calls.at(-1)).toBe('end');
  });
});

describe('Driver at the end', () => {
  it('ends the transport after the last words, and destroys it where the peer does not follow', async () => {
    const { transport, clock } = await opened();
    transport.receive(close);
    await idle();
    expect(transport.calls).toEqual(['send 12', 'end']);
    expect(clock.pending).toBe(1);
    clock.advance(999);
    expect(transport.calls).toEqual(['send 12', 'end']);
    clock.advance(1);
    expect(transport.calls).toEqual(['send 12', 'end', 'destroy']);
  });

  it('leaves no timer once the transport has ended', async () => {
    const { transport, clock, driver } = await opened();
    transport.receive(close);
    await idle();
    transport.close();
    expect(clock.pending).toBe(0);
    clock.advance(10_000);
    driver.wake();
    await idle();
    expect(transport.calls).toEqual(['send 12', 'end']);
  });

  it('ends the transport once, whatever comes after', async () => {
    const { transport, driver } = await opened();
    transport.receive(close);
    await idle();
    transport.receive(close);
    driver.wake();
    await idle();
    expect(transport.calls).toEqual(['send 12', 'end']);
  });

  it('tells the engine of a broken transport, with its cause', async () => {
    const { transport, clock, events, connection } = await opened(openWithIdleTimeout);
    const cause = new Error('reset');
    connection.createSession({}, { event: () => undefined });
    transport.close(cause);
    await idle();
    expect(events.at(-1)).toMatchObject({ type: 'ended', by: 'transport', error: { code: 'connection-lost', cause } });
    expect(transport.calls).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('does not hear of memory that is freed after the end', async () => {
    const { transport, connection } = await opened();
    connection.createSession({}, { event: () => undefined });
    await idle();
    transport.close();
    transport.free();
    expect(connection.buffered).toBe(0);
  });

  it('destroys the transport when told to', async () => {
    const { transport, driver } = await opened();
    driver.destroy();
    expect(transport.calls).toEqual(['destroy']);
  });
});

describe('nodeScheduler', () => {
  it('runs once microtasks and ticks are done, those too that they have begun', async () => {
    const order: string[] = [];
    const flushed = new Promise<void>((resolve) => {
      nodeScheduler(() => {
        order.push('flush');
        resolve();
      });
    });
    process.nextTick(() => {
      order.push('tick');
      process.nextTick(() => order.push('later tick'));
    });
    for (let step = 0; step < 3; step++) {
      await Promise.resolve();
      order.push('step');
    }
    await flushed;
    expect(order).toEqual(['step', 'step', 'step', 'tick', 'later tick', 'flush']);
  });

  it('runs though a test replaces the timers of its program', async () => {
    vi.useFakeTimers();
    try {
      expect(await new Promise((resolve) => nodeScheduler(() => resolve('flushed')))).toBe('flushed');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a transport that takes nothing', () => {
  async function writing(writeTimeout: number): Promise<Driven & { readonly transport: FakeTransport }> {
    const transport = new FakeTransport();
    const driven = drive(transport, {}, new FakeClock(), { writeTimeout });
    transport.receive(plainOpen);
    await idle();
    transport.free();
    return { transport, ...driven };
  }

  it('is given up after the write timeout, and everybody is told', async () => {
    const { transport, connection, clock, events } = await writing(1000);
    clock.advance(5000);
    expect(clock.pending).toBe(0);
    connection.createSession({}, { event: () => undefined });
    await idle();
    clock.advance(999);
    expect(connection.ended).toBeUndefined();
    clock.advance(1);
    expect(connection.ended).toMatchObject({ by: 'transport', clean: false, error: { code: 'write-timeout' } });
    expect(connection.ended?.error.message).toContain('did not finish within 1000 ms');
    expect(transport.calls.at(-1)).toBe('destroy');
    transport.close();
    transport.free();
    expect(events.map(({ type }) => type)).toEqual(['opened', 'ended']);
    expect(clock.pending).toBe(0);
  });

  it('is waited for as long as it takes something now and then', async () => {
    const { transport, connection, clock } = await writing(1000);
    for (let round = 0; round < 5; round++) {
      connection.createSession({}, { event: () => undefined });
      await idle();
      clock.advance(900);
      transport.free();
      connection.createSession({}, { event: () => undefined });
      await idle();
      clock.advance(200);
      expect(connection.ended).toBeUndefined();
      transport.free();
    }
  });

  it('is given up where its peer speaks on and never reads', async () => {
    const transport = new FakeTransport();
    const { connection, clock } = drive(transport, {}, new FakeClock(), { maxBuffered: 100 });
    transport.receive(plainOpen);
    await idle();
    for (let n = 0; n < 5; n++) connection.createSession({}, { event: () => undefined });
    await idle();
    expect(connection.buffered).toBeGreaterThan(100);
    transport.receive(Uint8Array.of(0, 0, 0, 8, 2, 0, 0, 0));
    expect(connection.ended).toMatchObject({ by: 'transport', error: { code: 'write-timeout' } });
    expect(connection.ended?.error.message).toMatch(/\d+ octets wait/);
    expect(transport.calls.at(-1)).toBe('destroy');
    expect(clock.pending).toBe(0);
  });

  it('is waited for without end by default', async () => {
    const { connection, clock } = await writing(0);
    connection.createSession({}, { event: () => undefined });
    await idle();
    clock.advance(10_000_000);
    expect(connection.ended).toBeUndefined();
  });
});
