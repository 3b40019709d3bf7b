import { describe, expect, it } from 'vitest';
import { accepted } from '../../src/definitions/index.ts';
import type { PerformativeInit } from '../../src/definitions/index.ts';
import { amqpError } from '../../src/errors/index.ts';
import { amqpHeader, frame } from './support/frames.ts';
import { LinkLog, SessionLog } from './support/hosts.ts';
import { Pair } from './support/pair.ts';
import { RawPeer, attach, began, begin, flow, open, transfer } from './support/raw-peer.ts';

const error = { condition: 'x:y', description: 'why' };

describe('after our close', () => {
  it('[C-13] frames that cross it change nothing, and the end stays clean', () => {
    const stray: readonly (PerformativeInit & { readonly type: string })[] = [
      open,
      begin(),
      attach({ name: 'late', handle: 9 }),
      flow({ handle: 44 }),
      transfer(7),
      { type: 'disposition', role: true, first: 9, last: 5 },
      { type: 'detach', handle: 44 },
      { type: 'end' },
    ];
    for (const performative of stray)
      for (const channel of performative.type === 'open' ? [0] : [0, 5]) {
        const peer = new RawPeer();
        peer.credit = 5;
        peer.opened(begin(), attach());
        peer.said();
        peer.connection.close();
        peer.bytes(frame(performative, channel));
        expect(peer.connection.ended).toBeUndefined();
        expect([peer.sessions.length, peer.session.types]).toEqual([1, ['linkRequested']]);
        expect(peer.link.log.taken).toEqual([]);
        peer.send({ type: 'close' });
        expect(peer.connection.ended).toMatchObject({ by: 'local', clean: true });
        expect(peer.said()).toEqual(['close']);
      }
  });

  it.each([undefined, error])('[C-13] even frames that break the rules are discarded (%o)', (reason) => {
    const notAmqp = Uint8Array.of(0, 0, 0, 9, 2, 0, 0, 0, 0xff);
    const ofSasl = Uint8Array.of(0, 0, 0, 8, 2, 1, 0, 0);
    const stray = [frame(open, 5), frame({ type: 'end' }, 0xffff), notAmqp, ofSasl];
    for (const octets of stray) {
      const peer = new RawPeer({ channelMax: 7 }).opened();
      peer.connection.close(reason);
      peer.bytes(octets);
      expect(peer.connection.ended).toBeUndefined();
      peer.send({ type: 'close' });
      expect(peer.connection.ended).toMatchObject({ by: 'local', clean: true, error: { code: 'connection-closed' } });
      expect(peer.connection.finished).toBe(true);
    }
  });

  it('[C-13] an open that we could not live with does not matter', () => {
    const peer = new RawPeer({ role: 'client' });
    peer.connection.close();
    peer.bytes(amqpHeader).send({ ...open, maxFrameSize: 100 }, { type: 'close' });
    expect(peer.connection.ended).toMatchObject({ by: 'local', clean: true });
  });

  it('[C-13] nor does what comes before the open', () => {
    const peer = new RawPeer({ role: 'client' });
    peer.connection.close();
    peer.bytes(amqpHeader, frame(open, 3)).send(begin(), { type: 'end' });
    expect(peer.connection.ended).toBeUndefined();
    peer.send(open, { type: 'close' });
    expect(peer.connection.ended).toMatchObject({ by: 'local', clean: true });
  });

  it('[C-13] [C-10] what is no frame leaves us waiting until the time is up', () => {
    for (const octets of [Uint8Array.of(0, 0, 0, 7, 2, 0, 0, 0), Uint8Array.of(0x7f, 0, 0, 0, 2, 0, 0, 0)]) {
      const peer = new RawPeer({ closeTimeout: 100 }).opened();
      peer.connection.close();
      peer.bytes(octets).send({ type: 'close' });
      expect(peer.connection.ended).toBeUndefined();
      peer.connection.tick(0);
      peer.connection.tick(100);
      expect(peer.connection.ended).toMatchObject({ by: 'local', clean: false, error: { code: 'connection-lost' } });
      expect(peer.said()).toEqual(['header 0', 'open', 'close']);
    }
  });

  it('a peer that closes without having opened is not waited for', () => {
    const peer = new RawPeer({ role: 'client' }).bytes(amqpHeader);
    peer.connection.close();
    peer.send({ type: 'close' });
    expect(peer.connection.ended).toMatchObject({ by: 'local', clean: false, error: { code: 'protocol-error' } });
    expect([peer.connection.finished, peer.connection.deadline()]).toEqual([true, undefined]);
  });

  it('[C-12] one with an error that crosses it is told', () => {
    const peer = new RawPeer().opened();
    peer.connection.close();
    peer.send({ type: 'close', error });
    expect(peer.connection.ended).toMatchObject({
      by: 'local',
      clean: false,
      error: { code: 'connection-closed-by-peer', condition: 'x:y' },
    });
  });

  it('what was told before has left, and before it', () => {
    const peer = new RawPeer();
    peer.credit = 5;
    peer.opened(begin(), attach(), transfer(0));
    const { link, log } = peer.link;
    const [taken] = log.taken;
    peer.said();
    if (taken !== undefined && 'grant' in link) link.settle(taken, accepted);
    peer.connection.close();
    expect(peer.said()).toEqual(['disposition', 'close']);
  });

  it('its state tells whether it was for an error', () => {
    const [clean, failed] = [new RawPeer().opened(), new RawPeer().opened()];
    clean.connection.close();
    failed.connection.close(error);
    expect([clean.connection.state, failed.connection.state]).toEqual(['closeSent', 'discarding']);
    const silent = new RawPeer();
    silent.connection.close();
    expect(silent.connection.ended).toMatchObject({ by: 'local', clean: true, error: { code: 'connection-closed' } });
  });
});

