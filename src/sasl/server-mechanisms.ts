import { AmqpError } from '../errors/index.ts';
import { blockOf, Reader } from '../codec/index.ts';
import type { SaslServerMechanism, SaslVerdict } from './mechanism.ts';

const refused: SaslVerdict = { ok: false };

/** The texts between the NULs of a response, or undefined where one is not UTF-8. */
function texts(response: Uint8Array): readonly string[] | undefined {
  const found: string[] = [];
  const block = blockOf(response);
  let start = 0;
  try {
    while (start <= response.length) {
      const nul = response.indexOf(0, start);
      const end = nul < 0 ? response.length : nul;
      found.push(new Reader(block, start, end).utf8(end - start));
      start = end + 1;
    }
  } catch (error) {
    if (AmqpError.is(error)) return undefined;
    throw error;
  }
  return found;
}

/** Accepts everyone, as `anonymous`. */
export function serverAnonymous(): SaslServerMechanism {
  return { name: 'ANONYMOUS', authenticate: () => ({ ok: true, identity: 'anonymous' }) };
}

/** Decides by user and password. What fails tells neither which of the two was wrong nor why. */
export function serverPlain(
  check: (user: string, password: string, authorizationId: string) => boolean | Promise<boolean>,
): SaslServerMechanism {
  return {
    name: 'PLAIN',
    authenticate: async (response) => {
      const parts = response === undefined ? undefined : texts(response);
      if (parts?.length !== 3) return refused;
      const [authorizationId = '', user = '', password = ''] = parts;
      return (await check(user, password, authorizationId)) ? { ok: true, identity: user } : refused;
    },
  };
}

/** Decides by what the transport knows of the client, for example its certificate. */
export function serverExternal(
  check: (authorizationId: string) => string | undefined | Promise<string | undefined>,
): SaslServerMechanism {
  return {
    name: 'EXTERNAL',
    authenticate: async (response) => {
      const parts = texts(response ?? new Uint8Array(0));
      if (parts?.length !== 1) return refused;
      const identity = await check(parts.join(''));
      return identity === undefined ? refused : { ok: true, identity };
    },
  };
}

/** Compares secrets in a time that depends on the length of the second only. */
export function equalSecrets(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let index = 0; index < expected.length; index++) {
    difference |= given.charCodeAt(index % (given.length + 1)) ^ expected.charCodeAt(index);
  }
  return difference === 0;
}
