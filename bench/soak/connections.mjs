/** Connections that come and go, each with a session, a link and a message. */
import { startBroker } from '../../dist/broker/index.js';
import { connect } from '../../dist/client/index.js';

const AT_ONCE = 20;

async function cycle(broker, options) {
  const connection = await connect(broker.url, options);
  const sender = await connection.createSender('soak');
  await sender.send('once', { signal: options.signal });
  const receiver = await connection.createReceiver('soak', { credit: 1, signal: options.signal });
  await (await receiver.receive({ signal: options.signal })).accept();
  await connection.close();
}

async function running(least, optionsOf) {
  const broker = await startBroker();
  const options = optionsOf(broker);
  return {
    what: 'connections',
    least,
    step: async () => {
      await Promise.all(Array.from({ length: AT_ONCE }, () => cycle(broker, options)));
      return AT_ONCE;
    },
    end: () => broker.close(),
  };
}

/** Within the process, where nothing but our own code takes time. */
export const connections = (signal) => running(100_000, (broker) => ({ signal, transport: () => broker.transport() }));

/** Over TCP. */
export const sockets = (signal) => running(5000, () => ({ signal }));
