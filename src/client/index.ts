/**
 * The client: `connect()` and what is made from it, messages, and errors. Start at {@link connect}.
 */
export { connect } from './connect.ts';
export type { ConnectOptions } from './connect-options.ts';
export type { HostAttempt, Hosts, HostSource } from './recovery/hosts.ts';
export type { ReconnectOptions } from './recovery/reconnect-options.ts';
export { recoveryTable, type RecoveryAction } from './recovery/recovery-table.ts';
export type { Connection, ConnectionStats } from './connection.ts';
export type { ConnectionEvent, ReceiverStalled } from './connection-event.ts';
export type { ConnectionDiagnostic } from './diagnostics.ts';
export type { Session } from './session.ts';
export type { SessionOptions } from './session-options.ts';
export type { Sender, SenderStats, SendOptions } from './sender.ts';
export type { SenderOptions } from './sender-options.ts';
export type { Receiver } from './receiver.ts';
export type { ReceiverStats } from './receiver-stats.ts';
export type { Filter, ReceiverOptions } from './receiver-options.ts';
export type { LinkOptions } from './link-options.ts';
export type { LocalTerminusOptions, TerminusOptions } from './terminus-options.ts';
export type { Delivery, ModifyOptions } from './delivery.ts';
export type { DeliveryOutcome, DeliveryState } from './outcome.ts';
export type { Receipt } from './pending-send.ts';
export type { ConsumeOptions } from './consumer.ts';
export type { CloseInfo } from './close-info.ts';
export type { WaitOptions } from './waiting.ts';
export {
  data,
  decodeMessage,
  encodeMessageBytes as encodeMessage,
  json,
  Message,
  sequence,
  text,
  value,
  type Annotations,
  type Body,
  type ContentFields,
  type DataBody,
  type MessageFields,
  type MessageId,
  type MessageInit,
  type MessageProperties,
  type NoBody,
  type ReceivedApplicationProperties,
  type ReceivedBody,
  type ReceivedProperties,
  type SequenceBody,
  type SimpleValue,
  type ValueBody,
} from '../message/index.ts';
export {
  AmqpArray,
  AmqpMap,
  AmqpSymbol,
  byte,
  char,
  Char,
  Decimal,
  Described,
  double,
  float,
  int,
  long,
  short,
  symbol,
  timestamp,
  Timestamp,
  Typed,
  ubyte,
  uint,
  ulong,
  ushort,
  uuid,
  Uuid,
} from '../codec/index.ts';
export {
  AmqpError,
  ConnectionError,
  DeliveryError,
  errorTable,
  LinkError,
  SessionError,
  type ErrorCode,
  type ErrorDetails,
  type ErrorRow,
  type ErrorScope,
} from '../errors/index.ts';
export {
  ErrorCondition,
  type Fields,
  type Header,
  type HeaderInit,
  type ProtocolError,
  type ProtocolErrorInit,
  type TerminusExpiryPolicy,
} from '../definitions/index.ts';
export type { Clock, Pem, TlsOptions, Transport, TransportEvents } from '../io/index.ts';
export { anonymous, external, plain, xoauth2, type SaslMechanism } from '../sasl/index.ts';
