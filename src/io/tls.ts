import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type SecureVersion } from 'node:tls';
import { whenReady, type TcpOptions } from './tcp.ts';
import type { Transport } from './transport.ts';

/** A certificate or a key: a PEM text, or its octets as they stand in a file. */
export type Pem = string | Uint8Array;

/** How TLS is done. Without options the authorities of Node are trusted, and no certificate is shown. */
export interface TlsOptions {
  /** The authorities to trust in place of those of Node, each as PEM. Default: those of Node. */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** The certificate of this program, for a peer that asks for one; it needs `key`. Default: none. */
  readonly cert?: Pem | undefined;
  /** The private key of the certificate. */
  readonly key?: Pem | undefined;
  /** Certificate and key in one, as the octets of a PKCS#12 file. Default: none. */
  readonly pfx?: Pem | undefined;
  /** What unlocks an encrypted `key` or `pfx`. */
  readonly passphrase?: string | undefined;
  /** The oldest version of TLS that is spoken, for example `TLSv1.3`. Default: that of Node. */
  readonly minVersion?: SecureVersion | undefined;
  /** Whether the certificate of the peer must be valid. Default true; false lets anyone listen in. */
  readonly rejectUnauthorized?: boolean | undefined;
}

/** Where to connect to by TLS. */
export interface TlsConnectOptions extends TcpOptions {
  /** The name that the certificate must carry, and SNI. Default: the host. */
  readonly servername?: string | undefined;
  /** What to trust, and what to show to the peer. */
  readonly tls: TlsOptions;
}

const toBuffer = (pem: Pem): string | Buffer => (typeof pem === 'string' ? pem : Buffer.from(pem));

function toBuffers(pem: Pem | readonly Pem[] | undefined): (string | Buffer)[] | undefined {
  if (pem === undefined) return undefined;
  return typeof pem === 'string' || pem instanceof Uint8Array ? [toBuffer(pem)] : pem.map(toBuffer);
}

/** The options in the words of Node. */
export function nodeTlsOptions(tls: TlsOptions): Record<string, unknown> {
  const all = {
    ca: toBuffers(tls.ca),
    cert: tls.cert && toBuffer(tls.cert),
    key: tls.key && toBuffer(tls.key),
    pfx: tls.pfx && toBuffer(tls.pfx),
    passphrase: tls.passphrase,
    minVersion: tls.minVersion,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/**
 * Connects by TCP and TLS. The certificate of the peer is verified unless `rejectUnauthorized` is false. Resolves after
 * the handshake; it has no timeout but the signal.
 *
 * @throws `certificate-rejected`, `tls-failed`, `invalid-argument` for a certificate or key that is none, and what
 * {@link connectTcp} throws
 */
export function connectTls(options: TlsConnectOptions): Promise<Transport> {
  const { host, port, servername = host, tls } = options;
  const make = (): Socket =>
    connect({
      ...nodeTlsOptions(tls),
      host,
      port,
      // SNI names hosts only (RFC 6066), so an address is not sent; the certificate must carry it all the same.
      ...(isIP(servername) === 0 ? { servername } : {}),
      checkServerIdentity: (_name, certificate) => checkServerIdentity(servername, certificate),
      rejectUnauthorized: tls.rejectUnauthorized ?? true,
    });
  return whenReady(make, 'secureConnect', options);
}
