import { ErrorCondition, SenderSettleMode } from '../definitions/index.ts';
import type { Attach, Source, Target } from '../definitions/index.ts';
import {
  Connection,
  type ConnectionEvent,
  type ConnectionHost,
  type ConnectionOptions,
  type ReceiverLink,
  type SenderLink,
  type SessionEvent,
  type SessionHost,
} from '../engine/index.ts';
import { Driver, traceFromEnvironment, type Clock, type Transport } from '../io/index.ts';
import type { ParsedBrokerOptions } from './broker-options.ts';
import { BrokerReceiver } from './broker-receiver.ts';
import { BrokerSender } from './broker-sender.ts';
import type { NodeTable } from './node-table.ts';
import type { Node } from './node.ts';

/** The source of an attach, if it is one that nodes know; a described value of another kind is not. */
function sourceOf({ source }: Attach): Source | undefined {
  return source !== undefined && 'type' in source ? source : undefined;
}

/** The target of an attach, if it is one that nodes know; a coordinator of transactions is not. */
function targetOf({ target }: Attach): Target | undefined {
  return target !== undefined && 'type' in target && target.type === 'target' ? target : undefined;
}

/** What the connection of a client needs from the broker. */
export interface BrokerConnectionHost {
  readonly nodes: NodeTable;
  readonly options: ParsedBrokerOptions;
  readonly clock: Clock;
  readonly engine: Omit<ConnectionOptions, 'role' | 'trace'>;
  ended(connection: BrokerConnection): void;
}

/** A client at the broker. */
export class BrokerConnection implements ConnectionHost, SessionHost {
  readonly #host: BrokerConnectionHost;
  readonly #engine: Connection;
  readonly #driver: Driver;

  constructor(host: BrokerConnectionHost, transport: Transport) {
    this.#host = host;
    this.#engine = new Connection({ ...host.engine, role: 'server', trace: traceFromEnvironment() }, this);
    this.#driver = new Driver(this.#engine, transport, host.clock);
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

  event(event: ConnectionEvent | SessionEvent): void {
    switch (event.type) {
      case 'sessionRequested':
        event.session.begin({}, { event: (sessionEvent) => this.#sessionEvent(sessionEvent) });
        return;
      case 'linkRequested':
        this.#sessionEvent(event);
        return;
      case 'ended':
        this.#host.ended(this);
        return;
      default:
    }
  }

  #sessionEvent(event: SessionEvent): void {
    if (event.type !== 'linkRequested') return;
    // The peer's role is the opposite of ours: true means that it receives, so we send.
    if ('send' in event.link) this.#attachSender(event.link, event.remote);
    else this.#attachReceiver(event.link, event.remote);
  }

  #attachSender(link: SenderLink, remote: Attach): void {
    const source = sourceOf(remote);
    if (source === undefined) {
      link.refuse({ condition: ErrorCondition.notImplemented, description: 'this kind of source is not known here' });
      return;
    }
    const found = this.#nodeFor(link.name, source);
    if (typeof found === 'string') {
      link.refuse({ condition: found, description: `there is no node ${String(source.address)}` });
      return;
    }
    const browses = source.distributionMode === 'copy';
    const settled = remote.sndSettleMode === SenderSettleMode.settled;
    const sender = new BrokerSender(link, found, {
      browses,
      settled,
      now: () => this.#host.clock.now(),
      ended: () => this.#deleteDynamic(source, found),
    });
    link.attach(
      {
        // §3.5.3: what is left out of the filter set is not applied, and the client sees that.
        source: { ...source, address: source.dynamic ? found.address : source.address, filter: undefined },
        target: targetOf(remote),
        senderSettleMode: remote.sndSettleMode,
        receiverSettleMode: remote.rcvSettleMode,
      },
      sender,
    );
  }

  #attachReceiver(link: ReceiverLink, remote: Attach): void {
    const target = targetOf(remote);
    if (target === undefined) {
      link.refuse({ condition: ErrorCondition.notImplemented, description: 'this kind of target is not known here' });
      return;
    }
    const isAnonymous = (target.address === undefined || target.address === null) && !target.dynamic;
    const found = isAnonymous ? undefined : this.#nodeFor(link.name, target);
    if (typeof found === 'string') {
      link.refuse({ condition: found, description: `there is no node ${String(target.address)}` });
      return;
    }
    const { credit, maxMessageSize } = this.#host.options;
    const receiver = new BrokerReceiver(link, found, {
      credit,
      now: () => this.#host.clock.now(),
      route: (address) => (address === undefined ? undefined : this.#host.nodes.find(address, false)),
      ended: () => found && this.#deleteDynamic(target, found),
    });
    link.attach(
      {
        source: sourceOf(remote),
        target: { ...target, address: target.dynamic ? found?.address : target.address },
        senderSettleMode: remote.sndSettleMode,
        receiverSettleMode: remote.rcvSettleMode,
        maxMessageSize: BigInt(maxMessageSize),
      },
      receiver,
    );
    receiver.start();
  }

  /** The node that a terminus means, or the condition under which it is refused. */
  #nodeFor(linkName: string, terminus: Source | Target): Node | string {
    const { nodes } = this.#host;
    const topic = terminus.capabilities.includes('topic');
    if (terminus.dynamic) return nodes.createDynamic(this.#engine.remote?.containerId ?? '', linkName, topic);
    if (typeof terminus.address !== 'string') return ErrorCondition.invalidField;
    return nodes.find(terminus.address, topic) ?? ErrorCondition.notFound;
  }

  /** A dynamic node lives as long as the link that asked for it (§3.5.10). */
  #deleteDynamic(terminus: Source | Target, node: Node): void {
    if (terminus.dynamic) this.#host.nodes.delete(node);
  }
}
