/** Scenarios that count octets: of idle connections, and of those that each message allocates. */
import { pipeline } from '../node/in-flight.mjs';
import { alive, allocated } from '../node/memory.mjs';
import { print } from '../node/meter.mjs';
import { connect } from './library.mjs';
import { messageMaker } from './messages.mjs';

const OPENED_AT_ONCE = 100;

/** `connections`: as many as `count`, each with one session and one link, and all idle. */
export async function connections(first, { host, port, count }) {
  const open = async () => {
    const connection = await connect(`amqp://${host}:${port}`);
    await connection.createReceiver('idle', { credit: 'manual' });
    return connection;
  };
  // What is compiled and made once is there before the count begins.
  const opened = [first, await open()];
  const before = alive();
  const began = performance.now();
  for (let left = count; left > 0; left -= OPENED_AT_ONCE) {
    opened.push(...(await Promise.all(Array.from({ length: Math.min(left, OPENED_AT_ONCE) }, open))));
  }
  const connectMicros = ((performance.now() - began) * 1000) / count;
  const now = alive();
  print({
    connectMicros,
    heapBytesPerConnection: (now.heap - before.heap) / count,
    residentBytesPerConnection: (now.resident - before.resident) / count,
  });
  await Promise.all(opened.slice(1).map((connection) => connection.close()));
}

function printAllocations(count, bytes, bare) {
  print({ allocatedBytesPerMessage: bytes / count, aboveBareBytesPerMessage: (bytes - bare) / count });
}

/** Promises that are resolved later, `size` at a time, as acknowledgements come: what the language itself allocates. */
function acknowledged(size) {
  let waiting = [];
  const acknowledge = () => {
    const resolves = waiting;
    waiting = [];
    for (const resolve of resolves) resolve();
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === size) setImmediate(acknowledge);
    });
}

/** `allocation-send`: the same loop once with promises that nobody sends anything for, once with real sends. */
export async function allocationOfSend(connection, { warm, count, window, ...task }) {
  const sender = await connection.createSender('bench');
  const message = messageMaker(task);
  const send = (index) => sender.send(message(index));
  const nothing = acknowledged(window / 2);
  await pipeline(warm, window, nothing);
  await pipeline(warm, window, send);
  const bare = await allocated(() => pipeline(count, window, nothing));
  const bytes = await allocated(() => pipeline(count, window, send));
  printAllocations(count, bytes, bare);
}

/** An async iterator that always has something, and makes nothing but what the protocol of iteration demands. */
function endless() {
  const value = { accept: async () => {} };
  return { next: async () => ({ value, done: false }), [Symbol.asyncIterator]: endless };
}

async function take(iterable, count) {
  const iterator = { [Symbol.asyncIterator]: () => iterable };
  let taken = 0;
  for await (const delivery of iterator) {
    await delivery.accept();
    taken++;
    if (taken === count) return;
  }
}

/** `allocation-receive`: the same `for await` loop once over nothing, once over a receiver. */
export async function allocationOfReceive(connection, { source, window, warm, count }) {
  const receiver = await connection.createReceiver(source, { credit: window });
  const deliveries = receiver[Symbol.asyncIterator]();
  await take(endless(), warm);
  await take(deliveries, warm);
  const bare = await allocated(() => take(endless(), count));
  const bytes = await allocated(() => take(deliveries, count));
  printAllocations(count, bytes, bare);
}
