/** Scenarios with many connections or links. */
import { once } from 'node:events';
import { alive } from '../node/memory.mjs';
import { print } from '../node/meter.mjs';
import { sendOn } from './sending.mjs';

/** `links-N`: N links in one session, opened at once. */
export async function links(connection, task, meter) {
  await once(connection, 'connection_open');
  const session = connection.create_session();
  session.open();
  const before = alive();
  const began = performance.now();
  const senders = Array.from({ length: task.size }, () => session.open_sender('bench'));
  await new Promise((resolve) => {
    let open = 0;
    connection.on('sender_open', () => {
      open++;
      if (open === task.size) resolve();
    });
  });
  const attachMicros = ((performance.now() - began) * 1000) / task.size;
  const heapBytesPerLink = (alive().heap - before.heap) / task.size;
  sendOn(connection, senders, task, meter, { attachMicros, heapBytesPerLink });
}

/** `connections`: as many as `count`, each with one session and one link, and all idle. */
export async function connections(first, { count }, meter, connect) {
  const open = async () => {
    const connection = connect();
    connection.open_receiver({ source: 'idle', credit_window: 0 });
    await once(connection, 'receiver_open');
    return connection;
  };
  const opened = [await open()];
  const before = alive();
  const began = performance.now();
  for (let left = count; left > 0; left -= 100) {
    opened.push(...(await Promise.all(Array.from({ length: Math.min(left, 100) }, open))));
  }
  const connectMicros = ((performance.now() - began) * 1000) / count;
  const now = alive();
  print({
    connectMicros,
    heapBytesPerConnection: (now.heap - before.heap) / count,
    residentBytesPerConnection: (now.resident - before.resident) / count,
  });
  for (const connection of [first, ...opened]) connection.close();
}
