import { describe, expect, it } from 'vitest';
import type { Connection, Delivery, Receiver, ReceiverOptions } from '../../src/client/index.ts';
import type { ScriptedPeer } from '../../src/testing/index.ts';
import {
  connected,
  failure,
  frameOf,
  isPending,
  PeerLink,
  settle,
  thrown,
  until,
  untyped,
} from './support/scripted.ts';
import { released, resources } from './support/servers.ts';

async function receiving(
  options: ReceiverOptions = {},
): Promise<{ connection: Connection; peer: ScriptedPeer; receiver: Receiver; link: PeerLink }> {
  const { connection, peer } = await connected();
  const receiver = await connection.createReceiver('q', options);
  return { connection, peer, receiver, link: await PeerLink.of(peer) };
}

/** The deliveries and states of the dispositions that came, one row for each delivery. */
const told = (peer: ScriptedPeer): [number, string][] =>
  peer.framesOf('disposition').flatMap(({ fields }) => {
    const first = Number(fields['first']);
    const last = Number(fields['last'] ?? first);
    const { state } = fields;
    const is = typeof state === 'object' && state !== null && 'is' in state ? String(state.is) : 'none';
    return Array.from({ length: last - first + 1 }, (_, index) => [first + index, is]);
  });

/** A gate that handlers wait at. */
class Gate {
  readonly waiting: (() => void)[] = [];

