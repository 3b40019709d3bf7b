/**
 * The protocol engine: connection, session, link, delivery (part 2 of the standard), for both sides, without I/O and
 * without a clock. It knows no messages: a payload is octets. Start at {@link Connection}.
 */
export type { ConnectionEvent, ConnectionHost, ConnectionOptions } from './connection-host.ts';
export { Connection } from './connection.ts';
export type { Ended, EndedBy } from './ended.ts';
export { endpointTable, type EndpointInput, type EndpointState } from './endpoint-state.ts';
export type { FrameTrace } from './frame-writer.ts';
export { IncomingDelivery } from './incoming-delivery.ts';
export type { Link, LinkEnded, LinkEvent, LinkHost, LinkOptions } from './link.ts';
export type { SaslExchange, SaslExchangeHost } from './negotiation.ts';
export { OutgoingDelivery, type TransferProgress } from './outgoing-delivery.ts';
export type { ReceiverHost, ReceiverLink } from './receiver-link.ts';
export type { SenderHost, SenderLink } from './sender-link.ts';
export type { SessionEvent, SessionHost, SessionOptions } from './session-host.ts';
export type { Session } from './session.ts';
