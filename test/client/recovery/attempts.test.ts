import { describe, expect, it } from 'vitest';
import { connect, type ConnectionEvent, type HostAttempt } from '../../../src/client/index.ts';
import { FakeClock, type ScriptedPeer } from '../../../src/testing/index.ts';
import { failure, isPending, mute, settle, until, wireError } from '../support/scripted.ts';
import { event, soon } from './outage.ts';
import { Peers } from './peers.ts';

/** Never answers. */
const hang = (): Promise<never> => new Promise(() => undefined);

/** Refuses the login for these connections. */
const refusing =
  (...refused: readonly number[]) =>
  (peer: ScriptedPeer, index: number): void => {
    if (refused.includes(index)) peer.on('sasl-init', () => peer.send({ is: 'sasl-outcome', code: 1 }));
  };

describe('a function that says where to connect to and does not answer', () => {
  it('does not hold up close(), and what waits is told', async () => {
    let calls = 0;
    const peers = new Peers();
    const connection = await peers.connect(soon, () => (calls++ === 0 ? 'amqp://one' : hang()));
    const sender = await connection.createSender('q');
    peers.peer(0).end();
    await until(() => calls === 2);
    const send = failure(sender.send('never'));
    await connection.close();
    expect((await send).code).toBe('connection-closed');
    expect(await connection.closed).toEqual({ by: 'local' });
  });

  it('is given up with connectTimeout, and asked again', async () => {
    let calls = 0;
    const peers = new Peers();
    const clock = new FakeClock();
    const hosts = (): string | Promise<string> => (++calls === 2 ? hang() : 'amqp://one');
    const connection = await peers.connect({ ...soon, random: () => 0 }, hosts, { clock, connectTimeout: 700 });
    const seen: ConnectionEvent[] = [];
    void (async () => {
      for await (const each of connection.events()) seen.push(each);
    })();
    peers.peer(0).end();
    await settle();
    clock.advance(0);
    await until(() => calls === 2);
    clock.advance(700);
    await settle();
    clock.advance(0);
    await until(() => connection.stats().connected);
    expect(calls).toBe(3);
    const [, second] = seen.filter((each) => each.type === 'reconnecting');
    expect(second?.error).toMatchObject({ code: 'connect-timeout' });
    expect(second?.error.message).toContain('did not answer within 700 ms');
  });

  it('does not hold up connect(): its signal and its timeout end it', async () => {
    const abort = new AbortController();
    const aborted = failure(connect(hang, { signal: abort.signal }));
    abort.abort();
    expect((await aborted).code).toBe('aborted');
    const clock = new FakeClock();
    const late = failure(connect(hang, { clock }));
    clock.advance(30_000);
    expect((await late).code).toBe('connect-timeout');
  });

  it('rejects with an Error whatever it throws', async () => {
    const error: unknown = await connect(() => Promise.reject('no hosts')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toContain('no hosts');
  });
});

describe('a function that knows nobody to connect to', () => {
  it('is asked again after growing pauses, and each time counts as an attempt', async () => {
    const clock = new FakeClock();
    const peers = new Peers();
    const answers: (string | string[])[] = ['amqp://one', [], [], [], 'amqp://two'];
    const errors: (Error | undefined)[] = [];
    const hosts = ({ error }: HostAttempt): string | string[] => {
      errors.push(error);
      return answers[errors.length - 1] ?? 'amqp://three';
    };
    const reconnect = { initialDelay: 100, maxDelay: 1000, maxAttempts: 4, random: () => 0.5 };
    const connection = await peers.connect(reconnect, hosts, { clock });
    const attempts: unknown[] = [];
    void (async () => {
      for await (const each of connection.events())
        if (each.type === 'reconnecting') attempts.push([each.attempt, each.delay]);
    })();
    peers.peer(0).end();
    await until(() => {
      clock.advance(10);
      return connection.stats().connected && peers.places.length === 2;
    });
    expect(attempts).toEqual([
      [1, 50],
      [2, 100],
      [3, 200],
      [4, 400],
    ]);
    expect(errors.slice(2)).toMatchObject(
      Array.from({ length: 3 }, () => ({ code: 'host-not-found', retryable: true })),
    );
    expect(peers.places).toEqual(['one:5672', 'two:5672']);
  });

  it('ends the connection with the last attempt, and the error says why', async () => {
    let calls = 0;
    const peers = new Peers();
    const connection = await peers.connect({ ...soon, maxAttempts: 2 }, () => (calls++ === 0 ? 'amqp://one' : []));
    peers.peer(0).end();
    const { error } = await connection.closed;
    expect(error?.message).toContain('within 2 attempts: the function that says where to connect to gave no URL');
    expect(calls).toBe(3);
  });

  it('lets connect() reject, which tries once; a list that is empty is a mistake', async () => {
    const none = await failure(connect(() => [], { reconnect: true }));
    expect([none.code, none.retryable]).toEqual(['host-not-found', true]);
    expect((await failure(connect([], { reconnect: true }))).code).toBe('invalid-argument');
  });

  it('differs from one that gives what is no URL: no attempt would help', async () => {
    let calls = 0;
    const peers = new Peers();
    const connection = await peers.connect(soon, () => (calls++ === 0 ? 'amqp://one' : ['http://two']));
    peers.peer(0).end();
    expect((await connection.closed).error?.code).toBe('invalid-argument');
    expect(calls).toBe(2);
  });
});

describe('attempts', () => {
  it('go on with the other hosts of the round where one of them fails for good', async () => {
    const peers = new Peers(refusing(1));
    const connection = await peers.connect(soon, ['amqp://one', 'amqp://two']);
    peers.peer(0).end();
    await event(connection, 'recovered');
    expect(peers.places).toEqual(['one:5672', 'one:5672', 'two:5672']);
  });

  it('end when every host of a round has failed for good', async () => {
    const peers = new Peers(refusing(1, 3, 4));
    const connection = await peers.connect(soon, ['amqp://one', 'amqp://two']);
    peers.peer(0).end();
    await event(connection, 'recovered');
    peers.peer(2).end();
    expect((await connection.closed).error?.code).toBe('authentication-failed');
    expect(peers.places).toHaveLength(5);
  });

  it('come later and later where each connection is lost at once', async () => {
    const clock = new FakeClock();
    const peers = new Peers((peer, index) => {
      if (index === 0) return;
      peer.on('begin', () => {
        peer.send({ is: 'close', error: wireError('amqp:connection:forced') });
        peer.end();
      });
    });
    const reconnect = { initialDelay: 100, maxDelay: 1000, random: () => 0.5 };
    const connection = await peers.connect(reconnect, 'amqp://one', { clock });
    await connection.createSession();
    const delays: number[] = [];
    void (async () => {
      for await (const each of connection.events()) if (each.type === 'reconnecting') delays.push(each.delay);
    })();
    peers.peer(0).end();
    await until(() => {
      clock.advance(10);
      return delays.length === 6;
    });
    expect(delays).toEqual([50, 100, 200, 400, 500, 500]);
    expect(await isPending(connection.closed)).toBe(true);
  });

  it('end with maxTime, whatever the pause would have been', async () => {
    const clock = new FakeClock();
    const peers = new Peers((_peer, index) => {
      if (index > 0) throw new Error('down');
    });
    const reconnect = { initialDelay: 5000, maxDelay: 5000, maxTime: 6000, random: () => 0.9 };
    const connection = await peers.connect(reconnect, 'amqp://one', { clock });
    const delays: number[] = [];
    void (async () => {
      for await (const each of connection.events()) if (each.type === 'reconnecting') delays.push(each.delay);
    })();
    peers.peer(0).end();
    await settle();
    clock.advance(4500);
    await settle();
    clock.advance(1500);
    const { error } = await connection.closed;
    expect(error?.message).toContain('could not be made again within 6000 ms');
    expect(delays).toEqual([4500, 1500]);
  });

  it('follow a redirect once: peers that send us in circles do not keep us from our own hosts', async () => {
    const circles = (peer: ScriptedPeer): void => {
      peer.on('open', (frame) => {
        peer.default(frame);
        const info = {
          type: 'map',
          value: [
            { type: 'symbol', value: 'network-host' },
            { type: 'string', value: 'elsewhere' },
            { type: 'symbol', value: 'port' },
            { type: 'uint', value: 4000 },
          ],
        } as const;
        peer.send({ is: 'close', error: { is: 'error', condition: 'amqp:connection:redirect', info } });
      });
    };
    const peers = new Peers((peer, index) => {
      if (index > 0 && index < 5) circles(peer);
    });
    const connection = await peers.connect();
    peers.peer(0).end();
    await until(() => peers.places.length === 6);
    expect(peers.places).toEqual(['one:5672', 'one:5672', 'elsewhere:4000', 'one:5672', 'elsewhere:4000', 'one:5672']);
    await until(() => connection.stats().connected);
    const never = new Peers(circles);
    expect((await failure(never.connect(soon))).condition).toBe('amqp:connection:redirect');
    expect(never.places).toEqual(['one:5672', 'elsewhere:4000']);
  });
});

describe('hosts that a peer names', () => {
  it('are tried with the credentials of now, and not without TLS where the program asks for it now', async () => {
    const naming = (peer: ScriptedPeer, index: number): void => {
      if (index === 1) throw new Error('down');
      peer.on('header', (frame) => {
        if (frame.fields['id'] !== 3) peer.default(frame);
        else {
          peer.sendRaw(frame.payload);
          peer.send({ is: 'sasl-mechanisms', 'sasl-server-mechanisms': 'PLAIN' });
        }
      });
      peer.on('open', () => {
        const entry = [
          { type: 'symbol', value: 'network-host' },
          { type: 'string', value: 'backup' },
          { type: 'symbol', value: 'port' },
          { type: 'uint', value: 61_616 },
        ] as const;
        const list = { type: 'list', value: [{ type: 'map', value: entry }] } as const;
        const properties = { type: 'map', value: [{ type: 'symbol', value: 'failover-server-list' }, list] } as const;
        peer.send({ is: 'open', 'container-id': 'primary', properties });
      });
    };
    let token = 0;
    const peers = new Peers(naming);
    const connection = await peers.connect(soon, () => `amqp://user:token${++token}@one`);
    peers.peer(0).end();
    await event(connection, 'recovered');
    expect(peers.places).toEqual(['one:5672', 'one:5672', 'backup:61616']);
    const inits = peers.all.map((peer) => peer.framesOf('sasl-init')[0]?.fields['initial-response']);
    expect(inits.map((init) => init instanceof Uint8Array && new TextDecoder().decode(init))).toEqual([
      '\0user\0token1',
      '\0user\0token2',
    ]);
    const secured = new Peers((peer, index) => {
      naming(peer, index);
      if (index === 2) throw new Error('down');
    });
    let calls = 0;
    const other = await secured.connect(soon, () => (++calls === 1 ? 'amqp://u:p@one' : 'amqps://u:p@one'));
    secured.peer(0).end();
    await event(other, 'recovered');
    expect(secured.places).toEqual(['one:5672', 'one:5671', 'one:5671', 'one:5671']);
  });
});

describe('a part that fails again and again', () => {
  it('is a link: one new connection is tried for it, then it is attached again alone, and the others go on', async () => {
    const peers = new Peers((peer) => {
      peer.on('attach', (frame) => {
        peer.default(frame);
        if (frame.fields['name'] !== 'bad' || peers.places.length === 1) return;
        const detach = { is: 'detach', handle: Number(frame.fields['handle']), closed: true } as const;
        peer.send({ ...detach, error: wireError('vendor:odd') }, undefined, frame.channel);
      });
      mute(peer, 'detach');
    });
    const connection = await peers.connect({ initialDelay: 1, maxDelay: 60_000, random: () => 0 });
    await connection.createSender('q', { name: 'bad' });
    const good = await connection.createSender('q');
    peers.peer(0).end();
    await until(() => peers.all.length === 3 && peers.peer(2).framesOf('attach').length > 6);
    await good.send('goes on');
    expect(peers.all).toHaveLength(3);
  });

  it('is a session for which the next peer has no channel: the others go on', async () => {
    const peers = new Peers((peer, index) => {
      if (index > 0) peer.on('open', () => peer.send({ is: 'open', 'container-id': 'small', 'channel-max': 0 }));
    });
    const connection = await peers.connect();
    const [one, other] = [await connection.createSender('a'), await connection.createSender('b')];
    peers.peer(0).end();
    await event(connection, 'recovered');
    await one.send('goes on');
    const waiting = other.send('waits for a channel');
    expect(other.stats().waitingFor).toBe('connection');
    await one.close();
    await waiting;
    expect(peers.all).toHaveLength(2);
  });
});
