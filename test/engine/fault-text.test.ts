import { describe, expect, it } from 'vitest';
import { Described, ulong } from '../../src/codec/index.ts';
import type { PerformativeInit } from '../../src/definitions/index.ts';
import type { LinkOptions } from '../../src/engine/index.ts';
import { amqpHeader, frame, hex } from './support/frames.ts';
import { LinkLog, Sent, SessionLog } from './support/hosts.ts';
import { RawPeer, attach, began, begin, flow, open, transfer } from './support/raw-peer.ts';

const size = (octets: string, more: number): string => (octets.length / 2 + more).toString(16).padStart(8, '0');

/** An open whose properties have one key twice: a symbol of 400 letters. */
function openWithDoubledKey(): Uint8Array {
  const entry = `b300000190${'78'.repeat(400)}41`;
  const items = `a10163${'40'.repeat(8)}d1${size(entry.repeat(2), 4)}00000004${entry.repeat(2)}`;
  const body = `005310d0${size(items, 4)}0000000a${items}`;
  return hex(`${size(body, 8)}02000000${body}`);
}

/** What the engine told of the fault, in the last frame that it wrote with an error. */
function told(peer: RawPeer): string | undefined {
  const errors = peer.units().flatMap(({ body }) => (body !== undefined && 'error' in body ? [body.error] : []));
  return errors.findLast((error) => error !== undefined)?.description;
}

/** A server with a session; its links have this much credit. */
function server(credit = 0): RawPeer {
  const peer = new RawPeer();
  peer.credit = credit;
  return peer.opened(begin());
}

/** A server whose first link is a receiver with these options. */
function receiver(options: LinkOptions): RawPeer {
  const peer = server();
  peer.session.onLink = ({ link }) => {
    if (!('grant' in link)) return;
    link.attach({ source: {}, target: {}, ...options }, new LinkLog());
    link.grant(5);
  };
  return peer.send(attach());
}

const disposition = (fields: Partial<Extract<PerformativeInit, { type: 'disposition' }>>): PerformativeInit => ({
  type: 'disposition',
  role: true,
  first: 0,
  ...fields,
});

