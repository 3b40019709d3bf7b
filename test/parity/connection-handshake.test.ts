import { afterEach, describe, expect, it, vi } from 'vitest';
import { anonymous, connect, plain } from '../../src/client/index.ts';
import { ScriptedPeer } from '../../src/testing/index.ts';
import {
  connectTo,
  failure,
  frameOf,
  isPending,
  mute,
  PeerLink,
  settle,
  wireError,
} from '../client/support/scripted.ts';
import { clocked, codes, kinds, openingWith } from './support/send-scene.ts';
import { HeldTransport } from './support/send-held.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The octets of a sasl-mechanisms with an array of names (§5.3.3.1). */
function mechanismsFrame(names: readonly string[]): Uint8Array {
  const items = names.flatMap((name) => [name.length, ...Buffer.from(name)]);
  const array = [0xe0, items.length + 2, names.length, 0xa3, ...items];
  const body = [0x00, 0x53, 0x40, 0xc0, array.length + 1, 1, ...array];
  return Uint8Array.of(0, 0, 0, body.length + 8, 2, 1, 0, 0, ...body);
}

/** A peer that offers SASL mechanisms, and refuses or accepts what is chosen. */
function offering(mechanisms: readonly string[], code: number): ScriptedPeer {
  const peer = new ScriptedPeer();
  peer.on('header', (frame) => {
    if (frame.fields['id'] !== 3) return peer.default(frame);
    peer.sendRaw(frame.payload);
    return peer.sendRaw(mechanismsFrame(mechanisms));
  });
  peer.on('sasl-init', () => peer.send({ is: 'sasl-outcome', code }));
  return peer;
}

describe('handshake (§3)', () => {
  it('KEEP §3 handshake: SASL header, init, AMQP header, open, each once and in this order', async () => {
    const { connection, peer } = await clocked();
    expect(kinds(peer)).toEqual(['header', 'sasl-init', 'header', 'open']);
    expect(peer.framesOf('header').map(({ fields }) => fields['id'])).toEqual([3, 0]);
    await connection.close();
  });

  it('FIX §3 handshake: our own order of mechanisms decides, not that of the server', async () => {
    const peer = offering(['PLAIN', 'ANONYMOUS'], 0);
    const connection = await connectTo(peer, { mechanisms: [anonymous(), plain('u', 'p')] });
    expect((await frameOf(peer, 'sasl-init')).fields['mechanism']).toBe('ANONYMOUS');
    await connection.close();
  });

  it('FIX §3 handshake: the sasl-init names the host', async () => {
    const { connection, peer } = await clocked(undefined, { hostname: 'vhost:one', saslHostname: 'broker.example' });
    expect((await frameOf(peer, 'sasl-init')).fields['hostname']).toBe('broker.example');
    await connection.close();
  });

  it('FIX §3 handshake: a refused login names the mechanism that was used', async () => {
    const failed = await failure(connectTo(offering(['ANONYMOUS'], 1)));
    expect(failed.code).toBe('authentication-failed');
    expect(failed.message).toContain('ANONYMOUS');
    expect(failed.message).not.toContain('PLAIN');
  });

  it('FIX §3 handshake: a peer that wants TLS within the stream is told of as a protocol mismatch', async () => {
    const peer = new ScriptedPeer();
    peer.on('header', () => peer.sendRaw(Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 2, 1, 0, 0)));
    expect((await failure(connectTo(peer))).code).toBe('protocol-mismatch');
  });
});

describe('open (§3)', () => {
  it('KEEP §3 open: channel-max is the lesser of both sides', async () => {
    const { connection } = await clocked((peer) => openingWith(peer, { 'channel-max': 0 }), { maxSessions: 9 });
    await connection.createSession();
    expect(await codes(connection.createSession())).toEqual(['channels-exhausted']);
    await connection.close();
  });

  it('KEEP §3 open: frames that leave are no larger than the peer takes', async () => {
    const { connection, peer } = await clocked((scripted) => openingWith(scripted, { 'max-frame-size': 600 }));
    await (await connection.createSender('q')).sendWithReceipt(new Uint8Array(1500));
    await frameOf(peer, 'transfer', 2);
    const sizes = peer.framesOf('transfer').map(({ payload }) => payload.length);
    expect(sizes.length).toBe(3);
    expect(Math.max(...sizes)).toBeLessThan(600);
    await connection.close();
  });
});

describe('a close by the peer (§3)', () => {
  it.each(['sasl-init', 'open'])('KEEP §3 open: a peer that ends at the %s is the error of connect', async (is) => {
    const peer = new ScriptedPeer();
    peer.on(is, () => peer.end());
    expect((await failure(connectTo(peer))).code).toBe('connection-lost');
  });

  it('KEEP §3 open: a close right behind the open is the error of connect', async () => {
    const peer = new ScriptedPeer();
    peer.on('open', (frame) => {
      peer.default(frame);
      peer.send({ is: 'close', error: wireError('amqp:not-found', 'no such virtual host') });
    });
    expect(await failure(connectTo(peer))).toMatchObject({
      code: 'connection-closed-by-peer',
      condition: 'amqp:not-found',
      description: 'no such virtual host',
    });
  });
});

