import { AmqpError } from '../errors/index.ts';
import { ErrorCondition, SenderSettleMode, StdDistMode } from '../definitions/index.ts';
import type { Attach, ProtocolErrorInit, Source, Target } from '../definitions/index.ts';
import {
  Connection,
  type ConnectionEvent,
  type ConnectionHost,
  type ConnectionOptions,
  type ReceiverLink,
  type SenderLink,
  type Session,
  type SessionEvent,
} from '../engine/index.ts';
import { Driver, traceFromEnvironment, type Clock, type Transport } from '../io/index.ts';
import type { ParsedBrokerOptions } from './broker-options.ts';
import { BrokerReceiver } from './broker-receiver.ts';
import { BrokerSender } from './broker-sender.ts';
import { faultFor } from './fault.ts';
import type { NodeTable } from './node-table.ts';
import type { Node } from './node.ts';
import { faultOf, grantedSource, grantedTarget, isAnonymous, sourceOf, targetOf } from './terminus.ts';

const unknownTerminus: ProtocolErrorInit = {
  condition: ErrorCondition.notImplemented,
  description: 'this kind of terminus is not known here',
};

/** How long a client may take nothing of what it is sent, in ms. */
const WRITE_TIMEOUT = 60_000;

/** What the connection of a client needs from the broker. */
export interface BrokerConnectionHost {
  readonly nodes: NodeTable;
  readonly options: ParsedBrokerOptions;
  readonly clock: Clock;
  readonly engine: Omit<ConnectionOptions, 'role' | 'trace'>;
  ended(connection: BrokerConnection): void;
}

/** A client at the broker. */
export class BrokerConnection implements ConnectionHost {
  readonly #host: BrokerConnectionHost;
  readonly #engine: Connection;
  readonly #driver: Driver;

  constructor(host: BrokerConnectionHost, transport: Transport) {
    this.#host = host;
    this.#engine = new Connection({ ...host.engine, role: 'server', trace: traceFromEnvironment() }, this);
    this.#driver = new Driver(this.#engine, transport, host.clock, { writeTimeout: WRITE_TIMEOUT });
  }

  start(): void {
    this.#driver.start();
  }

  wake(): void {
    this.#driver.wake();
  }

  /** Tells the client to go. */
  close(): void {
    this.#engine.close({ condition: ErrorCondition.connectionForced, description: 'the broker is stopping' });
  }

  /** Ends the transport without a word. */
  destroy(): void {
    this.#driver.destroy();
  }

  event(event: ConnectionEvent): void {
    if (event.type === 'sessionRequested') this.#begin(event.session);
    else if (event.type === 'ended') this.#host.ended(this);
  }

  #begin(session: Session): void {
    session.begin({}, { event: (event) => this.#sessionEvent(session, event) });
  }

  #sessionEvent(session: Session, event: SessionEvent): void {
    if (event.type !== 'linkRequested') return;
    const { link, remote } = event;
    try {
      // The peer's role is the opposite of ours: where it receives, we send.
      if ('send' in link) this.#attachSender(link, remote);
      else this.#attachReceiver(link, remote);
    } catch (error) {
      if (!AmqpError.is(error)) throw error;
      // The client takes no more handles, so nothing can be said on the link itself.
      session.end({ condition: ErrorCondition.resourceLimitExceeded, description: error.message });
    }
  }

  #attachSender(link: SenderLink, remote: Attach): void {
    const source = sourceOf(remote);
    if (source === undefined) {
      link.refuse(unknownTerminus);
      return;
    }
    const node = this.#nodeFor(link.name, source);
    if ('condition' in node) {
      link.refuse(node);
      return;
    }
    const sender = new BrokerSender(link, node, {
      browses: source.distributionMode === StdDistMode.copy,
      settled: remote.sndSettleMode === SenderSettleMode.settled,
      defaultOutcome: source.defaultOutcome,
      outcomes: source.outcomes,
      now: () => this.#host.clock.now(),
      ended: () => this.#deleteDynamic(source, node),
    });
    link.attach(
      {
        source: grantedSource(source, node.address),
        target: targetOf(remote),
        senderSettleMode: remote.sndSettleMode,
        receiverSettleMode: remote.rcvSettleMode,
      },
      sender,
    );
    sender.start();
  }

  #attachReceiver(link: ReceiverLink, remote: Attach): void {
    const target = targetOf(remote);
    if (target === undefined) {
      link.refuse(unknownTerminus);
      return;
    }
    const node = isAnonymous(target) ? undefined : this.#nodeFor(link.name, target);
    if (node !== undefined && 'condition' in node) {
      link.refuse(node);
      return;
    }
    const { credit, maxMessageSize } = this.#host.options;
    const { outcomes = [] } = sourceOf(remote) ?? {};
    const receiver = new BrokerReceiver(link, node, {
      credit,
      takesRejected: outcomes.length === 0 || outcomes.includes('amqp:rejected:list'),
      now: () => this.#host.clock.now(),
      route: (address) => (address === undefined ? undefined : this.#host.nodes.find(address, false)),
      ended: () => node && this.#deleteDynamic(target, node),
    });
    link.attach(
      {
        source: sourceOf(remote),
        target: grantedTarget(target, node?.address),
        senderSettleMode: remote.sndSettleMode,
        receiverSettleMode: remote.rcvSettleMode,
        maxMessageSize: BigInt(maxMessageSize),
      },
      receiver,
    );
    receiver.start();
  }

  /** The node that a terminus means, or why it is refused. */
  #nodeFor(linkName: string, terminus: Source | Target): Node | ProtocolErrorInit {
    const fault = faultOf(terminus);
    if (fault !== undefined) return fault;
    const { nodes } = this.#host;
    const topic = terminus.capabilities.includes('topic');
    if (terminus.dynamic) return nodes.createDynamic(this.#engine.remote?.containerId ?? '', linkName, topic);
    const address = String(terminus.address);
    return nodes.find(address, topic) ?? faultFor(ErrorCondition.notFound, `there is no node ${address}`);
  }

  /** A dynamic node lives as long as the link that asked for it (§3.5.10). */
  #deleteDynamic(terminus: Source | Target, node: Node): void {
    if (terminus.dynamic) this.#host.nodes.delete(node);
  }
}
