import type { Broker } from '../../../src/broker/index.ts';
import type { FakeClock } from '../../../src/testing/index.ts';
import { clientSteps } from './client-script.ts';
import { HostileClient } from './hostile-client.ts';
import { harmless, rightOctets, type Misbehaviour, type Step } from './misbehaviour.ts';
import type { Report } from './report.ts';
import { idle } from '../../support/idle.ts';

/** Seconds after which the broker must have given up a client that says nothing: longer than its idle timeout. */
const SECONDS = 300;
/** What the broker says to a client that keeps to the script, in its order. */
export const answers: readonly string[] = [
  'header',
  'sasl-mechanisms',
  'sasl-challenge',
  'sasl-outcome',
  'header',
  'open',
  'begin',
  'attach',
  'flow',
  'disposition',
  'disposition',
  'attach',
  'transfer',
  'transfer',
  'disposition',
  'flow',
  'detach',
  'detach',
  'end',
  'close',
];

/** A client that keeps to the script but for one step, and hangs up at the end if the broker has not done so. */
export async function playBroker(
  broker: Broker,
  clock: FakeClock,
  strays: string[],
  wrongStep?: Step,
  wrong?: Misbehaviour,
): Promise<Report> {
  const client = new HostileClient(broker.transport());
  const heardBefore = new Map<Step, number>();
  for (const step of clientSteps) {
    heardBefore.set(step, client.heard.length);
    if (step !== wrongStep || wrong === undefined) client.send(rightOctets(step));
    else if (wrong.octets === undefined) break;
    else client.send(wrong.octets, wrong.heard);
    await idle();
    if (client.ended) break;
  }
  // A client that says nothing more is given up in its time; the others hang up, unless the broker has done so.
  const silent = wrong !== undefined && wrong.octets === undefined;
  const patience = silent ? SECONDS : 0;
  for (let second = 0; second < patience && !client.ended; second++) {
    clock.advance(1000);
    await idle();
  }
  const { ended } = client;
  client.hangUp();
  await idle();
  const faults = [...client.observer.faults, ...strays.splice(0)];
  if (silent && !ended) faults.push('the broker never gave up a client that says nothing');
  if (clock.pending > 0) faults.push(`${clock.pending} timers are left`);
  const said = client.heard.slice(wrongStep === undefined ? 0 : heardBefore.get(wrongStep));
  const kinds = client.heard.map(({ is }) => is);
  if ((wrong?.expected ?? harmless).harmless === true && kinds.join() !== answers.join())
    faults.push(`the broker said ${kinds.slice(-6).join(' ')} at last`);
  const opened = kinds.includes('open') || kinds.includes('close');
  return { calls: new Map(), told: new Set(), faults, said, loggedOut: ended && !opened };
}
