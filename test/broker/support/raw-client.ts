import { blockOf, Reader, Writer } from '../../../src/codec/index.ts';
import {
  readPerformative,
  writePerformative,
  type Performative,
  type PerformativeInit,
} from '../../../src/definitions/index.ts';
import type { Broker } from '../../../src/broker/index.ts';
import type { Transport } from '../../../src/io/index.ts';
import { atEnd, settle } from './setup.ts';

const header = Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 1, 0, 0);
const none = new Uint8Array(0);

/** One frame with a performative on channel 0. */
function frame(performative: PerformativeInit, payload: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.reserve(8);
  writePerformative(writer, performative);
  writer.raw(payload);
  writer.view.setUint32(0, writer.position);
  writer.view.setUint32(4, 0x0200_0000);
  return writer.finish();
}

/** A client without an engine, that may say what a client should not. It uses no SASL and one session. */
export class RawClient {
  /** What the broker has said. */
  readonly received: Performative[] = [];
  /** Whether the broker has ended the transport. */
  ended = false;
  readonly #transport: Transport;
  #rest = none;

  constructor(broker: Broker) {
    this.#transport = broker.transport();
    this.#transport.open({
      received: (bytes) => this.#take(bytes),
      closed: () => {
        this.ended = true;
      },
    });
    this.#write(header);
    atEnd(() => this.end());
  }

  /** A client whose session has begun. */
  static async begin(broker: Broker, handleMax = 100): Promise<RawClient> {
    const client = new RawClient(broker);
    client.send({ type: 'open', containerId: 'raw' });
    client.send({ type: 'begin', nextOutgoingId: 0, incomingWindow: 1000, outgoingWindow: 1000, handleMax });
    await settle();
    return client;
  }

  #write(bytes: Uint8Array): void {
    this.#transport.send([bytes], () => undefined);
  }

  send(performative: PerformativeInit, payload: Uint8Array = none): void {
    this.#write(frame(performative, payload));
  }

  /** Sends several in one piece. */
  sendAll(...performatives: readonly PerformativeInit[]): void {
    this.#write(new Uint8Array(Buffer.concat(performatives.map((each) => frame(each, none)))));
  }

  #take(bytes: Uint8Array): void {
    const all = new Uint8Array(Buffer.concat([this.#rest, bytes]));
    const { view } = blockOf(all);
    let at = all[0] === 0x41 ? 8 : 0;
    while (at + 8 <= all.length && at + view.getUint32(at) <= all.length) {
      const size = view.getUint32(at);
      if (size > 8) this.received.push(readPerformative(new Reader(blockOf(all), at + 8, at + size)));
      at += size;
    }
    this.#rest = all.slice(at);
  }

  /** What the broker has said of one type. */
  all<T extends Performative['type']>(type: T): Extract<Performative, { readonly type: T }>[] {
    return this.received.filter((each): each is Extract<Performative, { readonly type: T }> => each.type === type);
  }

  /** What the broker has said, in short. */
  get types(): string[] {
    return this.received.map(({ type }) => type);
  }

  end(): void {
    this.#transport.destroy();
  }
}
