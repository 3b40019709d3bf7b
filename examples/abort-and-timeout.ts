/** Every call that waits can be given up. */
import { AmqpError, connect } from 'amqp1';
import { findPlace } from './support/broker.ts';

await using place = await findPlace('abort-and-timeout');
await using connection = await connect(place.url, { signal: AbortSignal.timeout(5_000) });
const receiver = await connection.createReceiver(place.address);

try {
  await receiver.receive({ timeout: 50 }); // nothing is there
} catch (error) {
  if (!AmqpError.is(error) || error.code !== 'timeout') throw error;
  console.log(error.message);
}

const stop = new AbortController();
const waiting = receiver.receive({ signal: stop.signal });
stop.abort(new Error('the program is stopping'));
await waiting.catch((error: Error) => console.log('gave up:', error.message));
