import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AmqpError } from '../../src/errors/index.ts';
import { anonymous, external, plain, xoauth2 } from '../../src/sasl/index.ts';

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

  it('only PLAIN and XOAUTH2 send a secret as it is', () => {
    expect(
      [anonymous(), plain('a', 'b'), external(), xoauth2('a', 'b')].map(({ name, clearText }) => [name, clearText]),
    ).toEqual([
      ['ANONYMOUS', false],
      ['PLAIN', true],
      ['EXTERNAL', false],
      ['XOAUTH2', true],
    ]);
  });

  it('hides credentials from inspect and JSON', () => {
    const shown =
      inspect(plain('user', 'hunter2'), { depth: 9, showHidden: true }) + JSON.stringify(plain('user', 'hunter2'));
    expect(shown).not.toContain('hunter2');
    expect(shown).not.toContain(inspect(utf8('hunter2')).slice(15, 30));
  });
});

describe('XOAUTH2', () => {
  it('is the user and the bearer token', () => {
    expect(xoauth2('someone@example.com', 'ya29.vF9dft4qmT').start()).toEqual(
      utf8('user=someone@example.com\u0001auth=Bearer ya29.vF9dft4qmT\u0001\u0001'),
    );
  });

  it.each([
    ['a user with U+0001', () => xoauth2('a\u0001b', 'token')],
    ['an empty token', () => xoauth2('a', '')],
    ['a token with a control character', () => xoauth2('a', 'to\nken')],
    ['a token that is not ASCII', () => xoauth2('a', 'tokén')],
  ])('refuses %s', (_what, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  it('answers the document of an error with nothing, once for each login', async () => {
    const mechanism = xoauth2('a', 'b');
    for (const _login of [1, 2]) {
      mechanism.start();
      expect(await mechanism.step?.(utf8('{"status":"401"}'))).toEqual(new Uint8Array(0));
      expect(() => mechanism.step?.(utf8('{}'))).toThrow(expect.objectContaining({ code: 'authentication-failed' }));
    }
  });
});
