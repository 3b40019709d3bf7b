import { parseAddress } from './address.ts';
import { checkConnectOptions, type ConnectOptions } from './connect-options.ts';
import { Connection } from './connection.ts';
import { dial } from './dial.ts';

/**
 * Opens a connection. Resolves when the peer has answered our open (§2.4.1); everything else is made from it.
 *
 * Without credentials SASL ANONYMOUS is used; a user in the URL or options means PLAIN, which is refused over clear
 * text to another machine; a client certificate means EXTERNAL, or ANONYMOUS where the peer does not offer that.
 * Certificates are verified. An attempt that fails or is aborted leaves nothing open.
 *
 * @param url - `amqp://user:password@host:5672`, or `amqps:` for TLS; user and password percent-encoded
 * @throws {@link AmqpError} `invalid-argument` for a URL or options that are not valid; `encode-error` for properties
 * that AMQP cannot hold; `aborted`, or the reason of the signal
 * @throws {@link ConnectionError} of the transport: `host-not-found`, `connection-refused`, `connect-failed`,
 * `tls-failed`, `certificate-rejected`; `connect-timeout` when not all was done within `connectTimeout`
 * @throws {@link ConnectionError} of SASL: `authentication-failed`, `authentication-unavailable`,
 * `mechanism-unavailable`, `insecure-credentials`
 * @throws {@link ConnectionError} of the peer: `protocol-mismatch`, `framing-error`, `frame-too-large`,
 * `protocol-error`, `connection-lost`, and `connection-closed-by-peer` with its condition
 * @example
 * ```ts
 * import { connect } from 'amqp1';
 *
 * await using connection = await connect('amqp://guest:guest@localhost:5672');
 * const sender = await connection.createSender('orders');
 * await sender.send('Hello!');
 * ```
 */
export async function connect(url: string | URL, options: ConnectOptions = {}): Promise<Connection> {
  const address = parseAddress(url);
  checkConnectOptions(options, address);
  return new Connection(await dial(address, options, options.signal), options);
}
