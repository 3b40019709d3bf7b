import { describe, expect, it } from 'vitest';
import { groupsOf } from './support/cases.ts';
import { playClient } from './support/client-victim.ts';
import { serverFrames, serverSteps } from './support/server-script.ts';
import { harmless } from './support/misbehaviour.ts';
import { faultsOf } from './support/report.ts';
import { catchingStrays } from './support/stray.ts';

describe('a client and a server that keeps to the script', () => {
  it('does everything without an error', async () => {
    const report = await catchingStrays((strays) => playClient(strays));
    expect(faultsOf(report, harmless)).toEqual([]);
    expect(report.said.map(({ is }) => is)).toEqual([]);
    expect(report.calls.size).toBe(23);
  });
});

describe('a client whose server does a step wrong', () => {
  it.each(groupsOf(serverSteps, serverFrames))('$step.name $kind', { timeout: 60_000 }, async ({ step, cases }) => {
    const faults = await catchingStrays(async (strays) => {
      const all: string[] = [];
      for (const wrong of cases) {
        const report = await playClient(strays, step, wrong);
        all.push(...faultsOf(report, wrong.expected).map((fault) => `${wrong.name}: ${fault}`));
      }
      return all;
    });
    expect(faults).toEqual([]);
  });
});
