import type { AmqpError } from '../../../src/errors/index.ts';
import type { SaslFrame, SaslFrameInit } from '../../../src/definitions/index.ts';
import type { SaslHost } from '../../../src/sasl/index.ts';

/** The octets that a frame carries for its mechanism. */
function load(frame: SaslFrameInit): Uint8Array | undefined {
  if (frame.type === 'sasl-init') return frame.initialResponse;
  if (frame.type === 'sasl-challenge') return frame.challenge;
  if (frame.type === 'sasl-response') return frame.response;
  return frame.type === 'sasl-outcome' ? frame.additionalData : undefined;
}

/** A host that writes down what an exchange does, in order, and takes frames up to a size as an engine does. */
export class Recorder implements SaslHost {
  readonly sent: SaslFrameInit[] = [];
  readonly ends: ('done' | 'failed')[] = [];
  identity: string | undefined = undefined;
  error: AmqpError | undefined = undefined;

  send(frame: SaslFrameInit): void {
    if (this.ends.length > 0) throw new Error(`${frame.type} was sent after the end`);
    if ((load(frame)?.length ?? 0) > 500) throw new Error(`the ${frame.type} is too large`);
    this.sent.push(frame);
  }

  done(identity?: string): void {
    this.identity = identity;
    this.ends.push('done');
  }

  failed(error: AmqpError): void {
    this.error = error;
    this.ends.push('failed');
  }
}

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

export const mechanismsFrame = (...saslServerMechanisms: string[]): SaslFrame => ({
  type: 'sasl-mechanisms',
  saslServerMechanisms,
});

export const initFrame = (mechanism: string, initialResponse?: Uint8Array): SaslFrame => ({
  type: 'sasl-init',
  mechanism,
  initialResponse,
  hostname: undefined,
});

export const challengeFrame = (text = ''): SaslFrame => ({ type: 'sasl-challenge', challenge: ascii(text) });

export const responseFrame = (text = ''): SaslFrame => ({ type: 'sasl-response', response: ascii(text) });

export const outcomeFrame = (code: 0 | 1 | 2 | 3 | 4, additionalData?: Uint8Array): SaslFrame => ({
  type: 'sasl-outcome',
  code,
  additionalData,
});

/** One frame of each type. */
export const everyFrame: readonly SaslFrame[] = [
  mechanismsFrame('PLAIN'),
  initFrame('PLAIN'),
  challengeFrame(),
  responseFrame(),
  outcomeFrame(0),
];

/** Lets promises that are ready run. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
