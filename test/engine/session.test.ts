import { describe, expect, it } from 'vitest';
import { amqpHeader, brief, frame } from './support/frames.ts';
import { LinkLog, Sent, SessionLog } from './support/hosts.ts';
import { Pair } from './support/pair.ts';
import { RawPeer, attach, begin, flow, transfer } from './support/raw-peer.ts';

describe('beginning a session', () => {
  it('[S-01] [S-03] [S-04] each side uses its own lowest channel', () => {
    const pair = new Pair();
    pair.pump();
    const serverLog = new SessionLog();
    pair.client.log.onSession = (session) => session.begin({}, new SessionLog());
    const asked = pair.server.connection.createSession({}, serverLog);
    const { session, log } = pair.session({ handleMax: 3, incomingWindow: 5 });
    expect([asked.channel, session.channel]).toEqual([0, 0]);
    expect(log.events).toMatchObject([{ type: 'begun', remote: { remoteChannel: 0 } }]);
    expect(serverLog.types).toEqual(['begun']);
    const second = pair.session();
    expect(second.session.channel).toBe(2);
    const begins = pair.client.units.filter(({ type }) => type === 'begin');
    expect(begins[0]?.body).toMatchObject({ remoteChannel: undefined, handleMax: 3, incomingWindow: 5 });
  });

  it('[S-01] follows the channel that the peer chose', () => {
    const peer = new RawPeer({ role: 'client' }).opened();
    const log = new SessionLog();
    const session = peer.connection.createSession({}, log);
    peer.bytes(frame(begin({ remoteChannel: 0 }), 7), frame({ type: 'end' }, 7));
    expect(log.types).toEqual(['begun', 'ended']);
    expect(session.ended).toMatchObject({ by: 'peer', clean: true, error: { code: 'session-ended-by-peer' } });
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'end']);
  });

  it('[C-04] begins no more sessions than both sides take', () => {
    const pair = new Pair({ client: { channelMax: 5 }, server: { channelMax: 1 } });
    pair.pump();
    pair.session();
    expect(pair.client.connection.hasChannel).toBe(true);
    const { session } = pair.session();
    expect(pair.client.connection.hasChannel).toBe(false);
    expect(() => pair.client.connection.createSession({}, new SessionLog())).toThrow(
      expect.objectContaining({ code: 'channels-exhausted' }),
    );
    session.end();
    pair.pump();
    // [S-22] the channel is free once both sides have ended
    expect(pair.session().session.channel).toBe(1);
  });

  it('[S-30] refuses a session of the peer that no channel is left for', () => {
    const peer = new RawPeer().bytes(amqpHeader);
    peer.send({ type: 'open', containerId: 'x', channelMax: 0 }).bytes(frame(begin(), 0), frame(begin(), 1));
    expect(peer.said()).toEqual(['header 0', 'open', 'close amqp:resource-limit-exceeded']);
  });

  it('[S-02] [S-05] refuses a begin that answers nothing', () => {
    const peer = new RawPeer({ role: 'client' }).opened();
    peer.connection.createSession({}, new SessionLog());
    peer.bytes(frame(begin({ remoteChannel: 0 }), 0), frame(begin({ remoteChannel: 0 }), 1));
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'close amqp:not-allowed']);
  });

  it('ends a session that nobody takes', () => {
    const peer = new RawPeer();
    peer.log.onSession = () => undefined;
    peer.opened(begin());
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'end amqp:not-implemented']);
    expect(peer.log.sessions[0]?.state).toBe('discarding');
  });

  it('takes no channel for a begin that is too large', () => {
    const peer = new RawPeer({ role: 'client' });
    const properties = { text: 'x'.repeat(600) };
    const create = (): unknown => peer.connection.createSession({ properties }, new SessionLog());
    expect(create).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    expect(peer.connection.createSession({}, new SessionLog()).channel).toBe(0);
    expect(peer.said()).toEqual(['header 0', 'open', 'begin']);
  });

  it('cannot begin twice', () => {
    const { session } = new Pair().session();
    expect(() => session.begin({}, new SessionLog())).toThrow(expect.objectContaining({ code: 'illegal-state' }));
  });

  it('is not asked for a session that has ended with its connection in the same read', () => {
    const peer = new RawPeer().opened();
    peer.bytes(frame(begin()), frame(attach()), frame({ type: 'close' }));
    expect(peer.sessions).toEqual([]);
    expect(peer.said()).toEqual(['header 0', 'open', 'close']);
  });

  it('tells nobody of a session that the peer has ended, and then its connection', () => {
    const peer = new RawPeer().opened();
    peer.bytes(frame(begin()), frame({ type: 'end' }), frame({ type: 'close' }));
    expect(peer.log.types).toEqual(['opened', 'ended']);
    expect(peer.said()).toEqual(['header 0', 'open', 'close']);
  });

  it('answers a session that the peer has ended already, on a channel that nobody else gets', () => {
    const peer = new RawPeer().opened();
    let own: unknown;
    peer.log.onSession = (session) => {
      own = peer.connection.createSession({}, new SessionLog()).channel;
      session.begin({}, new SessionLog());
    };
    peer.bytes(frame(begin()), frame(attach()), frame({ type: 'end' }));
    expect(own).toBe(1);
    expect(peer.units().map((unit) => `${unit.type} ${unit.channel}`)).toEqual([
      'header 0 0',
      'open 0',
      'begin 1',
      'begin 0',
      'end 0',
    ]);
    expect(peer.connection.createSession({}, new SessionLog()).channel).toBe(0);
  });
});

