/** What fails at which level, and what is left: a link, its session, the connection, or one message. */
import { AmqpError, connect, ConnectionError, LinkError, SessionError } from 'amqp1';
import { startBroker } from 'amqp1/broker';

await using broker = await startBroker({ queues: ['orders'], autoCreate: false });
await using connection = await connect(broker.url);
const session = await connection.createSession();

const report = (error: unknown): AmqpError => {
  // Decide by `code`: it is stable. `retryable` says whether the same call may succeed later without a change.
  if (!AmqpError.is(error)) throw error;
  console.log(`${error.name} ${error.code} (${error.scope}, retryable: ${error.retryable}): ${error.message}`);
  return error;
};

// The peer refuses a link: the session and its other links live on.
const refused = await session.createSender('no-such-queue').catch(report);
if (!(refused instanceof LinkError) || refused.condition !== 'amqp:not-found') process.exitCode = 1;

// A link that was closed: another one can be made.
const closed = await session.createSender('orders');
await closed.close();
if (!((await closed.send('too late').catch(report)) instanceof LinkError)) process.exitCode = 1;

// A session that was ended takes its links along; the connection lives on.
const inSession = await session.createSender('orders');
await session.close();
if (!((await inSession.send('too late').catch(report)) instanceof SessionError)) process.exitCode = 1;

// A connection that was closed takes everything along.
const sender = await connection.createSender('orders');
await connection.close();
if (!((await sender.send('too late').catch(report)) instanceof ConnectionError)) process.exitCode = 1;
if (!((await connection.createSession().catch(report)) instanceof ConnectionError)) process.exitCode = 1;
