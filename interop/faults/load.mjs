/** Senders and receivers that work without a pause, and a ledger of every message on both sides. */
import { setTimeout as delay } from 'node:timers/promises';
import { AmqpError, connect } from '../amqp1.mjs';
import { Ledger } from './ledger.mjs';

const CONNECTIONS = 3;
const SENDERS = 3;
const RECEIVERS = 2;
const BODY = new Uint8Array(100);
/** Sends of one sender that are under way at a time. */
const UNDER_WAY = 50;
/** Where senders do not wait: messages that may be pending, and how often one comes, in ms. */
const MAX_PENDING = 10_000;
const PERIOD = 1;
/** How long the queue may be silent before it counts as empty, in ms. */
const SILENCE = 3000;

export class Load {
  ledger = new Ledger();
  #stopped = false;
  #connections = [];
  #work = [];
  #receivers = [];
  /** The senders of which a send was accepted since `mark()`. */
  #back = new Set();
  #senders = 0;
  #markedAt = 0;
  /** How long after `mark()` each sender had a send accepted, in ms; undefined until then. */
  recovered;

  /** @param resend - as the option of `reconnect`; @param flood - senders do not wait for outcomes */
  static async start({ hosts, address, resend = false, flood = false }) {
    const load = new Load();
    for (let index = 0; index < CONNECTIONS; index++) {
      const connection = await connect(hosts, {
        reconnect: { initialDelay: 50, maxDelay: 250, order: 'shuffled', resend },
        idleTimeout: 4000,
        connectTimeout: 3000,
      });
      load.#connections.push(connection);
      void load.#watch(connection);
      for (let each = 0; each < RECEIVERS; each++) await load.#receive(connection, address);
      for (let each = 0; each < SENDERS; each++) await load.#send(connection, address, flood);
    }
    return load;
  }

  async #watch(connection) {
    for await (const event of connection.events()) if (event.type === 'disconnected') this.ledger.disconnected();
  }

  async #send(connection, address, flood) {
    const sender = await connection.createSender(address, flood ? { maxPending: MAX_PENDING } : {});
    const name = this.#senders++;
    let next = 0;
    const one = async () => {
      const id = `${name}#${next++}`;
      this.ledger.sent(id);
      try {
        await sender.send({ header: { durable: true }, properties: { messageId: id }, body: BODY });
        this.ledger.accepted(id);
        this.#accepted(name);
      } catch (error) {
        this.ledger.notAccepted(id, error);
      }
    };
    const oneByOne = async () => {
      while (!this.#stopped) await one();
    };
    const withoutWaiting = async () => {
      for (; !this.#stopped; await delay(PERIOD)) this.#work.push(one());
    };
    if (flood) this.#work.push(withoutWaiting());
    else for (let index = 0; index < UNDER_WAY; index++) this.#work.push(oneByOne());
  }

  async #receive(connection, address) {
    const receiver = await connection.createReceiver(address, { credit: 200 });
    this.#receivers.push(receiver);
    const consuming = receiver.consume(
      async (delivery) => {
        this.ledger.received(delivery.message.properties.messageId);
        await delivery.accept();
      },
      { concurrency: 200, onError: (error) => this.#failed(error) },
    );
    this.#work.push(consuming.catch((error) => this.ledger.unexpected.push(error)));
  }

  /** A message whose connection was lost cannot be settled: it comes again. */
  #failed(error) {
    if (!AmqpError.is(error) || error.code !== 'delivery-lost') this.ledger.unexpected.push(error);
  }

  /** The broker can be reached from now on. */
  mark() {
    this.#back.clear();
    this.#markedAt = performance.now();
    this.recovered = undefined;
  }

  #accepted(name) {
    if (this.#markedAt === 0 || this.recovered !== undefined) return;
    this.#back.add(name);
    if (this.#back.size === this.#senders) this.recovered = performance.now() - this.#markedAt;
  }

  /** Waits until each sender has had a send accepted since `mark()`. */
  async recovery(within) {
    const until = performance.now() + within;
    while (this.recovered === undefined) {
      if (performance.now() > until)
        throw new Error(`of ${this.#senders} senders, ${this.#back.size} send again after ${within} ms`);
      await delay(5);
    }
    return this.recovered;
  }

  /** Stops to send, receives what is left, and closes; returns how often connections were made anew. */
  async stop() {
    this.#stopped = true;
    let seen = -1;
    for (let quiet = 0; quiet < SILENCE; quiet += 100) {
      const count = this.ledger.receivedCount;
      if (count !== seen) quiet = 0;
      seen = count;
      await delay(100);
    }
    const recoveries = this.#connections.reduce((sum, connection) => sum + connection.stats().recoveries, 0);
    await Promise.all(this.#receivers.map((receiver) => receiver.close()));
    await Promise.all(this.#connections.map((connection) => connection.close()));
    await Promise.all(this.#work);
    return recoveries;
  }
}
