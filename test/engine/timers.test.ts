import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../src/engine/deadlines.ts';
import { IdleTimer } from '../../src/engine/idle-timer.ts';

describe('the idle timer', () => {
  it('[C-17] wants no clock where neither side asks for it', () => {
    const timer = new IdleTimer();
    timer.watch(0, 0);
    timer.beat(0, 0);
    expect(timer.deadline()).toBeUndefined();
    expect(timer.tick(1e9, 0, 0)).toBeUndefined();
  });

  it('[C-17] knows each direction by itself', () => {
    const watching = new IdleTimer();
    watching.watch(100, 1000);
    expect(watching.deadline()).toBe(600);
    const beating = new IdleTimer();
    beating.beat(100, 1000);
    expect(beating.deadline()).toBe(350);
    beating.watch(100, 100);
    expect(beating.deadline()).toBe(150);
    const both = new IdleTimer();
    both.watch(100, 1000);
    both.beat(100, 1000);
    expect(both.deadline()).toBe(350);
  });

  it('[C-19] does nothing before a heartbeat is due', () => {
    const timer = new IdleTimer();
    timer.beat(0, 1000);
    expect([timer.tick(249, 0, 0), timer.deadline()]).toEqual([undefined, 250]);
    expect([timer.tick(250, 0, 0), timer.deadline()]).toEqual(['heartbeat', 500]);
  });

  it('[C-20] sees silence after one timeout at the soonest', () => {
    const timer = new IdleTimer();
    timer.watch(0, 1000);
    expect(timer.tick(500, 1, 0)).toBeUndefined();
    expect(timer.tick(999, 1, 0)).toBeUndefined();
    expect(timer.tick(1000, 1, 0)).toBeUndefined();
    expect(timer.tick(1500, 1, 0)).toBe('expired');
  });

  it('[C-23] lives on with each frame', () => {
    const timer = new IdleTimer();
    timer.watch(0, 1000);
    for (let step = 1; step < 10; step++) expect(timer.tick(step * 500, step >> 1, 0)).toBeUndefined();
  });

  it('[C-20] does not take a clock that was looked at late for silence', () => {
    const timer = new IdleTimer();
    timer.watch(0, 1000);
    timer.tick(500, 1, 0);
    expect(timer.tick(60_000, 1, 0)).toBeUndefined();
    expect(timer.tick(60_500, 2, 0)).toBeUndefined();
  });

  it('[C-19] is never silent for more than half of what the peer waits', () => {
    const timer = new IdleTimer();
    timer.beat(0, 1000);
    let sent = 3;
    let last = 0;
    for (let now = 0; now < 10_000; now++) {
      const deadline = timer.deadline() ?? Infinity;
      if (now < deadline) continue;
      if (timer.tick(now, 0, sent) !== 'heartbeat') continue;
      sent++;
      expect(now - last).toBeLessThanOrEqual(500);
      last = now;
    }
    expect(last).toBeGreaterThan(9000);
  });

  it('[C-19] sends no heartbeat where other frames left', () => {
    const timer = new IdleTimer();
    timer.beat(0, 1000);
    for (let step = 1; step < 20; step++) expect(timer.tick(step * 250, 0, step)).toBeUndefined();
  });

  it('[C-22] stops', () => {
    const timer = new IdleTimer();
    timer.watch(0, 1000);
    timer.beat(0, 1000);
    timer.stop();
    expect(timer.deadline()).toBeUndefined();
  });
});

describe('the deadlines of a connection', () => {
  it('[H-11] bound the handshake until it is done', () => {
    const deadlines = new Deadlines();
    expect(deadlines.next()).toBeUndefined();
    deadlines.handshake(300);
    expect(deadlines.next()).toBe(300);
    expect(deadlines.tick(299, 0, 0)).toBeUndefined();
    expect(deadlines.tick(300, 0, 0)).toBe('handshake');
    deadlines.opened(300, 1000, 0);
    expect(deadlines.next()).toBe(800);
  });

  it('[C-10] bound the wait for the answer to our close, and nothing else then', () => {
    const deadlines = new Deadlines();
    deadlines.opened(0, 1000, 1000);
    deadlines.closing(5000);
    // Nobody told what time it is: the clock is looked at now.
    expect(deadlines.next()).toBe(0);
    expect(deadlines.tick(70_000, 0, 0)).toBeUndefined();
    expect(deadlines.next()).toBe(75_000);
    expect(deadlines.tick(74_999, 0, 0)).toBeUndefined();
    expect(deadlines.tick(75_000, 0, 0)).toBe('close');
    deadlines.clear();
    expect(deadlines.next()).toBeUndefined();
  });
});
