/** Scenarios in which amqp1 receives. */
import { PeakMemory } from '../node/memory.mjs';
import { STREAM_OFFSET } from '../node/task.mjs';
import { readTypical } from './messages.mjs';

function createReceiver(connection, { source, window, offset }) {
  const filters = offset === undefined ? {} : { [STREAM_OFFSET]: { descriptor: STREAM_OFFSET, value: offset } };
  return connection.createReceiver(source, { credit: window, filters });
}

export async function receive(connection, task, meter) {
  const receiver = await createReceiver(connection, task);
  let received = 0;
  for await (const delivery of receiver) {
    await delivery.accept();
    received++;
    if (received === task.warm) meter.start();
    if (received === task.total) break;
  }
  meter.stop(task.count);
}

export async function receiveAndRead(connection, task, meter) {
  const receiver = await createReceiver(connection, task);
  let received = 0;
  for await (const delivery of receiver) {
    if (delivery.message.bytes().length !== task.bodySize) throw new Error('a body of another size');
    await delivery.accept();
    received++;
    if (received === task.warm) meter.start();
    if (received === task.total) break;
  }
  meter.stop(task.count);
}

export async function receiveTypical(connection, task, meter) {
  const receiver = await createReceiver(connection, task);
  let received = 0;
  for await (const delivery of receiver) {
    readTypical(delivery.message);
    await delivery.accept();
    received++;
    if (received === task.warm) meter.start();
    if (received === task.total) break;
  }
  meter.stop(task.count);
}

export async function receiveAndConsume(connection, task, meter) {
  const receiver = await createReceiver(connection, task);
  let received = 0;
  await new Promise((resolve, reject) => {
    // `consume` accepts when the handler returns; its promise settles when the receiver has ended.
    const consumed = receiver.consume(() => {
      received++;
      if (received === task.warm) meter.start();
      if (received === task.total) resolve();
    });
    consumed.catch(reject);
  });
  meter.stop(task.count);
  await receiver.close();
}

export async function receiveHuge(connection, task, meter) {
  const memory = new PeakMemory();
  memory.start();
  meter.start();
  const receiver = await createReceiver(connection, task);
  const delivery = await receiver.receive();
  if (delivery.message.bytes().length !== task.bodySize) throw new Error('a body of another size');
  await delivery.accept();
  meter.stop(task.count, memory.figures(task.bodySize));
}
