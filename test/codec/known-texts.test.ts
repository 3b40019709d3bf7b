import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOf } from '../../src/codec/index.ts';
import { knownText, rememberText } from '../../src/codec/known-texts.ts';

const viewOf = (text: string): DataView => blockOf(new TextEncoder().encode(text)).view;
const known = (text: string): string | undefined => knownText(viewOf(text), 0, viewOf(text).byteLength);
const remember = (text: string): string => rememberText(viewOf(text), 0, viewOf(text).byteLength, text);

describe('texts that are known', () => {
  it('are found by their octets, wherever those lie', () => {
    expect(known('first-time')).toBeUndefined();
    expect(remember('first-time')).toBe('first-time');
    expect(known('first-time')).toBe('first-time');
    expect(knownText(viewOf('xxfirst-timexx'), 2, 12)).toBe('first-time');
  });

  it('are never taken for another of the same place', () => {
    // The place depends on the length, and on the first, the middle and the last octet only.
    remember('abXcdeYf');
    expect(known('aZXcdeYf')).toBeUndefined();
    remember('aZXcdeYf');
    expect(known('abXcdeYf')).toBeUndefined();
    expect(known('aZXcdeYf')).toBe('aZXcdeYf');
  });

  it('are always what the octets say', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12 })), (texts) => {
        for (const text of texts) {
          expect(known(text) ?? remember(text)).toBe(text);
          expect([undefined, text]).toContain(known(text));
        }
      }),
    );
  });

  it('are neither long nor beyond ASCII', () => {
    for (const text of ['x'.repeat(41), 'größe']) {
      remember(text);
      expect(known(text)).toBeUndefined();
    }
    expect(known('')).toBe('');
  });
});
