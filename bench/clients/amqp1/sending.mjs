/** Scenarios in which amqp1 sends. */
import { pipeline } from '../node/in-flight.mjs';
import { PeakMemory } from '../node/memory.mjs';
import { RoundTrips } from '../node/round-trips.mjs';
import { messageMaker } from './messages.mjs';

export async function send(connection, task, meter) {
  const sender = await connection.createSender(task.target);
  const message = messageMaker(task);
  const sendOne = (index) => sender.send(message(index));
  await pipeline(task.warm, task.window, sendOne);
  meter.start();
  await pipeline(task.count, task.window, sendOne);
  meter.stop(task.count);
}

export async function sendAwaited(connection, task, meter) {
  const sender = await connection.createSender(task.target);
  const message = messageMaker(task);
  for (let index = 0; index < task.warm; index++) await sender.send(message(index));
  const trips = new RoundTrips(task.count);
  meter.start();
  for (let index = 0; index < task.count; index++) {
    trips.begin();
    await sender.send(message(index));
    trips.end();
  }
  meter.stop(task.count, trips.figures());
}

export async function sendHuge(connection, task, meter) {
  const sender = await connection.createSender(task.target);
  const message = messageMaker(task)(0);
  const memory = new PeakMemory();
  memory.start();
  meter.start();
  await sender.send(message);
  meter.stop(task.count, memory.figures(task.bodySize));
}
