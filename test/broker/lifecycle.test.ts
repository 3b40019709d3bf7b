import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { startBroker, type BrokerOptions } from '../../src/broker/index.ts';
import { connect, plain } from '../../src/client/index.ts';
import { client, settle, start, startWithClient } from './support/setup.ts';

const certificate = (name: string): string => readFileSync(new URL(`../data/certs/${name}`, import.meta.url), 'utf8');

describe('options', () => {
  const wrong = async (options: object): Promise<string> => {
    const error: unknown = await startBroker(options).then(
      async (broker) => broker.close(),
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'invalid-argument' });
    return error instanceof Error ? error.message : '';
  };

  it('refuses what is not an option, with its path', async () => {
    expect(await wrong({ prot: 5672 })).toMatch(/broker options\.prot is not an option/);
    expect(await wrong({ queues: [{ name: 'a', deadletter: 'b' }] })).toMatch(/broker options\.queues\[0]\.deadletter/);
    expect(await wrong({ queues: ['a', { deadLetter: 'b' }] })).toMatch(/broker options\.queues\[1]\.name is missing/);
    expect(await wrong({ queues: ['a', ''] })).toMatch(/broker options\.queues\[1]\.name must be/);
    expect(await wrong({ users: ['guest'] })).toMatch(/broker options\.users must be an object of passwords/);
    expect(await wrong({ queues: [5] })).toMatch(/broker options\.queues\[0] must be an object/);
  });

  it.each<[object, string]>([
    [{ port: 65_536 }, 'port'],
    [{ port: -1 }, 'port'],
    [{ host: '' }, 'host'],
    [{ tls: 'yes' }, 'tls'],
    [{ users: 'guest' }, 'users'],
    [{ users: { guest: 5 } }, 'users.guest'],
    [{ queues: 'orders' }, 'queues'],
    [{ topics: [1] }, 'topics'],
    [{ autoCreate: 1 }, 'autoCreate'],
    [{ maxMessageSize: -1 }, 'maxMessageSize'],
    [{ idleTimeout: 0.5 }, 'idleTimeout'],
    [{ maxFrameSize: 511 }, 'maxFrameSize'],
    [{ credit: 0 }, 'credit'],
    [{ queues: [{ name: 'a', maxDeliveries: 0 }] }, 'queues[0].maxDeliveries'],
  ])('refuses %j', async (options, path) => {
    expect(await wrong(options)).toContain(`broker options.${path} must be`);
  });

  it('refuses a name that stands for two nodes', async () => {
    expect(await wrong({ queues: ['orders'], topics: ['/queues/orders'] })).toMatch(/name the node orders twice/);
  });

  it('takes values at the edge', async () => {
    const options: BrokerOptions = {
      maxFrameSize: 512,
      credit: 1,
      idleTimeout: 0,
      host: '127.0.0.1',
      autoCreate: true,
    };
    const [broker, connection] = await startWithClient(options);
    const sender = await connection.createSender('orders');
    await Promise.all(['a', 'b', 'c'].map((body) => sender.send(body)));
    expect(broker.depth('orders')).toBe(3);
  });
});

