import { describe, expect, it } from 'vitest';
import type { SendOptions, WaitOptions } from '../../src/client/index.ts';
import { connected, failure, thrown, untyped } from './support/scripted.ts';

const wrong: [unknown, string][] = [
  [{ timeOut: 5 }, 'options.timeOut is not an option; there are signal, timeout'],
  [{ timeout: '5' }, 'timeout of'],
  [{ signal: {} }, 'signal of'],
  [null, 'must be an object'],
  [[], 'must be an object'],
  [5, 'must be an object'],
];

describe('the options of a call', () => {
  it.each(wrong)('%o are refused by every call that waits', async (options, why) => {
    const { connection } = await connected();
    const session = await connection.createSession();
    const sender = await session.createSender('q');
    const receiver = await session.createReceiver('q', { credit: 'manual' });
    const given = untyped<WaitOptions>(options, { value: {} });
    const calls = [
      () => receiver.receive(given),
      () => receiver.drainCredit(given),
      () => receiver.close(given),
      () => sender.detach(given),
      () => session.close(given),
      () => connection.close(given),
    ];
    for (const call of calls) {
      const error = await failure(call());
      expect(error.code).toBe('invalid-argument');
      expect(error.message).toContain(why);
    }
    await connection.close();
  });

  it('are refused by the calls that send', async () => {
    const { connection, peer } = await connected();
    const sender = await connection.createSender('q');
    const given = untyped<SendOptions>({ setled: true });
    const list = 'options.setled is not an option; there are signal, timeout, settled, deliveryTag, messageFormat';
    expect((await failure(sender.send('x', given))).message).toContain(list);
    expect((await failure(sender.sendWithReceipt('x', given))).message).toContain(list);
    const never = 'is not an option; there are settled, deliveryTag, messageFormat';
    expect(thrown(() => sender.trySend('x', given)).message).toContain(`options.setled ${never}`);
    const waiting = untyped<SendOptions>({ timeout: 1 });
    expect(thrown(() => sender.trySend('x', waiting)).message).toContain(`options.timeout ${never}`);
    expect((await failure(sender.send('x', untyped({ settled: 1 })))).message).toContain(
      'settled must be true or false',
    );
    expect(peer.framesOf('transfer')).toEqual([]);
    expect(sender.stats().pending).toBe(0);
    await connection.close();
  });

  it('are refused by consume', async () => {
    const { connection } = await connected();
    const receiver = await connection.createReceiver('q');
    const refused = async (handler: unknown, options: unknown): Promise<string> =>
      (await failure(receiver.consume(untyped(handler), untyped(options)))).message;
    expect(await refused(() => undefined, { concurency: 2 })).toContain('concurency is not an option');
    expect(await refused(() => undefined, { concurrency: 0 })).toContain('a whole number from 1, or Infinity');
    expect(await refused(() => undefined, { onError: 1 })).toContain('onError must be a function');
    expect(await refused('handler', {})).toContain('consume() takes a function');
    // It was never begun, so the receiver is free.
    expect(receiver.tryReceive()).toBeUndefined();
    await connection.close();
  });
});
