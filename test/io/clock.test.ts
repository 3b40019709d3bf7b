import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/io/index.ts';

describe('systemClock', () => {
  it('never runs backwards', () => {
    const times = Array.from({ length: 100 }, () => systemClock.now());
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('calls back once after a delay, unless it is cancelled', async () => {
    const calls: string[] = [];
    const cancel = systemClock.setTimer(1, () => calls.push('cancelled'));
    cancel();
    cancel();
    await new Promise<void>((resolve) => {
      systemClock.setTimer(5, () => {
        calls.push('called');
        resolve();
      });
    });
    expect(calls).toEqual(['called']);
  });

  it('does not fire at once for a delay beyond what timers take', async () => {
    let called = false;
    const cancel = systemClock.setTimer(2 ** 40, () => {
      called = true;
    });
    await new Promise<void>((resolve) => {
      systemClock.setTimer(5, resolve);
    });
    cancel();
    expect(called).toBe(false);
  });
});
