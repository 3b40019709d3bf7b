import type { AmqpError } from '../errors/index.ts';
import { amqpError } from '../errors/index.ts';
import type { SaslFrame, SaslFrameInit } from '../definitions/index.ts';

/** What an exchange reports. Exactly one of `done` and `failed` is called, once. */
export interface SaslHost {
  /** Sends a frame; also later than `receive`, where a mechanism needs time. */
  send(frame: SaslFrameInit): void;
  /** Both sides agree; `identity` is known to a server only. */
  done(identity?: string): void;
  /** The login failed. What was sent before is still to be delivered; nothing else follows (§5.3.3.5). */
  failed(error: AmqpError): void;
}

/** The error for a frame that has no place where the exchange stands (§5.3.2). */
export function outOfOrder(frame: SaslFrame): AmqpError {
  return amqpError('protocol-error', `the peer sent ${frame.type} out of order in the SASL exchange`);
}
