import { systemClock } from '../io/index.ts';
import { checkAddressOptions, checkConnectOptions, type ConnectOptions } from './connect-options.ts';
import { Connection } from './connection.ts';
import { CONNECT_TIMEOUT, dial } from './dial.ts';
import { HostList, type HostSource } from './recovery/hosts.ts';
import { parseReconnectOptions } from './recovery/reconnect-options.ts';
import { Redial } from './recovery/redial.ts';

/**
 * Opens a connection. Resolves when the peer has answered our open (§2.4.1); everything else is made from it.
 *
 * Without credentials SASL ANONYMOUS is used; a user in the URL or options means PLAIN, which is refused over clear
 * text to another machine; a client certificate means EXTERNAL, or ANONYMOUS where the peer does not offer that.
 * Certificates are verified. An attempt that fails or is aborted leaves nothing open.
 *
 * Several hosts are tried one after the other, each once. With the option `reconnect` a connection that is made comes
 * back when it is lost, with its sessions and links: see docs/recovery.md for what becomes of messages.
 *
 * @param hosts - `amqp://user:password@host:5672`, or `amqps:` for TLS, user and password percent-encoded; several
 * such; or a function that gives them
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
export async function connect(hosts: HostSource, options: ConnectOptions = {}): Promise<Connection> {
  checkConnectOptions(options);
  const { recovers, parsed } = parseReconnectOptions(options.reconnect);
  // Links are known by container-id and name (§2.6.1): a connection that is made again is the same container.
  const containerId = options.containerId ?? crypto.randomUUID();
  const redial = new Redial(parsed, {
    hosts: new HostList(hosts, parsed),
    clock: options.clock ?? systemClock,
    askTimeout: options.connectTimeout ?? CONNECT_TIMEOUT,
    dial: async (address, signal) => {
      checkAddressOptions(options, address);
      return dial(address, { ...options, containerId }, signal);
    },
  });
  const first = await redial.first(options.signal);
  return new Connection(first, { ...options, containerId }, recovers ? redial : undefined);
}
