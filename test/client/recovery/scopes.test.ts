import { describe, expect, it } from 'vitest';
import { encodeMessage, recoveryTable } from '../../../src/client/index.ts';
import { writeFrame } from '../../../src/testing/index.ts';
import { failure, mute, PeerLink, settle, until, wireError } from '../support/scripted.ts';
import { event, soon } from './outage.ts';
import { Peers } from './peers.ts';

/** Peers that begin to detach and end by themselves, and so must not answer our answers. */
const ending = (): Peers => new Peers((peer) => mute(peer, 'detach', 'end'));

describe('what an error costs', () => {
  it.each(['amqp:link:detach-forced', 'com.microsoft:server-busy', undefined])(
    'a detach with %s: the link is attached again on the same connection',
    async (condition) => {
      const peers = ending();
      const connection = await peers.connect();
      const sender = await connection.createSender('q', { name: 'mine' });
      await sender.send('before');
      const link = await PeerLink.of(peers.peer(0));
      link.detach(condition === undefined ? undefined : wireError(condition));
      await sender.send('after');
      expect(peers.all).toHaveLength(1);
      const attaches = peers.peer(0).framesOf('attach');
      expect(attaches.map(({ fields }) => [fields['name'], fields['role']])).toEqual([
        ['mine', false],
        ['mine', false],
      ]);
      expect(peers.peer(0).framesOf('begin')).toHaveLength(1);
      expect(peers.peer(0).framesOf('transfer')).toHaveLength(2);
    },
  );

  it('an end of the session: another is begun, and its links are attached there', async () => {
    const peers = ending();
    const connection = await peers.connect();
    const session = await connection.createSession({ incomingWindow: 77 });
    const sender = await session.createSender('q', { name: 'out' });
    await session.createReceiver('q', { name: 'in', credit: 5 });
    peers.peer(0).send({ is: 'end', error: wireError('amqp:session:window-violation') });
    await sender.send('after');
    const peer = peers.peer(0);
    await until(() => peer.framesOf('attach').length === 4);
    expect(peer.framesOf('begin').map(({ fields }) => fields['incoming-window'])).toEqual([77, 77]);
    expect(peer.framesOf('attach').map(({ fields }) => fields['name'])).toEqual(['out', 'in', 'out', 'in']);
    await until(() => peer.framesOf('flow').some(({ fields }) => fields['link-credit'] === 5));
    expect(peers.all).toHaveLength(1);
  });

  it.each(['amqp:connection:forced', 'amqp:internal-error', undefined])(
    'a close with %s: a new connection is made',
    async (condition) => {
      const peers = new Peers();
      const connection = await peers.connect();
      const sender = await connection.createSender('q');
      peers.peer(0).send({ is: 'close', error: condition === undefined ? undefined : wireError(condition) });
      await event(connection, 'recovered');
      await sender.send('after');
      expect(peers.peer(1).framesOf('transfer')).toHaveLength(1);
    },
  );

  it('a close right behind a message: whoever accepts that is told that the delivery is lost', async () => {
    const peers = new Peers();
    const connection = await peers.connect();
    const receiver = await connection.createReceiver('q');
    const told: unknown[] = [];
    const consuming = receiver.consume((delivery) => delivery.accept(), {
      onError: (error) => void told.push(error),
    });
    const { attach, handle } = await PeerLink.of(peers.peer(0));
    const message = encodeMessage('the last');
    // Both in one read: the connection has ended by the time that the handler is called, and tells it behind that.
    const octets = [
      writeFrame(
        { is: 'transfer', handle, 'delivery-id': 0, 'delivery-tag': Uint8Array.of(1) },
        message,
        attach.channel,
      ),
      writeFrame({ is: 'close', error: wireError('amqp:connection:forced') }),
    ];
    peers.peer(0).sendRaw(Buffer.concat(octets));
    await event(connection, 'recovered');
    await connection.close();
    await consuming;
    expect(told).toMatchObject([{ code: 'delivery-lost' }]);
  });

  it.each(['amqp:internal-error', 'vendor:unheard-of'])(
    'a detach with %s: a new connection is made, and the old one closed in order',
    async (condition) => {
      const peers = new Peers();
      const connection = await peers.connect();
      const sender = await connection.createSender('q');
      const receiver = await connection.createReceiver('other');
      (await PeerLink.of(peers.peer(0))).detach(wireError(condition));
      const { info } = await event(connection, 'disconnected');
      expect(info.by).toBe('local');
      await sender.send('after');
      expect(peers.peer(0).framesOf('close')).toHaveLength(1);
      await until(() => peers.peer(1).framesOf('attach').length === 2);
      expect(receiver.stats().credit).toBe(100);
    },
  );

  it.each(['amqp:not-found', 'amqp:link:stolen', 'amqp:resource-deleted'])(
    'a detach with %s: the link has ended, and the others live',
    async (condition) => {
      const peers = ending();
      const connection = await peers.connect();
      const sender = await connection.createSender('q');
      const other = await connection.createSender('other');
      (await PeerLink.of(peers.peer(0))).detach(wireError(condition));
      const { by, error } = await sender.closed;
      expect([by, error?.condition]).toEqual(['peer', condition]);
      expect((await failure(sender.send('x'))).condition).toBe(condition);
      await other.send('x');
      expect(peers.peer(0).framesOf('attach')).toHaveLength(2);
    },
  );

  it('a refusal when it is attached again: the link has ended with that, and its sends with it', async () => {
    const peers = new Peers((peer, index) => {
      if (index === 0) return;
      peer.on('attach', ({ channel, fields }) => {
        const { name, handle } = fields;
        peer.send({ is: 'attach', name: String(name), handle: Number(handle), role: true }, undefined, channel);
        const error = wireError('amqp:not-found', 'the queue is gone');
        peer.send({ is: 'detach', handle: Number(handle), closed: true, error }, undefined, channel);
      });
    });
    const connection = await peers.connect();
    const sender = await connection.createSender('q');
    peers.peer(0).end();
    await until(() => !connection.stats().connected);
    expect((await failure(sender.send('waits'))).condition).toBe('amqp:not-found');
    const { error } = await sender.closed;
    expect(error).toMatchObject({ code: 'link-refused', condition: 'amqp:not-found' });
    expect(connection.stats()).toMatchObject({ connected: true });
  });

  it('a passing refusal when it is attached again: it is tried once more', async () => {
    let refusals = 0;
    const peers = new Peers((peer, index) => {
      peer.on('attach', (frame) => {
        if (index === 0 || refusals++ > 2) peer.default(frame);
        else {
          const { name, handle } = frame.fields;
          peer.send({ is: 'attach', name: String(name), handle: Number(handle), role: true }, undefined, frame.channel);
          const error = wireError('amqp:resource-locked');
          peer.send({ is: 'detach', handle: Number(handle), closed: true, error }, undefined, frame.channel);
        }
      });
    });
    const connection = await peers.connect();
    const sender = await connection.createSender('q');
    peers.peer(0).end();
    await event(connection, 'recovered');
    await sender.send('at last');
    expect(peers.peer(1).framesOf('attach')).toHaveLength(4);
  });

  it('what the program decides comes first', async () => {
    const peers = ending();
    const seen: unknown[] = [];
    const connection = await peers.connect({
      ...soon,
      decide: (error, action) => {
        seen.push([error.condition, action]);
        return error.condition === 'amqp:link:stolen' ? 'link' : action;
      },
    });
    const sender = await connection.createSender('q');
    (await PeerLink.of(peers.peer(0))).detach(wireError('amqp:link:stolen'));
    await sender.send('taken back');
    expect(peers.peer(0).framesOf('attach')).toHaveLength(2);
    expect(seen).toContainEqual(['amqp:link:stolen', 'fatal']);
  });

  it('has a row for the conditions of the standard that matter', () => {
    expect(recoveryTable).toMatchObject({
      'amqp:connection:forced': 'connection',
      'amqp:link:detach-forced': 'link',
      'amqp:not-found': 'fatal',
      'amqp:link:message-size-exceeded': 'fatal',
      'authentication-failed': 'fatal',
    });
  });

  it('without reconnect whatever ends stays ended', async () => {
    const peers = new Peers();
    const connection = await peers.connect(false);
    const sender = await connection.createSender('q');
    (await PeerLink.of(peers.peer(0))).detach(wireError('amqp:link:detach-forced'));
    expect((await sender.closed).error?.condition).toBe('amqp:link:detach-forced');
    peers.peer(0).end();
    expect((await connection.closed).error?.code).toBe('connection-lost');
    await settle();
    expect(peers.all).toHaveLength(1);
  });
});

