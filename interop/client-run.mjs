/** Runs the scenarios with our client against one broker. */
import { connect } from './amqp1.mjs';
import { capabilities } from './capabilities.mjs';
import { CapabilityUse } from './capability-use.mjs';
import { outcomeOf } from './outcome.mjs';
import { ownScenarios, scenarios } from './scenarios/index.mjs';

/** What a scenario is given: the peer, connections that are closed for it in the end, and the capability table. */
class ClientRun {
  name;
  peer;
  #use;
  #connections = [];

  constructor(name, peer, use) {
    this.name = name;
    this.peer = peer;
    this.#use = use;
  }

  /** Connects, with the credentials of the peer unless another URL is given. */
  async connect(url = this.peer.url, options = {}) {
    const connection = await connect(url, options);
    this.#connections.push(connection);
    return connection;
  }

  /** An empty queue of its own: its address. */
  queue(name, options) {
    return this.peer.queue(`interop-${name}`, options);
  }

  meets(row) {
    return this.#use.meets(row);
  }

  async end() {
    await Promise.allSettled(this.#connections.map((connection) => connection.close({ timeout: 2000 })));
  }
}

/** Yields `{ peer, scenario, ... }` for every scenario. */
export async function* runClient(name, peer) {
  for (const [scenario, work] of Object.entries({ ...scenarios, ...ownScenarios[name] })) {
    const use = new CapabilityUse(capabilities[name]?.[scenario]);
    const run = new ClientRun(name, peer, use);
    yield { peer: name, scenario, ...(await outcomeOf(() => work(run), use)) };
    await run.end();
  }
}
