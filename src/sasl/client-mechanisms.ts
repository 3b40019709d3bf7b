import { amqpError } from '../errors/index.ts';
import { Writer } from '../codec/index.ts';
import type { SaslMechanism } from './mechanism.ts';

/** UTF-8 octets of a text, in the writer of the codec. */
function utf8(text: string): Uint8Array {
  const writer = new Writer(2 * text.length + 8);
  writer.string(text);
  const head = writer.bytes[0] === 0xa1 ? 2 : 5;
  return writer.bytes.slice(head, writer.position);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer();
  for (const part of parts) writer.raw(part);
  return writer.finish();
}

/** ANONYMOUS (RFC 4505): no credentials. `trace` is shown to the server, for its log. */
export function anonymous(trace = ''): SaslMechanism {
  return { name: 'ANONYMOUS', clearText: false, start: () => utf8(trace) };
}

/**
 * PLAIN (RFC 4616): user and password as they are, in UTF-8.
 *
 * @throws `invalid-argument` for a part that holds the character NUL, which separates them
 */
export function plain(user: string, password: string, authorizationId = ''): SaslMechanism {
  if ([user, password, authorizationId].some((part) => part.includes('\0'))) {
    throw amqpError('invalid-argument', 'a user or password must not hold the character NUL');
  }
  // The secret lives in the closure only: neither inspect nor JSON shows it.
  const nul = Uint8Array.of(0);
  const start = (): Uint8Array => joined([utf8(authorizationId), nul, utf8(user), nul, utf8(password)]);
  return { name: 'PLAIN', clearText: true, start };
}

/** EXTERNAL (RFC 4422): the transport has shown who we are, by a TLS client certificate. */
export function external(authorizationId = ''): SaslMechanism {
  return { name: 'EXTERNAL', clearText: false, start: () => utf8(authorizationId) };
}
