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
  /**
   * The server has agreed, perhaps before this side was asked all it expects. Throws if the additional data does not
   * prove what it should (§5.3.3.5).
   */
  finish?(additionalData: Uint8Array | undefined): void;
}

/** What a server-side mechanism decides. A refusal does not say why: unknown user and wrong password look the same. */
export type SaslVerdict =
  | {
      readonly ok: true;
      /** Who the client is. */
      readonly identity: string;
      /** The proof of the server, for the mechanisms that have one (§5.3.3.5). */
      readonly additionalData?: Uint8Array | undefined;
    }
  | { readonly ok: false };

/** Sends a challenge; resolves with the response, rejects if the exchange fails. One at a time. */
export type SaslAsk = (challenge: Uint8Array) => Promise<Uint8Array>;

/** The server's side of a SASL mechanism. One object serves every connection. */
export interface SaslServerMechanism {
  /** The registered name, for example `PLAIN`. */
  readonly name: string;
  /**
   * Decides on a client. What it throws refuses the login as a system error.
   *
   * @param response - the initial response; undefined where the client sent none (§5.3.3.2)
   * @param ask - asks the client for more
   */
  authenticate(response: Uint8Array | undefined, ask: SaslAsk): SaslVerdict | Promise<SaslVerdict>;
}
