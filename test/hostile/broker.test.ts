import { describe, expect, it } from 'vitest';
import { startBroker, type Broker } from '../../src/broker/index.ts';
import { connect } from '../../src/client/index.ts';
import type { Transport } from '../../src/io/index.ts';
import { FakeClock } from '../../src/testing/index.ts';
import { answers, playBroker } from './support/broker-victim.ts';
import { groupsOf } from './support/cases.ts';
import { clientFrames, clientSteps, users } from './support/client-script.ts';
import { harmless, type Misbehaviour, type Step } from './support/misbehaviour.ts';
import { faultsOf } from './support/report.ts';
import { catchingStrays } from './support/stray.ts';

/** Has a client that behaves send and take a message: says what came of it. */
async function serves(broker: Broker, clock: FakeClock): Promise<unknown> {
  const transport = (): Transport => broker.transport();
  const connection = await connect('amqp://guest:secret@hostile', { transport, clock });
  await (await connection.createSender('other')).send('still here');
  const delivery = await (await connection.createReceiver('other')).receive();
  await delivery.accept();
  await connection.close();
  return delivery.message.value;
}

/** What a broker does wrong in one case. */
async function faultsIn(strays: string[], step: Step, wrong: Misbehaviour, withOthers: boolean): Promise<string[]> {
  const clock = new FakeClock();
  const broker = await startBroker({ clock, users });
  const faults = faultsOf(await playBroker(broker, clock, strays, step, wrong), wrong.expected);
  if (withOthers && (await serves(broker, clock)) !== 'still here') faults.push('others are not served');
  await broker.close();
  return faults.map((fault) => `${wrong.name}: ${fault}`);
}

describe('a broker and a client that keeps to the script', () => {
  it('answers everything', async () => {
    const clock = new FakeClock();
    const broker = await startBroker({ clock, users });
    const report = await catchingStrays((strays) => playBroker(broker, clock, strays));
    expect(faultsOf(report, harmless)).toEqual([]);
    expect(report.said.map(({ is }) => is)).toEqual(answers);
    expect(broker.depth('q')).toBe(0);
    await broker.close();
  });
});

describe('a broker whose client does a step wrong', () => {
  it.each(groupsOf(clientSteps, clientFrames))('$step.name $kind', { timeout: 60_000 }, async (group) => {
    const { step, kind, cases } = group;
    const faults = await catchingStrays(async (strays) => {
      const all: string[] = [];
      for (const wrong of cases) all.push(...(await faultsIn(strays, step, wrong, kind === 'out of order')));
      return all;
    });
    expect(faults).toEqual([]);
  });
});