describe('where to connect to', () => {
  const failing =
    (...down: readonly number[]) =>
    (_peer: unknown, index: number): void => {
      if (down.includes(index)) throw new Error(`attempt ${index} fails`);
    };

  it('tries several addresses, each once for the first connection', async () => {
    const peers = new Peers(failing(0));
    await peers.connect(soon, ['amqp://one', new URL('amqp://two:1234'), 'amqp://three']);
    expect(peers.places).toEqual(['one:5672', 'two:1234']);
    const none = new Peers(failing(0, 1));
    const error = await failure(none.connect(soon, ['amqp://one', 'amqp://two']));
    expect(error.message).toContain('attempt 1 fails');
    expect(none.places).toEqual(['one:5672', 'two:5672']);
  });

  it('goes through them in rounds while there is none, from the first', async () => {
    const peers = new Peers(failing(1, 2, 3));
    const connection = await peers.connect(soon, ['amqp://one', 'amqp://two']);
    peers.peer(0).end();
    await event(connection, 'recovered');
    expect(peers.places).toEqual(['one:5672', 'one:5672', 'two:5672', 'one:5672', 'two:5672']);
  });

  it('pauses before each round, not within it: one of the others may have taken over', async () => {
    const peers = new Peers(failing(1, 2, 3));
    const delays: number[] = [];
    const connection = await peers.connect({ initialDelay: 1, maxDelay: 2, random: () => 0.9 }, [
      'amqp://one',
      'amqp://two',
    ]);
    const watching = (async () => {
      for await (const each of connection.events()) if (each.type === 'reconnecting') delays.push(each.delay);
    })();
    peers.peer(0).end();
    await event(connection, 'recovered');
    await connection.close();
    await watching;
    expect(delays).toEqual([0.9, 0, 1.8, 0]);
  });

  it('shuffles them for each round where it is told to', async () => {
    const peers = new Peers(failing(0, 1));
    const places = [0.9, 0.5, 0.1];
    const random = (): number => places.shift() ?? 0;
    await peers.connect({ ...soon, order: 'shuffled', random }, ['amqp://one', 'amqp://two', 'amqp://three']);
    expect(peers.places).toEqual(['three:5672', 'two:5672', 'one:5672']);
  });

  it('asks the program before each round, and takes credentials from there', async () => {
    const asked: unknown[] = [];
    const peers = new Peers((peer, index) => {
      failing(1, 2)(peer, index);
      peer.on('header', (frame) => {
        if (frame.fields['id'] !== 3) peer.default(frame);
        else {
          peer.sendRaw(frame.payload);
          peer.send({ is: 'sasl-mechanisms', 'sasl-server-mechanisms': 'PLAIN' });
        }
      });
    });
    const connection = await peers.connect(soon, ({ round, error, signal }) => {
      asked.push([round, error?.message, signal.aborted]);
      return Promise.resolve([`amqp://user:secret${asked.length}@one`, 'amqp://two']);
    });
    peers.peer(0).end();
    await event(connection, 'recovered');
    expect(asked.map((each) => Array.isArray(each) && [each[0], each[2]])).toEqual([
      [1, false],
      [1, false],
      [2, false],
    ]);
    const inits = peers.all.map((peer) => peer.framesOf('sasl-init')[0]?.fields['initial-response']);
    expect(inits.map((init) => init instanceof Uint8Array && new TextDecoder().decode(init))).toEqual([
      '\0user\0secret1',
      '\0user\0secret3',
    ]);
  });

  it('goes on when the function of the program fails for a while', async () => {
    let calls = 0;
    const peers = new Peers();
    const connection = await peers.connect(soon, () => {
      if (++calls === 2) throw new Error('no token today');
      return 'amqp://one';
    });
    peers.peer(0).end();
    await event(connection, 'recovered');
    expect(calls).toBe(3);
  });

  it('goes where a peer sends it, for once', async () => {
    const peers = new Peers((peer, index) => {
      if (index !== 1) return;
      peer.on('open', (frame) => {
        peer.default(frame);
        const info = { type: 'map', value: pairs({ 'network-host': 'elsewhere', port: 4000 }) } as const;
        peer.send({ is: 'close', error: { is: 'error', condition: 'amqp:connection:redirect', info } });
      });
    });
    const connection = await peers.connect();
    peers.peer(0).end();
    await event(connection, 'recovered');
    await until(() => peers.places.length === 3);
    expect(peers.places).toEqual(['one:5672', 'one:5672', 'elsewhere:4000']);
  });

  it('learns other hosts from the open of a peer', async () => {
    const peers = new Peers((peer, index) => {
      failing(1)(peer, index);
      peer.on('open', () => {
        const entry = {
          type: 'map',
          value: pairs({ 'network-host': 'backup', port: 61_616, scheme: 'amqp' }),
        } as const;
        const properties = {
          type: 'map',
          value: [
            { type: 'symbol', value: 'failover-server-list' },
            { type: 'list', value: [entry, { type: 'null' }] },
          ],
        } as const;
        peer.send({ is: 'open', 'container-id': 'primary', properties });
      });
    });
    const connection = await peers.connect();
    peers.peer(0).end();
    await event(connection, 'recovered');
    expect(peers.places).toEqual(['one:5672', 'one:5672', 'backup:61616']);
  });

  it.each([[[]], ['amqp://'], [['amqp://one', 'http://two']]])('refuses %o', async (hosts) => {
    const error = await failure(new Peers().connect(soon, hosts));
    expect(error.code).toBe('invalid-argument');
  });
});

/** The members of a map on the wire, with symbols for keys. */
function pairs(members: Readonly<Record<string, string | number>>) {
  return Object.entries(members).flatMap(([key, value]) => [
    { type: 'symbol', value: key } as const,
    typeof value === 'string' ? ({ type: 'string', value } as const) : ({ type: 'uint', value } as const),
  ]);
}
