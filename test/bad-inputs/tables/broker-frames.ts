import { expect } from 'vitest';
import { settle } from '../../broker/support/setup.ts';
import { concat } from '../../engine/support/frames.ts';
import { badInput, type Surface } from '../support/cases.ts';
import { Intruder } from '../support/intruder.ts';

const none = new Uint8Array(0);

/** The answers that set the connection up. They say nothing about the bad input. */
const SETUP = new Set(['header 0', 'header 3', 'sasl-mechanisms', 'open', 'begin', 'attach', 'flow']);

/** What the broker says to a case besides, and whether the connection is over after that. */
const answers =
  (said: readonly string[], ended: boolean, { credit }: { readonly credit?: number } = {}) =>
  async (id: string): Promise<void> => {
    const intruder = await Intruder.at(credit === undefined ? {} : { credit });
    const [first, ...rest] = badInput(id).reads.filter((read) => read !== 'EOF');
    intruder.bytes(first ?? none);
    await settle();
    // New credit comes between reads: where it matters, what follows comes in one.
    for (const read of credit === undefined ? rest : [concat(rest)]) {
      intruder.bytes(read);
      await settle();
    }
    if (badInput(id).reads.includes('EOF')) intruder.end();
    const heard = intruder.said().filter((unit) => !SETUP.has(unit));
    // What cannot be understood is never answered; the broker waits a second for the client's close.
    if (heard.at(-1)?.startsWith('close') === true) intruder.clock.advance(1000);
    await settle();
    expect([heard, intruder.ended]).toEqual([said, ended]);
    await intruder.othersLiveOn();
  };

type Run = (id: string) => Promise<void>;
const closes = (condition: string): Run => answers([`close amqp:${condition}`], true);
const ends = (condition: string, ...before: string[]): Run => answers([...before, `end amqp:${condition}`], false);
const detaches = (condition: string, credit?: number): Run =>
  answers([`detach amqp:${condition}`], false, credit === undefined ? {} : { credit });

const header = answers([], true);
const framing = closes('connection:framing-error');
const decoding = closes('decode-error');

export const brokerFrames: Surface<Run> = {
  'BE-01': header,
  'BE-02': header,
  'BE-03': header,
  'BE-06': framing,
  'BE-07': framing,
  'BE-08': framing,
  'BE-09': framing,
  'BE-10': framing,
  'BE-11': framing,
  'BE-12': framing,
  'BE-13': framing,
  'BE-14': closes('not-allowed'),
  'BE-15': closes('illegal-state'),
  'BE-16': framing,
  'BE-17': decoding,
  'BE-19': decoding,
  'BE-20': decoding,
  'BE-23': decoding,
  // The channel-max of the broker is 65535: the channel is like any other.
  'BE-25': answers([], false),
  'BE-26': closes('not-allowed'),
  'BE-27': closes('not-allowed'),
  'BE-28': decoding,
  'BE-30': closes('not-allowed'),
  'BE-31': ends('session:unattached-handle'),
  'BE-33': ends('session:unattached-handle'),
  'BE-36': detaches('link:stolen'),
  'BE-37': detaches('invalid-field'),
  'BE-38': decoding,
  'BE-40': detaches('link:transfer-limit-exceeded', 10),
  'BE-41': detaches('invalid-field'),
  'BE-42': detaches('invalid-field'),
  'BE-43': detaches('invalid-field'),
  'BE-44': ends('invalid-field', 'disposition'),
  'BE-48': decoding,
  'BE-49': ends('session:window-violation'),
  'BE-50': answers([], false),
  // As serial numbers, 2^32 - 1 lies before 0.
  'BE-51': closes('not-allowed'),
  'BE-52': closes('not-allowed'),
  'BE-53': ends('session:unattached-handle', 'detach'),
  'BE-54': answers(['close'], true),
  'BE-55': decoding,
  'BE-56': answers([], true),
  // Deliveries are told apart by their ids; to compare tags would cost each of them a lookup.
  'BE-57': answers(['disposition', 'disposition'], false),
  'BE-58': decoding,
  'BX-01': answers([], true),
  'BX-02': answers([], true),
  'BX-04': answers(['sasl-outcome'], true),
  'BX-05': answers([], true),
  'BX-06': answers([], true),
  'BX-07': answers(['sasl-outcome'], true),
  'BX-10': answers([], true),
  'BX-11': answers(['sasl-outcome'], false),
};