describe('who may come', () => {
  it('takes everyone where there are no users', async () => {
    const broker = await start();
    await (await client(broker)).close();
    await (await client(broker, { user: 'any', password: 'thing' })).close();
    expect(broker.url).toBe(`amqp://127.0.0.1:${broker.port}`);
  });

  it('wants a password where there are users, and one user knows no other', async () => {
    const broker = await start({ users: { guest: 'secret', other: 'word' } });
    await (await client(broker, { user: 'guest', password: 'secret' })).close();
    const attempts = [
      { user: 'guest', password: 'word' },
      { user: 'guest', password: '' },
      { user: 'nobody', password: '' },
      { user: '__proto__', password: '' },
    ];
    for (const attempt of attempts)
      await expect(client(broker, attempt)).rejects.toMatchObject({ code: 'authentication-failed' });
    await expect(client(broker)).rejects.toMatchObject({ code: 'mechanism-unavailable' });
  });

  it('lets nobody act for another', async () => {
    const broker = await start({ users: { guest: 'secret', admin: 'word' } });
    await (await client(broker, { mechanisms: [plain('guest', 'secret', 'guest')] })).close();
    const asAdmin = client(broker, { mechanisms: [plain('guest', 'secret', 'admin')] });
    await expect(asAdmin).rejects.toMatchObject({ code: 'authentication-failed' });
  });

  it('may be closed by several at a time', async () => {
    const [broker, connection] = await startWithClient();
    const began = performance.now();
    await Promise.all([broker.close(), broker.close()]);
    expect(performance.now() - began).toBeLessThan(900);
    expect((await connection.closed).by).toBe('peer');
  });

  it('takes TCP and TLS', async () => {
    const broker = await start({
      users: { guest: 'secret' },
      tls: { cert: certificate('server-cert.pem'), key: certificate('server-key.pem') },
    });
    expect(broker.url).toBe(`amqps://127.0.0.1:${broker.port}`);
    const url = `amqps://localhost:${broker.port}`;
    const options = { tls: { ca: certificate('ca-cert.pem') }, mechanisms: [plain('guest', 'secret')] };
    const connection = await connect(url, options);
    expect(connection.properties).toMatchObject({ product: 'amqp1 embedded broker' });
    await (await connection.createSender('orders')).send('x');
    await connection.close();
    expect(broker.depth('orders')).toBe(1);
  });

  it('knows a client by its certificate', async () => {
    const broker = await start({
      users: { guest: 'secret' },
      tls: {
        cert: certificate('server-cert.pem'),
        key: certificate('server-key.pem'),
        ca: certificate('ca-cert.pem'),
        requestCert: true,
      },
    });
    const tls = {
      ca: certificate('ca-cert.pem'),
      cert: certificate('client-cert.pem'),
      key: certificate('client-key.pem'),
    };
    const connection = await connect(`amqps://localhost:${broker.port}`, { tls });
    await connection.close();
    expect(connection.remoteContainerId).toBe('amqp1-embedded-broker');
  });
});

describe('the end of the broker', () => {
  it('closes its connections and says why', async () => {
    const [broker, connection] = await startWithClient();
    await broker.close();
    expect(await connection.closed).toMatchObject({ by: 'peer', error: { condition: 'amqp:connection:forced' } });
    await expect(client(broker)).rejects.toMatchObject({ code: 'connection-lost' });
    await broker.close();
  });

  it('stops while messages flow, and leaves nothing behind', async () => {
    const before = process.getActiveResourcesInfo().length;
    const broker = await startBroker();
    const connection = await connect(broker.url);
    const sender = await connection.createSender('orders');
    const receiver = await connection.createReceiver('orders');
    const sends = Promise.allSettled(Array.from({ length: 5000 }, (_, n) => sender.send({ body: n })));
    await receiver.receive();
    await broker.close();
    expect((await connection.closed).by).toBe('peer');
    const outcomes = await sends;
    expect(outcomes.length).toBe(5000);
    await settle();
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before);
  });

  it('does not wait long for a client that does not answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const broker = await startBroker();
      const transport = broker.transport();
      let ended = false;
      transport.open({
        received: () => undefined,
        closed: () => {
          ended = true;
        },
      });
      const closing = broker.close();
      await vi.advanceTimersByTimeAsync(1000);
      await closing;
      expect(ended).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is awaited by await using', async () => {
    let url: string;
    {
      await using broker = await startBroker();
      ({ url } = broker);
      await (await connect(url)).close();
    }
    await expect(connect(url)).rejects.toMatchObject({ code: 'connection-refused' });
  });

  it('fails to start on a port that is taken', async () => {
    const broker = await start();
    await expect(startBroker({ port: broker.port })).rejects.toMatchObject({ code: 'connect-failed' });
  });
});
