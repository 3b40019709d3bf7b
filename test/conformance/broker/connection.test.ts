import { describe, expect, it } from 'vitest';
import { RawClient } from '../../broker/support/raw-client.ts';
import { client, settle, start, take } from '../../broker/support/setup.ts';

describe('the open of the broker', () => {
  it('[C-24] offers the relay of messages by their address, and needs nothing of the client', async () => {
    const raw = await RawClient.begin(await start());
    expect(raw.all('open')).toMatchObject([{ offeredCapabilities: ['ANONYMOUS-RELAY'], desiredCapabilities: [] }]);
    expect(raw.types).toEqual(['open', 'begin']);
  });

  it.each([undefined, 'localhost', 'vhost:other', ''])(
    '[C-25] is the same for every virtual host: %j',
    async (hostname) => {
      const broker = await start({ queues: ['q'], autoCreate: false });
      const raw = new RawClient(broker);
      raw.send({ type: 'open', containerId: 'raw', hostname });
      raw.send({ type: 'begin', nextOutgoingId: 0, incomingWindow: 10, outgoingWindow: 10 });
      raw.send({ type: 'attach', name: 'l', handle: 0, role: true, source: { address: 'q' }, target: {} });
      await settle();
      expect(raw.types).toEqual(['open', 'begin', 'attach']);
      expect(raw.all('attach')).toMatchObject([{ source: { address: 'q' } }]);
    },
  );
});

describe('two connections of one container', () => {
  it('[C-30] may have links of one name: neither takes over the other', async () => {
    const broker = await start();
    const [one, two] = [await client(broker, { containerId: 'same' }), await client(broker, { containerId: 'same' })];
    const first = await one.createReceiver('q', { name: 'same', credit: 1 });
    const second = await two.createReceiver('q', { name: 'same', credit: 1 });
    const sender = await two.createSender('q');
    await Promise.all([sender.send('a'), sender.send('b')]);
    const texts = [...(await take(first, 1)), ...(await take(second, 1))].map(({ message }) => message.text());
    expect(texts.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['a', 'b']);
  });
});
