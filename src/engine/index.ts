/**
 * The protocol engine: connection, session, link, delivery (part 2 of the standard), for both sides, without I/O and
 * without a clock. It knows no messages: a payload is octets. Start at {@link Connection}.
 *
 * @example
 * ```ts
 * import { Connection, IncomingDelivery, OutgoingDelivery } from 'amqp1/engine';
 *
 * class Sent extends OutgoingDelivery {
 *   override transferred(): void {
 *     console.log('on its way');
 *   }
 *   override updated(): void {
 *     console.log('the peer says', this.remoteState);
 *   }
 *   override dropped(error: Error): void {
 *     console.log('nobody knows what became of it', error);
 *   }
 * }
 *
 * class Received extends IncomingDelivery {
 *   override delivered(): void {
 *     console.log(this.block?.bytes.subarray(this.payloadStart, this.payloadEnd));
 *   }
 *   override updated(): void {
 *     console.log('the sender says', this.remoteState);
 *   }
 * }
 *
 * const connection = new Connection(
 *   { role: 'client', containerId: 'example' },
 *   { event: (event) => console.log(event.type), wake: () => console.log('call transmit() soon') },
 * );
 * connection.start(performance.now());
 * // Octets of the transport go to connection.receive(); what connection.transmit() gives goes to the transport.
 * const session = connection.createSession({}, { event: (event) => console.log(event.type) });
 * const sender = session.attachSender(
 *   'out',
 *   { source: {}, target: { address: 'orders' } },
 *   { event: (event) => console.log(event.type), creditChanged: () => sender.drained() },
 * );
 * sender.send(new Sent(), new Uint8Array([0x00, 0x53, 0x77, 0x40]));
 * const receiver = session.attachReceiver(
 *   'in',
 *   { source: { address: 'orders' }, target: {} },
 *   {
 *     event: (event) => console.log(event.type),
 *     createDelivery: () => new Received(),
 *     drained: () => console.log('all credit is used up'),
 *     aborted: () => console.log('the sender took a delivery back'),
 *   },
 * );
 * receiver.grant(10);
 * ```
 * @packageDocumentation
 */
export type {
  Accepted,
  AcceptedInit,
  Attach,
  Begin,
  Coordinator,
  CoordinatorInit,
  Declared,
  DeclaredInit,
  DeliveryState,
  Detach,
  Disposition,
  DispositionFields,
  End,
  Flow,
  FlowFields,
  Modified,
  ModifiedInit,
  Open,
  Outcome,
  OutcomeInit,
  Received,
  ReceiverSettleMode,
  Rejected,
  RejectedInit,
  Released,
  ReleasedInit,
  SaslCode,
  SaslChallenge,
  SaslChallengeInit,
  SaslFrame,
  SaslFrameInit,
  SaslInit,
  SaslInitInit,
  SaslMechanisms,
  SaslMechanismsInit,
  SaslOutcome,
  SaslOutcomeInit,
  SaslResponse,
  SaslResponseInit,
  SenderSettleMode,
  Source,
  SourceInit,
  StdDistMode,
  Target,
  TargetInit,
  TerminusDurability,
  TransactionalState,
  Transfer,
  TransferFields,
  TxnCapability,
} from '../definitions/index.ts';
export type { ConnectionEvent, ConnectionHost, ConnectionOptions } from './connection-host.ts';
export { Budget } from './budget.ts';
export { Connection } from './connection.ts';
export type { Ended, EndedBy } from './ended.ts';
export { endpointTable, type EndpointInput, type EndpointState } from './endpoint-state.ts';
export type { FrameTrace } from './frame-writer.ts';
export type { Held, HeldList } from './held-list.ts';
export { IncomingDelivery } from './incoming-delivery.ts';
export type { Link, LinkEnded, LinkEvent, LinkHost, LinkOptions } from './link.ts';
export type { SaslExchange, SaslExchangeHost } from './negotiation.ts';
export { OutgoingDelivery, type TransferProgress } from './outgoing-delivery.ts';
export type { ReceiverHost, ReceiverLink } from './receiver-link.ts';
export type { SenderHost, SenderLink, SendTerms } from './sender-link.ts';
export type { SessionEvent, SessionHost, SessionOptions } from './session-host.ts';
export type { Session } from './session.ts';
