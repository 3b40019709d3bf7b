import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../../src/definitions/index.ts';
import { Queue } from '../../src/broker/queue.ts';
import { FakeConsumer, outgoing, stored } from './support/fake-consumer.ts';

const accepted: DeliveryState = { type: 'accepted' };
const released: DeliveryState = { type: 'released' };
const modified = (fields: { deliveryFailed?: boolean; undeliverableHere?: boolean }): DeliveryState => ({
  type: 'modified',
  deliveryFailed: fields.deliveryFailed,
  undeliverableHere: fields.undeliverableHere,
  messageAnnotations: undefined,
});

function setup(options: { deadLetter?: string; maxDeliveries?: number } = {}) {
  const clock = { now: 0 };
  const dead: Queue = new Queue({ now: () => clock.now, deadLetter: () => undefined }, { name: 'dead' });
  const queue = new Queue({ now: () => clock.now, deadLetter: () => dead }, { name: 'orders', ...options });
  const put = (first: number, end: number): void => {
    for (let n = first; n < end; n++) queue.put(stored({ body: n }, clock.now));
  };
  return { clock, dead, queue, put };
}

const numbers = (first: number, end: number): number[] => Array.from({ length: end - first }, (_, n) => first + n);

describe('a queue with competing consumers', () => {
  it('keeps messages in order until somebody has credit', () => {
    const { queue, put } = setup();
    const consumer = new FakeConsumer(queue);
    put(0, 5);
    expect(queue.depth).toBe(5);
    consumer.grant(3);
    expect(consumer.values).toEqual([0, 1, 2]);
    expect(queue.depth).toBe(2);
    consumer.grant(10);
    expect(consumer.values).toEqual(numbers(0, 5));
  });

  it('lets those who are ready take turns', () => {
    const { queue, put } = setup();
    const [one, two, three] = [new FakeConsumer(queue), new FakeConsumer(queue), new FakeConsumer(queue)];
    one.grant(10);
    two.grant(2);
    three.grant(10);
    put(0, 10);
    expect(one.values).toEqual([0, 3, 6, 8]);
    expect(two.values).toEqual([1, 4]);
    expect(three.values).toEqual([2, 5, 7, 9]);
  });

  it('[L-19] does not let one without credit hold up another', () => {
    const { queue, put } = setup();
    const idle = new FakeConsumer(queue).grant(1);
    const busy = new FakeConsumer(queue).grant(100);
    put(0, 20);
    expect(idle.got.length).toBe(1);
    expect(busy.got.length).toBe(19);
  });

  it('costs the same for a message however many consumers are idle', () => {
    const { queue, put } = setup();
    const idle = numbers(0, 1000).map(() => new FakeConsumer(queue).grant(1));
    put(0, 1000);
    for (const consumer of idle) consumer.asked = 0;
    const busy = new FakeConsumer(queue).grant(1000);
    put(1000, 2000);
    expect(busy.got.length).toBe(1000);
    const asked = idle.reduce((sum, consumer) => sum + consumer.asked, 0);
    expect(asked).toBeLessThanOrEqual(1000);
  });

  it('asks nobody who has gone', () => {
    const { queue, put } = setup();
    const [gone, stays] = [new FakeConsumer(queue).grant(9), new FakeConsumer(queue).grant(9)];
    gone.subscription.detach();
    gone.asked = 0;
    put(0, 3);
    expect([gone.asked, stays.got.length]).toEqual([0, 3]);
  });

  it('gives a released message its old place', () => {
    const { queue, put } = setup();
    put(0, 10);
    const consumer = new FakeConsumer(queue).grant(6);
    for (const index of [4, 1, 3]) {
      const message = consumer.got[index];
      if (message !== undefined) consumer.subscription.settled(message, released);
    }
    const other = new FakeConsumer(queue).grant(10);
    expect(other.values).toEqual([1, 3, 4, 6, 7, 8, 9]);
  });

  it('gives back many in any order, oldest first', () => {
    const { queue, put } = setup();
    put(0, 2000);
    const consumer = new FakeConsumer(queue).grant(2000);
    const shuffled = consumer.got.map((message, n) => ({ message, key: (n * 7919) % 2000 }));
    shuffled.sort((one, other) => one.key - other.key);
    for (const { message } of shuffled) consumer.subscription.settled(message, released);
    expect(queue.depth).toBe(2000);
    expect(new FakeConsumer(queue).grant(2000).values).toEqual(numbers(0, 2000));
  });

  it('forgets what was accepted', () => {
    const { queue, put } = setup();
    put(0, 1);
    const consumer = new FakeConsumer(queue).grant(1);
    const [message] = consumer.got;
    if (message !== undefined) consumer.subscription.settled(message, accepted);
    expect(consumer.grant(5).got.length).toBe(1);
    expect(queue.depth).toBe(0);
  });

  it('[D-20] takes back what is settled without a state or with an unknown one', () => {
    const { queue, put } = setup();
    put(0, 2);
    const consumer = new FakeConsumer(queue).grant(2);
    const [first, second] = consumer.got;
    if (first !== undefined) consumer.subscription.settled(first, undefined);
    if (second !== undefined)
      consumer.subscription.settled(second, { type: 'received', sectionNumber: 0, sectionOffset: 0n });
    expect(queue.depth).toBe(2);
  });
});