describe('a fault of the peer', () => {
  it.each(['client', 'server'] as const)('[E-09] is told in few words, whatever it is about (%s)', (role) => {
    const peer = new RawPeer({ role, maxFrameSize: 4096 }).bytes(amqpHeader, openWithDoubledKey());
    const close = peer.units().at(-1);
    expect(close?.body).toMatchObject({
      type: 'close',
      error: { condition: 'amqp:decode-error', description: expect.stringContaining('x'.repeat(100)) },
    });
    const { body } = close ?? {};
    expect(body?.type === 'close' && body.error?.description).toHaveLength(256);
    expect(close?.size).toBeLessThanOrEqual(512);
  });

  it.each<[string, () => RawPeer]>([
    ['the max-frame-size 511 is below 512', () => new RawPeer().bytes(amqpHeader).send({ ...open, maxFrameSize: 511 })],
    [
      'the idle-time-out of 9 ms is too short to be honoured',
      () => new RawPeer().bytes(amqpHeader).send({ ...open, idleTimeOut: 9 }),
    ],
    ['a begin came on channel 0, which has a session', () => server().send(begin())],
    [
      'no channel is free to answer a begin',
      () =>
        new RawPeer()
          .bytes(amqpHeader)
          .send({ ...open, channelMax: 0 }, begin())
          .bytes(frame(begin(), 1)),
    ],
    ['a begin answers channel 4, where nothing was begun', () => new RawPeer().opened(begin({ remoteChannel: 4 }))],
    ['the handle 65536 is above our handle-max of 65535', () => server().send(attach({ handle: 65_536 }))],
    ['the handle 0 is in use', () => server().send(attach(), attach({ name: 'other' }))],
    ['a disposition runs backwards, from 9 to 5', () => server().send(disposition({ first: 9, last: 5 }))],
    ['1 octets follow a performative that has no payload', () => server().bytes(frame(flow(), 0, Uint8Array.of(1)))],
    ['a begin came before the open', () => new RawPeer().bytes(amqpHeader).send(begin())],
    ['a attach came before the open', () => new RawPeer({ role: 'client' }).bytes(amqpHeader).send(attach())],
    ['a close came before the open', () => new RawPeer().bytes(amqpHeader).send({ type: 'close' })],
    ['an open came on channel 1', () => new RawPeer().bytes(amqpHeader).bytes(frame(open, 1))],
    ['a second open came', () => server().send(open)],
    ['a frame of type 7 came where AMQP frames belong', () => server().bytes(hex('00000008 02070000'))],
    [
      'a frame of 4097 octets is above our max-frame-size of 4096',
      () => new RawPeer({ maxFrameSize: 4096 }).opened().bytes(hex('00001001 02')),
    ],
    ['a frame of 12 octets has its data at octet 16', () => server().bytes(hex('0000000c 04000000'))],
    ['channel 9 is above our limit of 8', () => new RawPeer({ channelMax: 8 }).opened().bytes(frame(begin(), 9))],
    ['the frame attach came on channel 3, which has no session', () => server().bytes(frame(attach(), 3))],
    [
      'the frame detach came on channel 3, which has no session',
      () => server().bytes(frame({ type: 'detach', handle: 0 }, 3)),
    ],
    ['the frame end came on channel 3, which has no session', () => server().bytes(frame({ type: 'end' }, 3))],
    ['the frame flow came on channel 3, which has no session', () => server().bytes(frame(flow(), 3))],
    ['the frame transfer came on channel 3, which has no session', () => server().bytes(frame(transfer(0), 3))],
    ['the frame disposition came on channel 3, which has no session', () => server().bytes(frame(disposition({}), 3))],
  ])('ends the connection and says: %s', (text, misbehave) => {
    const peer = misbehave();
    expect(told(peer)).toBe(text);
    expect(peer.connection.ended?.error).toMatchObject({ description: text });
    expect(peer.connection.ended?.error.message).toContain(text);
  });

  it.each<[string, () => RawPeer]>([
    [
      'the name of a link is too long for the frames that you take',
      () =>
        new RawPeer()
          .bytes(amqpHeader)
          .send({ ...open, maxFrameSize: 512 }, begin())
          .send(attach({ name: 'x'.repeat(500) })),
    ],
    ['a flow names the handle 3, which is not attached', () => server().send(flow({ handle: 3 }))],
    ['a detach names the handle 3, which is not attached', () => server().send({ type: 'detach', handle: 3 })],
    ['a transfer names the handle 3, which is not attached', () => server().transfer(transfer(0, { handle: 3 }))],
    ['a flow expects transfer 1, which was not sent yet', () => server().send(flow({ nextIncomingId: 1 }))],
    [
      'a transfer came on the handle 0, whose receiver is the peer',
      () => server().send(attach({ role: true }), transfer(0)),
    ],
    [
      'a transfer came while our incoming-window was 0',
      () => {
        const peer = new RawPeer();
        const log = new SessionLog();
        peer.sessions.push(log);
        peer.log.onSession = (session) => session.begin({ incomingWindow: 0 }, log);
        return peer.opened(begin(), attach(), transfer(0));
      },
    ],
    ['the delivery 5 came where 1 is next', () => server(9).send(attach(), transfer(0), transfer(5))],
  ])('ends the session and says: %s', (text, misbehave) => {
    const peer = misbehave();
    expect(told(peer)).toBe(text);
    const error = peer.session.events.find((event) => event.type === 'ended')?.error;
    expect(error).toMatchObject({ code: 'session-failed', description: text });
    expect(error?.message).toContain(`the session was ended: ${text}`);
  });

  it.each<[string, () => RawPeer]>([
    [
      'its name was attached again',
      () =>
        server()
          .send(attach())
          .send(attach({ handle: 1 })),
    ],
    [
      'the attach of the sender has no initial-delivery-count',
      () => server().send(attach({ initialDeliveryCount: undefined })),
    ],
    [
      'the first transfer of a delivery has no delivery-id or no delivery-tag',
      () => server(5).send(attach(), transfer(0, { deliveryTag: undefined })),
    ],
    [
      'a delivery-tag has 33 octets; 32 are allowed',
      () => server(5).send(attach(), transfer(0, { deliveryTag: new Uint8Array(33) })),
    ],
    ['a delivery came without credit', () => server().send(attach(), transfer(0))],
    [
      'a transfer of delivery 1 came within delivery 0',
      () => server(5).send(attach(), transfer(0, { more: true }), transfer(1)),
    ],
    [
      'the message-format changed within delivery 0',
      () => server(5).send(attach(), transfer(0, { more: true }), transfer(undefined, { messageFormat: 1 })),
    ],
    [
      'a message is larger than the 2 octets that we take',
      () => receiver({ maxMessageSize: 2n }).transfer(transfer(0), [1, 2, 3]),
    ],
    [
      'delivery 0 asks for the mode second on a link of mode first',
      () => receiver({}).transfer(transfer(0, { rcvSettleMode: 1 })),
    ],
    [
      'a disposition has a state of an unknown type',
      () => server(5).send(attach(), transfer(0), disposition({ role: false, state: new Described(ulong(0x99), []) })),
    ],
  ])('ends the link and says: %s', (text, misbehave) => {
    const peer = misbehave();
    expect(told(peer)).toBe(text);
    const [request] = peer.session.requested;
    expect(request?.link.failure).toMatchObject({ code: 'link-failed', description: text });
    expect(request?.link.failure?.message).toContain(`the link link was detached: ${text}`);
  });

  it('is told apart from its silence: what it owes us', () => {
    const peer = new RawPeer({ idleTimeout: 1000 }).opened();
    for (const now of [500, 1000, 1500]) peer.connection.tick(now);
    expect(told(peer)).toBe('no frame came for 1000 ms');
    const closing = new RawPeer({ closeTimeout: 500 }).opened();
    closing.connection.close();
    closing.connection.tick(0);
    closing.connection.tick(500);
    expect(closing.connection.ended).toMatchObject({ by: 'local', clean: false, error: { code: 'connection-lost' } });
    expect(closing.connection.ended?.error.message).toContain('the time was up before the peer answered our close');
    const lost = new RawPeer().opened();
    lost.connection.transportEnded(new Error('reset'));
    expect(lost.connection.ended?.error.message).toContain('the transport failed: reset');
    const gone = new RawPeer().opened();
    gone.connection.transportEnded();
    expect(gone.connection.ended?.error.message).toContain('the peer ended the transport: its close is missing');
  });

  it('or its wish for a session, where none is taken', () => {
    const peer = new RawPeer();
    peer.log.onSession = () => undefined;
    expect(told(peer.opened(begin()))).toBe('sessions of the peer are not taken here');
  });

  it('that cannot be decoded is told without advice for us, and without a place', () => {
    const peer = server().bytes(hex('0000000b 02000000 00531d'));
    const text = told(peer);
    expect(text).toMatch(/\w/);
    expect(text).not.toMatch(/octet \d|\. /);
    expect(peer.connection.ended?.error.message).toMatch(/\. /);
  });
});

