/** Calls of every kind that are aborted or time out, early, late, or when their answer has come. */
import { startBroker } from '../../dist/broker/index.js';
import { AmqpError, connect } from '../../dist/client/index.js';

const AT_ONCE = 20;
const EXPECTED = new Set(['aborted', 'timeout', 'connect-timeout', 'link-closed', 'outcome-unknown', 'session-ended']);

/** Runs a call that may be cancelled; gives what it made. */
async function attempt(call) {
  try {
    return await call();
  } catch (error) {
    if (!AmqpError.is(error) || !EXPECTED.has(error.code)) throw error;
    return undefined;
  }
}

/** A signal that is aborted after some turns of the loop. */
function soon(turns) {
  const controller = new AbortController();
  const next = (left) => (left === 0 ? controller.abort() : setImmediate(next, left - 1));
  next(turns);
  return controller.signal;
}

async function useLinks(connection, shared, turns) {
  const session = await attempt(() => connection.createSession({ signal: soon(turns) }));
  const place = session ?? connection;
  const sender = await attempt(() => place.createSender('cancelled', { signal: soon(turns + 1) }));
  const receiver = await attempt(() => place.createReceiver('cancelled', { credit: 5, signal: soon(turns + 2) }));
  const calls = [];
  if (sender !== undefined) {
    calls.push(attempt(() => sender.send('one', { signal: soon(turns) })));
    calls.push(attempt(() => sender.send('two', { signal: shared, timeout: 1 })));
    calls.push(attempt(() => sender.sendWithReceipt(new Uint8Array(200_000), { signal: soon(turns) })));
  }
  if (receiver !== undefined) {
    calls.push(attempt(() => receiver.receive({ signal: soon(turns) })));
    calls.push(attempt(() => receiver.receive({ signal: shared, timeout: 1 })));
    calls.push(attempt(() => receiver.drainCredit({ signal: soon(turns) })).catch(expectManual));
  }
  await Promise.all(calls);
  await attempt(() => session?.close({ signal: soon(turns) }));
}

/** Draining needs manual credit: the refusal is one more path to leave without a trace. */
function expectManual(error) {
  if (!AmqpError.is(error) || error.code !== 'illegal-state') throw error;
}

async function cycle(broker, shared, turns) {
  const transport = () => broker.transport();
  await attempt(() => connect(broker.url, { transport, signal: soon(turns % 4) }).then((early) => early.close()));
  const connection = await connect(broker.url, { transport, signal: shared });
  await useLinks(connection, shared, turns);
  await attempt(() => connection.close({ signal: soon(turns) }));
  await connection.closed;
}

export async function cancelled(signal) {
  const broker = await startBroker({ queues: [{ name: 'cancelled', maxDeliveries: 3 }] });
  let turns = 0;
  return {
    what: 'connections with calls that were cancelled',
    least: 1000,
    step: async () => {
      await Promise.all(Array.from({ length: AT_ONCE }, () => cycle(broker, signal, turns++ % 7)));
      await empty(broker);
      return AT_ONCE;
    },
    end: () => broker.close(),
  };
}

/** Takes what was sent and not received, which is no leak. */
async function empty(broker) {
  const connection = await connect(broker.url, { transport: () => broker.transport() });
  const receiver = await connection.createReceiver('cancelled', { credit: 100 });
  while (broker.depth('cancelled') > 0 || receiver.stats().prefetched > 0) await (await receiver.receive()).accept();
  await connection.close();
}
