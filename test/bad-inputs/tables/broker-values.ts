import { expect } from 'vitest';
import { client } from '../../broker/support/setup.ts';
import { concat, hex } from '../../engine/support/frames.ts';
import { attach, transfer } from '../../engine/support/raw-peer.ts';
import { badInput, idsOf, type Surface } from '../support/cases.ts';
import { badMessages } from '../support/messages.ts';
import { Intruder } from '../support/intruder.ts';

type Run = (id: string) => Promise<void>;

/** Sends a message, which the broker stores and forwards as it came, or rejects. */
async function send(payload: Uint8Array, state: 'accepted' | 'rejected'): Promise<void> {
  const target = { type: 'target', address: 'q' } as const;
  const intruder = await Intruder.begun({}, attach({ source: { type: 'source' }, target }));
  await intruder.transfers(payload, transfer(0));
  const [disposition] = intruder.units();
  expect(disposition?.body).toMatchObject({ type: 'disposition', settled: true, state: { type: state } });
  expect(intruder.broker.depth('q')).toBe(state === 'accepted' ? 1 : 0);
  if (state === 'accepted') {
    const consumer = await client(intruder.broker);
    const receiver = await consumer.createReceiver('q');
    const { message } = await receiver.receive({ timeout: 2000 });
    expect(message.encoded).toEqual(payload);
    await consumer.close();
  }
  await intruder.transfers(hex('005377a10161'), transfer(1));
  expect(intruder.units()[0]?.body).toMatchObject({ state: { type: 'accepted' } });
  await intruder.othersLiveOn();
}

/** The octets of a case as the body of a message. */
const value =
  (state: 'accepted' | 'rejected'): Run =>
  (id) =>
    send(concat([hex('005377'), badInput(id).octets]), state);

/** The messages that a case describes. */
const message =
  (state: 'accepted' | 'rejected'): Run =>
  async (id) => {
    for (const text of badMessages[id] ?? []) await send(hex(text), state);
  };

const all = (run: Run, ids: readonly string[]): Record<string, Run> => Object.fromEntries(ids.map((id) => [id, run]));

/** Values whose extent is clear: the broker does not look into a body, and leaves it to whoever reads it. */
const OPAQUE = [
  'BD-20 BD-22 BD-24 BD-25 BD-26 BD-27 BD-28 BD-29 BD-32 BD-38 BD-39 BD-40',
  'BD-42 BD-43 BD-45 BD-46 BD-47 BD-49 BD-53 BD-55 BD-58 BD-59',
].flatMap((ids) => ids.split(' '));

/** The broker reads no more of a message than its header, and where the sections lie. */
export const brokerValues: Surface<Run> = {
  ...all(value('rejected'), idsOf('BD-')),
  ...all(value('accepted'), OPAQUE),
  ...all(message('rejected'), Object.keys(badMessages)),
  ...all(message('accepted'), ['BY-24', 'BY-30', 'BY-31', 'BY-34']),
};
