import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AmqpError } from '../../src/errors/index.ts';
import { amqpHeader, concat, frame } from '../engine/support/frames.ts';
import { attach, begin, open, transfer } from '../engine/support/raw-peer.ts';
import { collectGarbage } from '../support/garbage.ts';
import { PATIENCE } from './support/targets.ts';

/** A module of the fuzzer's support. */
async function support(file: string): Promise<Readonly<Record<string, unknown>>> {
  const module: Readonly<Record<string, unknown>> = await import(
    pathToFileURL(join(import.meta.dirname, '../../fuzz/support', file)).href
  );
  return module;
}

function call(found: unknown, ...parameters: readonly unknown[]): unknown {
  if (typeof found !== 'function') throw new Error('the fuzzer has no such function');
  return Reflect.apply(found, undefined, parameters);
}

const thrower = (error: Error) => (): never => {
  throw error;
};

describe('the oracle of the fuzzer', () => {
  it('takes values and the errors that a call documents, and no others', async () => {
    const { outcome } = await support('oracle.mjs');
    const ours = new AmqpError('decode-error', 'x');
    expect(call(outcome, () => 7)).toEqual({ value: 7 });
    expect(call(outcome, thrower(ours), 'decode-error')).toEqual({ error: ours });
    expect(() => call(outcome, thrower(ours), 'encode-error')).toThrow('the code decode-error');
    expect(() => call(outcome, thrower(new RangeError('x')), 'decode-error')).toThrow('not an error of ours');
  });

  it('tells zero from its negative', async () => {
    const { same } = await support('oracle.mjs');
    expect(() => call(same, [-0], [0], 'differs')).toThrow('differs');
    expect(call(same, [Number.NaN], [Number.NaN], 'differs')).toBeUndefined();
  });

  it(
    'notices an input that costs too much time or memory',
    async () => {
      const { bounded } = await support('target.mjs');
      const kept: unknown[] = [];
      const bounds = { time: { base: 100, perOctet: 0 }, memory: { base: 16_000_000, perOctet: 0 } };
      const slow = (): void => {
        // Processor time: on a busy machine a clock on the wall shows nothing.
        const began = process.cpuUsage();
        while (process.cpuUsage(began).user < 200_000) kept.length = 0;
      };
      const large = (): void => {
        kept.push(new Uint8Array(30_000_000).fill(1));
      };
      expect(() => call(bounded, 1, slow, bounds)).toThrow('cost');
      // What other tests left behind would be given back in the middle, and hide what is taken here.
      await collectGarbage();
      expect(() => call(bounded, 1, large, bounds)).toThrow('of memory');
      expect(call(bounded, 1, () => undefined, bounds)).toBeUndefined();
    },
    PATIENCE,
  );

  it('notices frames of an engine that are out of place', async () => {
    const { Heard } = await support('heard.mjs');
    if (typeof Heard !== 'function') throw new Error('the fuzzer does not listen');
    const hear = (...octets: readonly Uint8Array[]): unknown => {
      const heard: unknown = Reflect.construct(Heard, []);
      if (typeof heard !== 'object' || heard === null || !('take' in heard)) throw new Error('it takes nothing');
      return Reflect.apply(Object(heard.take), heard, [concat(octets)]);
    };
    const opened = [amqpHeader, frame(open), frame(begin())];
    expect(hear(...opened, frame(attach()), frame(transfer(0)))).toBeUndefined();
    expect(() => hear(...opened, frame(transfer(0)))).toThrow('no sender is attached');
    expect(() => hear(...opened, frame(attach()), frame(attach({ name: 'other' })))).toThrow('opened twice');
    expect(() => hear(amqpHeader, frame(begin()))).toThrow('a begin came before our open');
    expect(() => hear(...opened, frame({ type: 'close' }), frame({ type: 'end' }))).toThrow('follows our close');
  });
});