  pass(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  open(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

describe('consume', () => {
  it('accepts when the handler returns, one message after the other', async () => {
    const { connection, peer, receiver, link } = await receiving();
    const seen: string[] = [];
    link.transfer(0);
    await settle();
    const gate = new Gate();
    const done = receiver.consume(async ({ message }) => {
      seen.push(message.text());
      await gate.pass();
    });
    link.transfer(1);
    await settle();
    expect(seen).toEqual(['m0']);
    expect(told(peer)).toEqual([]);
    gate.open();
    await until(() => seen.length === 2);
    gate.open();
    await until(() => told(peer).length === 2);
    expect(told(peer)).toEqual([
      [0, 'accepted'],
      [1, 'accepted'],
    ]);
    await receiver.close();
    await done;
    await connection.close();
  });

  it('takes handlers that are not async, without recursion', async () => {
    const { connection, peer, receiver, link } = await receiving({ credit: 20_000 });
    for (let id = 0; id < 999; id++) link.transfer(id);
    await settle();
    let count = 0;
    const done = receiver.consume(() => {
      count++;
    });
    await until(() => told(peer).length === 999);
    expect(count).toBe(999);
    await receiver.close();
    await done;
    await connection.close();
  });

  it('runs as many handlers as concurrency allows', async () => {
    const { connection, receiver, link } = await receiving();
    const gate = new Gate();
    const done = receiver.consume(() => gate.pass(), { concurrency: 3 });
    for (let id = 0; id < 5; id++) link.transfer(id);
    await settle();
    expect(gate.waiting).toHaveLength(3);
    gate.open();
    await until(() => gate.waiting.length === 2);
    gate.open();
    await receiver.close();
    await done;
    await connection.close();
  });

  it.each([0, -1, 1.5, NaN, untyped<number>('2')])('refuses a concurrency of %s', async (concurrency) => {
    const { connection, receiver } = await receiving();
    const error = await failure(receiver.consume(() => undefined, { concurrency }));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain('consume options.concurrency');
    expect(receiver.tryReceive()).toBeUndefined();
    await connection.close();
  });

  it('gives a message back as failed when the handler throws, and tells', async () => {
    const { connection, peer, receiver, link } = await receiving();
    const errors: [unknown, string][] = [];
    const oops = new Error('oops');
    const done = receiver.consume(
      ({ message }) => {
        if (message.text() === 'm0') throw oops;
        return message.text() === 'm1' ? Promise.reject(oops) : undefined;
      },
      { onError: (error, { message }) => errors.push([error, message.text()]) },
    );
    for (let id = 0; id < 3; id++) link.transfer(id);
    await until(() => told(peer).length === 3);
    expect(told(peer)).toEqual([
      [0, 'modified'],
      [1, 'modified'],
      [2, 'accepted'],
    ]);
    expect((await frameOf(peer, 'disposition')).fields['state']).toEqual({ is: 'modified', 'delivery-failed': true });
    expect(errors).toEqual([
      [oops, 'm0'],
      [oops, 'm1'],
    ]);
    await receiver.close();
    await done;
    await connection.close();
  });

  it('needs no onError; one that throws ends the consuming with that', async () => {
    const { connection, receiver, link } = await receiving();
    const oops = new Error('oops');
    const done = receiver.consume(
      () => {
        throw new Error('first');
      },
      {
        onError: () => {
          throw oops;
        },
      },
    );
    link.transfer(0);
    await expect(done).rejects.toBe(oops);
    await connection.close();

    const second = await receiving();
    const silent = second.receiver.consume(() => Promise.reject(new Error('x')));
    second.link.transfer(0);
    await until(() => told(second.peer).length === 1);
    await second.receiver.close();
    await silent;
    await second.connection.close();
  });

  it('leaves a message alone that the handler has settled itself', async () => {
    const { connection, peer, receiver, link } = await receiving();
    const done = receiver.consume(async (delivery) => {
      await delivery.reject({ condition: 'x:bad' });
      if (delivery.message.text() === 'm1') throw new Error('after that');
    });
    link.transfer(0);
    link.transfer(1);
    link.transfer(2, 'settled', { settled: true });
    await until(() => told(peer).length === 2);
    await settle();
    expect(told(peer)).toEqual([
      [0, 'rejected'],
      [1, 'rejected'],
    ]);
    await receiver.close();
    await done;
    await connection.close();
  });

  it('hears what an onError rejects with that is async, and ends with it', async () => {
    const { connection, receiver, link } = await receiving();
    const onError = async (): Promise<void> => {
      await settle(1);
      throw new Error('the log is full');
    };
    const handler = (): never => {
      throw new Error('cannot');
    };
    const done = receiver.consume(handler, { onError });
    link.transfer(0);
    await expect(done).rejects.toThrow('the log is full');
    link.transfer(1);
    expect((await receiver.receive()).message.text()).toBe('m1');
    await connection.close();
  });

  it('is the only taker: receive and the others are refused meanwhile', async () => {
    const { connection, receiver } = await receiving();
    const done = receiver.consume(() => undefined);
    expect((await failure(receiver.receive())).code).toBe('illegal-state');
    expect(thrown(() => receiver.tryReceive()).code).toBe('illegal-state');
    expect((await failure(receiver.consume(() => undefined))).code).toBe('illegal-state');
    const loop = (async () => {
      for await (const _ of receiver) break;
    })();
    expect((await failure(loop)).code).toBe('illegal-state');
    await receiver.close();
    await done;
    expect((await failure(receiver.consume(() => undefined))).code).toBe('link-closed');
    await connection.close();
    const closed = await receiving();
    await closed.receiver.close();
    expect((await failure(closed.receiver.consume(() => undefined))).code).toBe('link-closed');
    await closed.connection.close();
  });

  it('does not starve a receive that waited before', async () => {
    const { connection, receiver, link } = await receiving();
    const waiting = receiver.receive();
    const seen: string[] = [];
    const done = receiver.consume(({ message }) => {
      seen.push(message.text());
    });
    link.transfer(0);
    link.transfer(1);
    expect((await waiting).message.text()).toBe('m0');
    await until(() => seen.length === 1);
    expect(seen).toEqual(['m1']);
    await receiver.close();
    await done;
    await connection.close();
  });
});

describe('the end of consuming', () => {
  it('by close finishes the handlers under way, and gives back what waits', async () => {
    const { connection, peer, receiver, link } = await receiving();
    const gate = new Gate();
    const done = receiver.consume(() => gate.pass(), { concurrency: 2 });
    for (let id = 0; id < 4; id++) link.transfer(id);
    await until(() => gate.waiting.length === 2);
    const closing = receiver.close();
    link.transfer(4);
    await settle();
    expect(await isPending(closing)).toBe(true);
    expect(peer.framesOf('detach')).toEqual([]);
    gate.open();
    await closing;
    await done;
    expect(told(peer).filter((row) => row[1] === 'accepted')).toEqual([
      [0, 'accepted'],
      [1, 'accepted'],
    ]);
    expect(told(peer).filter((row) => row[1] === 'released')).toEqual([
      [2, 'released'],
      [3, 'released'],
      [4, 'released'],
    ]);
    expect(gate.waiting).toEqual([]);
    await connection.close();
  });

  it('by close does not wait for a stuck handler longer than its timeout, and closes the link', async () => {
    const { connection, peer, receiver, link } = await receiving();
    const gate = new Gate();
    const done = receiver.consume(() => gate.pass());
    link.transfer(0);
    await until(() => gate.waiting.length === 1);
    const before = resources();
    expect((await failure(receiver.close({ timeout: 10 }))).code).toBe('timeout');
    expect((await receiver.closed).by).toBe('local');
    expect(peer.framesOf('detach')).toHaveLength(1);
    await released(before);
    expect(await isPending(done)).toBe(true);
    gate.open();
    await done;
    expect(told(peer)).toEqual([]);
    await connection.close();
  });

  it('by close does not wait for a stuck handler after an abort', async () => {
    const { connection, receiver, link } = await receiving();
    const gate = new Gate();
    const done = receiver.consume(() => gate.pass());
    link.transfer(0);
    await until(() => gate.waiting.length === 1);
    const abort = new AbortController();
    const closing = failure(receiver.close({ signal: abort.signal }));
    await settle();
    abort.abort();
    expect((await closing).code).toBe('aborted');
    expect((await receiver.closed).by).toBe('local');
    gate.open();
    await done;
    await connection.close();
  });

  it('by the close of the connection waits for the handlers under way', async () => {
    const { connection, receiver, link } = await receiving();
    const gate = new Gate();
    const done = receiver.consume(() => gate.pass());
    link.transfer(0);
    await until(() => gate.waiting.length === 1);
    await connection.close();
    expect(await isPending(done)).toBe(true);
    gate.open();
    await done;
    expect(receiver.stats().prefetched).toBe(0);
  });

  it.each<[string, string, (link: PeerLink) => void]>([
    ['the peer detaches', 'link-detached-by-peer', (link) => link.detach()],
    ['the connection is lost', 'connection-lost', (link) => link.peer.end()],
  ])('is an error where %s; no more handlers start', async (_how, code, end) => {
    const { receiver, link } = await receiving();
    const gate = new Gate();
    const started: Delivery[] = [];
    const done = failure(
      receiver.consume((delivery) => {
        started.push(delivery);
        return gate.pass();
      }),
    );
    link.transfer(0);
    link.transfer(1);
    await until(() => gate.waiting.length === 1);
    end(link);
    expect((await done).code).toBe(code);
    gate.open();
    await settle();
    expect(started).toHaveLength(1);
    await receiver.close();
  });
});

describe('a handler of a program without types', () => {
  it.each([[1], [null], ['text'], [{}]])('that returns %o has succeeded', async (result) => {
    const { connection, peer, receiver, link } = await receiving();
    const done = receiver.consume(untyped(() => result));
    link.transfer(0);
    link.transfer(1);
    await until(() => told(peer).length === 2);
    expect(told(peer)).toEqual([
      [0, 'accepted'],
      [1, 'accepted'],
    ]);
    await receiver.close();
    await done;
    await connection.close();
  });
});

describe('in mode second', () => {
  it('onError is told where the sender decides otherwise', async () => {
    const { connection, peer, receiver, link } = await receiving({ receiverSettleMode: 'second' });
    const errors: unknown[] = [];
    const done = receiver.consume(() => undefined, { onError: (error) => errors.push(error) });
    link.transfer(0);
    await frameOf(peer, 'disposition');
    link.disposition(0, { is: 'released' }, { role: false });
    await until(() => errors.length === 1);
    expect(errors).toMatchObject([{ code: 'outcome-differs' }]);
    await receiver.close();
    await done;
    await connection.close();
  });
});
