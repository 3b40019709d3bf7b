import { describe, expect, it } from 'vitest';
import { tables } from '../definitions/support/tables.ts';
import { groupsOf } from './support/cases.ts';
import { clientFrames, clientSteps } from './support/client-script.ts';
import { serverFrames, serverSteps } from './support/server-script.ts';
import { anything, harmless, rightOctets, type Expectation } from './support/misbehaviour.ts';
import { faultsOf, type Report } from './support/report.ts';

const quiet: Report = { calls: new Map(), told: new Set(), faults: [], said: [], loggedOut: false };
const said = (is: string, condition: string): Report['said'][number] => ({
  is,
  channel: 0,
  fields: { error: { is: 'error', condition } },
  payload: new Uint8Array(0),
});
const broken: Expectation = { levels: ['connection'], conditions: ['decode-error'] };

describe('the judgement of a victim', () => {
  it.each<[string, Partial<Report>, Expectation, string]>([
    ['a call that hangs', { calls: new Map([['send', undefined]]) }, anything, 'send never settled'],
    [
      'a fault on the wire',
      { faults: ['a flow was sent after the close'] },
      anything,
      'a flow was sent after the close',
    ],
    ['a call that fails without need', { calls: new Map([['send', 'timeout']]) }, harmless, 'send failed with timeout'],
    [
      'an error without need',
      { said: [said('end', 'amqp:not-allowed')] },
      harmless,
      'the level is session (not-allowed), not nothing',
    ],
    ['no error', {}, broken, 'the level is nothing (), not connection'],
    ['hanging up', { loggedOut: true }, broken, 'the level is login (), not connection'],
    [
      'another level',
      { said: [said('detach', 'amqp:decode-error')] },
      broken,
      'the level is link (decode-error), not connection',
    ],
    [
      'another condition',
      { said: [said('close', 'amqp:not-allowed')] },
      broken,
      'the condition of the connection is not-allowed',
    ],
    ['a condition of its own', { said: [said('end', 'my:own')] }, anything, 'the condition of the session is my:own'],
    [
      'two closes',
      { said: [said('close', 'amqp:decode-error'), said('close', 'amqp:decode-error')] },
      broken,
      '2 closes were sent',
    ],
    [
      'a program that is not told',
      { calls: new Map([['close', 'ok']]), said: [said('close', 'amqp:decode-error')] },
      broken,
      'the program was told nothing, not protocol-error or framing-error or frame-too-large',
    ],
  ])('sees %s', (_what, report, expected, fault) => {
    expect(faultsOf({ ...quiet, ...report }, expected)).toEqual([fault]);
  });

  it('has nothing to say where all is as it should be', () => {
    expect(faultsOf(quiet, harmless)).toEqual([]);
    expect(faultsOf({ ...quiet, said: [said('close', 'amqp:decode-error')] }, broken)).toEqual([]);
    expect(faultsOf({ ...quiet, loggedOut: true }, { levels: ['login'] })).toEqual([]);
  });
});

describe('the misbehaviour', () => {
  const frames = tables.filter(({ section }) => /^(?:2\.7|5\.3\.3)\./.test(section)).map(({ type }) => type);

  it('is of every frame that is defined', () => {
    const rights = [...clientSteps, ...serverSteps].map(({ right }) => right);
    const used = new Set(rights.flatMap((right) => (right instanceof Uint8Array ? [] : [right.table.type])));
    expect(frames.length).toBe(14);
    expect([...used].sort()).toEqual([...frames].sort());
  });

  it.each([
    ['client', clientSteps, clientFrames, 3000],
    ['server', serverSteps, serverFrames, 3000],
  ] as const)('of a %s has every field, and differs from what is right', (_who, steps, others, least) => {
    const groups = groupsOf(steps, others);
    expect(groups.flatMap(({ cases }) => cases).length).toBeGreaterThan(least);
    for (const { step, kind, cases } of groups) {
      const { right } = step;
      const octets = rightOctets(step);
      expect(cases.length, `${step.name} ${kind}`).toBeGreaterThan(10);
      for (const { octets: sent, expected, name } of cases)
        // A value that is tried may be the right one, but then it must not be refused.
        if (sent !== undefined && Buffer.compare(sent, octets) === 0)
          expect(expected.levels, `${step.name}, ${name}`).not.toEqual(['connection']);
      if (kind !== 'with other fields' || right instanceof Uint8Array) continue;
      for (const { name } of right.table.fields)
        expect(cases.filter((each) => each.name.startsWith(`${name}: `)).length, name).toBeGreaterThan(1);
    }
  });
});
