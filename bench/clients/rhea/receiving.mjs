/** Scenarios in which rhea receives: each message comes as an event, decoded. */
import rhea from 'rhea';
import { PeakMemory } from '../node/memory.mjs';
import { STREAM_OFFSET } from '../node/task.mjs';
import { readTypical } from './messages.mjs';

function openReceiver(connection, { source: address, window, offset }) {
  const filter =
    offset === undefined ? undefined : { [STREAM_OFFSET]: rhea.types.wrap_described(offset, STREAM_OFFSET) };
  return connection.open_receiver({ source: { address, filter }, credit_window: window, autoaccept: false });
}

function receiveAnd(read) {
  return (connection, task, meter) => {
    let received = 0;
    openReceiver(connection, task);
    connection.on('message', ({ message, delivery }) => {
      read(message, task);
      delivery.accept();
      received++;
      if (received === task.warm) meter.start();
      if (received !== task.total) return;
      meter.stop(task.count);
      connection.close();
    });
  };
}

function readBody(message, { bodySize }) {
  if (message.body.content.length !== bodySize) throw new Error('a body of another size');
}

export const receive = receiveAnd(() => {});
export const receiveAndRead = receiveAnd(readBody);
export const receiveTypical = receiveAnd(readTypical);

export function receiveHuge(connection, task, meter) {
  const memory = new PeakMemory();
  memory.start();
  meter.start();
  openReceiver(connection, task);
  connection.on('message', ({ message, delivery }) => {
    readBody(message, task);
    delivery.accept();
    meter.stop(task.count, memory.figures(task.bodySize));
    connection.close();
  });
}