describe('after the end of a transport', () => {
  it('everything is closed, and further calls fail with its error', () => {
    const pair = new Pair();
    const { session, sender, receiver } = pair.sender({}, 2);
    const cause = amqpError('tls-failed', 'the certificate is not trusted');
    pair.client.connection.transportEnded(cause);
    expect(pair.client.connection.ended?.error).toBe(cause);
    expect([session.state, sender.state]).toEqual(['closed', 'closed']);
    expect(() => pair.client.connection.createSession({}, new SessionLog())).toThrow(cause);
    expect(() => session.attachSender('late', {}, new LinkLog())).toThrow(cause);
    expect(receiver.attached).toBe(true);
  });

  it('that came before the answer to our close, the doubt is told', () => {
    const peer = new RawPeer().opened();
    peer.connection.close();
    peer.connection.transportEnded();
    expect(peer.connection.ended?.error.message).toContain('the transport ended before the peer answered our close');
  });
});

describe('after our end of a session', () => {
  it('[S-24] frames that cross it change nothing, and the end stays clean', () => {
    const stray: readonly PerformativeInit[] = [
      attach({ name: 'late', handle: 9 }),
      flow({ handle: 44 }),
      flow({ nextIncomingId: 99 }),
      transfer(7, { handle: 44 }),
      { type: 'detach', handle: 44 },
      { type: 'disposition', role: true, first: 9, last: 5 },
    ];
    for (const performative of stray) {
      const { peer, session } = began();
      session.end();
      peer.send(performative);
      expect([session.state, session.ended]).toEqual(['closeSent', undefined]);
      peer.send({ type: 'end' });
      expect(session.ended).toMatchObject({ by: 'local', clean: true, error: { code: 'session-ended' } });
      expect(peer.said()).toEqual(['end']);
    }
  });

  it('[S-23] one with an error that crosses it is told', () => {
    const { peer, session } = began();
    session.end();
    peer.send({ type: 'end', error });
    expect(session.ended).toMatchObject({
      by: 'local',
      clean: false,
      error: { code: 'session-ended-by-peer', condition: 'x:y' },
    });
  });

  it('its state tells whether it was for an error, and its links are attached no more', () => {
    const [clean, failed] = [began(), began()];
    const { peer, session } = clean;
    const link = session.attachSender('link', {}, new LinkLog());
    expect(link.attached).toBe(false);
    peer.send(attach({ role: true }));
    expect(link.attached).toBe(true);
    session.end();
    failed.session.end(error);
    expect([session.state, failed.session.state]).toEqual(['closeSent', 'discarding']);
    expect(link.attached).toBe(false);
  });
});

