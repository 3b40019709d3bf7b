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

  it('are found where others lie ahead of them, up to 40 octets', () => {
    const text = `${'x'.repeat(39)}y`;
    expect(known(text)).toBeUndefined();
    rememberText(viewOf(`ahead${text}`), 5, 45, text);
    expect(known(text)).toBe(text);
  });

  it('are never found by octets that are no UTF-8', () => {
    // As many octets as the text has units, each the same number: of all texts of two units some share a place.
    const found: string[] = [];
    for (let first = 0x80; first < 0x100; first++)
      for (let second = 0x80; second < 0x100; second++) {
        remember(String.fromCharCode(first, second));
        const octets = blockOf(Uint8Array.of(first, second)).view;
        if (knownText(octets, 0, 2) !== undefined) found.push(`${first} ${second}`);
      }
    expect(found).toStrictEqual([]);
  });

  it('are neither long nor beyond ASCII', () => {
    for (const text of ['x'.repeat(41), 'größe']) {
      remember(text);
      expect(known(text)).toBeUndefined();
    }
    expect(known('')).toBe('');
  });
});
