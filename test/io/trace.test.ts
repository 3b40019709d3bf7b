import { afterEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../src/engine/index.ts';
import { Driver, memoryTransportPair, systemClock, traceFromEnvironment } from '../../src/io/index.ts';
import { plain, SaslClient, SaslServer, serverPlain } from '../../src/sasl/index.ts';
import { idle } from '../support/idle.ts';

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

  it('prints a whole login without its secrets', async () => {
    vi.stubEnv('AMQP1_TRACE', 'frames');
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const trace = traceFromEnvironment();
    const [left, right] = memoryTransportPair();
    const client = new Connection(
      {
        role: 'client',
        containerId: 'me',
        trace,
        sasl: (host) =>
          new SaslClient(
            { mechanisms: [plain('user', 'hunter2')], encrypted: true, loopback: true, allowInsecurePlain: false },
            host,
          ),
      },
      { event: () => undefined, wake: () => clientDriver.wake() },
    );
    const server = new Connection(
      { role: 'server', containerId: 'it', sasl: (host) => new SaslServer([serverPlain(() => true)], host) },
      { event: () => undefined, wake: () => serverDriver.wake() },
    );
    const clientDriver = new Driver(client, left, systemClock);
    const serverDriver = new Driver(server, right, systemClock);
    serverDriver.start();
    clientDriver.start();
    await idle();
    client.close();
    await idle();
    const lines = write.mock.calls.map(([line]) => String(line));
    expect(lines.map((line) => /^(<-|->) ch 0 (sasl-\w+|open|close)\b.*\n$/.exec(line)?.slice(1, 3).join(' '))).toEqual(
      ['<- sasl-mechanisms', '-> sasl-init', '<- sasl-outcome', '-> open', '<- open', '-> close', '<- close'],
    );
    const all = lines.join('');
    expect(all).toContain('initialResponse=***');
    for (const secret of [
      'hunter2',
      Buffer.from('hunter2').toString('hex'),
      Buffer.from('hunter2').toString('base64'),
    ]) {
      expect(all).not.toContain(secret);
    }
  });
});
