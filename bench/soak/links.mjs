/** Links that come and go on one connection, in sessions of their own and in one that they share. */
import { startBroker } from '../../dist/broker/index.js';
import { connect } from '../../dist/client/index.js';

const AT_ONCE = 20;

async function cycle(place, index, signal) {
  const receiver = await place.createReceiver(null, { source: { dynamic: true }, signal });
  const sender = await place.createSender(receiver.address, { signal });
  await sender.send(`message ${index}`, { signal });
  const delivery = await receiver.receive({ signal });
  if (delivery.message.text() !== `message ${index}`) throw new Error('the message of another link came');
  await delivery.accept();
  await (index % 2 === 0 ? sender.close() : sender.detach());
  await receiver.close();
}

export async function links(signal) {
  const broker = await startBroker();
  const connection = await connect(broker.url, { transport: () => broker.transport() });
  const session = await connection.createSession();
  return {
    what: 'pairs of links',
    least: 10_000,
    step: async () => {
      const places = Array.from({ length: AT_ONCE }, (_, index) => (index % 3 === 0 ? connection : session));
      await Promise.all(places.map((place, index) => cycle(place, index, signal)));
      return AT_ONCE;
    },
    end: async () => {
      await connection.close();
      await broker.close();
    },
  };
}