describe('a message that is not for everyone', () => {
  it('[D-15] goes to another consumer, at once if that is ready', () => {
    const { queue, put } = setup();
    put(0, 1);
    const one = new FakeConsumer(queue).grant(1);
    const two = new FakeConsumer(queue).grant(1);
    one.grant(5);
    const [message] = one.got;
    if (message !== undefined) one.subscription.settled(message, modified({ undeliverableHere: true }));
    expect(one.got.length).toBe(1);
    expect(two.values).toEqual([0]);
  });

  it('[D-15] waits for another consumer and holds up no other message', () => {
    const { queue, put } = setup();
    put(0, 3);
    const one = new FakeConsumer(queue).grant(1);
    const [message] = one.got;
    if (message !== undefined) one.subscription.settled(message, modified({ undeliverableHere: true }));
    one.grant(10);
    expect(one.values).toEqual([0, 1, 2]);
    put(3, 4);
    expect(one.values).toEqual([0, 1, 2, 3]);
    expect(queue.depth).toBe(1);
    expect(new FakeConsumer(queue).grant(1).values).toEqual([0]);
  });

  it('comes first where it is the oldest that a consumer may get', () => {
    const { queue, put } = setup();
    put(0, 4);
    const one = new FakeConsumer(queue).grant(3);
    for (const message of [one.got[2], one.got[1]]) {
      if (message !== undefined) one.subscription.settled(message, modified({ undeliverableHere: true }));
    }
    expect(new FakeConsumer(queue).grant(3).values).toEqual([1, 2, 3]);
  });

  it('is for everyone again when the one that refused it has gone', () => {
    const { queue, put } = setup();
    put(0, 2);
    const one = new FakeConsumer(queue).grant(1);
    const two = new FakeConsumer(queue).grant(1);
    for (const consumer of [one, two]) {
      const [message] = consumer.got;
      consumer.grant(0);
      if (message !== undefined) consumer.subscription.settled(message, modified({ undeliverableHere: true }));
    }
    one.subscription.detach();
    expect(two.grant(5).values).toEqual([1, 0]);
    const late = two.got[1];
    two.subscription.detach();
    if (late !== undefined) two.subscription.settled(late, modified({ undeliverableHere: true }));
    expect(new FakeConsumer(queue).grant(5).values).toEqual([0, 1]);
  });

  it('is one that is too large for a link', () => {
    const { queue } = setup();
    const small = new FakeConsumer(queue, { largest: 100 }).grant(10);
    queue.put(stored({ body: 'x'.repeat(200) }));
    queue.put(stored({ body: 'short' }));
    expect(small.values).toEqual(['short']);
    const large = new FakeConsumer(queue).grant(10);
    expect(large.values).toEqual(['x'.repeat(200)]);
    queue.put(stored({ body: 'y'.repeat(200) }));
    expect(large.got.length).toBe(2);
    expect(small.got.length).toBe(1);
  });
});

