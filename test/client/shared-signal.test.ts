import { expect, it } from 'vitest';
import { connected, mute, settle } from './support/scripted.ts';

it('one signal may serve many sends without a MaxListenersExceededWarning', async () => {
  const { connection } = await connected((scripted) => mute(scripted, 'transfer'));
  const sender = await connection.createSender('q');
  const warnings: Error[] = [];
  process.on('warning', (warning) => warnings.push(warning));
  const { signal } = new AbortController();
  for (let index = 0; index < 11; index++) sender.send('x', { signal }).catch(() => undefined);
  await settle();
  expect(warnings).toEqual([]);
  await connection.close();
});
