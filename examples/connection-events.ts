/** How a program learns that its connection has ended, who ended it, and why. */
import { connect } from 'amqp1';
import { startBroker } from 'amqp1/broker';

const broker = await startBroker({ queues: ['orders'] });
const connection = await connect(broker.url);
const receiver = await connection.createReceiver('orders');

// A stream of what happens, for example for a log. It ends with the connection.
async function log(): Promise<void> {
  for await (const event of connection.events()) console.log('event:', event.type);
}
const logging = log();

// The broker stops. `closed` of every endpoint says so, and never rejects.
await broker.close();
const { by, error } = await connection.closed;
if (by === 'local') console.log('closed by this program');
else if (error === undefined) console.log(`closed by the ${by}, in order`);
else console.log(`ended by the ${by}: ${error.code} ${error.condition ?? ''} (retryable: ${error.retryable})`);

console.log('the receiver ended by the', (await receiver.closed).by);
await logging;
if (by !== 'peer') process.exitCode = 1;
