/** The client's side of a SASL mechanism (RFC 4422): a small object that answers the server. One object, one login. */
export interface SaslMechanism {
  /** The registered name, for example `PLAIN`. */
  readonly name: string;
  /** Whether it sends a password as it is, so that only a protected transport may carry it. */
  readonly clearText: boolean;
  /** The initial response. Undefined means none, which is not the same as an empty one (§5.3.3.2). */
  start(): Uint8Array | undefined;
  /** Answers a challenge. A mechanism without this method takes none. */
  step?(challenge: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** The server has agreed; throws if its additional data does not prove what it should (§5.3.3.5). */
  finish?(additionalData: Uint8Array | undefined): void;
}

/** What a server-side mechanism decides. */
export type SaslVerdict = { readonly ok: true; readonly identity: string } | { readonly ok: false };

/** The server's side of a SASL mechanism that needs one response. */
export interface SaslServerMechanism {
  readonly name: string;
  /** Decides on the initial response; undefined where the client sent none. */
  authenticate(response: Uint8Array | undefined): SaslVerdict | Promise<SaslVerdict>;
}