describe('abandon (§3)', () => {
  it.each(['header', 'sasl-init', 'open'])('FIX §3 abandon: a connect cancelled at the %s ends at once', async (is) => {
    const peer = new ScriptedPeer();
    mute(peer, is);
    const inner = peer.transport;
    let destroyed = 0;
    const destroy = (): void => {
      destroyed++;
      inner.destroy();
    };
    const abort = new AbortController();
    const { signal } = abort;
    const failed = failure(connect('amqp://peer', { signal, transport: () => ({ ...inner, destroy }) }));
    const late = await frameOf(peer, is);
    abort.abort();
    expect((await failed).code).toBe('aborted');
    expect(destroyed).toBe(1);
    const count = peer.frames.length;
    peer.default(late);
    await settle();
    expect(peer.frames).toHaveLength(count);
  });

  it('FIX §3 abandon: a transport that opens after its connect was cancelled is destroyed', async () => {
    const peer = new ScriptedPeer();
    const inner = peer.transport;
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    let destroyed = 0;
    const transport = async () => {
      await opened;
      return { ...inner, destroy: () => destroyed++ };
    };
    const abort = new AbortController();
    const failed = failure(connect('amqp://peer', { signal: abort.signal, transport }));
    await settle();
    abort.abort();
    expect((await failed).code).toBe('aborted');
    open();
    await settle();
    expect([destroyed, peer.frames]).toEqual([1, []]);
  });
});

describe('keep-alive (§3)', () => {
  it('KEEP §3 keep-alive: heartbeats leave at least twice in what the peer waits', async () => {
    const { connection, peer, clock } = await clocked((scripted) => openingWith(scripted, { 'idle-time-out': 2000 }), {
      idleTimeout: 0,
    });
    for (let round = 1; round <= 5; round++) {
      clock.advance(1000);
      await settle();
      expect(peer.framesOf('heartbeat').length).toBeGreaterThanOrEqual(round);
    }
    await connection.close();
  });

  it('FIX §3 keep-alive: no heartbeat leaves where other frames do', async () => {
    const { connection, peer, clock } = await clocked((scripted) => openingWith(scripted, { 'idle-time-out': 2000 }), {
      idleTimeout: 0,
    });
    const sender = await connection.createSender('q');
    for (let round = 0; round < 20; round++) {
      await sender.send('x');
      clock.advance(400);
      await settle();
    }
    expect(peer.framesOf('heartbeat')).toEqual([]);
    await connection.close();
  });

  it('FIX §3 keep-alive: an idle-time-out that nobody can honour is refused, not served with a busy timer', async () => {
    const peer = new ScriptedPeer();
    openingWith(peer, { 'idle-time-out': 1 });
    expect((await failure(connectTo(peer))).code).toBe('protocol-error');
  });

  it('KEEP §3 keep-alive: any frame of the peer proves that it lives', async () => {
    const { connection, peer, clock } = await clocked(undefined, { idleTimeout: 1000 });
    for (let round = 0; round < 10; round++) {
      clock.advance(900);
      peer.sendRaw(Uint8Array.of(0, 0, 0, 8, 2, 0, 0, 0));
    }
    expect(await isPending(connection.closed)).toBe(true);
    await connection.close();
  });

  it('FIX §3 keep-alive: a silent peer is told why it is closed', async () => {
    const { connection, peer, clock } = await clocked(undefined, { idleTimeout: 1000 });
    clock.advance(1500);
    expect(await connection.closed).toMatchObject({ by: 'local', error: { code: 'idle-timeout' } });
    expect((await frameOf(peer, 'close')).fields['error']).toMatchObject({
      condition: 'amqp:resource-limit-exceeded',
    });
  });
});

describe('writing (§3)', () => {
  it('KEEP §3 writing: a frame is either written or reported unsent', async () => {
    const { connection, peer } = await clocked((scripted) => {
      scripted.credit = 1;
      mute(scripted, 'transfer');
    });
    const sender = await connection.createSender('q');
    await settle();
    const abort = new AbortController();
    const { signal } = abort;
    const sends = ['left', 'waits'].map((body) => failure(sender.send(body, { signal })));
    abort.abort();
    expect((await Promise.all(sends)).map(({ code }) => code)).toEqual(['aborted', 'aborted']);
    (await PeerLink.of(peer)).flow({ 'delivery-count': 1, 'link-credit': 9 });
    await settle();
    expect(peer.framesOf('transfer')).toHaveLength(1);
    expect(sender.stats()).toMatchObject({ credit: 9, queued: 0, pending: 0 });
    await connection.close();
  });

  it('FIX §3 writing: all frames of one turn leave in one write', async () => {
    const scene = new HeldTransport();
    const connection = await scene.connect();
    const sender = await connection.createSender('q');
    await settle();
    const before = scene.writes.length;
    await Promise.all(Array.from({ length: 100 }, () => sender.send('x')));
    expect(scene.writes.length - before).toBe(1);
    await connection.close();
  });

  it('KEEP §3 writing: a failed write ends the connection, with the cause', async () => {
    const { connection, peer } = await clocked();
    const cause = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const waiting = failure(connection.createSession());
    peer.end(cause);
    expect((await waiting).code).toBe('connection-lost');
    const { by, error } = await connection.closed;
    expect([by, error?.code, error?.cause]).toEqual(['transport', 'connection-lost', cause]);
  });
});

describe('debug (§3)', () => {
  it('KEEP §3 debug: the trace hides what SASL carries', async () => {
    vi.stubEnv('AMQP1_TRACE', 'frames');
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const peer = offering(['PLAIN'], 0);
    const connection = await connect('amqp://me:hunter2@peer', { transport: () => peer.transport });
    await connection.close();
    const printed = write.mock.calls.map(([line]) => String(line)).join('');
    expect(printed).toContain('sasl-init');
    expect(printed).not.toContain('hunter2');
  });
});
