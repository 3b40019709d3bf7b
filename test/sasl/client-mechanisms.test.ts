import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AmqpError } from '../../src/errors/index.ts';
import { anonymous, external, plain } from '../../src/sasl/index.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('client mechanisms', () => {
  it('[A-20] PLAIN is authzid NUL authcid NUL password', () => {
    expect(plain('user', 'secret').start()).toEqual(utf8('\0user\0secret'));
    expect(plain('user', 'secret', 'boss').start()).toEqual(utf8('boss\0user\0secret'));
  });

  it('[A-20] PLAIN is UTF-8, of any length', () => {
    expect(plain('jürgen', '🔑').start()).toEqual(utf8('\0jürgen\0🔑'));
    const long = 'pässwort'.repeat(500);
    expect(plain('u', long).start()).toEqual(utf8(`\0u\0${long}`));
  });

  it.each([
    ['the user', () => plain('a\0b', 'c')],
    ['the password', () => plain('a', 'b\0c')],
    ['the authorization id', () => plain('a', 'b', 'c\0d')],
  ])('[A-20] refuses a NUL in %s', (_part, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  it('refuses text that UTF-8 cannot hold, without showing it', () => {
    let thrown: unknown;
    try {
      plain('user', 'secret\ud800');
    } catch (error) {
      thrown = error;
    }
    expect(AmqpError.is(thrown) && thrown.code).toBe('encode-error');
    expect(inspect(thrown)).not.toContain('secret');
  });

  it('[A-15] ANONYMOUS and EXTERNAL send an empty response, not none', () => {
    expect(anonymous().start()).toEqual(new Uint8Array(0));
    expect(external().start()).toEqual(new Uint8Array(0));
    expect(anonymous('me@here').start()).toEqual(utf8('me@here'));
    expect(external('boss').start()).toEqual(utf8('boss'));
  });

  it('only PLAIN sends a password as it is', () => {
    expect([anonymous(), plain('a', 'b'), external()].map(({ name, clearText }) => [name, clearText])).toEqual([
      ['ANONYMOUS', false],
      ['PLAIN', true],
      ['EXTERNAL', false],
    ]);
  });

  it('hides credentials from inspect and JSON', () => {
    const shown =
      inspect(plain('user', 'hunter2'), { depth: 9, showHidden: true }) + JSON.stringify(plain('user', 'hunter2'));
    expect(shown).not.toContain('hunter2');
    expect(shown).not.toContain(inspect(utf8('hunter2')).slice(15, 30));
  });
});