describe('what the peer says of an end', () => {
  it('is told with its condition, its description, or the lack of both', () => {
    const endings: readonly [PerformativeInit & { type: 'end' }, string][] = [
      [{ type: 'end' }, 'the peer ended the session without an error'],
      [{ type: 'end', error: { condition: 'x:y' } }, 'the peer ended the session: x:y'],
      [{ type: 'end', error: { condition: 'x:y', description: 'why' } }, 'the peer ended the session: x:y: why'],
    ];
    for (const [end, text] of endings) {
      const peer = server().send(end);
      const ended = peer.session.events.find((event) => event.type === 'ended');
      expect(ended?.error.message.split('. ')[0]).toBe(text);
      expect(ended?.clean).toBe(end.error === undefined);
    }
  });

  it('names the link', () => {
    const failed = server().send(attach(), { type: 'detach', handle: 0, error: { condition: 'x:y' } });
    expect(failed.link.link.ended).toMatchObject({ by: 'peer', clean: false, error: { condition: 'x:y' } });
    const detached = server().send(attach(), { type: 'detach', handle: 0 });
    expect(detached.link.link.ended?.error.message).toContain('the peer detached the link link without an error');
    const { peer, session } = began();
    const link = session.attachSender('mine', {}, new LinkLog());
    peer.send(attach({ name: 'mine', role: true, target: undefined }), { type: 'detach', handle: 0 });
    expect(link.ended).toMatchObject({ clean: false, error: { code: 'link-refused' } });
    expect(link.ended?.error.message).toContain('the peer refused the link mine without an error');
  });
});

describe('a call that cannot be served', () => {
  it('says what is in use, how much there is, and what is too large', () => {
    const peer = new RawPeer({ role: 'client', channelMax: 1 });
    peer.bytes(amqpHeader).send({ ...open, maxFrameSize: 512 });
    const session = peer.connection.createSession({ handleMax: 1 }, new SessionLog());
    peer.send(begin({ remoteChannel: 0 }));
    peer.connection.createSession({}, new SessionLog());
    expect(() => peer.connection.createSession({}, new SessionLog())).toThrow(
      'all 2 channels of the connection are in use',
    );
    const sender = session.attachSender('x', {}, new LinkLog());
    expect(() => session.attachSender('x', {}, new LinkLog())).toThrow('the session has a sender named x already');
    const properties = { text: 'x'.repeat(600) };
    expect(() => session.attachReceiver('y', { properties }, new LinkLog())).toThrow(
      /the attach frame has \d+ octets, and the peer takes 512: shorten/,
    );
    session.attachReceiver('x', {}, new LinkLog());
    expect(() => session.attachReceiver('x', {}, new LinkLog())).toThrow('the session has a receiver named x already');
    expect(() => session.attachSender('z', {}, new LinkLog())).toThrow('all 2 handles of the session are in use');
    expect(() => sender.attach({}, new LinkLog())).toThrow('the link x is openSent: no attach is possible');
    expect(() => session.begin({}, new SessionLog())).toThrow('the session is opened: sendOpen is not possible');
    peer.send(attach({ name: 'x', role: true, maxMessageSize: 4n }));
    expect(() => sender.send(new Sent(), new Uint8Array(9), 2, 8)).toThrow(
      'a message of 6 octets exceeds the limit of 4 of the link x',
    );
    session.end();
    expect(() => session.attachSender('late', {}, new LinkLog())).toThrow('the session is ending');
    expect(() => new RawPeer({ containerId: 'x'.repeat(600) })).toThrow(
      /the open has \d+ octets, 512 are allowed before the peer has said more: shorten/,
    );
  });

  it('says afterwards that the session or link is over', () => {
    const { peer, session } = began();
    const log = new LinkLog();
    const link = session.attachSender('x', {}, log);
    peer.send(attach({ name: 'x', role: true }));
    link.detach({ closed: true });
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect(link.ended).toMatchObject({ clean: true, error: { code: 'link-closed' } });
    expect(link.ended?.error.message).toContain('the link x is closed');
    session.end();
    peer.send({ type: 'end' });
    expect(session.ended?.error.message).toContain('the session is ended');
  });
});
