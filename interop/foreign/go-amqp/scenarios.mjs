/**
 * What go-amqp does besides the scenarios of every foreign client, by the names in the table of results. Each is given
 * `{ name, account, use, tell, ask, askCodec }`: the capability rows, and ways to have the program do something.
 */
import { startBroker } from '../../amqp1.mjs';
import { startEndingPeer } from './ending-peer.mjs';
import { encodings, exchangeSizes, messages } from './exchange.mjs';

/** One that needs no more than the broker of all scenarios. The program asserts the rows that there are. */
const plainly =
  (...asked) =>
  async ({ tell, use }) => {
    for (const scenario of asked) await tell(scenario);
    use.meetAll();
  };

/** One that needs a peer of its own. */
const against =
  (start, scenario) =>
  async ({ account: { user, password }, tell }) => {
    const peer = await start({ [user]: password });
    try {
      await tell(scenario, peer);
    } finally {
      await peer.close();
    }
  };

export const scenarios = {
  anonymous: against(() => startBroker(), 'anonymous'),
  encodings,
  values: messages,
  sizes: exchangeSizes,
  'round trips': plainly('round-trips', 'forward'),
  'keep alive': against((users) => startBroker({ users, idleTimeout: 1000 }), 'keep-alive'),
  'settles second': plainly('second'),
  settled: plainly('settled'),
  receipts: plainly('receipts'),
  credit: plainly('credit'),
  links: plainly('links', 'handle-max', 'link-name', 'shared-session'),
  'dynamic address': plainly('dynamic'),
  'anonymous target': plainly('anonymous-target'),
  filters: plainly('filters'),
  'message size': against((users) => startBroker({ users, maxMessageSize: 10_000 }), 'message-size'),
  sessions: plainly('sessions'),
  'cancelled calls': plainly('cancelled'),
  'own close': plainly('close'),
  'peer closes': against(() => startEndingPeer(), 'peer-closes'),
};
