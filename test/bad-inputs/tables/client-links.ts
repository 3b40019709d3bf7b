import { expect } from 'vitest';
import { encodeMessage, type Receiver } from '../../../src/client/index.ts';
import { FakeClock, ScriptedPeer, type FieldValue } from '../../../src/testing/index.ts';
import {
  connected,
  connectTo,
  failure,
  frameOf,
  isPending,
  mute,
  PeerLink,
  settle,
  until,
} from '../../client/support/scripted.ts';
import { answerAttach, clocked, type Fields } from '../../parity/support/send-scene.ts';
import { attacked } from '../support/attacks.ts';
import { because, type Surface } from '../support/cases.ts';
import { connectionFails, linkFails, livesOn, sessionFails, startVictim, type Victim } from '../support/victim.ts';

type Run = (id: string) => Promise<void>;

const kib = new Uint8Array(1024);
const accepted = { is: 'accepted' };

/** A hundred parts of one message. */
function endless({ link }: Victim): void {
  for (let part = 0; part < 100; part++) link.transfer(0, kib, { more: true });
}

/** Parts without or with hardly any payload, as the window allows; the message ends after all. */
const crumbs =
  (size: number) =>
  async ({ link, receiver }: Victim): Promise<void> => {
    const crumb = new Uint8Array(size);
    for (let round = 0; round < 20; round++) {
      for (let part = 0; part < 500; part++) link.transfer(0, crumb, { more: true });
      await settle(1);
    }
    link.send({ is: 'transfer', handle: link.handle }, encodeMessage('end'));
    await until(() => receiver.stats().prefetched === 1, 'the message');
  };

/** More of them than the window takes. */
function crowded({ link }: Victim): void {
  for (let part = 0; part <= 2048; part++) link.transfer(0, new Uint8Array(0), { more: true });
}

/** A thousand links, and a part of a message on each. */
async function manyUnfinished(): Promise<void> {
  const { connection, peer } = await connected(undefined, { maxIncompleteSize: 100 * kib.length });
  const session = await connection.createSession();
  const other = await connection.createSender('elsewhere');
  await Promise.all(Array.from({ length: 1000 }, () => session.createReceiver('q')));
  for (const attach of peer.framesOf('attach').filter(({ fields }) => fields['role'] === true)) {
    const link = new PeerLink(peer, attach);
    link.transfer(link.handle, kib, { more: true });
  }
  const { by, error } = await session.closed;
  expect([by, error?.condition]).toEqual(['local', 'amqp:resource-limit-exceeded']);
  await other.send('to another session');
  await connection.close();
}

/** Credit without end at a peer that takes nothing: what waits is bounded all the same. */
async function creditWithoutWindow(): Promise<void> {
  const { connection, peer } = await connected(undefined, { maxQueuedSize: 100 * kib.length });
  const sender = await connection.createSender('q');
  const link = await PeerLink.of(peer);
  link.flow({ 'link-credit': 0xffff_ffff, 'incoming-window': 0 });
  await until(() => sender.stats().credit === 0xffff_ffff, 'the credit');
  const sends = Array.from({ length: 200 }, () => failure(sender.send({ body: kib })));
  await settle();
  expect(peer.framesOf('transfer')).toEqual([]);
  expect(sender.stats().queued).toBeLessThanOrEqual(100);
  await connection.close();
  const codes = new Set((await Promise.all(sends)).map(({ code }) => code));
  expect(codes).toEqual(new Set(['send-queue-full', 'connection-closed']));
}

/** A window that stays shut: the caller's timeout ends the wait, and only that. */
async function windowShut(): Promise<void> {
  const { connection, peer, clock } = await clocked();
  const sender = await connection.createSender('q');
  const link = await PeerLink.of(peer);
  link.flow({ 'link-credit': 10, 'incoming-window': 0 });
  const sending = failure(sender.send('x', { timeout: 1000 }));
  await settle();
  clock.advance(1000);
  expect((await sending).code).toBe('timeout');
  expect(await isPending(connection.closed)).toBe(true);
  link.flow({ 'link-credit': 10 });
  await sender.send('y');
  await connection.close();
}

