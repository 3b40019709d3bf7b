import { amqpError } from '../errors/index.ts';
import { Writer } from '../codec/index.ts';
import type { SaslMechanism } from './mechanism.ts';

/** UTF-8 octets of a text: what the codec writes behind the format code and the size. */
function utf8(text: string): Uint8Array {
  const writer = new Writer();
  writer.string(text);
  const encoded = writer.finish();
  return encoded.subarray(encoded[0] === 0xa1 ? 2 : 5);
}

/** A mechanism that has said all with its first words. They live in a closure: neither inspect nor JSON shows them. */
function single(name: string, clearText: boolean, text: string): SaslMechanism {
  const response = utf8(text);
  return { name, clearText, start: () => response };
}

/**
 * ANONYMOUS (RFC 4505): no credentials.
 *
 * @param trace - shown to the server, for its log
 * @throws `encode-error` for text that UTF-8 cannot hold
 * @example
 * ```ts
 * import { connect, anonymous } from 'amqp1';
 *
 * const connection = await connect('amqps://broker.example', { mechanisms: [anonymous('nightly report')] });
 * ```
 */
export function anonymous(trace = ''): SaslMechanism {
  return single('ANONYMOUS', false, trace);
}

/**
 * PLAIN (RFC 4616): user and password as they are, in UTF-8.
 *
 * @param authorizationId - who to act as; empty for the user itself
 * @throws `invalid-argument` for a part that holds the character NUL, which separates them
 * @throws `encode-error` for text that UTF-8 cannot hold
 * @example
 * ```ts
 * import { connect, plain } from 'amqp1';
 *
 * const connection = await connect('amqps://broker.example', { mechanisms: [plain('user', 'password')] });
 * ```
 */
export function plain(user: string, password: string, authorizationId = ''): SaslMechanism {
  const parts = [authorizationId, user, password];
  if (parts.some((part) => part.includes('\0'))) {
    throw amqpError('invalid-argument', 'a user or password must not hold the character NUL');
  }
  return single('PLAIN', true, parts.join('\0'));
}

/**
 * EXTERNAL (RFC 4422): the transport has shown who we are, by a TLS client certificate.
 *
 * @param authorizationId - who to act as; empty for whom the certificate names
 * @throws `encode-error` for text that UTF-8 cannot hold
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { connect, external } from 'amqp1';
 *
 * const tls = { cert: readFileSync('client.pem'), key: readFileSync('client-key.pem') };
 * const connection = await connect('amqps://broker.example', { tls, mechanisms: [external()] });
 * ```
 */
export function external(authorizationId = ''): SaslMechanism {
  return single('EXTERNAL', false, authorizationId);
}

/** What XOAUTH2 lets a token consist of: printable ASCII. */
const TOKEN = /^[ -~]+$/;

/**
 * XOAUTH2: a user and an OAuth 2.0 bearer token. A token with its frame of more than 512 octets, as most are, also
 * needs the connect option `saslMaxFrameSize`, and a peer that takes it.
 *
 * A server that refuses the token tells why in a challenge before the outcome; it is answered with nothing.
 *
 * @throws `invalid-argument` for a user with the control character U+0001, or a token that is empty or not printable
 * ASCII
 * @example
 * ```ts
 * import { connect, xoauth2 } from 'amqp1';
 *
 * const connection = await connect('amqps://broker.example', { mechanisms: [xoauth2('user', 'token')] });
 * ```
 */
export function xoauth2(user: string, token: string): SaslMechanism {
  if (user.includes('\u0001'))
    throw amqpError('invalid-argument', 'a user must not hold the control character U+0001, which ends it');
  if (!TOKEN.test(token)) throw amqpError('invalid-argument', 'a token consists of printable ASCII characters');
  const response = utf8(`user=${user}\u0001auth=Bearer ${token}\u0001\u0001`);
  let refused = false;
  return {
    name: 'XOAUTH2',
    clearText: true,
    start: () => {
      refused = false;
      return response;
    },
    step: () => {
      if (refused) throw amqpError('authentication-failed', 'the peer refused the token, and asks once more');
      refused = true;
      return new Uint8Array(0);
    },
  };
}
