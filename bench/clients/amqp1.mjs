/** amqp1: `send`, `receive`, `receive-read`, `receive-consume`. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { BODY_SIZE, Meter, WINDOW, commandLine, warmUp } from './meter.mjs';

// The package refers to itself by name only from its own root: this takes what its `exports` give a user.
const root = createRequire(new URL('../../package.json', import.meta.url));
const { connect } = await import(pathToFileURL(root.resolve('amqp1')).href);

const { scenario, host, port, count } = commandLine();
const total = warmUp(count) + count;
const meter = new Meter();
const connection = await connect(`amqp://${host}:${port}`);
const body = new Uint8Array(BODY_SIZE).fill(0x78);

/** Counts sends that wait for their outcome. */
class InFlight {
  count = 0;
  #wake = () => {};

  settled = () => {
    this.count--;
    this.#wake();
  };

  async atMost(limit) {
    while (this.count > limit) await new Promise((resolve) => (this.#wake = resolve));
  }
}

/** Sends `messages` messages, `WINDOW` of them in flight; resolves when all are accepted. */
async function pipeline(sender, messages) {
  const inFlight = new InFlight();
  for (let index = 0; index < messages; index++) {
    if (inFlight.count === WINDOW) await inFlight.atMost(WINDOW - 1);
    inFlight.count++;
    // A refused message is an unhandled rejection, which ends this program.
    void sender.send(body).then(inFlight.settled);
  }
  await inFlight.atMost(0);
}

async function send() {
  const sender = await connection.createSender('bench');
  await pipeline(sender, total - count);
  meter.start();
  await pipeline(sender, count);
  meter.stop(count);
}

function createReceiver() {
  return connection.createReceiver(`count-${total}`, { credit: WINDOW });
}

async function receive() {
  const receiver = await createReceiver();
  let received = 0;
  for await (const delivery of receiver) {
    await delivery.accept();
    received++;
    if (received === total - count) meter.start();
    if (received === total) break;
  }
  meter.stop(count);
}

async function receiveAndRead() {
  const receiver = await createReceiver();
  let received = 0;
  for await (const delivery of receiver) {
    if (delivery.message.bytes().length !== BODY_SIZE) throw new Error('a body of another size');
    await delivery.accept();
    received++;
    if (received === total - count) meter.start();
    if (received === total) break;
  }
  meter.stop(count);
}

async function receiveAndConsume() {
  const receiver = await createReceiver();
  let received = 0;
  await new Promise((resolve, reject) => {
    // `consume` accepts when the handler returns; its promise settles when the receiver has ended.
    const consumed = receiver.consume(() => {
      received++;
      if (received === total - count) meter.start();
      if (received === total) resolve();
    });
    consumed.catch(reject);
  });
  meter.stop(count);
  await receiver.close();
}

const scenarios = { send, receive, 'receive-read': receiveAndRead, 'receive-consume': receiveAndConsume };
await scenarios[scenario]();
await connection.close();
