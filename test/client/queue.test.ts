import { describe, expect, it } from 'vitest';
import { Queue } from '../../src/client/queue.ts';

const filled = (count: number): Queue<number> => {
  const queue = new Queue<number>();
  for (let item = 0; item < count; item++) queue.push(item);
  return queue;
};

const taken = (queue: Queue<number>): number[] => {
  const items: number[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
};

describe('a queue', () => {
  it.each([0, 1, 1023, 1024, 1025, 5000])('gives what it took, in order, time and again: %i items', (count) => {
    const queue = filled(count);
    for (let round = 0; round < 3; round++) {
      expect(queue.size).toBe(count);
      expect(taken(queue)).toEqual(Array.from({ length: count }, (_, item) => item));
      expect(queue.size).toBe(0);
      for (let item = 0; item < count; item++) queue.push(item);
    }
  });

  it('takes while it gives, however long that lasts', () => {
    const queue = filled(10);
    for (let item = 10; item < 10_000; item++) {
      queue.push(item);
      expect(queue.shift()).toBe(item - 10);
      expect(queue.size).toBe(10);
    }
    expect(taken(queue)).toHaveLength(10);
  });

  it('gives out of the middle what waits, and nothing that is gone', () => {
    const queue = filled(5);
    queue.shift();
    expect([queue.remove(0), queue.remove(2), queue.remove(2)]).toEqual([false, true, false]);
    expect(queue.size).toBe(3);
    queue.push(9);
    expect(taken(queue)).toEqual([1, 3, 4, 9]);
  });

  it('drops what is not wanted, and goes on', () => {
    const queue = filled(6);
    queue.shift();
    expect(queue.drop((item) => item % 2 === 0)).toBe(2);
    queue.push(9);
    expect(taken(queue)).toEqual([1, 3, 5, 9]);
  });

  it('gives all at once', () => {
    const queue = filled(3);
    queue.shift();
    expect(queue.clear()).toEqual([1, 2]);
    expect([queue.size, queue.shift()]).toEqual([0, undefined]);
    queue.push(7);
    expect(taken(queue)).toEqual([7]);
  });
});
