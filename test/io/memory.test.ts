import { describe, expect, it } from 'vitest';
import { memoryTransportPair, type Transport } from '../../src/io/index.ts';
import { octets, opened, sent, settle } from './support/recorder.ts';

describe('memoryTransportPair', () => {
  it('carries octets both ways, in order, in a later microtask', async () => {
    const [left, right] = memoryTransportPair();
    const [atLeft, atRight] = [opened(left), opened(right)];
    left.send([octets('a'), octets('b')], () => undefined);
    left.send([octets('c')], () => undefined);
    right.send([octets('d')], () => undefined);
    expect([atLeft.size, atRight.size]).toEqual([0, 0]);
    await settle();
    expect([atLeft.text, atRight.text]).toEqual(['d', 'abc']);
    expect([left.encrypted, left.loopback]).toEqual([true, true]);
  });

  it('copies: the memory may be written again once it is done', async () => {
    const [left, right] = memoryTransportPair();
    const page = octets('first');
    let isDone = false;
    left.send([page], () => {
      isDone = true;
      page.fill(0);
    });
    expect(isDone).toBe(false);
    await settle();
    expect(isDone).toBe(true);
    const atRight = opened(right);
    await settle();
    expect(atRight.text).toBe('first');
  });

  it('tells a late listener all that came, then the end, and not while it opens', async () => {
    const [left, right] = memoryTransportPair();
    left.send([octets('early')], () => undefined);
    left.end();
    await settle();
    const atRight = opened(right);
    expect(atRight.ends).toEqual([]);
    await settle();
    expect(atRight.text).toBe('early');
    expect(atRight.ends).toEqual([undefined]);
  });

  it('ends both sides once, after what was sent', async () => {
    const [left, right] = memoryTransportPair();
    const [atLeft, atRight] = [opened(left), opened(right)];
    right.send([octets('answer')], () => undefined);
    left.send([octets('last')], () => undefined);
    left.end();
    left.end();
    right.end();
    left.destroy();
    await settle();
    expect(atRight.text).toBe('last');
    expect([atLeft.ends, atRight.ends]).toEqual([[undefined], [undefined]]);
  });

  it('sends nothing after the end, and frees the memory all the same', async () => {
    const [left, right] = memoryTransportPair();
    const atRight = opened(right);
    left.end();
    await sent(left, 'too late');
    await sent(left);
    expect(atRight.text).toBe('');
    expect(atRight.ends.length).toBe(1);
  });

  it('says nothing of a send without octets', async () => {
    const [left, right] = memoryTransportPair();
    const atRight = opened(right);
    await sent(left);
    await sent(left, '', '');
    await settle();
    expect(atRight.chunks).toEqual([]);
  });

  it('destroy stops to receive at once', async () => {
    const [left, right] = memoryTransportPair();
    const atLeft = opened(left);
    right.send([octets('never read')], () => undefined);
    left.destroy();
    await settle();
    expect(atLeft.text).toBe('');
    expect(atLeft.ends).toEqual([undefined]);
  });

  it('leaves timers and input their turn, though both ends answer each other for ever', async () => {
    const [left, right] = memoryTransportPair();
    let answers = 0;
    let goesOn = true;
    const answering = (transport: Transport) => ({
      received: () => {
        answers++;
        if (goesOn) transport.send([octets('again')], () => undefined);
      },
      closed: () => undefined,
    });
    left.open(answering(left));
    right.open(answering(right));
    left.send([octets('first')], () => undefined);
    await settle();
    const before = answers;
    await settle();
    goesOn = false;
    expect(before).toBeGreaterThan(100);
    expect(answers).toBeGreaterThan(before);
    await settle();
  });

  it('can be ended from within what it tells', async () => {
    const [left, right] = memoryTransportPair();
    let ends = 0;
    const heard: number[] = [];
    left.open({
      received: (bytes) => {
        heard.push(bytes.length);
        left.destroy();
      },
      closed: () => ends++,
    });
    right.send([octets('one')], () => undefined);
    right.send([octets('second')], () => undefined);
    await settle();
    expect(heard).toEqual([3]);
    expect(ends).toBe(1);
  });
});
