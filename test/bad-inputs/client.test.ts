import { describe, expect, it } from 'vitest';
import { bounded } from './support/bounds.ts';
import { badInputs, running, sizeOf } from './support/cases.ts';
import { clientFrames } from './tables/client-frames.ts';
import { clientHandshake } from './tables/client-handshake.ts';
import { clientLinks } from './tables/client-links.ts';
import { clientValues } from './tables/client-values.ts';

const surface = { ...clientHandshake, ...clientFrames, ...clientValues, ...clientLinks };

describe('the table of a hostile server', () => {
  it('has each bad input', () => {
    expect(Object.keys(surface).sort()).toEqual([...badInputs.keys()].sort());
  });
});

describe('a hostile server, before the connection is open', () => {
  for (const { id, title, expected } of running(clientHandshake))
    it(title, () => bounded(sizeOf(id), () => expected(id)));
});

describe('frames of a hostile server', () => {
  for (const { id, title, expected } of running(clientFrames)) it(title, () => bounded(sizeOf(id), () => expected(id)));
});

describe('messages of a hostile server', () => {
  for (const { id, title, expected } of running(clientValues)) it(title, () => bounded(sizeOf(id), () => expected(id)));
});

describe('what a hostile server may do to sessions and links', () => {
  for (const { id, title, expected } of running(clientLinks)) it(title, () => bounded(sizeOf(id), () => expected(id)));
});
