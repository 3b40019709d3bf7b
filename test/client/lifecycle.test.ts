import { describe, expect, it } from 'vitest';
import type { CloseInfo, ConnectionEvent } from '../../src/client/index.ts';
import { connected, failure, frameOf, isPending, mute, PeerLink, settle, wireError } from './support/scripted.ts';

const gone = wireError('x:gone', 'for good');

/** Connection, session, sender and receiver, and how each ended. */
async function family() {
  const { connection, peer } = await connected();
  const session = await connection.createSession();
  const sender = await session.createSender('q');
  const receiver = await session.createReceiver('q');
  const infos = (): Promise<CloseInfo[]> =>
    Promise.all([connection.closed, session.closed, sender.closed, receiver.closed]);
  return { connection, peer, session, sender, receiver, infos, link: await PeerLink.of(peer) };
}

describe('closed', () => {
  it('tells on every level that this program closed the connection', async () => {
    const { connection, infos } = await family();
    await connection.close();
    expect(await infos()).toEqual(Array.from({ length: 4 }, () => ({ by: 'local' })));
  });

  it('tells on every level that the peer closed the connection, and why', async () => {
    const { connection, peer, infos } = await family();
    mute(peer, 'close');
    peer.send({ is: 'close', error: gone });
    for (const info of await infos()) {
      expect(info).toMatchObject({ by: 'peer', error: { code: 'connection-closed-by-peer', condition: 'x:gone' } });
    }
    await frameOf(peer, 'close');
    await connection.close();
  });

  it('has no error where the peer closed the connection in order', async () => {
    const { peer, infos } = await family();
    mute(peer, 'close');
    peer.send({ is: 'close' });
    expect(await infos()).toEqual(Array.from({ length: 4 }, () => ({ by: 'peer' })));
  });

  it('tells on every level that the transport broke', async () => {
    const { peer, connection, infos } = await family();
    peer.end(new Error('cut'));
    for (const info of await infos())
      expect(info).toMatchObject({ by: 'transport', error: { code: 'connection-lost' } });
    await connection.close();
    expect((await failure(connection.createSession())).code).toBe('connection-lost');
  });

  it('tells of the end of a session on it and its links only', async () => {
    const { connection, peer, session, sender, receiver, link } = await family();
    link.send({ is: 'end', error: gone });
    mute(peer, 'end');
    const infos = await Promise.all([session.closed, sender.closed, receiver.closed]);
    for (const info of infos)
      expect(info).toMatchObject({ by: 'peer', error: { code: 'session-ended-by-peer', description: 'for good' } });
    expect(await isPending(connection.closed)).toBe(true);
    expect((await failure(session.createSender('q'))).code).toBe('session-ended-by-peer');
    await session.close();
    await connection.close();
  });

  it('tells of the end of a session by this program', async () => {
    const { connection, session, sender, receiver } = await family();
    await session.close();
    expect(await Promise.all([session.closed, sender.closed, receiver.closed])).toEqual(
      Array.from({ length: 3 }, () => ({ by: 'local' })),
    );
    expect((await failure(session.createSender('q'))).code).toBe('session-ended');
    await connection.close();
  });

  it('tells of the end of a link on it only', async () => {
    const { connection, peer, session, sender, receiver, link } = await family();
    mute(peer, 'detach');
    link.detach(gone);
    expect(await sender.closed).toMatchObject({
      by: 'peer',
      error: { code: 'link-detached-by-peer', condition: 'x:gone' },
    });
    expect(await isPending(Promise.race([receiver.closed, session.closed, connection.closed]))).toBe(true);
    await sender.close();
    await connection.close();
  });

  it('tells of a peer that breaks a rule', async () => {
    const { connection, peer, infos } = await family();
    peer.sendRaw(Uint8Array.of(0, 0, 0, 9, 2, 0, 0, 0, 0xff));
    for (const info of await infos()) {
      expect(info).toMatchObject({ by: 'local', error: { code: 'protocol-error', condition: 'amqp:decode-error' } });
    }
    expect((await frameOf(peer, 'close')).fields['error']).toMatchObject({ condition: 'amqp:decode-error' });
    await connection.close();
  });

  it('tells of a frame that is too large, and of one that is cut off', async () => {
    const large = await connected();
    large.peer.sendRaw(Uint8Array.of(0x7f, 0, 0, 0, 2, 0, 0, 0));
    expect(await large.connection.closed).toMatchObject({ by: 'local', error: { code: 'frame-too-large' } });
    const cut = await connected();
    cut.peer.sendRaw(Uint8Array.of(0, 0, 0, 99, 2, 0, 0, 0, 0));
    cut.peer.end();
    expect(await cut.connection.closed).toMatchObject({ by: 'transport', error: { code: 'connection-lost' } });
  });

  it('[§2.4.5] tells of a peer that goes silent after the attach', async () => {
    const { connection } = await connected(undefined, { idleTimeout: 40 });
    const receiver = await connection.createReceiver('q');
    expect((await failure(receiver.receive())).code).toBe('idle-timeout');
    expect(await connection.closed).toMatchObject({ by: 'local', error: { code: 'idle-timeout' } });
  });
});

describe('an error of the peer that crosses our close', () => {
  const error = wireError('x:crossed', 'it crossed');

  it('is told on every level, though this program ended it', async () => {
    const { connection, peer } = await connected((script) => {
      script.on('detach', ({ channel, fields }) =>
        script.send({ is: 'detach', handle: Number(fields['handle']), closed: true, error }, undefined, channel),
      );
      script.on('end', ({ channel }) => script.send({ is: 'end', error }, undefined, channel));
      script.on('close', () => script.send({ is: 'close', error }));
    });
    const session = await connection.createSession();
    const sender = await session.createSender('q');
    await sender.close();
    await session.close();
    await connection.close();
    const told = { by: 'local', error: { condition: 'x:crossed', description: 'it crossed' } };
    expect(await Promise.all([sender.closed, session.closed, connection.closed])).toMatchObject([told, told, told]);
    peer.end();
  });
});

