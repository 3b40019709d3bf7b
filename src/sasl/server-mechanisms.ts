import { blockOf, Reader } from '../codec/index.ts';
import type { SaslServerMechanism, SaslVerdict } from './mechanism.ts';

const refused: SaslVerdict = { ok: false };

/** Some octets as UTF-8, or undefined where they are none. */
function textOf(octets: Uint8Array): string | undefined {
  try {
    return new Reader(blockOf(octets)).utf8(octets.length);
  } catch {
    return undefined;
  }
}

/** The parts of a PLAIN message, which has exactly two NULs and a user between them (RFC 4616). */
function plainParts(message: Uint8Array): { authorizationId: string; user: string; password: string } | undefined {
  const first = message.indexOf(0);
  const second = message.indexOf(0, first + 1);
  if (first < 0 || second <= first + 1 || message.includes(0, second + 1)) return undefined;
  const authorizationId = textOf(message.subarray(0, first));
  const user = textOf(message.subarray(first + 1, second));
  const password = textOf(message.subarray(second + 1));
  if (authorizationId === undefined || user === undefined || password === undefined) return undefined;
  return { authorizationId, user, password };
}

/**
 * A mechanism that decides on one message. What is known at once is decided at once: a client may have sent the next
 * layer right behind its init (§2.4.2).
 */
function single(
  name: string,
  decide: (message: Uint8Array) => SaslVerdict | Promise<SaslVerdict>,
): SaslServerMechanism {
  return {
    name,
    authenticate: (response, ask) => {
      if (response !== undefined) return decide(response);
      // Without an initial response the client waits for an empty challenge (RFC 4422, section 3.3).
      return ask(new Uint8Array(0)).then(decide);
    },
  };
}

/** The verdict for an identity; undefined refuses. */
const verdictOf = (identity: string | undefined): SaslVerdict =>
  identity === undefined ? refused : { ok: true, identity };

/** Accepts everyone, as `anonymous`. */
export function serverAnonymous(): SaslServerMechanism {
  return { name: 'ANONYMOUS', authenticate: () => ({ ok: true, identity: 'anonymous' }) };
}

/**
 * Decides by user and password; the identity is the user. What fails tells neither which of the two was wrong nor why.
 *
 * @param check - compare secrets with {@link equalSecrets}, for known and unknown users alike; `authorizationId` is
 * who the user wants to act as, or empty
 */
export function serverPlain(
  check: (user: string, password: string, authorizationId: string) => boolean | Promise<boolean>,
): SaslServerMechanism {
  return single('PLAIN', (message) => {
    const parts = plainParts(message);
    if (parts === undefined) return refused;
    const { authorizationId, user, password } = parts;
    const verdict = (agreed: boolean): SaslVerdict => verdictOf(agreed ? user : undefined);
    const agreed = check(user, password, authorizationId);
    return typeof agreed === 'boolean' ? verdict(agreed) : agreed.then(verdict);
  });
}

/**
 * Decides by what the transport knows of the client, for example its certificate.
 *
 * @param check - gives the identity, or undefined to refuse; `authorizationId` is who the client wants to act as, or empty
 */
export function serverExternal(
  check: (authorizationId: string) => string | undefined | Promise<string | undefined>,
): SaslServerMechanism {
  return single('EXTERNAL', (message) => {
    const authorizationId = textOf(message);
    if (authorizationId === undefined) return refused;
    const identity = check(authorizationId);
    return typeof identity === 'object' ? identity.then(verdictOf) : verdictOf(identity);
  });
}

/** Compares secrets in a time that depends on the length of the second only. */
export function equalSecrets(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let index = 0; index < expected.length; index++) {
    // Past the end charCodeAt gives NaN, which counts as 0.
    difference |= given.charCodeAt(index % (given.length + 1)) ^ expected.charCodeAt(index);
  }
  return difference === 0;
}
