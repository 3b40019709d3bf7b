/** Scenarios that count the octets that each message allocates. */
import { allocated } from '../node/memory.mjs';
import { print } from '../node/meter.mjs';
import { messageMaker } from './messages.mjs';

const printAllocations = (count, bytes) => print({ allocatedBytesPerMessage: bytes / count });

export function allocationOfSend(connection, task) {
  const sender = connection.open_sender('bench');
  const message = messageMaker(task);
  let left = 0;
  let inFlight = 0;
  let done = () => {};
  const fill = () => {
    for (; left > 0 && inFlight < task.window && sender.sendable(); left--, inFlight++) sender.send(message(left));
  };
  sender.on('accepted', () => {
    inFlight--;
    if (left > 0) fill();
    else if (inFlight === 0) done();
  });
  const send = (messages) =>
    new Promise((resolve) => {
      left = messages;
      done = resolve;
      fill();
    });
  sender.once('sendable', async () => {
    await send(task.warm);
    printAllocations(task.count, await allocated(() => send(task.count)));
    connection.close();
  });
}

export async function allocationOfReceive(connection, task) {
  // Credit by hand, so that nothing arrives while the counting begins.
  const receiver = connection.open_receiver({ source: task.source, credit_window: 0, autoaccept: false });
  let left = 0;
  let granted = 0;
  let done = () => {};
  const grant = (messages) => {
    granted += messages;
    receiver.add_credit(messages);
  };
  connection.on('message', ({ delivery }) => {
    delivery.accept();
    left--;
    granted--;
    if (left === 0) done();
    else if (granted <= task.window / 2 && granted < left) grant(Math.min(task.window, left) - granted);
  });
  const receive = (messages) =>
    new Promise((resolve) => {
      left = messages;
      done = resolve;
      grant(Math.min(messages, task.window));
    });
  await new Promise((resolve) => receiver.once('receiver_open', resolve));
  await receive(task.warm);
  printAllocations(task.count, await allocated(() => receive(task.count)));
  connection.close();
}