describe('close', () => {
  it('may be called more than once, and by several at a time', async () => {
    const { connection, peer, session, sender, receiver } = await family();
    await Promise.all([sender.close(), sender.close(), receiver.close(), receiver.close()]);
    await Promise.all([session.close(), session.close()]);
    await Promise.all([connection.close(), connection.close()]);
    await Promise.all([sender.close(), receiver.close(), session.close(), connection.close()]);
    expect(['detach', 'end', 'close'].map((is) => peer.framesOf(is).length)).toEqual([2, 1, 1]);
  });

  it('of all levels at a time settles them all', async () => {
    const { connection, session, sender, receiver, infos } = await family();
    await Promise.all([sender.close(), receiver.close(), session.close(), connection.close()]);
    expect((await infos()).map(({ by }) => by)).toEqual(['local', 'local', 'local', 'local']);
    const other = await family();
    await Promise.all([other.connection.close(), other.session.close(), other.receiver.close(), other.sender.close()]);
    expect((await other.infos()).map(({ by }) => by)).toEqual(['local', 'local', 'local', 'local']);
  });

  it('comes with await using', async () => {
    const { connection, peer } = await connected();
    {
      await using mine = connection;
      await using session = await mine.createSession();
      await using sender = await session.createSender('q');
      await using receiver = await session.createReceiver('q');
      await sender.send('x');
      expect(receiver.tryReceive()).toBeUndefined();
    }
    expect(await connection.closed).toEqual({ by: 'local' });
    expect(peer.frames.map(({ is }) => is).slice(-4)).toEqual(['detach', 'detach', 'end', 'close']);
  });
});

describe('events', () => {
  it('tell every reader of the end, and end', async () => {
    const { connection, peer } = await connected();
    const read = async (): Promise<ConnectionEvent[]> => {
      const seen: ConnectionEvent[] = [];
      for await (const event of connection.events()) seen.push(event);
      return seen;
    };
    const readers = [read(), read()];
    const left = connection.events();
    expect(await left.next()).toEqual({ done: false, value: { type: 'connected' } });
    const pending = left.next();
    await left.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    peer.end(new Error('cut'));
    const disconnected = { type: 'disconnected', info: { by: 'transport', error: { code: 'connection-lost' } } };
    for (const seen of await Promise.all(readers)) expect(seen).toMatchObject([{ type: 'connected' }, disconnected]);
    expect(await read()).toMatchObject([disconnected]);
  });
});

describe('sessions of links', () => {
  it('are one for each link, and end with it', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    const receiver = await connection.createReceiver('q');
    expect(peer.framesOf('attach').map(({ channel }) => channel)).toEqual([0, 1]);
    await sender.close();
    await frameOf(peer, 'end');
    await receiver.close();
    await frameOf(peer, 'end', 1);
    expect(await isPending(connection.closed)).toBe(true);
    await connection.close();
  });

  it('are shared where the peer grants no more', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.on('open', () => scripted.send({ is: 'open', 'container-id': 'p', 'channel-max': 1 }));
    });
    const links = await Promise.all([1, 2, 3, 4].map((index) => connection.createSender(`q${index}`)));
    expect(new Set(peer.framesOf('attach').map(({ channel }) => channel))).toEqual(new Set([0, 1]));
    await Promise.all(links.map((sender) => sender.send('x')));
    await connection.close();
  });

  it('can be had again after each close where the peer grants only one', async () => {
    const { connection, peer } = await connected(undefined, { maxSessions: 1 });
    for (let round = 0; round < 3; round++) {
      const sender = await connection.createSender('q');
      await sender.send('x');
      await sender.close();
    }
    await frameOf(peer, 'end', 2);
    await settle();
    const session = await connection.createSession();
    expect((await failure(connection.createSender('q'))).code).toBe('channels-exhausted');
    await session.close();
    await connection.close();
  });

  it('are shared with any link that lives, not only the last one made', async () => {
    const { connection, peer } = await connected(undefined, { maxSessions: 2 });
    const first = await connection.createSender('a');
    const second = await connection.createSender('b');
    await second.close();
    await frameOf(peer, 'end');
    await settle();
    const own = await connection.createSession();
    const third = await connection.createSender('c');
    await Promise.all([first.send('x'), third.send('y')]);
    await own.close();
    await connection.close();
  });

  it('of the peer are not taken', async () => {
    const { connection, peer } = await connected();
    peer.send({ is: 'begin', 'next-outgoing-id': 0, 'incoming-window': 1, 'outgoing-window': 1 }, undefined, 5);
    expect((await frameOf(peer, 'end')).fields['error']).toMatchObject({ condition: 'amqp:not-implemented' });
    await connection.close();
  });

  it('refuse links of the peer', async () => {
    const { connection, peer } = await connected();
    await connection.createSession();
    mute(peer, 'attach', 'detach');
    peer.send({
      is: 'attach',
      name: 'theirs',
      handle: 4,
      role: true,
      source: { is: 'source' },
      target: { is: 'target' },
    });
    const attach = await frameOf(peer, 'attach');
    expect(attach.fields).toMatchObject({ name: 'theirs', role: false });
    expect(attach.fields['source']).toBeUndefined();
    expect((await frameOf(peer, 'detach')).fields['error']).toMatchObject({ condition: 'amqp:not-implemented' });
    await connection.close();
  });
});
