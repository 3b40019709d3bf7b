import { expect } from 'vitest';
import type { Broker, BrokerOptions } from '../../../src/broker/index.ts';
import type { PerformativeInit } from '../../../src/definitions/index.ts';
import type { Transport } from '../../../src/io/index.ts';
import { FakeClock } from '../../../src/testing/index.ts';
import { atEnd, client, settle, start } from '../../broker/support/setup.ts';
import { amqpHeader, brief, concat, frame, units, type Unit } from '../../engine/support/frames.ts';
import { begin, open } from '../../engine/support/raw-peer.ts';

/** A client that writes octets as it likes, at a broker that has another client too. */
export class Intruder {
  readonly broker: Broker;
  /** The clock of the broker. */
  readonly clock: FakeClock;
  /** Whether the broker has ended the transport. */
  ended = false;
  readonly #transport: Transport;
  #output: Uint8Array[] = [];

  constructor(broker: Broker, clock: FakeClock) {
    this.broker = broker;
    this.clock = clock;
    this.#transport = broker.transport();
    this.#transport.open({
      received: (octets) => this.#output.push(octets.slice()),
      closed: () => {
        this.ended = true;
      },
    });
    atEnd(() => this.#transport.destroy());
  }

  static async at(options: BrokerOptions = {}): Promise<Intruder> {
    const clock = new FakeClock();
    return new Intruder(await start({ clock, ...options }), clock);
  }

  /** One whose session has begun, with what it sends besides. */
  static async begun(options: BrokerOptions = {}, ...performatives: PerformativeInit[]): Promise<Intruder> {
    const intruder = await Intruder.at(options);
    intruder.bytes(amqpHeader);
    await intruder.send(open, begin({ incomingWindow: 1000, outgoingWindow: 1000 }), ...performatives);
    intruder.units();
    return intruder;
  }

  bytes(octets: Uint8Array): void {
    this.#transport.send([octets], () => undefined);
  }

  /** Sends performatives, each in a read of its own. */
  async send(...performatives: readonly PerformativeInit[]): Promise<void> {
    for (const performative of performatives) {
      this.bytes(frame(performative));
      await settle();
    }
  }

  /** Sends transfers with a payload, in one read. */
  async transfers(payload: Uint8Array, ...performatives: readonly PerformativeInit[]): Promise<void> {
    this.bytes(concat(performatives.map((performative) => frame(performative, 0, payload))));
    await settle();
  }

  /** Ends its side of the transport, in the middle of whatever it was. */
  end(): void {
    this.#transport.end();
  }

  /** What the broker has said since the last call. */
  units(): Unit[] {
    return units(concat(this.#output.splice(0)));
  }

  /** The same in few words. */
  said(): string[] {
    return this.units().map(brief);
  }

  /** Checks that the broker serves everybody else as before, and then takes its leave. */
  async othersLiveOn(credentials: { readonly user?: string; readonly password?: string } = {}): Promise<void> {
    const other = await client(this.broker, { containerId: 'bystander', ...credentials });
    const receiver = await other.createReceiver('bystanders');
    const sender = await other.createSender('bystanders');
    await sender.send('served');
    const delivery = await receiver.receive({ timeout: 2000 });
    expect(delivery.message.text()).toBe('served');
    await delivery.accept();
    await other.close();
  }
}
