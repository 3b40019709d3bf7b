/** Scenarios in which rhea sends: it tells the fate of each message by an event. */
import { PeakMemory } from '../node/memory.mjs';
import { RoundTrips } from '../node/round-trips.mjs';
import { messageMaker } from './messages.mjs';

/** Sends `messages` messages over `senders` in turn, `window` in flight; calls `done` when all are accepted. */
function pipeline(connection, senders, messages, window, message, done) {
  let left = messages;
  let inFlight = 0;
  let index = 0;
  const fill = () => {
    for (; left > 0 && inFlight < window && senders[index % senders.length].sendable(); left--, inFlight++) {
      senders[index % senders.length].send(message(index));
      index++;
    }
  };
  const accepted = () => {
    inFlight--;
    if (left > 0) return fill();
    if (inFlight > 0) return undefined;
    connection.removeListener('sendable', fill);
    connection.removeListener('accepted', accepted);
    return done();
  };
  connection.on('sendable', fill);
  connection.on('accepted', accepted);
  fill();
}

/** Sends on one link, or on several in turn. */
export function sendOn(connection, senders, task, meter, more = {}) {
  const message = messageMaker(task);
  pipeline(connection, senders, task.warm, task.window, message, () => {
    meter.start();
    pipeline(connection, senders, task.count, task.window, message, () => {
      meter.stop(task.count, more);
      connection.close();
    });
  });
}

export function send(connection, task, meter) {
  sendOn(connection, [connection.open_sender(task.target)], task, meter);
}

export function sendAwaited(connection, task, meter) {
  const sender = connection.open_sender(task.target);
  const message = messageMaker(task);
  const trips = new RoundTrips(task.total);
  let sent = 0;
  const sendOne = () => {
    trips.begin();
    sender.send(message(sent));
  };
  sender.once('sendable', sendOne);
  sender.on('accepted', () => {
    if (sent >= task.warm) trips.end();
    sent++;
    if (sent === task.warm) meter.start();
    if (sent < task.total) return sendOne();
    meter.stop(task.count, trips.figures());
    return connection.close();
  });
}

export function sendHuge(connection, task, meter) {
  const sender = connection.open_sender(task.target);
  const message = messageMaker(task)(0);
  const memory = new PeakMemory();
  sender.once('sendable', () => {
    memory.start();
    meter.start();
    sender.send(message);
  });
  sender.on('accepted', () => {
    meter.stop(task.count, memory.figures(task.bodySize));
    connection.close();
  });
}
