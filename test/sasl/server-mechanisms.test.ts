import { describe, expect, it } from 'vitest';
import {
  equalSecrets,
  plain,
  serverAnonymous,
  serverExternal,
  serverPlain,
  type SaslAsk,
  type SaslVerdict,
} from '../../src/sasl/index.ts';
import { ascii } from './support/recorder.ts';

const never: SaslAsk = () => Promise.reject(new Error('nothing is to be asked'));
const refused: SaslVerdict = { ok: false };

/** PLAIN that accepts everyone and writes down who came. */
function open(): {
  seen: string[][];
  decide: (response: Uint8Array | undefined, ask?: SaslAsk) => Promise<SaslVerdict>;
} {
  const seen: string[][] = [];
  const mechanism = serverPlain((...parts) => seen.push(parts) > 0);
  return { seen, decide: async (response, ask = never) => mechanism.authenticate(response, ask) };
}

describe('serverPlain', () => {
  it('[A-20] reads what the client writes', async () => {
    const { seen, decide } = open();
    expect(await decide(plain('jürgen', '🔑', 'boss').start())).toEqual({ ok: true, identity: 'jürgen' });
    expect(await decide(plain('user', '').start())).toEqual({ ok: true, identity: 'user' });
    expect(seen).toEqual([
      ['jürgen', '🔑', 'boss'],
      ['user', '', ''],
    ]);
  });

  it.each([
    ['no NUL', 'guestguest'],
    ['one NUL', 'guest\0guest'],
    ['three NULs', '\0guest\0guest\0'],
    ['four NULs', '\0\0guest\0guest\0'],
    ['no user', 'boss\0\0secret'],
    ['nothing', ''],
    ['UTF-8 that is wrong in the user', '\0gu\xffest\0guest'],
    ['UTF-8 that is wrong in the password', '\0guest\0\xc3'],
    ['UTF-8 that is wrong in the authorization id', '\xc0\x80\0guest\0guest'],
  ])('[A-20] [BY-50] refuses %s without asking', async (_title, response) => {
    const { seen, decide } = open();
    expect(await decide(ascii(response))).toEqual(refused);
    expect(seen).toEqual([]);
  });

  it('[A-15] asks a client that sent no initial response, with an empty challenge', async () => {
    const challenges: Uint8Array[] = [];
    const ask: SaslAsk = (challenge) => {
      challenges.push(challenge);
      return Promise.resolve(ascii('\0guest\0guest'));
    };
    expect(await open().decide(undefined, ask)).toEqual({ ok: true, identity: 'guest' });
    expect(challenges).toEqual([new Uint8Array(0)]);
    expect(await open().decide(new Uint8Array(0), never)).toEqual(refused);
  });

  it('waits for a check that takes time', async () => {
    const mechanism = serverPlain((user) => Promise.resolve(user === 'a'));
    expect(await mechanism.authenticate(ascii('\0a\0b'), never)).toEqual({ ok: true, identity: 'a' });
    expect(await mechanism.authenticate(ascii('\0b\0b'), never)).toEqual(refused);
  });

  it('[A-19] decides at once where the check does', () => {
    const mechanism = serverPlain((user) => user === 'a');
    expect(mechanism.authenticate(ascii('\0a\0b'), never)).toEqual({ ok: true, identity: 'a' });
    expect(mechanism.authenticate(ascii('\0b\0b'), never)).toEqual(refused);
  });
});

describe('serverExternal', () => {
  const mechanism = serverExternal((id) => (id === '' || id === 'boss' ? `cert:${id}` : undefined));

  it('takes the identity that the check gives', async () => {
    expect(await mechanism.authenticate(new Uint8Array(0), never)).toEqual({ ok: true, identity: 'cert:' });
    expect(await mechanism.authenticate(ascii('boss'), never)).toEqual({ ok: true, identity: 'cert:boss' });
    expect(await mechanism.authenticate(ascii('other'), never)).toEqual(refused);
    expect(await mechanism.authenticate(ascii('\xff'), never)).toEqual(refused);
  });

  it('waits for a check that takes time', async () => {
    const slow = serverExternal((id) => Promise.resolve(id === 'boss' ? 'chief' : undefined));
    expect(await slow.authenticate(ascii('boss'), never)).toEqual({ ok: true, identity: 'chief' });
    expect(await slow.authenticate(ascii('other'), never)).toEqual(refused);
  });

  it('[A-15] tells none from empty', async () => {
    const asked = mechanism.authenticate(undefined, () => Promise.resolve(ascii('boss')));
    expect(await asked).toEqual({ ok: true, identity: 'cert:boss' });
  });
});

describe('serverAnonymous', () => {
  it('accepts everyone', async () => {
    expect(await serverAnonymous().authenticate(ascii('trace'), never)).toEqual({ ok: true, identity: 'anonymous' });
  });
});

describe('equalSecrets', () => {
  it.each([
    ['secret', 'secret', true],
    ['', '', true],
    ['🔑', '🔑', true],
    ['secret', 'secreT', false],
    ['secret', 'secret1', false],
    ['secret1', 'secret', false],
    ['', 'secret', false],
    ['secret', '', false],
    ['\0', '', false],
    ['abab', 'ab', false],
    ['ab', 'abab', false],
    ['a', 'a\0', false],
  ])('[A-23] %j and %j: %s', (given, expected, equal) => {
    expect(equalSecrets(given, expected)).toBe(equal);
  });
});
