import { describe, expect, it } from 'vitest';
import { connected, connectTo, failure, frameOf } from '../../client/support/scripted.ts';
import { ScriptedPeer, type CompositeValue, type FieldValue, type Wire } from '../../../src/testing/index.ts';

const symbol = (text: string): Wire => ({ type: 'symbol', value: text });
const symbols = (...texts: string[]): FieldValue => ({ type: 'array', value: texts.map(symbol) });

const place: FieldValue = {
  type: 'map',
  value: [
    symbol('hostname'),
    { type: 'string', value: 'broker.example' },
    symbol('network-host'),
    { type: 'string', value: '192.0.2.7' },
    symbol('port'),
    { type: 'ushort', value: 5673 },
    symbol('address'),
    { type: 'string', value: 'elsewhere' },
  ],
};

const redirect = (scope: 'connection' | 'link'): CompositeValue => ({
  is: 'error',
  condition: `amqp:${scope}:redirect`,
  info: place,
});

const told = { hostname: 'broker.example', 'network-host': '192.0.2.7', port: 5673, address: 'elsewhere' };

describe('the open of the client', () => {
  it('[C-24] tells what the program offers and wishes, and the program sees what the peer offers', async () => {
    const { connection, peer } = await connected(
      (scripted) =>
        scripted.on('open', () =>
          scripted.send({ is: 'open', 'container-id': 'peer', 'offered-capabilities': symbols('A', 'B') }),
        ),
      { offeredCapabilities: ['X'], desiredCapabilities: ['A', 'C'] },
    );
    const { fields } = await frameOf(peer, 'open');
    expect(fields).toMatchObject({ 'offered-capabilities': ['X'], 'desired-capabilities': ['A', 'C'] });
    expect(connection.offeredCapabilities).toEqual(['A', 'B']);
    await connection.close();
  });

  it('[A-16] names the same host as the init of SASL does', async () => {
    for (const options of [{}, { hostname: 'vhost:one' }]) {
      const { connection, peer } = await connected(undefined, options);
      const [init, open] = [await frameOf(peer, 'sasl-init'), await frameOf(peer, 'open')];
      expect([init.fields['hostname'], open.fields['hostname']]).toEqual(Array(2).fill(options.hostname ?? 'peer'));
      await connection.close();
    }
  });

  it('[C-25] names the virtual host, and one that the peer does not have is an error of connect()', async () => {
    const peer = new ScriptedPeer();
    peer.on('open', ({ fields }) => {
      expect(fields['hostname']).toBe('no such host');
      peer.send({ is: 'open', 'container-id': 'peer' });
      peer.send({ is: 'close', error: { is: 'error', condition: 'amqp:not-found' } });
    });
    const error = await failure(connectTo(peer, { hostname: 'no such host' }));
    expect(error).toMatchObject({ code: 'connection-closed-by-peer', condition: 'amqp:not-found' });
  });
});

describe('a redirect', () => {
  it('[C-28] of a connection tells the program where to go', async () => {
    const { connection, peer } = await connected();
    peer.send({ is: 'close', error: redirect('connection') });
    expect((await connection.closed).error).toMatchObject({ condition: 'amqp:connection:redirect', info: told });
  });

  it('[C-28] of a link tells the program where to go, and nothing follows it by itself', async () => {
    const { connection, peer } = await connected((scripted) =>
      scripted.on('attach', (frame) => {
        scripted.default(frame);
        const handle = Number(frame.fields['handle']);
        scripted.send({ is: 'detach', handle, closed: true, error: redirect('link') }, undefined, frame.channel);
      }),
    );
    const sender = await connection.createSender('q');
    expect((await sender.closed).error).toMatchObject({ condition: 'amqp:link:redirect', info: told });
    expect(peer.framesOf('attach')).toHaveLength(1);
    await connection.close();
  });
});
