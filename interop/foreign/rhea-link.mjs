/** Promises over rhea's events: just enough for the scenarios of rhea.mjs. */
import { once } from 'node:events';
import rhea from 'rhea';
import { sections } from './rhea-values.mjs';

// rhea gives a message without the AMQP types of its values, so the sections are read before that happens.
const decode = rhea.message.decode;
rhea.message.decode = (octets) => Object.assign(decode(octets), { sections: () => sections(octets) });

const failures = [
  'connection_error',
  'protocol_error',
  'session_error',
  'sender_error',
  'receiver_error',
  'disconnected',
];

function reasonOf(event, context) {
  const { connection, session, sender, receiver } = context;
  const error = sender?.error ?? receiver?.error ?? session?.error ?? connection?.error ?? context.error ?? context;
  return new Error(`${event}: ${error.condition ?? ''} ${error.description ?? error.message ?? ''}`);
}

/** Waits for an event of a rhea endpoint; a failure of its connection or 20 s of silence reject. */
export async function until(endpoint, event) {
  const connection = endpoint.connection ?? endpoint;
  const stop = new AbortController();
  const failed = failures.map(async (name) => {
    const [context] = await once(connection, name, { signal: stop.signal });
    throw reasonOf(name, context);
  });
  const timer = setTimeout(() => connection.emit('disconnected', new Error(`no ${event} for 20 s`)), 20_000);
  try {
    const [context] = await Promise.race([once(endpoint, event, { signal: stop.signal }), ...failed]);
    return context;
  } finally {
    clearTimeout(timer);
    stop.abort();
    await Promise.allSettled(failed);
  }
}

/** Opens a connection; rejects when the peer refuses it. */
export async function open(options) {
  const connection = rhea.create_container().connect({ host: 'localhost', reconnect: false, ...options });
  connection.on('error', () => {});
  connection.setMaxListeners(0);
  await until(connection, 'connection_open');
  return connection;
}

/** Closes in order. */
export async function close(connection) {
  connection.close();
  await until(connection, 'connection_close');
}

/** Sends all messages, and returns the name of each one's outcome once all are settled. */
export async function send(connection, address, messages) {
  const sender = connection.open_sender({ target: { address }, autosettle: true, treat_modified_as_released: false });
  const outcomes = [];
  const numbers = new Map();
  for (const name of ['accepted', 'rejected', 'released', 'modified'])
    sender.on(name, ({ delivery }) => {
      outcomes[numbers.get(delivery)] = name;
      numbers.delete(delivery);
      if (numbers.size === 0) sender.emit('all_settled');
    });
  let next = 0;
  while (next < messages.length) {
    while (next < messages.length && sender.sendable()) numbers.set(sender.send(messages[next]), next++);
    if (next < messages.length) await until(sender, 'sendable');
  }
  if (numbers.size > 0) await until(sender, 'all_settled');
  sender.close();
  await until(sender, 'sender_close');
  return outcomes;
}

/** A receiver with manual credit and settlement that keeps what arrives until it is asked for. */
export class Inbox {
  #receiver;
  #arrived = [];

  constructor(receiver) {
    this.#receiver = receiver;
    receiver.on('message', (context) => {
      this.#arrived.push(context);
      receiver.emit('kept');
    });
  }

  /** Credit waits for the attach: rhea would send a flow with the window of a session that has not begun. */
  static async open(connection, address, credit) {
    const receiver = connection.open_receiver({ source: { address }, credit_window: 0, autoaccept: false });
    await until(receiver, 'receiver_open');
    const inbox = new Inbox(receiver);
    receiver.add_credit(credit);
    return inbox;
  }

  /** The next `{ message, delivery }`. */
  async next() {
    while (this.#arrived.length === 0) await until(this.#receiver, 'kept');
    return this.#arrived.shift();
  }

  /** Drains the credit, and returns what came meanwhile. */
  async drained() {
    this.#receiver.drain_credit();
    await until(this.#receiver, 'receiver_drained');
    return this.#arrived.splice(0);
  }

  get credit() {
    return this.#receiver.credit;
  }

  addCredit(n) {
    this.#receiver.add_credit(n);
  }

  async close() {
    this.#receiver.close();
    await until(this.#receiver, 'receiver_close');
  }
}

/** rhea merges the first two dispositions of one turn into one whatever their states: one turn for each. */
export async function settle(delivery, state) {
  delivery.update(true, state.described());
  await new Promise((resolve) => setImmediate(resolve));
}
