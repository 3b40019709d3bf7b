/** Consumers that hold all their credit while senders go on and give up, and then let go. */
import { startBroker } from '../../dist/broker/index.js';
import { AmqpError, connect } from '../../dist/client/index.js';

const CREDIT = 100;
const SENDS = 300;

/** The outcome of a send that may give up. */
const settled = (promise) =>
  promise.catch((error) => {
    if (!AmqpError.is(error) || error.code !== 'timeout') throw error;
  });

export async function stalled(signal) {
  const broker = await startBroker({ credit: CREDIT });
  const connection = await connect(broker.url, { transport: () => broker.transport() });
  const sender = await connection.createSender('stalled');
  const receiver = await connection.createReceiver('stalled', { credit: CREDIT });
  const held = [];

  async function step() {
    const sends = Array.from({ length: SENDS }, () => settled(sender.send('held', { signal, timeout: 5 })));
    await Promise.all(sends);
    // One that is never settled must not keep what comes after it.
    while (held.length < CREDIT) {
      const delivery = receiver.tryReceive();
      if (delivery === undefined) break;
      held.push(delivery);
    }
    for (const delivery of held.splice(1)) await delivery.accept();
    for (let depth = broker.depth('stalled'); depth > 0; depth = broker.depth('stalled'))
      await (await receiver.receive({ signal })).accept();
    return SENDS;
  }

  return {
    what: 'messages around one that is held',
    least: 100_000,
    step,
    end: async () => {
      await connection.close();
      await broker.close();
    },
  };
}
