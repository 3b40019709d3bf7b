/** rhea-promise: a promise for each send, as the Azure libraries use it. */
import rheaPromise from 'rhea-promise';
import { pipeline } from './node/in-flight.mjs';
import { PeakMemory } from './node/memory.mjs';
import { Meter } from './node/meter.mjs';
import { RoundTrips } from './node/round-trips.mjs';
import { commandLine } from './node/task.mjs';
import { messageMaker, readTypical } from './rhea/messages.mjs';

const task = commandLine();
const meter = new Meter();
// As for rhea: Nagle's algorithm gathers pipelined sends; anything else would wait for delayed acknowledgements.
const tcpNoDelay = !['send', 'typical-send'].includes(task.scenario);
const connection = new rheaPromise.Connection({
  host: task.host,
  port: task.port,
  tcp_no_delay: tcpNoDelay,
  reconnect: false,
});
await connection.open();

async function createSender() {
  const sender = await connection.createAwaitableSender({ target: { address: 'bench' } });
  // Its `send` refuses when there is no credit, so the first has to wait for some; with `window` in flight and as
  // much credit it can then run out for a moment, so each send looks first.
  const sendable = () => new Promise((resolve) => sender.once('sendable', resolve));
  if (!sender.sendable()) await sendable();
  const message = messageMaker(task);
  return async (index) => {
    while (!sender.sendable()) await sendable();
    return sender.send(message(index));
  };
}

async function send() {
  const sendOne = await createSender();
  await pipeline(task.warm, task.window, sendOne);
  meter.start();
  await pipeline(task.count, task.window, sendOne);
  meter.stop(task.count);
}

async function sendAwaited() {
  const sendOne = await createSender();
  for (let index = 0; index < task.warm; index++) await sendOne(index);
  const trips = new RoundTrips(task.count);
  meter.start();
  for (let index = 0; index < task.count; index++) {
    trips.begin();
    await sendOne(index);
    trips.end();
  }
  meter.stop(task.count, trips.figures());
}

async function sendHuge() {
  const sendOne = await createSender();
  const memory = new PeakMemory();
  memory.start();
  meter.start();
  await sendOne(0);
  meter.stop(task.count, memory.figures(task.bodySize));
}

/** Receives all; `read` looks at each message, `figures` gives what else to print. */
async function receiveAll(read, figures = () => ({})) {
  let received = 0;
  if (task.warm === 0) meter.start();
  await new Promise((resolve, reject) => {
    const options = { source: { address: task.source }, credit_window: task.window, autoaccept: false };
    const onMessage = ({ message, delivery }) => {
      read(message);
      delivery.accept();
      received++;
      if (received === task.warm) meter.start();
      if (received === task.total) resolve();
    };
    connection.createReceiver({ ...options, onMessage, onError: reject }).catch(reject);
  });
  meter.stop(task.count, figures());
}

function readBody({ body }) {
  if (body.content.length !== task.bodySize) throw new Error('a body of another size');
}

function receiveHuge() {
  const memory = new PeakMemory();
  memory.start();
  return receiveAll(readBody, () => memory.figures(task.bodySize));
}

const scenarios = {
  send,
  'send-awaited': sendAwaited,
  receive: () => receiveAll(() => {}),
  'receive-read': () => receiveAll(readBody),
  'typical-send': send,
  'typical-receive': () => receiveAll(readTypical),
  'large-send': send,
  'large-receive': () => receiveAll(readBody),
  'huge-send': sendHuge,
  'huge-receive': receiveHuge,
};
await scenarios[task.scenario]();
await connection.close();
