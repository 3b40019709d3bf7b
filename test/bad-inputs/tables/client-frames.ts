import { expect } from 'vitest';
import { connected, failure, frameOf, mute, settle } from '../../client/support/scripted.ts';
import { attacked, sendCase } from '../support/attacks.ts';
import type { Surface } from '../support/cases.ts';
import {
  closedByPeer,
  connectionFails,
  connectionLost,
  linkFails,
  livesOn,
  sessionFails,
  startVictim,
} from '../support/victim.ts';

const framing = attacked(connectionFails('framing-error', 'connection:framing-error'));
const decoding = attacked(connectionFails('protocol-error', 'decode-error'));
const notAllowed = attacked(connectionFails('protocol-error', 'not-allowed'));

/** The server attaches the link a second time: the first is stolen, and the second is none that the program asked for. */
async function attachTwice(): Promise<void> {
  const victim = await startVictim();
  const { peer, receiver, sender, link } = victim;
  mute(peer, 'attach', 'detach');
  const name = String(link.attach.fields['name']);
  link.send({ is: 'attach', name, handle: 7, role: false, source: { is: 'source' }, 'initial-delivery-count': 0 });
  expect(await receiver.closed).toMatchObject({ by: 'local', error: { condition: 'amqp:link:stolen' } });
  await settle();
  const answers = peer.frames.slice(-3).map(({ is, fields: { error } }) => [is, error]);
  expect(answers).toMatchObject([
    ['detach', { condition: 'amqp:link:stolen' }],
    ['attach', undefined],
    ['detach', { condition: 'amqp:not-implemented' }],
  ]);
  await sender.send('beside it');
  await victim.connection.close();
}

async function attachWithoutCount(): Promise<void> {
  const { connection, peer } = await connected((script) =>
    script.on('attach', ({ channel, fields }) =>
      script.send(
        { is: 'attach', name: String(fields['name']), handle: 0, role: false, source: { is: 'source' } },
        undefined,
        channel,
      ),
    ),
  );
  const session = await connection.createSession();
  const refusal = await failure(session.createReceiver('q'));
  expect([refusal.code, refusal.condition]).toEqual(['link-failed', 'amqp:invalid-field']);
  expect((await frameOf(peer, 'detach')).fields['error']).toMatchObject({ condition: 'amqp:invalid-field' });
  peer.on('attach', (frame) => peer.default(frame));
  await (await session.createSender('q')).send('beside it');
  await connection.close();
}

/** The detach ends the link in order; what then names its handle ends the session. */
async function transferAfterDetach(id: string): Promise<void> {
  const { peer, connection, session, receiver, sender, other } = await startVictim();
  sendCase(peer, id);
  expect(await receiver.closed).toEqual({ by: 'peer' });
  for (const { closed } of [session, sender])
    expect(await closed).toMatchObject({ by: 'local', error: { condition: 'amqp:session:unattached-handle' } });
  await other.send('to another session');
  await connection.close();
}

export const clientFrames: Surface<(id: string) => Promise<void>> = {
  'BE-06': framing,
  'BE-07': framing,
  'BE-08': framing,
  'BE-09': framing,
  'BE-10': framing,
  'BE-11': attacked(connectionFails('frame-too-large', 'connection:framing-error')),
  'BE-12': framing,
  'BE-13': framing,
  'BE-15': attacked(connectionFails('protocol-error', 'illegal-state')),
  'BE-23': decoding,
  'BE-25': framing,
  'BE-26': notAllowed,
  'BE-27': notAllowed,
  'BE-28': decoding,
  'BE-30': notAllowed,
  'BE-31': attacked(sessionFails('session:unattached-handle')),
  'BE-33': attacked(sessionFails('session:unattached-handle')),
  'BE-36': attachTwice,
  'BE-37': attachWithoutCount,
  'BE-38': decoding,
  'BE-40': attacked(linkFails('link:transfer-limit-exceeded')),
  'BE-41': attacked(linkFails('invalid-field')),
  'BE-42': attacked(linkFails('invalid-field')),
  'BE-43': attacked(linkFails('invalid-field')),
  'BE-44': attacked(sessionFails('invalid-field')),
  'BE-48': decoding,
  'BE-49': attacked(sessionFails('session:window-violation')),
  'BE-50': attacked(livesOn),
  // As serial numbers, 2^32 - 1 lies before 0.
  'BE-51': notAllowed,
  'BE-52': notAllowed,
  'BE-53': transferAfterDetach,
  'BE-54': attacked(closedByPeer),
  'BE-55': decoding,
  'BE-56': attacked(connectionLost),
  // Deliveries are told apart by their ids; to compare tags would cost each of them a lookup.
  'BE-57': attacked(livesOn),
};
