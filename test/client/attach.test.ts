import { describe, expect, it } from 'vitest';
import { LinkError, SessionError, type Fields } from '../../src/client/index.ts';
import { connected, failure, frameOf, mute, PeerLink, settle, until, wireError } from './support/scripted.ts';
import { ScriptedPeer, type CompositeValue, type FieldValue, type WireFrame } from '../../src/testing/index.ts';

/** Answers an attach with fields of its own. */
function answer(peer: ScriptedPeer, { fields, channel }: WireFrame, own: Readonly<Record<string, FieldValue>>): void {
  const isSender = fields['role'] === false;
  const composite: CompositeValue = {
    is: 'attach',
    name: String(fields['name']),
    handle: Number(fields['handle']),
    role: isSender,
    source: { is: 'source', address: 'q' },
    target: { is: 'target', address: 'q' },
    'initial-delivery-count': isSender ? null : 0,
    ...own,
  };
  peer.send(composite, undefined, channel);
}

describe('a link that is refused', () => {
  it.each(['sender', 'receiver'] as const)(
    '[N-16] [§2.6.3] tells why: a null terminus, then a detach (%s)',
    async (kind) => {
      const { connection, peer } = await connected((scripted) => {
        scripted.on('attach', (frame) => {
          answer(scripted, frame, kind === 'sender' ? { target: null } : { source: null });
          const error = wireError('amqp:not-found', 'no queue q');
          scripted.send(
            { is: 'detach', handle: Number(frame.fields['handle']), closed: true, error },
            undefined,
            frame.channel,
          );
        });
      });
      const error = await failure(kind === 'sender' ? connection.createSender('q') : connection.createReceiver('q'));
      expect(error).toBeInstanceOf(LinkError);
      expect(error).toMatchObject({ code: 'link-refused', condition: 'amqp:not-found', description: 'no queue q' });
      // The session that was made for this link ends with it.
      await frameOf(peer, 'end');
      await connection.close();
    },
  );

  it('tells why where the peer ends the whole session for it, as RabbitMQ does', async () => {
    const { connection } = await connected((scripted) => {
      mute(scripted, 'end');
      scripted.on('attach', ({ channel }) =>
        scripted.send({ is: 'end', error: wireError('amqp:not-found', 'no queue') }, undefined, channel),
      );
    });
    const error = await failure(connection.createReceiver('q'));
    expect(error).toMatchObject({ code: 'link-refused', condition: 'amqp:not-found', description: 'no queue' });
    expect(error.cause).toBeInstanceOf(SessionError);
    await connection.close();
  });

  it('costs the other links nothing', async () => {
    const { connection, peer } = await connected();
    const good = await connection.createSender('good');
    mute(peer, 'end');
    peer.on('attach', ({ channel }) =>
      peer.send({ is: 'end', error: wireError('amqp:not-found') }, undefined, channel),
    );
    await failure(connection.createSender('bad'));
    await good.send('x');
    await connection.close();
  });

  it('tells of a session that cannot be begun', async () => {
    const { connection } = await connected((scripted) => {
      scripted.on('begin', (frame) => {
        scripted.default(frame);
        scripted.send({ is: 'end', error: wireError('amqp:resource-limit-exceeded') }, undefined, frame.channel);
      });
      scripted.on('end', () => undefined);
    });
    const error = await failure(connection.createSender('q'));
    expect(error.condition).toBe('amqp:resource-limit-exceeded');
    await connection.close();
  });
});

describe('filters', () => {
  const selector = 'apache.org:selector-filter:string';

  it('[N-11] [N-14] [§3.5.8] are asked for by name, as described values', async () => {
    const { connection, peer } = await connected();
    const options = {
      selector: "colour = 'red'",
      filters: { 'x:range': { descriptor: 'x:range', value: 7 }, 'x:code': { descriptor: 0x1234n, value: 'v' } },
      allowMissingFilters: true,
    };
    await connection.createReceiver('q', options);
    const { fields } = await frameOf(peer, 'attach');
    expect(fields['source']).toMatchObject({
      filter: [
        selector,
        { descriptor: 0x468c00000004n, value: "colour = 'red'" },
        'x:range',
        { descriptor: 'x:range', value: 7 },
        'x:code',
        { descriptor: 0x1234n, value: 'v' },
      ],
    });
    await connection.close();
  });

  it('may have any name', async () => {
    const { connection, peer } = await connected();
    // As JSON.parse makes it: an own key, and no prototype.
    const filters = JSON.parse('{"__proto__": {"descriptor": "x:y", "value": 1}}');
    await connection.createReceiver('q', { filters, allowMissingFilters: true });
    const { fields } = await frameOf(peer, 'attach');
    expect(fields['source']).toMatchObject({ filter: ['__proto__', { descriptor: 'x:y', value: 1 }] });
    await connection.close();
  });

  it('[L-10] [L-12] [N-12] that the peer does not apply refuse the receiver', async () => {
    const { connection, peer } = await connected();
    const error = await failure(connection.createReceiver('q', { selector: 'a = 1' }));
    expect(error).toMatchObject({ code: 'link-refused' });
    expect(error.message).toContain(selector);
    await frameOf(peer, 'detach');
    expect(peer.framesOf('flow')).toEqual([]);
    await connection.close();
  });

  it('may be missing if the caller says so, and those that are granted can be seen', async () => {
    const { connection } = await connected();
    const without = await connection.createReceiver('q', { selector: 'a = 1', allowMissingFilters: true });
    expect(without.filters).toEqual({});
    await connection.close();
  });

  it('[L-09] that the peer grants make a receiver', async () => {
    const { connection } = await connected((scripted) => {
      scripted.on('attach', (frame) => {
        const filter: FieldValue = {
          type: 'map',
          value: [
            { type: 'symbol', value: selector },
            {
              type: 'described',
              descriptor: { type: 'symbol', value: selector },
              value: { type: 'string', value: 'a = 1' },
            },
          ],
        };
        answer(scripted, frame, { source: { is: 'source', address: 'q', filter } });
      });
    });
    const receiver = await connection.createReceiver('q', { selector: 'a = 1' });
    expect(Object.keys(receiver.filters)).toEqual([selector]);
    await connection.close();
  });
});

