import { channel } from 'node:diagnostics_channel';

/** A channel of `node:diagnostics_channel`, as far as a publisher needs it. */
export interface DiagnosticsChannel {
  readonly hasSubscribers: boolean;
  publish(message: object): void;
}

export function diagnosticsChannel(name: string): DiagnosticsChannel {
  return channel(name);
}
