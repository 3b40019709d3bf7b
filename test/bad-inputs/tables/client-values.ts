import { expect } from 'vitest';
import type { Message } from '../../../src/client/index.ts';
import { connected, PeerLink, settle, thrown } from '../../client/support/scripted.ts';
import { concat, hex } from '../../engine/support/frames.ts';
import { badInput, idsOf, type Surface } from '../support/cases.ts';
import { badMessages } from '../support/messages.ts';

type Run = (id: string) => Promise<void>;

/** Reads all of a message. */
const readAll = (message: Message): unknown => [
  message.header,
  message.properties,
  message.applicationProperties,
  message.body,
];

/** Receives a message, and what reading it throws; undefined where it can be read. */
async function receive(payload: Uint8Array, code: string | undefined): Promise<void> {
  const { connection, peer } = await connected();
  const receiver = await connection.createReceiver('q');
  const link = await PeerLink.of(peer);
  link.transfer(0, payload);
  const delivery = await receiver.receive();
  if (code === undefined) expect(readAll(delivery.message)).toHaveLength(4);
  else expect(thrown(() => readAll(delivery.message)).code).toBe(code);
  // It is a delivery like any other, and the next one comes.
  await delivery.reject({ condition: 'amqp:decode-error' });
  link.transfer(1, 'fine');
  expect((await receiver.receive()).message.text()).toBe('fine');
  await settle();
  expect(peer.framesOf('disposition').map(({ fields }) => fields['state'])).toMatchObject([{ is: 'rejected' }]);
  await connection.close();
}

/** The octets of a case as the body of a message. */
const value =
  (code?: string): Run =>
  (id) =>
    receive(concat([hex('005377'), badInput(id).octets]), code);

/** The messages that a case describes. */
const message =
  (code?: string): Run =>
  async (id) => {
    for (const text of badMessages[id] ?? []) await receive(hex(text), code);
  };

const all = (run: Run, ids: readonly string[]): Record<string, Run> => Object.fromEntries(ids.map((id) => [id, run]));

/** What is wrong with a message is told where it is read, and costs that read at most. */
export const clientValues: Surface<Run> = {
  ...all(value('decode-error'), idsOf('BD-')),
  'BD-24': value(),
  'BD-58': value(),
  'BD-59': value(),
  ...all(message('decode-error'), Object.keys(badMessages)),
  // A delivery without octets is a message without a body.
  'BY-24': message(),
};