describe('ending a session', () => {
  it('[S-22] waits for the answer', () => {
    const pair = new Pair();
    const { session, log } = pair.session();
    session.end();
    session.end();
    expect(log.types).toEqual(['begun']);
    pair.pump();
    expect(session.ended).toMatchObject({ by: 'local', clean: true, error: { code: 'session-ended' } });
    expect(pair.serverSessions[0]?.session.ended).toMatchObject({ by: 'peer', clean: true });
    expect(log.types).toEqual(['begun', 'ended']);
    expect(() => session.attachSender('x', {}, new LinkLog())).toThrow(session.ended?.error);
  });

  it('[S-23] takes an end that crosses its own as the answer', () => {
    const pair = new Pair();
    const { session } = pair.session();
    session.end();
    pair.serverSessions[0]?.session.end({ condition: 'x:y' });
    pair.pump();
    expect(session.ended?.by).toBe('local');
    expect(pair.serverSessions[0]?.session.ended?.by).toBe('local');
    expect(pair.client.units.filter(({ type }) => type === 'end')).toHaveLength(1);
  });

  it('[S-22] may end before the peer has answered', () => {
    const pair = new Pair();
    const log = new SessionLog();
    const session = pair.client.connection.createSession({}, log);
    session.end();
    pair.pump();
    expect(log.types).toEqual(['begun', 'ended']);
    expect(session.state).toBe('closed');
    expect(pair.session().session.channel).toBe(0);
  });

  it('[S-24] drops what comes after its own error', () => {
    const peer = new RawPeer();
    peer.credit = 10;
    peer.opened(begin(), attach(), flow({ handle: 9 }), attach({ handle: 9 }), flow({ handle: 10 }));
    peer.send(transfer(0), { type: 'disposition', role: true, first: 9, last: 5 }, { type: 'detach', handle: 44 });
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'attach', 'end amqp:session:unattached-handle']);
    // Nobody waits for the answer of a peer that breaks rules.
    expect(peer.session.types).toEqual(['linkRequested', 'ended']);
    peer.send({ type: 'end' });
    expect(peer.session.types).toEqual(['linkRequested', 'ended']);
    expect(peer.session.events.at(-1)).toMatchObject({
      type: 'ended',
      by: 'local',
      clean: false,
      error: { code: 'session-failed', condition: 'amqp:session:unattached-handle' },
    });
    expect(peer.link.link.ended).toMatchObject({ clean: false, error: { code: 'session-failed' } });
  });

  it('[S-26] ends its links without closing them', () => {
    const pair = new Pair();
    const { session, sender, receiver, log } = pair.sender({}, 2);
    session.end();
    pair.pump();
    expect(log.types).toEqual(['attached', 'ended']);
    for (const link of [sender, receiver]) expect(link.ended).toMatchObject({ clean: true, closed: false });
    expect(receiver.ended?.by).toBe('peer');
  });

  it('[S-22] writes nothing after its end', () => {
    const pair = new Pair();
    const { session, sender, receiver } = pair.sender({}, 2);
    session.end();
    sender.detach({ closed: true });
    expect(() => sender.send(new Sent(), Uint8Array.of(1))).toThrow('the session is ending');
    expect(() => session.attachSender('x', {}, new LinkLog())).toThrow(
      expect.objectContaining({ code: 'session-ended' }),
    );
    receiver.grant(4);
    pair.pump();
    expect(pair.client.units.map(brief)).toEqual(['header 0', 'open', 'begin', 'attach', 'end']);
  });

  it('refuses what is to be sent after its end, and drops what waits', () => {
    const pair = new Pair();
    const { session, sender } = pair.sender({}, 2);
    sender.credit = 0;
    const waiting = new Sent();
    expect(sender.send(waiting, Uint8Array.of(1))).toBe(false);
    session.end();
    expect(() => sender.send(new Sent(), Uint8Array.of(1))).toThrow(expect.objectContaining({ code: 'session-ended' }));
    pair.pump();
    expect(waiting.calls).toEqual(['dropped']);
    expect(waiting.error?.code).toBe('session-ended');
  });

  it('[BY-46] may not end twice', () => {
    const peer = new RawPeer().opened(begin(), { type: 'end' }, { type: 'end' });
    expect(peer.said()).toEqual(['header 0', 'open', 'begin', 'end', 'close amqp:not-allowed']);
  });

  it('does nothing more for links that waited for its window', () => {
    const pair = new Pair({ serverSession: { incomingWindow: 0 } });
    const { session, sender } = pair.sender({}, 5);
    const waiting = new Sent();
    sender.send(waiting, Uint8Array.of(1));
    pair.pump();
    session.end();
    pair.pump();
    expect(waiting.calls).toEqual(['dropped']);
    expect(session.pump()).toBe(false);
  });
});
