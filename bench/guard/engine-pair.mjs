/** Two engines joined in memory: messages are sent, received, accepted and settled without a socket. */
import { Connection, IncomingDelivery, OutgoingDelivery } from '../../dist/engine/index.js';

const BATCH = 100;
const PAYLOAD = new Uint8Array(105).fill(0x78);
PAYLOAD.set([0x00, 0x53, 0x75, 0xa0, 100]);
const TERMINI = { source: {}, target: {} };
const nothing = () => {};

class Sent extends OutgoingDelivery {
  constructor(pair) {
    super();
    this.pair = pair;
  }

  transferred() {}

  updated() {
    this.pair.settled++;
  }

  dropped(error) {
    throw error;
  }
}

class Taken extends IncomingDelivery {
  constructor(pair) {
    super();
    this.pair = pair;
  }

  delivered() {
    const { receiver } = this.pair;
    receiver.settle(this, { type: 'accepted' });
    if (receiver.credit < BATCH) receiver.grant(2 * BATCH);
  }

  updated() {}
}

/** Hands over all that `from` has to send. */
function cross(from, to) {
  let crossed = false;
  for (let chunk = from.transmit(); chunk !== undefined; chunk = from.transmit()) {
    // A copy, as a socket makes one: the memory of the engine is written again.
    to.receive(chunk.slice(), 0);
    from.written(chunk.length);
    crossed = true;
  }
  return crossed;
}

class Pair {
  settled = 0;
  receiver = undefined;
  #client = new Connection({ role: 'client', containerId: 'client' }, { event: nothing, wake: nothing });
  #server = new Connection(
    { role: 'server', containerId: 'server' },
    { event: (event) => this.#serve(event), wake: nothing },
  );
  #sender;

  constructor() {
    this.#client.start(0);
    this.#server.start(0);
    this.#pump();
    const session = this.#client.createSession({}, { event: nothing });
    this.#sender = session.attachSender('guard', TERMINI, { event: nothing, creditChanged: nothing });
    this.#pump();
  }

  /** Sends a batch of messages and lets octets cross until all are settled. */
  sendBatch() {
    const until = this.settled + BATCH;
    for (let index = 0; index < BATCH; index++) this.#sender.send(new Sent(this), PAYLOAD);
    this.#pump();
    if (this.settled !== until) throw new Error(`${until - this.settled} of ${BATCH} messages were not settled`);
  }

  #serve(event) {
    if (event.type !== 'sessionRequested') return;
    event.session.begin({}, { event: (request) => this.#serveLink(request) });
  }

  #serveLink(event) {
    if (event.type !== 'linkRequested') return;
    const host = { event: nothing, createDelivery: () => new Taken(this), drained: nothing, aborted: nothing };
    event.link.attach(TERMINI, host);
    event.link.grant(2 * BATCH);
    this.receiver = event.link;
  }

  #pump() {
    while (cross(this.#client, this.#server) || cross(this.#server, this.#client));
  }
}

/** Sends a message at each call; they cross in batches. */
export function enginePair() {
  const pair = new Pair();
  return (index) => {
    if (index % BATCH === 0) pair.sendBatch();
  };
}