/** A peer that reads nothing: what is handed to the transport is bounded, and a timer gives the write up. */
async function neverReads(): Promise<void> {
  const clock = new FakeClock();
  const peer = new ScriptedPeer();
  const { transport } = peer;
  let reads = true;
  let handed = 0;
  const send: typeof transport.send = (chunks, done) => {
    if (reads) transport.send(chunks, done);
    else handed += chunks.reduce((sum, { length }) => sum + length, 0);
  };
  const options = { clock, highWaterMark: 10 * kib.length, transport: () => ({ ...transport, send }) };
  const connection = await connectTo(peer, options);
  const sender = await connection.createSender('q');
  reads = false;
  const sends = Array.from({ length: 100 }, () => failure(sender.send({ body: kib })));
  await settle();
  expect(connection.stats().blocked).toBe(true);
  expect(handed).toBeLessThan(20 * kib.length);
  // The timer was set by an earlier write, which has finished: it looks once more.
  clock.advance(30_000);
  clock.advance(30_000);
  expect(await connection.closed).toMatchObject({ by: 'transport', error: { code: 'write-timeout' } });
  const codes = new Set((await Promise.all(sends)).map(({ code }) => code));
  expect(codes).toEqual(new Set(['outcome-unknown', 'write-timeout']));
}

/** An outcome of an unknown type costs the sender of the message its link. */
async function unknownOutcome(): Promise<void> {
  const { peer, connection, session, sender, receiver, link } = await startVictim();
  mute(peer, 'transfer');
  const sending = failure(sender.send('x'));
  await frameOf(peer, 'transfer');
  link.disposition(0, { is: '153' });
  expect(await sending).toMatchObject({ code: 'outcome-unknown', cause: { condition: 'amqp:invalid-field' } });
  expect(await sender.closed).toMatchObject({ by: 'local', error: { condition: 'amqp:invalid-field' } });
  link.transfer(0, 'still here');
  expect((await receiver.receive()).message.text()).toBe('still here');
  expect(await isPending(session.closed)).toBe(true);
  await connection.close();
}

/** A server whose attach has these fields. Its terminus is its own business: the program sees of it what it can. */
const answers =
  (fields: Fields, seen: Partial<Receiver>): Run =>
  async () => {
    const { connection, peer } = await connected();
    peer.on('attach', (frame) => answerAttach(peer, frame, fields));
    const session = await connection.createSession();
    expect(await session.createReceiver('q')).toMatchObject(seen);
    peer.on('attach', (frame) => peer.default(frame));
    await (await session.createSender('q')).send('beside it');
    await connection.close();
  };

/** The server attaches a coordinator: a client coordinates nothing. */
async function coordinator(): Promise<void> {
  const { link, peer, connection, sender } = await startVictim();
  mute(peer, 'attach', 'detach');
  link.send({ is: 'attach', name: 'c', handle: 9, role: false, target: { is: '48' }, 'initial-delivery-count': 0 });
  expect((await frameOf(peer, 'detach')).fields).toMatchObject({
    closed: true,
    error: { condition: 'amqp:not-implemented' },
  });
  const answer = peer.framesOf('attach').at(-1);
  expect([answer?.fields['name'], answer?.fields['target']]).toEqual(['c', undefined]);
  link.send({ is: 'detach', handle: 9, closed: true });
  await sender.send('beside it');
  await connection.close();
}

async function endTwice(): Promise<void> {
  const { peer, connection, session, link } = await startVictim();
  for (const is of ['end', 'end']) link.send({ is });
  expect(await session.closed).toEqual({ by: 'peer' });
  expect(await connection.closed).toMatchObject({ by: 'local', error: { condition: 'amqp:not-allowed' } });
  expect((await frameOf(peer, 'close')).fields['error']).toMatchObject({ condition: 'amqp:not-allowed' });
}

