/** What a transport tells its owner. */
export interface TransportEvents {
  /**
   * Octets arrived, in order and in pieces of any size. They are only valid during the call, unless they are `lasting`
   * (default false): then nobody writes to their memory again, and messages are left there instead of being copied.
   */
  received(bytes: Uint8Array, lasting?: boolean): void;
  /** The transport has ended, with the error that broke it if one did. Called once; nothing follows. */
  closed(error?: Error): void;
}

/**
 * A stream of octets both ways, already connected. TCP, TLS and an in-memory pipe are built in; whatever else has
 * this shape can be given to `connect()`.
 */
export interface Transport {
  /** Whether the octets are protected on their way; a password may be sent. */
  readonly encrypted: boolean;
  /** Whether the peer is this machine. */
  readonly loopback: boolean;
  /** The common name of the certificate that the peer has proved to hold, on the side of a TLS server. */
  readonly peerName?: string | undefined;
  /** Begins to read. Called once. */
  open(events: TransportEvents): void;
  /**
   * Sends octets in order. `done` is called once they are no longer used, sent or not, during the call or later: their
   * memory will be written again. After `end` or `destroy` nothing more is sent.
   */
  send(chunks: readonly Uint8Array[], done: () => void): void;
  /** Ends the transport after what was sent. */
  end(): void;
  /** Ends the transport now; what was sent may be lost. */
  destroy(): void;
}
