import { describe, expect, it } from 'vitest';
import { IncomingWindow, OutgoingWindow } from '../../src/engine/windows.ts';

describe('the outgoing window', () => {
  it('[S-09] is shut until the peer tells its size, and falls by one with each transfer', () => {
    const window = new OutgoingWindow();
    expect(window.remoteIncomingWindow).toBe(0);
    expect(window.update(undefined, 2)).toBe(true);
    window.take();
    window.take();
    expect(window.remoteIncomingWindow).toBe(0);
    expect(window.nextOutgoingId).toBe(2);
  });

  it('[S-10] subtracts what is in flight', () => {
    const window = new OutgoingWindow();
    window.update(undefined, 10);
    for (let count = 0; count < 5; count++) window.take();
    expect(window.update(3, 10)).toBe(true);
    expect(window.remoteIncomingWindow).toBe(8);
    expect(window.update(undefined, 10)).toBe(true);
    expect(window.remoteIncomingWindow).toBe(5);
    expect(window.update(3, 1)).toBe(true);
    expect(window.remoteIncomingWindow).toBe(0);
  });

  it('[S-11] takes a window of 2^32 - 1 and ids that wrap around', () => {
    const window = new OutgoingWindow();
    window.nextOutgoingId = 0xffff_ffff;
    expect(window.update(0xffff_ffff, 0xffff_ffff)).toBe(true);
    window.take();
    window.take();
    expect(window.nextOutgoingId).toBe(1);
    expect(window.remoteIncomingWindow).toBe(0xffff_fffd);
    expect(window.update(0, 0xffff_ffff)).toBe(true);
    expect(window.remoteIncomingWindow).toBe(0xffff_fffe);
  });

  it('[S-20] refuses an id that was not sent yet', () => {
    const window = new OutgoingWindow();
    expect(window.update(1, 10)).toBe(false);
    expect(window.remoteIncomingWindow).toBe(0);
  });
});

describe('the incoming window', () => {
  it('[S-14] takes as many transfers as were granted', () => {
    const window = new IncomingWindow();
    window.open(2);
    expect([window.take(), window.take(), window.take()]).toEqual([true, true, false]);
  });

  it('[S-15] is worn at half, and opened again', () => {
    const window = new IncomingWindow();
    window.open(4);
    window.take();
    expect(window.worn).toBe(false);
    window.take();
    expect(window.worn).toBe(true);
    window.refresh();
    expect(window.window).toBe(4);
  });

  it('[S-13] counts from what the peer told, around 2^32', () => {
    const window = new IncomingWindow();
    window.open(4);
    window.update(0xffff_ffff);
    window.take();
    expect(window.nextIncomingId).toBe(0);
  });
});