/** Our close is not answered, but followed by frames of all kinds: nothing is said to them, and a timer ends it. */
async function afterClose(): Promise<void> {
  const { peer, connection, clock } = await clocked((script) => mute(script, 'close'));
  const sender = await connection.createSender('q');
  const link = await PeerLink.of(peer);
  peer.send({ is: 'begin' });
  await frameOf(peer, 'close');
  const said = peer.frames.length;
  link.flow({ 'link-credit': 5, echo: true });
  link.send({ is: 'end' });
  peer.send({ is: 'open', 'container-id': 'again' });
  peer.send({ is: '99' });
  await settle();
  expect(peer.frames).toHaveLength(said);
  expect((await sender.closed).error?.condition).toBe('amqp:decode-error');
  clock.advance(10_000);
  await settle();
  await connection.close();
  expect(clock.pending).toBe(0);
}

const inTransaction: FieldValue = {
  type: 'described',
  descriptor: { type: 'ulong', value: 0x34n },
  value: { type: 'list', value: [{ type: 'binary', value: Uint8Array.of(1) }] },
};
const unknownTerminus = { is: '153' };
const undescribed: Fields = {
  source: {
    is: 'source',
    address: 'q',
    filter: {
      type: 'map',
      value: [
        { type: 'symbol', value: 'f' },
        { type: 'string', value: 'x' },
      ],
    },
  },
};

export const clientLinks: Surface<Run> = {
  'BY-09': attacked(linkFails('link:message-size-exceeded'), endless, { receiver: { maxMessageSize: 10_000 } }),
  'BY-10': async (id) => {
    await attacked(sessionFails('session:window-violation'), crowded)(id);
    for (const size of [0, 1]) await attacked(livesOn, crumbs(size))(id);
  },
  'BY-11': manyUnfinished,
  'BY-12': creditWithoutWindow,
  'BY-13': windowShut,
  'BY-14': neverReads,
  'BY-16': attacked(livesOn, ({ link }) => link.disposition(0, accepted, { last: 0x7fff_ffff })),
  'BY-17': unknownOutcome,
  'BY-18': attacked(livesOn, async ({ link, sender }) => {
    link.disposition(0, accepted, { role: false });
    await settle();
    expect(sender.stats().pending).toBe(1);
  }),
  'BY-19': attacked(livesOn, ({ link }) => {
    link.disposition(0, accepted);
    link.disposition(0, { is: 'released' });
  }),
  // It comes as it says: settled, whatever was agreed on.
  'BY-20': attacked(
    livesOn,
    async ({ link, receiver }) => {
      link.transfer(0, 'settled', { settled: true });
      await settle();
      expect(receiver.stats()).toMatchObject({ prefetched: 1, unsettled: 0 });
    },
    { receiver: { senderSettleMode: 'unsettled' } },
  ),
  'BY-21': attacked(linkFails('invalid-field'), ({ link }) => link.transfer(0, 'x', { 'rcv-settle-mode': 1 })),
  'BY-22': attacked(linkFails('invalid-field'), ({ link }) => {
    link.transfer(0, kib, { more: true });
    link.transfer(0, kib, { 'message-format': 1 });
  }),
  // An address may be of any type (§3.5.3); a client shows those that are strings.
  'BY-35': answers({ source: { is: 'source', address: { type: 'uint', value: 5 } } }, { address: '' }),
  'BY-36': answers({ source: unknownTerminus }, { address: '' }),
  'BY-37': coordinator,
  // What was granted is shown as it is; the program says which filters it needs (`requiredFilters`).
  'BY-38': answers(undescribed, { filters: { f: 'x' } }),
  ...because('the answer to a dynamic terminus has an address: that is how it is told (§3.5.3)', 'BY-40'),
  ...because('a client of transactions sends these; a server that sends one meets BY-37', 'BY-41', 'BY-42'),
  // Here is no transaction that a message could belong to: it is a message like any other.
  'BY-43': attacked(livesOn, ({ link }) => link.transfer(0, 'x', { state: inTransaction })),
  // The condition is mandatory (§2.8.14): the close is answered, and the answer says what was wrong with it.
  'BY-44': attacked(connectionFails('protocol-error', 'decode-error'), ({ peer }) =>
    peer.send({ is: 'close', error: { is: 'error' } }),
  ),
  'BY-46': endTwice,
  'BY-47': afterClose,
};
