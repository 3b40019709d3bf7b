import { expect, it } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { connect } from '../../src/client/index.ts';
import { memoryTransportPair, type Transport, type TransportEvents } from '../../src/io/index.ts';
import { idle } from '../support/idle.ts';

/** A transport that takes all at once, and so says during the call that the memory is free. */
class Roomy implements Transport {
  readonly encrypted = true;
  readonly loopback = true;
  readonly #inner: Transport;
  /** The octets of each write. */
  readonly writes: number[] = [];

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  open(events: TransportEvents): void {
    this.#inner.open(events);
  }

  send(chunks: readonly Uint8Array[], done: () => void): void {
    this.writes.push(chunks.reduce((size, { length }) => size + length, 0));
    this.#inner.send(chunks, () => undefined);
    done();
  }

  end(): void {
    this.#inner.end();
  }

  destroy(): void {
    this.#inner.destroy();
  }
}

it('writes on in the same turn where the transport takes all at once, eight times at most', async () => {
  const broker = await startBroker({ queues: ['q'] });
  const [near, far] = memoryTransportPair();
  broker.accept(far);
  const transport = new Roomy(near);
  const connection = await connect('amqp://memory', { transport: async () => transport, highWaterMark: 10_000 });
  const sender = await connection.createSender('q');
  await idle();
  transport.writes.length = 0;
  const sends = Promise.all(Array.from({ length: 30 }, () => sender.send(new Uint8Array(9000))));
  const turn = async (): Promise<number> => {
    await new Promise((resolve) => setImmediate(resolve));
    return transport.writes.length;
  };
  // Two messages reach the mark.
  expect([await turn(), await turn()]).toEqual([8, 15]);
  expect(Math.min(...transport.writes)).toBeGreaterThan(18_000);
  await sends;
  await connection.close();
  await broker.close();
});