describe('what an attach tells', () => {
  it('[L-39] [N-04] is the dynamic address that the peer made', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.on('attach', (frame) =>
        answer(scripted, frame, {
          source: { is: 'source', address: 'temp-1', dynamic: true },
          target: { is: 'target', address: 'temp-2' },
        }),
      );
    });
    const receiver = await connection.createReceiver(null, { source: { dynamic: true } });
    const sender = await connection.createSender(null, { target: { dynamic: true, expiryTimeout: 1500 } });
    expect([receiver.address, sender.address]).toEqual(['temp-1', 'temp-2']);
    expect((await frameOf(peer, 'attach')).fields['source']).toMatchObject({ dynamic: true });
    expect((await frameOf(peer, 'attach', 1)).fields['target']).toMatchObject({ dynamic: true, timeout: 2 });
    await connection.close();
  });

  it('are properties, capabilities and the largest message', async () => {
    const { connection } = await connected((scripted) => {
      scripted.on('attach', (frame) =>
        answer(scripted, frame, {
          'max-message-size': 10,
          properties: {
            type: 'map',
            value: [
              { type: 'symbol', value: 'k' },
              { type: 'string', value: 'v' },
            ],
          },
          'offered-capabilities': { type: 'symbol', value: 'cap' },
        }),
      );
    });
    const sender = await connection.createSender('q');
    expect({ ...sender.properties }).toEqual({ k: 'v' });
    expect(sender.offeredCapabilities).toEqual(['cap']);
    expect(sender.maxMessageSize).toBe(10);
    expect((await failure(sender.send('much too large a message'))).code).toBe('message-too-large');
    await connection.close();
  });

  it('is nothing where the peer says nothing', async () => {
    const { connection } = await connected();
    const sender = await connection.createSender(null);
    expect(sender).toMatchObject({ address: '', properties: {}, offeredCapabilities: [], maxMessageSize: Infinity });
    expect(connection.remoteContainerId).toBe('scripted-peer');
    expect(connection.properties).toEqual({});
    expect(connection.offeredCapabilities).toEqual([]);
    await connection.close();
  });

  it('is that a settle mode was not granted', async () => {
    const { connection } = await connected((scripted) => {
      scripted.on('attach', (frame) =>
        answer(scripted, frame, { 'snd-settle-mode': frame.fields['name'] === 'a' ? 0 : 1 }),
      );
    });
    expect((await failure(connection.createSender('q', { name: 'a', senderSettleMode: 'settled' }))).code).toBe(
      'link-refused',
    );
    expect((await failure(connection.createSender('q', { name: 'b', senderSettleMode: 'unsettled' }))).code).toBe(
      'link-refused',
    );
    await connection.close();
  });

  it('[§2.6.1] is that a second link of the same name in a session is an error of the caller', async () => {
    const { connection } = await connected();
    const session = await connection.createSession();
    await session.createSender('q', { name: 'one' });
    expect((await failure(session.createSender('q', { name: 'one' }))).code).toBe('illegal-state');
    await session.createReceiver('q', { name: 'one' });
    await connection.close();
  });
});

describe('flow properties', () => {
  it('[§2.7.4] reach both kinds of links, and a callback that throws breaks nothing', async () => {
    const { connection, peer } = await connected();
    const seen: Fields[] = [];
    const uncaught: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
    const oops = new Error('oops');
    const onFlowProperties = (properties: Fields): void => {
      seen.push(properties);
      throw oops;
    };
    const receiver = await connection.createReceiver('q', { onFlowProperties });
    const sender = await connection.createSender('q', { onFlowProperties });
    const properties: FieldValue = {
      type: 'map',
      value: [
        { type: 'symbol', value: 'k' },
        { type: 'int', value: 1 },
      ],
    };
    const toReceiver = await PeerLink.of(peer, 0);
    toReceiver.flow({ properties });
    toReceiver.transfer(0);
    (await PeerLink.of(peer, 1)).flow({ properties, 'link-credit': 10 });
    await until(() => seen.length === 2);
    expect((await receiver.receive()).message.text()).toBe('m0');
    await sender.send('x');
    await settle();
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
    expect(seen.map((each) => ({ ...each }))).toEqual([{ k: 1 }, { k: 1 }]);
    expect(uncaught).toEqual([oops, oops]);
    await connection.close();
  });
});
