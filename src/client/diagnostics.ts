import { diagnosticsChannel } from '../io/index.ts';
import type { CloseInfo } from './close-info.ts';
import type { ConnectionEvent } from './connection-event.ts';

/**
 * What subscribers of the channel `amqp1:connection` of `node:diagnostics_channel` are told: each event of each
 * connection of the process, at the moment it happens. Nothing is made for it while nobody subscribes. What a
 * subscriber throws becomes an uncaught exception, as with every such channel.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import type { ConnectionDiagnostic } from 'amqp1';
 *
 * subscribe('amqp1:connection', (message) => {
 *   const { line } = message as ConnectionDiagnostic;
 *   console.log(line); // amqp1 broker.example:5671: reconnecting: attempt 2 in 140 ms: connection-lost: ...
 * });
 * ```
 */
export interface ConnectionDiagnostic {
  /** Which connection: {@link Connection.containerId}. */
  readonly containerId: string;
  /** What {@link Connection.events} tells too. */
  readonly event: ConnectionEvent;
  /** `host:port` of the peer that the connection leads or led to. */
  readonly peer: string;
  /** All of it as one line for a log, without credentials. */
  readonly line: string;
}

const channel = diagnosticsChannel('amqp1:connection');

/** Tells the subscribers, if there are any. */
export function publish(told: Omit<ConnectionDiagnostic, 'line'>): void {
  if (!channel.hasSubscribers) return;
  const message: ConnectionDiagnostic = { ...told, line: `amqp1 ${told.peer}: ${describe(told.event)}` };
  channel.publish(message);
}

const reason = (error: Error | undefined): string =>
  error === undefined ? '' : `: ${'code' in error ? `${String(error.code)}: ` : ''}${error.message}`;

const ended = ({ by, error }: CloseInfo): string => `by ${by === 'local' ? 'this side' : `the ${by}`}${reason(error)}`;

function describe(event: ConnectionEvent): string {
  switch (event.type) {
    case 'disconnected':
      return `disconnected ${ended(event.info)}`;
    case 'reconnecting':
      return `reconnecting: attempt ${event.attempt} in ${Math.round(event.delay)} ms${reason(event.error)}`;
    case 'recovered':
      return `recovered after ${Math.round(event.lasted)} ms, attempts: ${event.attempts}`;
    case 'failed':
      return `failed${reason(event.error)}`;
    case 'receiverStalled': {
      const { name, address, unsettled, forMs } = event;
      return `the receiver ${name} of ${address} holds ${unsettled} and has settled none for ${Math.round(forMs)} ms`;
    }
    default:
      return event.type;
  }
}
