import type { AmqpError } from '../errors/index.ts';
import type { Budget, Connection as Engine } from '../engine/index.ts';
import type { Clock } from '../io/index.ts';
import type { ReceiverStalled } from './connection-event.ts';
import type { ParsedReconnectOptions } from './recovery/reconnect-options.ts';
import type { RecoveryAction } from './recovery/recovery-table.ts';

/** What a session asks of its connection. */
export interface SessionParent {
  /** The engine of the line that is there now. */
  readonly engine: Engine;
  readonly clock: Clock;
  /** Whether it is about to be made again, and is not used any more. */
  readonly suspended: boolean;
  /** How the connection recovers; undefined where it does not. */
  readonly reconnect: ParsedReconnectOptions | undefined;
  /** Tells the events of its links. */
  report(event: ReceiverStalled): void;
  /** Whether what ends with this error is made again. */
  survives(error: AmqpError): boolean;
  /** What the error costs. */
  decide(error: AmqpError): RecoveryAction;
  /** Makes a new connection, because of what happened to a part of this one. */
  restart(error: AmqpError): void;
  /** Where the octets are counted that wait for links. */
  readonly held: Budget;
}
