/**
 * The client: `connect()` and what is made from it, messages, and errors. Start at {@link connect}.
 */
export { connect } from './connect.ts';
export type { ConnectOptions } from './connect-options.ts';
export { Connection, type ConnectionEvent, type ConnectionStats } from './connection.ts';
export { Session, type SessionOptions } from './session.ts';
export { Sender, type SenderStats, type SendOptions } from './sender.ts';
export type { SenderOptions } from './sender-options.ts';
export { Receiver, type ReceiverStats } from './receiver.ts';
export type { Filter, ReceiverOptions } from './receiver-options.ts';
export type { LinkOptions } from './link-options.ts';
export type { TerminusOptions } from './terminus-options.ts';
export { Delivery, type ModifyOptions } from './delivery.ts';
export type { DeliveryOutcome } from './outcome.ts';
export type { Receipt } from './pending-send.ts';
export type { ConsumeOptions } from './consumer.ts';
export type { CloseInfo } from './close-info.ts';
export type { WaitOptions } from './waiting.ts';