describe('dead letters', () => {
  it('[D-17] take what is rejected, with its error', () => {
    const { queue, dead } = setup({ deadLetter: 'dead' });
    queue.put(stored({ body: 'bad', deliveryAnnotations: { 'x-hop': 1 } }));
    const consumer = new FakeConsumer(queue).grant(1);
    const error = { type: 'error' as const, condition: 'amqp:not-allowed', description: 'no', info: { 'x-why': 'so' } };
    const [message] = consumer.got;
    if (message !== undefined) consumer.subscription.settled(message, { type: 'rejected', error });
    expect(queue.depth).toBe(0);
    const reader = new FakeConsumer(dead).grant(1);
    const [letter] = reader.got;
    expect(reader.values).toEqual(['bad']);
    expect(JSON.parse(JSON.stringify(letter && outgoing(letter).deliveryAnnotations))).toEqual({
      rejected: { descriptor: '29', value: ['amqp:not-allowed', 'no', [['x-why', 'so']]] },
    });
  });

  it('are dropped where no queue is declared for them', () => {
    const { queue, dead, put } = setup();
    put(0, 1);
    const consumer = new FakeConsumer(queue).grant(2);
    const [message] = consumer.got;
    if (message !== undefined) consumer.subscription.settled(message, { type: 'rejected', error: undefined });
    expect([queue.depth, dead.depth, consumer.got.length]).toEqual([0, 0, 1]);
  });

  it('take what has failed too often', () => {
    const { queue, dead, put } = setup({ deadLetter: 'dead', maxDeliveries: 3 });
    put(0, 1);
    const consumer = new FakeConsumer(queue).grant(10);
    for (let attempt = 0; attempt < 3; attempt++) {
      const message = consumer.got[attempt];
      expect(message && outgoing(message).header.deliveryCount).toBe(attempt);
      if (message !== undefined) consumer.subscription.settled(message, modified({ deliveryFailed: true }));
    }
    expect(consumer.got.length).toBe(3);
    expect([queue.depth, dead.depth]).toEqual([0, 1]);
    const [letter] = new FakeConsumer(dead).grant(1).got;
    expect(letter && outgoing(letter).deliveryAnnotations).toEqual({});
  });

  it('[D-14] take what is rejected as one more failed attempt', () => {
    const { queue, dead } = setup({ deadLetter: 'dead' });
    queue.put(stored({ body: 'bad', header: { deliveryCount: 2 } }));
    const consumer = new FakeConsumer(queue).grant(1);
    const [message] = consumer.got;
    if (message !== undefined) consumer.subscription.settled(message, { type: 'rejected', error: undefined });
    const [letter] = new FakeConsumer(dead).grant(1).got;
    expect(letter && outgoing(letter).header.deliveryCount).toBe(3);
  });

  it('[D-14] do not take what was only released, nor count what failed elsewhere', () => {
    const { queue, dead } = setup({ deadLetter: 'dead', maxDeliveries: 2 });
    queue.put(stored({ body: 'x', header: { deliveryCount: 7 } }));
    const consumer = new FakeConsumer(queue).grant(10);
    const settle = (state: DeliveryState): void => {
      const message = consumer.got.at(-1);
      if (message !== undefined) consumer.subscription.settled(message, state);
    };
    settle({ type: 'released' });
    settle(modified({}));
    settle(modified({ deliveryFailed: true }));
    settle({ type: 'released' });
    expect([consumer.got.length, dead.depth]).toEqual([5, 0]);
    settle(modified({ deliveryFailed: true }));
    expect([consumer.got.length, queue.depth, dead.depth]).toEqual([5, 0, 1]);
  });
});

describe('the time to live', () => {
  it('[M-08] drops what has expired when its turn comes', () => {
    const { queue, clock } = setup();
    queue.put(stored({ body: 'short', header: { ttl: 50 } }));
    queue.put(stored({ body: 'long', header: { ttl: 500 } }));
    clock.now = 50;
    expect(new FakeConsumer(queue).grant(5).values).toEqual(['long']);
    expect(queue.depth).toBe(0);
  });

  it('[M-08] does not count or show what has expired', () => {
    const { queue, clock } = setup();
    queue.put(stored({ body: 'short', header: { ttl: 50 } }));
    queue.put(stored({ body: 'long', header: { ttl: 500 } }));
    expect(queue.depth).toBe(2);
    clock.now = 50;
    expect(queue.depth).toBe(1);
    expect(new FakeConsumer(queue, { browses: true }).grant(5).values).toEqual(['long']);
  });
});
