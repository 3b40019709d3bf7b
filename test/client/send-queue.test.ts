import { describe, expect, it } from 'vitest';
import { decodeMessage, type Connection, type Transport } from '../../src/client/index.ts';
import { ScriptedPeer } from '../../src/testing/index.ts';
import { connected, connectTo, failure, frameOf, isPending, mute, PeerLink, settle } from './support/scripted.ts';

/** A peer that grants no credit by itself. */
const withoutCredit = (): Promise<{ peer: ScriptedPeer; connection: Connection }> =>
  connected((peer) => {
    peer.credit = 0;
  });

/** The texts of the messages that came. */
const texts = (peer: ScriptedPeer): string[] =>
  peer.framesOf('transfer').map(({ payload }) => decodeMessage(payload).text());

describe('sends without credit', () => {
  it('[§2.6.7] wait, and leave in the order of the calls when credit comes', async () => {
    const { connection, peer } = await withoutCredit();
    const sender = await connection.createSender('q');
    const sends = ['a', 'b', 'c', 'd'].map((each) => sender.send(each));
    await settle();
    expect(texts(peer)).toEqual([]);
    expect(sender.stats()).toEqual({ credit: 0, queued: 4, pending: 4, waitingFor: 'credit' });
    const link = await PeerLink.of(peer);
    link.flow({ 'link-credit': 2 });
    await Promise.all(sends.slice(0, 2));
    expect(texts(peer)).toEqual(['a', 'b']);
    expect(sender.stats()).toMatchObject({ queued: 2, pending: 2, waitingFor: 'credit' });
    link.flow({ 'delivery-count': 2, 'link-credit': 10 });
    await Promise.all(sends);
    expect(texts(peer)).toEqual(['a', 'b', 'c', 'd']);
    await connection.close();
  });

  it('keep what each of them was when it was sent, also where it is large', async () => {
    const { connection, peer } = await withoutCredit();
    const sender = await connection.createSender('q');
    const body = new Uint8Array(300_000);
    const sends = [1, 2, 3].flatMap((octet) => [sender.send(body.fill(octet)), sender.send(`small ${octet}`)]);
    body.fill(9);
    const messages: Uint8Array[] = [];
    let parts: Uint8Array[] = [];
    const link = await PeerLink.of(peer);
    peer.on('transfer', ({ fields, payload }) => {
      parts.push(payload);
      if (fields['more'] === true) return;
      link.disposition(messages.length, { is: 'accepted' });
      messages.push(new Uint8Array(Buffer.concat(parts)));
      parts = [];
    });
    link.flow({ 'link-credit': 10 });
    await Promise.all(sends);
    const read = messages.map((octets) => decodeMessage(octets));
    expect(read.map(({ body: { kind } }) => kind)).toEqual(['data', 'value', 'data', 'value', 'data', 'value']);
    for (const octet of [1, 2, 3]) {
      expect(read[2 * octet - 2]?.bytes()).toEqual(new Uint8Array(300_000).fill(octet));
      expect(read[2 * octet - 1]?.text()).toBe(`small ${octet}`);
    }
    await connection.close();
  });

  it('are taken back by an abort or a timeout, and the others keep their order', async () => {
    const { connection, peer } = await withoutCredit();
    const sender = await connection.createSender('q');
    const abort = new AbortController();
    const first = sender.send('a');
    const second = failure(sender.send('b', { signal: abort.signal }));
    const third = failure(sender.sendWithReceipt('c', { timeout: 10 }));
    const last = sender.send('d');
    abort.abort();
    expect((await second).code).toBe('aborted');
    expect((await third).code).toBe('timeout');
    expect(sender.stats()).toMatchObject({ queued: 2, pending: 2 });
    (await PeerLink.of(peer)).flow({ 'link-credit': 10 });
    await Promise.all([first, last]);
    expect(texts(peer)).toEqual(['a', 'd']);
    expect(sender.stats()).toMatchObject({ credit: 8, queued: 0, pending: 0 });
    await connection.close();
  });

  it('do not begin where the signal was aborted before', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    const reason = new RangeError('no');
    await expect(sender.send('x', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await settle();
    expect(texts(peer)).toEqual([]);
    expect(sender.stats().pending).toBe(0);
    await connection.close();
  });

  it('copy the payload: the caller may write its memory again', async () => {
    const { connection, peer } = await withoutCredit();
    const sender = await connection.createSender('q');
    const body = Uint8Array.of(1, 2, 3);
    const sending = sender.send(body);
    body.fill(9);
    (await PeerLink.of(peer)).flow({ 'link-credit': 1 });
    await sending;
    expect(decodeMessage((await frameOf(peer, 'transfer')).payload).bytes()).toEqual(Uint8Array.of(1, 2, 3));
    await connection.close();
  });

  it('do not hold up another sender, of the same session or another', async () => {
    const { connection, peer } = await withoutCredit();
    const session = await connection.createSession();
    const stuck = await Promise.all(Array.from({ length: 20 }, () => session.createSender('stuck')));
    const waiting = stuck.flatMap((sender) => [sender.send('x'), sender.send('y')]);
    for (const each of waiting) each.catch(() => undefined);
    peer.credit = 5;
    const near = await session.createSender('near');
    const far = await connection.createSender('far');
    await Promise.all([near.send('1'), far.send('2'), near.send('3')]);
    expect(texts(peer).sort()).toEqual(['1', '2', '3']);
    (await PeerLink.of(peer, 19)).flow({ 'link-credit': 1 });
    await waiting[38];
    expect(await isPending(waiting[39] ?? Promise.resolve())).toBe(true);
    await connection.close();
  });

  it('[§2.6.7] give back the credit that the peer drains, after what waited has left', async () => {
    const { connection, peer } = await withoutCredit();
    const sender = await connection.createSender('q');
    const sends = [sender.send('a'), sender.send('b')];
    (await PeerLink.of(peer)).flow({ 'link-credit': 5, drain: true });
    await Promise.all(sends);
    await settle();
    const flow = peer.framesOf('flow').at(-1);
    expect(flow?.fields).toMatchObject({ 'delivery-count': 5, 'link-credit': 0, drain: true });
    expect(sender.stats().credit).toBe(0);
    await connection.close();
  });
});

describe('a send in several frames', () => {
  const small = (window: number) =>
    connected((peer) => {
      peer.on('open', () => peer.send({ is: 'open', 'container-id': 'p', 'max-frame-size': 512 }));
      peer.on('begin', ({ channel }) =>
        peer.send(
          {
            is: 'begin',
            'remote-channel': channel,
            'next-outgoing-id': 0,
            'incoming-window': window,
            'outgoing-window': 9,
          },
          undefined,
          channel,
        ),
      );
      peer.on('attach', ({ channel, fields }) => {
        const handle = Number(fields['handle']);
        peer.send(
          {
            is: 'attach',
            name: String(fields['name']),
            handle,
            role: true,
            source: { is: 'source' },
            target: { is: 'target' },
          },
          undefined,
          channel,
        );
        peer.send(
          {
            is: 'flow',
            'next-incoming-id': 0,
            'incoming-window': window,
            'next-outgoing-id': 0,
            'outgoing-window': 9,
            handle,
            'delivery-count': 0,
            'link-credit': 9,
          },
          undefined,
          channel,
        );
      });
    });

  it('[§2.6.14] stops at the window of the session, and goes on with it', async () => {
    const { connection, peer } = await small(2);
    const sender = await connection.createSender('q');
    const body = new Uint8Array(1500).map((_, index) => index);
    const sending = sender.send(body);
    await frameOf(peer, 'transfer', 1);
    await settle();
    expect(peer.framesOf('transfer')).toHaveLength(2);
    expect(sender.stats()).toMatchObject({ pending: 1, waitingFor: 'window' });
    (await PeerLink.of(peer)).send({
      is: 'flow',
      'next-incoming-id': 2,
      'incoming-window': 9,
      'next-outgoing-id': 0,
      'outgoing-window': 9,
    });
    await frameOf(peer, 'transfer', 3);
    const parts = peer.framesOf('transfer');
    expect(parts.map(({ fields }) => fields['more'] === true)).toEqual([true, true, true, false]);
    expect(decodeMessage(Buffer.concat(parts.map(({ payload }) => payload))).bytes()).toEqual(body);
    (await PeerLink.of(peer)).disposition(0, { is: 'accepted' });
    await sending;
    await connection.close();
  });

  it('[§2.7.5] is aborted on the wire, and the next one leaves', async () => {
    const { connection, peer } = await small(2);
    const sender = await connection.createSender('q');
    const abort = new AbortController();
    const failed = failure(sender.send(new Uint8Array(5000), { signal: abort.signal }));
    const next = sender.send('next');
    await frameOf(peer, 'transfer', 1);
    abort.abort();
    expect((await failed).code).toBe('aborted');
    expect(sender.stats()).toMatchObject({ pending: 1 });
    const link = await PeerLink.of(peer);
    link.send({ is: 'flow', 'next-incoming-id': 2, 'incoming-window': 9, 'next-outgoing-id': 0, 'outgoing-window': 9 });
    expect((await frameOf(peer, 'transfer', 2)).fields).toMatchObject({ aborted: true });
    await frameOf(peer, 'transfer', 3);
    await next;
    expect(decodeMessage((await frameOf(peer, 'transfer', 3)).payload).text()).toBe('next');
    await connection.close();
  });

  it('by trySend is one that has begun: its receipt tells when the connection is lost', async () => {
    const { connection, peer } = await small(1);
    const unhandled: unknown[] = [];
    const note = (reason: unknown): number => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const sender = await connection.createSender('q');
    await settle();
    const receipt = sender.trySend(new Uint8Array(5000));
    await frameOf(peer, 'transfer');
    peer.end(new Error('cut'));
    expect(await receipt?.outcome).toMatchObject({ state: 'unknown', error: { code: 'outcome-unknown' } });
    await settle();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('sends that the transport cannot take', () => {
  it('wait above the high-water mark, and leave when there is room again', async () => {
    const taken: (() => void)[] = [];
    let held = false;
    const peer = new ScriptedPeer();
    mute(peer, 'transfer');
    const inner = peer.transport;
    const send: Transport['send'] = (chunks, done) => inner.send(chunks, () => (held ? taken.push(done) : done()));
    const connection = await connectTo(peer, { highWaterMark: 1000, transport: () => ({ ...inner, send }) });
    const sender = await connection.createSender('q');
    await settle();
    held = true;
    const sends = Array.from({ length: 5 }, () => sender.sendWithReceipt(new Uint8Array(600)));
    await frameOf(peer, 'transfer', 1);
    await settle();
    expect(peer.framesOf('transfer').length).toBeLessThan(5);
    expect(sender.stats().waitingFor).toBe('transport');
    expect(connection.stats()).toMatchObject({ blocked: true });
    expect(sender.trySend('x')).toBeUndefined();
    held = false;
    for (const done of taken.splice(0)) done();
    await Promise.all(sends);
    await settle();
    expect(connection.stats()).toEqual({ connected: true, buffered: 0, blocked: false, recoveries: 0, attempts: 0 });
    await connection.close();
  });
});
