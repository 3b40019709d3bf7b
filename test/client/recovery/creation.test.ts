import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/testing/index.ts';
import { failure, frameOf, mute, PeerLink, settle, until, wireError } from '../support/scripted.ts';
import { event, Outage, soon } from './outage.ts';
import { Peers } from './peers.ts';

describe('what is created while the connection is lost', () => {
  it.each(['begin', 'attach'])('is made on the next one, where the %s was not answered', async (unanswered) => {
    const peers = new Peers((peer, index) => {
      if (index === 0) mute(peer, 'attach', unanswered);
    });
    const connection = await peers.connect();
    const session = unanswered === 'begin' ? undefined : await connection.createSession();
    const creations = [
      connection.createSender('a'),
      connection.createReceiver('b'),
      connection.createSession().then((created) => created.createSender('c')),
      session?.createSender('d') ?? connection.createSender('d'),
    ];
    await frameOf(peers.peer(0), unanswered, 2);
    peers.peer(0).end();
    const links = await Promise.all(creations);
    expect(links.map(({ address }) => address).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(peers.peer(1).framesOf('attach')).toHaveLength(4);
  });

  it('is made in a session when that is begun again', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect();
    const session = await connection.createSession();
    outage.cut();
    await until(() => !connection.stats().connected);
    const [sender, receiver] = [session.createSender('q'), session.createReceiver('q')];
    expect((await failure(session.createSender('q', { timeout: 5 }))).code).toBe('timeout');
    outage.restore();
    await (await sender).send('found');
    expect((await (await receiver).receive()).message.text()).toBe('found');
    await connection.close();
  });

  it('fails with the error of the connection when that does not come back', async () => {
    const outage = await Outage.behind();
    const connection = await outage.connect({ ...soon, maxAttempts: 1 });
    const session = await connection.createSession();
    outage.cut();
    await until(() => !connection.stats().connected);
    const codes = await Promise.all(
      [connection.createSender('q'), session.createReceiver('q')].map(async (each) => (await failure(each)).code),
    );
    expect(codes).toEqual(['connection-lost', 'connection-lost']);
  });

  it('is waited for no longer than its timeout in all, however often the connection is lost', async () => {
    const clock = new FakeClock();
    const peers = new Peers((peer) => mute(peer, 'attach'));
    const connection = await peers.connect({ ...soon, random: () => 0 }, 'amqp://one', { clock });
    const creation = failure(connection.createSender('q', { timeout: 1000 }));
    for (const index of [0, 1]) {
      await until(() => {
        clock.advance(0);
        return peers.all.length > index && peers.peer(index).framesOf('attach').length === 1;
      });
      clock.advance(400);
      peers.peer(index).end();
    }
    await until(() => {
      clock.advance(0);
      return peers.all.length === 3 && peers.peer(2).framesOf('attach').length === 1;
    });
    clock.advance(199);
    await settle();
    expect(peers.peer(2).framesOf('detach')).toHaveLength(0);
    clock.advance(1);
    const error = await creation;
    expect(error.code).toBe('timeout');
    expect(error.message).toContain('createSender did not finish within 1000 ms');
    await settle();
    expect(peers.peer(2).framesOf('detach')).toHaveLength(1);
  });
});

describe('a connection that is about to be made again, for the fault of one link', () => {
  it('takes calls as during an outage, and sends what waited before what came since', async () => {
    const peers = new Peers((peer, index) => {
      if (index > 0) return;
      mute(peer, 'close', 'detach');
      peer.credit = 0;
    });
    const connection = await peers.connect();
    const session = await connection.createSession();
    const [faulty, sender] = [await connection.createSender('faulty'), await session.createSender('q')];
    const receiver = await session.createReceiver('q', { credit: 'manual' });
    receiver.issueCredit(1);
    const first = sender.send('first');
    (await PeerLink.of(peers.peer(0))).detach(wireError('amqp:internal-error'));
    await frameOf(peers.peer(0), 'close');

    const second = sender.send('second');
    expect(sender.trySend('never')).toBeUndefined();
    expect(sender.stats().waitingFor).toBe('connection');
    receiver.issueCredit(2);
    const received = receiver.receive();
    const creations = [connection.createSender('new'), session.createSender('new too')];
    const recovered = event(connection, 'recovered');
    peers.peer(0).end();
    await recovered;
    await Promise.all([first, second, faulty.send('back'), ...creations]);

    const link = await PeerLink.of(peers.peer(1), 2);
    expect(link.attach.fields['role']).toBe(true);
    await until(() => link.flows.length > 0);
    expect(link.flows[0]).toMatchObject({ 'link-credit': 3 });
    link.transfer(0, 'found');
    expect((await received).message.text()).toBe('found');
    const sent = peers
      .peer(1)
      .framesOf('transfer')
      .map(({ payload }) => new TextDecoder().decode(payload));
    const [one, two] = ['first', 'second'].map((text) => sent.findIndex((each) => each.endsWith(text)));
    expect(one).toBeGreaterThanOrEqual(0);
    expect(two).toBeGreaterThan(one ?? Infinity);
  });

  it('can be closed', async () => {
    const peers = new Peers((peer) => mute(peer, 'close', 'detach'));
    const connection = await peers.connect();
    const [faulty, sender] = [await connection.createSender('faulty'), await connection.createSender('q')];
    (await PeerLink.of(peers.peer(0))).detach(wireError('amqp:internal-error'));
    await frameOf(peers.peer(0), 'close');
    const [send, creation] = [failure(sender.send('never')), failure(connection.createSender('never'))];
    const closing = connection.close();
    peers.peer(0).send({ is: 'close' });
    peers.peer(0).end();
    await closing;
    expect((await send).code).toBe('connection-closed');
    expect((await creation).code).toBe('connection-closed');
    expect(await faulty.closed).toEqual({ by: 'local' });
    expect(peers.all).toHaveLength(1);
  });
});
