import { expect, it, onTestFinished } from 'vitest';
import { connected, failure, mute, settle } from './support/scripted.ts';

/** The warnings of the process from now on. */
function warningsFromNow(): Error[] {
  const warnings: Error[] = [];
  const listener = (warning: Error): unknown => warnings.push(warning);
  process.on('warning', listener);
  onTestFinished(() => void process.off('warning', listener));
  return warnings;
}

it('one signal may serve many connects without a MaxListenersExceededWarning', async () => {
  const warnings = warningsFromNow();
  const controller = new AbortController();
  const { signal } = controller;
  const silent = (): ReturnType<typeof connected> => connected((scripted) => mute(scripted, 'header'), { signal });
  const attempts = Array.from({ length: 11 }, () => failure(silent()));
  await settle();
  expect(warnings).toEqual([]);
  controller.abort();
  expect((await Promise.all(attempts)).map(({ code }) => code)).toEqual(Array(11).fill('aborted'));
});

it('one signal may serve many sends without a MaxListenersExceededWarning', async () => {
  const { connection } = await connected((scripted) => mute(scripted, 'transfer'));
  const sender = await connection.createSender('q');
  const warnings = warningsFromNow();
  const { signal } = new AbortController();
  for (let index = 0; index < 11; index++) sender.send('x', { signal }).catch(() => undefined);
  await settle();
  expect(warnings).toEqual([]);
  await connection.close();
});
