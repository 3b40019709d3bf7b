import type { AmqpError } from '../errors/index.ts';
import type { SaslFrameInit } from '../definitions/index.ts';

/** What an exchange reports. Exactly one of `done` and `failed` is called, once. */
export interface SaslHost {
  /** Sends a frame. */
  send(frame: SaslFrameInit): void;
  /** Both sides agree; `identity` is known to a server only. */
  done(identity?: string): void;
  failed(error: AmqpError): void;
}

/** Where an exchange stands. `deciding` waits for a mechanism or a check of credentials. */
export type SaslState = 'mechanisms' | 'init' | 'outcome' | 'deciding' | 'over';
