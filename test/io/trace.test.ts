import { afterEach, describe, expect, it, vi } from 'vitest';
import { traceFromEnvironment } from '../../src/io/index.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('traceFromEnvironment', () => {
  it.each(['', 'none', 'FRAMES'])('is off for %j', (value) => {
    vi.stubEnv('AMQP1_TRACE', value);
    expect(traceFromEnvironment()).toBeUndefined();
  });

  it('prints a line for each frame on the standard error', () => {
    vi.stubEnv('AMQP1_TRACE', 'frames');
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const trace = traceFromEnvironment();
    trace?.('in', 3, 0, new Uint8Array(0));
    trace?.('out', 0, 0, Uint8Array.of(0x00, 0x53, 0x18, 0x45));
    expect(write.mock.calls).toEqual([['<- ch 3 heartbeat\n'], ['-> ch 0 close\n']]);
  });
});
