/** Scenarios in which something grows, and the cost of a message should not. */
import { pipeline } from '../node/in-flight.mjs';
import { alive } from '../node/memory.mjs';
import { messageMaker } from './messages.mjs';

/** Links that are attached at once: their frames leave together, as those of a program that starts would. */
const ATTACHED_AT_ONCE = 1000;

/** `links-N`: what it takes to attach N links in one session, then sends on all of them in turn. */
export async function links(connection, task, meter) {
  const session = await connection.createSession();
  const message = messageMaker(task);
  const before = alive();
  const began = performance.now();
  const senders = [];
  while (senders.length < task.size) {
    const count = Math.min(ATTACHED_AT_ONCE, task.size - senders.length);
    senders.push(...(await Promise.all(Array.from({ length: count }, () => session.createSender('bench')))));
  }
  const attachMicros = ((performance.now() - began) * 1000) / task.size;
  const heapBytesPerLink = (alive().heap - before.heap) / task.size;
  const sendOne = (index) => senders[index % senders.length].send(message(index));
  await pipeline(task.warm, task.window, sendOne);
  meter.start();
  await pipeline(task.count, task.window, sendOne);
  meter.stop(task.count, { attachMicros, heapBytesPerLink });
}

/** `held-N`: N deliveries stay unsettled for ever; the cost of those after them. */
export async function held(connection, task, meter) {
  const sender = await connection.createSender(`hold-${task.size}`);
  const message = messageMaker(task);
  // They end with the connection, as unknown; nobody waits for that.
  for (let index = 0; index < task.size; index++) void (await sender.sendWithReceipt(message(index)));
  const sendOne = (index) => sender.send(message(index));
  await pipeline(task.warm, task.window, sendOne);
  meter.start();
  await pipeline(task.count, task.window, sendOne);
  meter.stop(task.count);
}

/** `after-N`: N messages have gone over the link before; the cost of those after them. */
export async function after(connection, task, meter) {
  const message = messageMaker(task);
  // On a link of its own: what is compiled while these run is not counted, whatever N is.
  const other = await connection.createSender('bench');
  await pipeline(task.warm, task.window, (index) => other.send(message(index)));
  const sender = await connection.createSender('bench');
  const sendOne = (index) => sender.send(message(index));
  await pipeline(task.size, task.window, sendOne);
  meter.start();
  await pipeline(task.count, task.window, sendOne);
  meter.stop(task.count);
}
