import type { Attach, Begin, Fields, Open } from '../definitions/index.ts';

const none: Fields = Object.freeze(Object.create(null));

/** What connection, session and link have in common: what the peer said of its end when it opened it. */
export abstract class Endpoint {
  /** The open, begin or attach of the peer, once it has come. */
  protected abstract get remote(): Open | Begin | Attach | undefined;

  /** The properties that the peer gave, for example product and version; null-prototype, empty if none. */
  get properties(): Fields {
    return this.remote?.properties ?? none;
  }

  /** The capabilities that the peer offers, for example `ANONYMOUS-RELAY`. */
  get offeredCapabilities(): readonly string[] {
    return this.remote?.offeredCapabilities ?? [];
  }

  /** The capabilities that the peer would use if we offered them. */
  get desiredCapabilities(): readonly string[] {
    return this.remote?.desiredCapabilities ?? [];
  }
}