describe('after the end of the peer', () => {
  it('[S-22] each session has given back its channel once', () => {
    const peer = new RawPeer({ channelMax: 0 }).opened(begin(), { type: 'end' });
    expect(peer.connection.hasChannel).toBe(true);
    expect(peer.connection.createSession({}, new SessionLog()).channel).toBe(0);
    expect(peer.connection.hasChannel).toBe(false);
  });

  it('[S-01] its other channels mean what they did', () => {
    const peer = new RawPeer().opened();
    peer.bytes(frame(begin(), 0), frame(begin(), 1), frame({ type: 'end' }, 0), frame(attach(), 1));
    expect(peer.sessions[1]?.types).toEqual(['linkRequested']);
    expect(peer.connection.ended).toBeUndefined();
  });

  it('a session that nobody took is over when it is answered', () => {
    const peer = new RawPeer({ channelMax: 0 });
    peer.log.onSession = () => undefined;
    peer.opened(begin(), { type: 'end' });
    expect(peer.log.sessions[0]?.state).toBe('closed');
    expect([peer.connection.hasChannel, peer.connection.ended]).toEqual([true, undefined]);
  });

  it('in the same read, a link that it asked for is asked for no more', () => {
    const peer = new RawPeer().opened(begin());
    peer.bytes(frame(attach()), frame({ type: 'end' }));
    expect(peer.session.types).toEqual(['ended']);
  });
});

describe('after our detach', () => {
  it('one with an error that crosses it is told', () => {
    const { peer, session } = began();
    const link = session.attachSender('link', {}, new LinkLog());
    peer.send(attach({ role: true }));
    link.detach({ closed: true });
    peer.send({ type: 'detach', handle: 0, closed: true, error });
    expect(link.ended).toMatchObject({
      by: 'local',
      clean: false,
      error: { code: 'link-detached-by-peer', condition: 'x:y' },
    });
    expect(link.ended?.error.message).toContain('the peer detached the link link: x:y: why');
  });

  it('its state tells whether it was for an error; its name is free either way', () => {
    for (const [reason, state] of [
      [undefined, 'closeSent'],
      [error, 'discarding'],
    ] as const) {
      const { peer, session } = began();
      const link = session.attachSender('link', {}, new LinkLog());
      peer.send(attach({ role: true }));
      link.detach({ closed: true, error: reason });
      expect(link.state).toBe(state);
      expect(session.attachSender('link', {}, new LinkLog()).state).toBe('openSent');
    }
  });

  it('for a fault of the peer, the end is told once, and the link is closed with its connection', () => {
    const peer = new RawPeer().opened(begin(), attach(), transfer(0));
    const { link, log } = peer.link;
    const detach = peer.units().at(-1)?.body;
    expect(detach).toMatchObject({ type: 'detach', closed: true });
    expect(log.events).toMatchObject([{ type: 'ended', clean: false, closed: true }]);
    const other = new RawPeer().opened(begin(), attach(), transfer(0));
    peer.send({ type: 'detach', handle: 0, closed: true });
    other.connection.transportEnded();
    for (const { types } of [log, other.link.log]) expect(types).toEqual(['ended']);
    expect([link.state, other.link.link.state]).toEqual(['closed', 'closed']);
  });
});

