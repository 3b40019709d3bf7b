import { describe, expect, it } from 'vitest';
import { Queue } from '../../src/broker/queue.ts';
import { Topic } from '../../src/broker/topic.ts';
import { FakeConsumer, stored } from './support/fake-consumer.ts';

const host = { now: () => 0, deadLetter: () => undefined };

function setup() {
  const queue = new Queue(host, { name: 'orders' });
  const put = (first: number, end: number): void => {
    for (let n = first; n < end; n++) queue.put(stored({ body: n }));
  };
  return { queue, put };
}

describe('a consumer that browses', () => {
  it('[N-09] leaves the messages where they are', () => {
    const { queue, put } = setup();
    put(0, 3);
    const browser = new FakeConsumer(queue, { browses: true }).grant(10);
    expect(browser.values).toEqual([0, 1, 2]);
    const [message] = browser.got;
    if (message !== undefined) browser.subscription.settled(message, { type: 'accepted' });
    expect(queue.depth).toBe(3);
    expect(new FakeConsumer(queue).grant(10).values).toEqual([0, 1, 2]);
  });

  it('[N-10] sees each message once, as its credit allows', () => {
    const { queue, put } = setup();
    put(0, 5);
    const browser = new FakeConsumer(queue, { browses: true }).grant(2);
    put(5, 6);
    browser.grant(2);
    browser.grant(10);
    put(6, 8);
    expect(browser.values).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    browser.grant(0);
    put(8, 10);
    browser.grant(5);
    put(10, 11);
    expect(browser.values.slice(8)).toEqual([8, 9, 10]);
  });

  it('is not shown what was taken meanwhile, nor what is taken at once', () => {
    const { queue, put } = setup();
    put(0, 4);
    const browser = new FakeConsumer(queue, { browses: true }).grant(1);
    const consumer = new FakeConsumer(queue).grant(3);
    browser.grant(10);
    expect(browser.values).toEqual([0, 3]);
    consumer.grant(2);
    put(4, 5);
    expect(browser.values).toEqual([0, 3]);
    expect(consumer.values).toEqual([0, 1, 2, 3, 4]);
  });

  it('is shown what comes back behind its place', () => {
    const { queue, put } = setup();
    put(0, 1);
    const browser = new FakeConsumer(queue, { browses: true }).grant(10);
    const consumer = new FakeConsumer(queue).grant(2);
    put(1, 2);
    for (const message of consumer.got) consumer.subscription.settled(message, { type: 'released' });
    expect(browser.values).toEqual([0, 1]);
  });

  it('passes over what is too large for its link', () => {
    const { queue } = setup();
    const browser = new FakeConsumer(queue, { browses: true, largest: 100 }).grant(10);
    queue.put(stored({ body: 'x'.repeat(200) }));
    queue.put(stored({ body: 'short' }));
    expect(browser.values).toEqual(['short']);
    expect(queue.depth).toBe(2);
  });

  it('is forgotten when it has gone', () => {
    const { queue, put } = setup();
    const browser = new FakeConsumer(queue, { browses: true }).grant(10);
    browser.subscription.detach();
    put(0, 1);
    expect(browser.got).toEqual([]);
  });
});

describe('a topic', () => {
  it('gives every message to all who are there', () => {
    const topic = new Topic(host, 'news');
    topic.put(stored({ body: 'too early' }));
    const one = new FakeConsumer(topic).grant(1);
    const two = new FakeConsumer(topic, { browses: true }).grant(10);
    topic.put(stored({ body: 1 }));
    topic.put(stored({ body: 2 }));
    expect(two.values).toEqual([1, 2]);
    expect(one.values).toEqual([1]);
    expect(one.grant(5).values).toEqual([1, 2]);
    one.subscription.detach();
    topic.put(stored({ body: 3 }));
    expect(one.got.length).toBe(2);
    expect(two.values).toEqual([1, 2, 3]);
  });

  it('gives what one has released to that one again, with copies that fail apart', () => {
    const topic = new Topic(host, 'news');
    const one = new FakeConsumer(topic).grant(1);
    const two = new FakeConsumer(topic).grant(1);
    topic.put(stored({ body: 1 }));
    const [message] = one.got;
    one.grant(1);
    if (message !== undefined) {
      one.subscription.settled(message, {
        type: 'modified',
        deliveryFailed: true,
        undeliverableHere: undefined,
        messageAnnotations: undefined,
      });
    }
    expect(one.got.map((each) => each.deliveryCount)).toEqual([1, 1]);
    expect(two.got.map((each) => each.deliveryCount)).toEqual([0]);
  });
});