describe('a fault before our answer', () => {
  it('of an attach, ends the link before it is answered; nothing else is heard of it', () => {
    const peer = new RawPeer().opened(begin());
    peer.bytes(
      frame(attach({ initialDeliveryCount: undefined })),
      frame(flow({ handle: 0, deliveryCount: 0, properties: { a: 1 } })),
    );
    const { link, log } = peer.link;
    expect(peer.units().at(-1)?.body).toMatchObject({
      type: 'detach',
      closed: true,
      error: { condition: 'amqp:invalid-field' },
    });
    expect(log.events).toMatchObject([{ type: 'ended', by: 'local', clean: false, error: { code: 'link-failed' } }]);
    expect(link.ended).toBe(log.events[0]);
    expect(link.state).toBe('discarding');
    peer.send({ type: 'detach', handle: 0, closed: true });
    expect([log.types, link.state]).toEqual([['ended'], 'closed']);
  });

  it('of an attach that is refused then, is what the link has ended by', () => {
    const peer = new RawPeer().opened(begin());
    peer.session.onLink = ({ link }) => {
      expect(link.ended).toMatchObject({ by: 'local', error: { code: 'link-failed' } });
      link.refuse(error);
    };
    peer.send(attach({ initialDeliveryCount: undefined }));
    expect(peer.said().slice(-2)).toEqual(['attach', 'detach x:y']);
    expect(peer.session.requested[0]?.link.ended?.error.code).toBe('link-failed');
  });

  it('[L-32] of an attach, and then a detach: it is answered in kind', () => {
    for (const closed of [false, true]) {
      const peer = new RawPeer().opened(begin());
      peer.bytes(frame(attach({ initialDeliveryCount: undefined })), frame({ type: 'detach', handle: 0, closed }));
      const { link, log } = peer.link;
      expect(peer.units().at(-1)?.body).toMatchObject({ type: 'detach', closed, error: undefined });
      expect([link.state, log.types]).toEqual(['closed', ['ended']]);
      expect(log.events[0]).toMatchObject({ by: 'local', error: { code: 'link-failed' } });
    }
  });

  it('of a session, ends it before it is begun; nothing else is heard of it', () => {
    const peer = new RawPeer().opened();
    peer.bytes(frame(begin()), frame(flow({ handle: 7 })), frame(attach()));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'end amqp:session:unattached-handle']);
    expect(peer.session.events).toMatchObject([
      { type: 'ended', by: 'local', clean: false, error: { code: 'session-failed' } },
    ]);
    const [session] = peer.log.sessions;
    expect(session?.ended).toBe(peer.session.events[0]);
    expect(() => session?.attachSender('late', {}, new LinkLog())).toThrow(session?.ended?.error);
    expect(session?.state).toBe('discarding');
    peer.send({ type: 'end' });
    expect([peer.session.types, session?.state]).toEqual([['ended'], 'closed']);
  });

  it('of a session, and then its end: the channel is free once it is begun', () => {
    const peer = new RawPeer({ channelMax: 0 }).opened();
    peer.bytes(frame(begin()), frame(flow({ handle: 7 })), frame({ type: 'end' }));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'end']);
    expect(peer.session.events).toMatchObject([{ type: 'ended', by: 'local', error: { code: 'session-failed' } }]);
    expect([peer.connection.hasChannel, peer.connection.ended]).toEqual([true, undefined]);
  });

  it('of a session, ends the links that it asked for', () => {
    const peer = new RawPeer().opened();
    peer.bytes(frame(begin()), frame(attach()), frame(flow({ handle: 7 })));
    expect(peer.session.types).toEqual(['ended']);
    expect(peer.said().at(-1)).toBe('end amqp:session:unattached-handle');
  });

  it('of a begin without an open, leaves no session', () => {
    const peer = new RawPeer().bytes(amqpHeader).send(begin());
    expect(peer.log.types).toEqual(['ended']);
  });

  it('is no link of ours: it cannot be refused', () => {
    const { session } = began();
    for (const link of [session.attachSender('s', {}, new LinkLog()), session.attachReceiver('r', {}, new LinkLog())])
      expect(() => link.refuse(error)).toThrow(expect.objectContaining({ code: 'illegal-state' }));
  });
});

describe('an error of a host', () => {
  it('in the middle of a frame is internal, even if it is one of ours', () => {
    const peer = new RawPeer();
    peer.credit = 1;
    peer.opened(begin(), attach());
    peer.link.log.createDelivery = () => {
      throw amqpError('illegal-state', 'the host is confused');
    };
    peer.said();
    peer.transfer(transfer(0));
    expect(peer.said()).toEqual(['close amqp:internal-error']);
    expect(peer.connection.ended?.error.code).toBe('internal');
  });
});

describe('the wish to send', () => {
  it('is told once until all was taken, and then again', () => {
    const peer = new RawPeer().opened(begin());
    peer.said();
    const { wakes } = peer.log;
    peer.send(attach());
    peer.send(flow({ echo: true }));
    expect(peer.log.wakes).toBe(wakes + 1);
    expect(peer.connection.transmit()).toBeDefined();
    peer.send(flow({ echo: true }));
    expect(peer.log.wakes).toBe(wakes + 1);
    peer.said();
    peer.send(flow({ echo: true }));
    expect(peer.log.wakes).toBe(wakes + 2);
  });

  it('[BY-14] is held up from the high-water mark on', () => {
    const { buffered } = new RawPeer({ role: 'client' }).connection;
    expect(buffered).toBeGreaterThan(0);
    const writable = [buffered, buffered + 1].map(
      (highWaterMark) => new RawPeer({ role: 'client', highWaterMark }).connection.writable,
    );
    expect(writable).toEqual([false, true]);
  });
});
